"""`manage.py serve`: the web server, waitress, with what klark needs of it.

Waitress takes each request off the network in one loop, body and all, and gives it to a thread only when it is whole
(https://docs.pylonsproject.org/projects/waitress/en/stable/design.html): a slow sender holds a socket, never a thread,
and webhooks pass by. A chunked body arrives decoded, with its length.
"""

import argparse
import signal
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from waitress.server import create_server

from klark.wsgi import application

BODY_LIMIT = 8 * 1024 * 1024  # bytes; above the door's own limit, which says why in JSON
SOCKETS = 1000
SILENCE_S = 20
LAST_PORT = 65535


class Command(BaseCommand):
    """Takes webhooks, and shows the admin, until it is told to end."""

    help = "Serve klark over HTTP: the door for webhooks, the admin, health and figures."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Options."""
        parser.add_argument("--host", default="127.0.0.1", help="the address to listen on (default: %(default)s)")
        parser.add_argument("--port", type=int, default=8000, help="the port to listen on (default: %(default)s)")
        parser.add_argument("--threads", type=int, default=16, help="requests at a time (default: %(default)s)")

    def handle(self, *args: Any, **options: Any) -> None:
        """Until SIGTERM or SIGINT: what is being answered is answered first."""
        if options["threads"] < 1:
            raise CommandError("--threads takes a number from 1 on: with none, no request is ever answered.")
        if not 0 <= options["port"] <= LAST_PORT:  # the system would listen on another one, without a word
            raise CommandError(f"--port takes a number from 0 to {LAST_PORT}.")
        signal.signal(signal.SIGTERM, lambda *_: sys.exit())
        _listening(options["host"], options["port"], options["threads"]).run()


def _listening(host: str, port: int, threads: int) -> Any:
    """A server that has its port. Raises CommandError where it is taken, or is none."""
    try:
        return create_server(
            application,
            host=host,
            port=port,
            threads=threads,
            connection_limit=SOCKETS,
            channel_timeout=SILENCE_S,
            cleanup_interval=5,
            asyncore_use_poll=True,
            max_request_body_size=BODY_LIMIT,
            # Django looks at X-Forwarded-Proto, and only where KLARK_TRUSTED_PROXY says that a proxy sets it.
            clear_untrusted_proxy_headers=False,
            ident=None,
        )
    except (OSError, ValueError) as error:
        raise CommandError(f"klark cannot listen on {host}, port {port}: {error}") from error
