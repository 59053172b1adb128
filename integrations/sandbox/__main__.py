"""Runs both stand-ins until interrupted: python -m integrations.sandbox --port N. The first line of output is {"port": N}."""

import argparse
import itertools
import sys

from integrations.sandbox.server import make
from integrations.sandbox.serving import serve_until_stopped


def main() -> int:
    """Parses the arguments and serves; returns the exit status."""
    parser = argparse.ArgumentParser(prog="integrations.sandbox", description="A stand-in Zendesk and Freshdesk.")
    parser.add_argument("--port", type=int, default=8800, help="0 takes a free one (default: %(default)s)")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: %(default)s)")
    parser.add_argument("--senders", type=int, default=1, help="threads that send webhooks (default: %(default)s)")
    parser.add_argument("--first-id", type=int, default=1, help="number of the first ticket (default: %(default)s)")
    options = parser.parse_args()
    server = make(options.host, options.port, options.senders)
    for desk in server.world.desks.values():
        desk.ticket_ids = itertools.count(options.first_id)
    print(HINT, file=sys.stderr, flush=True)
    return serve_until_stopped(server)


HINT = """Zendesk    /zendesk    klark@example.com/token:sandbox-token, or OAuth token sandbox-oauth
Freshdesk  /freshdesk  API key sandbox-key
Controls   /_sandbox/  (loopback only)"""


if __name__ == "__main__":
    sys.exit(main())
