"""How a stand-in server runs as a process of its own."""

import json
import signal
from contextlib import suppress
from http.server import ThreadingHTTPServer


def serve_until_stopped(server: ThreadingHTTPServer) -> int:
    """Says on which port it listens, serves until SIGTERM or SIGINT, and returns the exit status."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    print(json.dumps({"port": server.server_address[1]}), flush=True)
    with suppress(KeyboardInterrupt), server:
        server.serve_forever()
    return 0
