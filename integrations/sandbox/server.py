"""The HTTP server: HTTP/1.1 with keep-alive, a thread per connection, loopback by default."""

import socket
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit
from uuid import uuid4

from integrations.sandbox.controls import control
from integrations.sandbox.freshdesk.routes import FRESHDESK
from integrations.sandbox.pages import page
from integrations.sandbox.routing import Call, DeskAnswer
from integrations.sandbox.webhooks import Sender
from integrations.sandbox.world import Product, World, serve
from integrations.sandbox.zendesk.routes import ZENDESK

PRODUCTS: Mapping[str, Product] = {"zendesk": ZENDESK, "freshdesk": FRESHDESK}
LOOPBACK = ("127.", "::1")
ACCOUNTS = "/accounts/"
BODY_LIMIT = 32 * 1024 * 1024


class SandboxServer(ThreadingHTTPServer):
    """Serves one world and, below /accounts/NAME/, others of their own: more accounts of both products."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, address: tuple[str, int], world: World) -> None:
        super().__init__(address, Connection)
        self.world = world
        self.accounts: dict[str, World] = {}

    def world_of(self, account: str) -> World:
        """Returns an account's world, an empty one at first; "" is the server's own."""
        return self.accounts.get(account) or self.accounts.setdefault(account, World()) if account else self.world

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Ignores callers who have closed the connection before the response; reports anything else."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


class Connection(BaseHTTPRequestHandler):
    """One keep-alive connection; every method goes through `answer`."""

    server: SandboxServer
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def turn(self) -> None:
        """Handles one request."""
        answer = self.answer()
        if answer.cut:
            self.close_connection = True
            self.connection.shutdown(socket.SHUT_RDWR)
            return
        self.send(answer)

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = turn  # the names that http.server calls

    def answer(self) -> DeskAnswer:
        """Returns the response of the controls or of the product that the path names."""
        split = urlsplit(self.path)
        path, place, account = unquote(split.path), "", ""
        if path.startswith(ACCOUNTS):
            account, _, path = path.removeprefix(ACCOUNTS).partition("/")
            place, path = f"{ACCOUNTS}{account}", f"/{path}"
        _, first, rest = f"{path}//".split("/", 2)
        call = self.call(f"{place}/{first}", "/" + rest.rstrip("/"), split.query)
        world = self.server.world_of(account)
        local, product = self.client_address[0].startswith(LOOPBACK), PRODUCTS.get(first)
        if first == "_sandbox":
            return control(world, call) if local else DeskAnswer(403, {"error": "loopback only"})
        if product is None:
            return DeskAnswer(404, {"error": "no such desk"})
        with world.lock:
            shown = page(world.desks[first], call) if local else None
        return shown or serve(world, first, product, call)

    def call(self, prefix: str, path: str, query: str) -> Call:
        """Returns the request without its prefix."""
        headers = {name.lower(): value for name, value in self.headers.items()}
        host = headers.get("host", "")
        # If the request came under a product's own host name, links lead back there, as the product's would.
        base = f"http://{host}{prefix}" if host.startswith(("127.", "localhost", "[::1]")) else f"https://{host}"
        return Call(self.command, path, dict(parse_qsl(query, keep_blank_values=True)), headers, self.read(), base)

    def read(self) -> bytes:
        """Returns the body, chunked or not."""
        if "chunked" in self.headers.get("Transfer-Encoding", ""):
            return b"".join(self.chunks())
        return self.rfile.read(min(int(self.headers.get("Content-Length") or 0), BODY_LIMIT))

    def chunks(self) -> Iterator[bytes]:
        """Yields the parts of a chunked body."""
        while size := int(self.rfile.readline().split(b";")[0] or b"0", 16):
            yield self.rfile.read(size)
            self.rfile.readline()
        self.rfile.readline()

    def send(self, answer: DeskAnswer) -> None:
        """Sends the response."""
        payload = answer.payload()
        self.send_response_only(answer.status)
        for name, text in self.fields(answer, len(payload)).items():
            self.send_header(name, text)
        self.end_headers()
        self.wfile.write(payload)

    def fields(self, answer: DeskAnswer, length: int) -> dict[str, str]:
        """Returns the response's headers."""
        own = {
            "Date": format_datetime(datetime.now(UTC), usegmt=True),
            "Content-Type": "application/json; charset=utf-8",
            "X-Zendesk-Request-Id" if self.path.startswith("/zendesk") else "X-Request-Id": uuid4().hex,
        }
        return {**own, **answer.headers, "Content-Length": str(length)}

    def log_message(self, format: str, *args: object) -> None:
        """Logs nothing: the journal keeps what matters."""


def make(host: str = "127.0.0.1", port: int = 0, senders: int = 1) -> SandboxServer:
    """Returns a server with an empty world; port 0 takes a free one."""
    return SandboxServer((host, port), World(Sender(senders)))


@contextmanager
def running(port: int = 0) -> Iterator[str]:
    """Runs a sandbox in a thread of this process, for tests; yields its address, e.g. "http://127.0.0.1:40001"."""
    server = make(port=port)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.world.faults.clear()
        server.world.sender.close()
        server.shutdown()
        server.server_close()
        thread.join()
