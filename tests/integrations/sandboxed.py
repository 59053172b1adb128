"""What the sandbox's own tests stand on: a sandbox in a thread, callers with good credentials, and an ear for webhooks."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
import requests

from integrations.sandbox.client import Sandbox
from integrations.sandbox.server import running

TOKEN = ("klark@example.com/token", "sandbox-token")
KEY = ("sandbox-key", "X")


@dataclass(frozen=True)
class Api:
    """Calls one desk's API as klark would; redirects are shown, not followed."""

    base: str
    auth: tuple[str, str]

    def get(self, path: str, **options: Any) -> requests.Response:
        return self.ask("GET", path, **options)

    def put(self, path: str, body: Any) -> requests.Response:
        return self.ask("PUT", path, json=body)

    def post(self, path: str, body: Any, **options: Any) -> requests.Response:
        return self.ask("POST", path, json=body, **options)

    def ask(self, method: str, path: str, **options: Any) -> requests.Response:
        url = path if path.startswith("http") else f"{self.base}/api/v2{path}"
        options = {"auth": self.auth, "timeout": 10, "allow_redirects": False, **options}
        return requests.request(method, url, **options)

    def say(self, ticket: int, html: str = "<p>Good day</p>", **more: Any) -> requests.Response:
        """Zendesk's way to add a comment."""
        return self.put(f"/tickets/{ticket}.json", {"ticket": {"comment": {"html_body": html}, **more}})


@dataclass
class Ear:
    """Hears webhooks at `url`; answers the next ones from `answers` (status, headers, seconds), then 202."""

    url: str = ""
    heard: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    answers: list[tuple[int, dict[str, str], float]] = field(default_factory=list)

    def bodies(self) -> list[Any]:
        return [json.loads(body) for _, body in self.heard]

    def kinds(self) -> list[str]:
        return [body["type"].removeprefix("zen:event-type:ticket.") for body in self.bodies()]


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with running() as found:
        yield found


@pytest.fixture
def sandbox(address: str) -> Sandbox:
    fresh = Sandbox(address)
    fresh.reset()
    return fresh


@pytest.fixture
def zendesk(sandbox: Sandbox) -> Api:
    return Api(sandbox.base("zendesk"), TOKEN)


@pytest.fixture
def freshdesk(sandbox: Sandbox) -> Api:
    return Api(sandbox.base("freshdesk"), KEY)


@pytest.fixture
def ear() -> Iterator[Ear]:
    heard = Ear()

    class Hearing(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            status, headers, seconds = heard.answers.pop(0) if heard.answers else (202, {}, 0.0)
            heard.heard.append(({name.lower(): text for name, text in self.headers.items()}, body))
            time.sleep(seconds)
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


def wait_for(true: Callable[[], bool], seconds: float = 5.0) -> bool:
    end = time.monotonic() + seconds
    while not true() and time.monotonic() < end:
        time.sleep(0.01)
    return true()
