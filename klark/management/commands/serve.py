"""`manage.py serve`: runs the web server, waitress, configured for klark.

Waitress receives each request in one loop, including its body, and gives it to a thread only once it is complete
(https://docs.pylonsproject.org/projects/waitress/en/stable/design.html). So a slow client occupies a socket, never a
thread, and does not delay webhooks. A chunked body arrives decoded, with its length. Waitress closes a silent socket;
`Channel` also closes one whose request takes too long, and refuses an address that has too many.
"""

import argparse
import signal
import socket
import sys
import time
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from waitress.channel import HTTPChannel
from waitress.server import TcpWSGIServer, create_server

from klark.wsgi import application

BODY_LIMIT = 8 * 1024 * 1024  # bytes; above the webhook endpoint's own limit, whose refusal gives the reason in JSON
SOCKETS = 1000
SOCKETS_EACH = 50  # for one address; a browser opens six
SILENCE_S = 20
REQUEST_S = 15  # from the first byte of a request to its last; the Caddy of deploy/ allows the same
LAST_PORT = 65535
WEBHOOKS, HEALTH = "/webhooks/", "/health/"
PARTS: Mapping[str, Callable[[str], bool]] = {
    "webhooks": lambda path: path.startswith((WEBHOOKS, HEALTH)),
    "admin": lambda path: not path.startswith(WEBHOOKS),
}
"""What a process serves that is started with `--only`: which paths are its own."""
ELSEWHERE = b"Another process of klark's serves this.\n"


class Channel(HTTPChannel):
    """A client's socket, with two limits that waitress does not have: REQUEST_S and SOCKETS_EACH."""

    begun: float | None = None  # when the first byte of an unfinished request came

    def __init__(self, server: Any, sock: socket.socket, addr: Any, adj: Any, map: Any = None) -> None:
        super().__init__(server, sock, addr, adj, map)
        same = [channel for channel in server.active_channels.values() if channel.addr[0] == addr[0]]
        # Behind a proxy all clients have the proxy's address.
        if settings.SECURE_PROXY_SSL_HEADER is None and len(same) > SOCKETS_EACH:
            self.will_close = True

    def received(self, data: bytes) -> bool:
        """Receives part of a request, and closes the socket if the rest has not come in time."""
        taken = super().received(data)
        if self.request is None or self.requests:  # complete, or the one before it is still being answered
            self.begun = None
            return taken
        self.begun = self.begun or time.monotonic()
        self.will_close = self.will_close or time.monotonic() - self.begun > REQUEST_S
        return taken and not self.will_close


class Command(BaseCommand):
    """Serves the webhook endpoints and the admin until it is stopped."""

    help = "Serve klark over HTTP: the door for webhooks, the admin, health and figures."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Adds the command's options."""
        parser.add_argument("--host", default="127.0.0.1", help="the address to listen on (default: %(default)s)")
        parser.add_argument("--port", type=int, default=8000, help="the port to listen on (default: %(default)s)")
        parser.add_argument(
            "--only", choices=list(PARTS), help="serve the webhooks alone, or all the rest (default: both)"
        )
        parser.add_argument("--threads", type=int, default=16, help="requests at a time (default: %(default)s)")

    def handle(self, *args: Any, **options: Any) -> None:
        """Serves until SIGTERM or SIGINT; requests in progress are completed first. Raises CommandError."""
        if options["threads"] < 1:
            raise CommandError("--threads takes a number from 1 on: with none, no request is ever answered.")
        if not 0 <= options["port"] <= LAST_PORT:  # the system would silently listen on another port
            raise CommandError(f"--port takes a number from 0 to {LAST_PORT}.")
        signal.signal(signal.SIGTERM, lambda *_: sys.exit())
        served = part(PARTS[options["only"]]) if options["only"] else application
        _listening(served, options["host"], options["port"], options["threads"]).run()


def part(owns: Callable[[str], bool]) -> Callable[..., Iterable[bytes]]:
    """Returns klark as a WSGI application that answers 404 for the paths that are not its own, before Django sees them."""

    def served(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        if owns(environ["PATH_INFO"]):
            return application(environ, start_response)
        start_response("404 Not Found", [("Content-Type", "text/plain"), ("Content-Length", str(len(ELSEWHERE)))])
        return [ELSEWHERE]

    return served


def _listening(served: Callable[..., Iterable[bytes]], host: str, port: int, threads: int) -> Any:
    """Returns a server bound to its port. Raises CommandError if klark cannot listen there."""
    TcpWSGIServer.channel_class = Channel  # create_server takes no class of one's own
    try:
        return create_server(
            served,
            host=host,
            port=port,
            threads=threads,
            connection_limit=SOCKETS,
            channel_timeout=SILENCE_S,
            cleanup_interval=5,
            asyncore_use_poll=True,
            max_request_body_size=BODY_LIMIT,
            # Django reads X-Forwarded-Proto, and only if KLARK_TRUSTED_PROXY says that a proxy sets it.
            clear_untrusted_proxy_headers=False,
            ident=None,
        )
    except (OSError, ValueError) as error:
        raise CommandError(f"klark cannot listen on {host}, port {port}: {error}") from error
