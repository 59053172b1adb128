"""A sandbox in a thread of the test's process, callers with good credentials, and a server that hears webhooks."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from integrations.sandbox import records
from integrations.sandbox.client import Sandbox
from integrations.sandbox.server import running
from tests.integrations.sandboxed import KEY, TOKEN, Api, Ear
from tests.integrations.stand_in import Clock


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with running() as found:
        yield found


@pytest.fixture(scope="module")
def control_client(address: str) -> Sandbox:
    """One, which keeps its connection."""
    return Sandbox(address)


@pytest.fixture
def sandbox(control_client: Sandbox) -> Sandbox:
    """As new."""
    control_client.reset()
    return control_client


@pytest.fixture
def zendesk(sandbox: Sandbox) -> Api:
    return Api(sandbox.base("zendesk"), TOKEN)


@pytest.fixture
def freshdesk(sandbox: Sandbox) -> Api:
    return Api(sandbox.base("freshdesk"), KEY)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    monkeypatch.setattr(records, "now", lambda: made.at)
    return made


@pytest.fixture
def ear() -> Iterator[Ear]:
    heard = Ear()

    class Hearing(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            status, headers, seconds = heard.answers.pop(0) if heard.answers else (202, {}, 0.0)
            heard.heard.append(({name.lower(): text for name, text in self.headers.items()}, body))
            heard.released.wait(seconds)
            self.send_response(status)
            for name, text in {**headers, "Content-Length": "0"}.items():
                self.send_header(name, text)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Hearing)
    server.daemon_threads = True
    heard.url = f"http://127.0.0.1:{server.server_address[1]}/hook"
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    yield heard
    server.shutdown()
    server.server_close()
