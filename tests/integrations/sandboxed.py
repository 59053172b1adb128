"""What the sandbox's own tests speak with: a caller of an API, and an ear for webhooks."""

import json
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import requests

TOKEN = ("klark@example.com/token", "sandbox-token")
KEY = ("sandbox-key", "X")


def kept_open() -> requests.Session:
    """Keeps its connection, and reads no proxy from the environment."""
    session = requests.Session()
    session.trust_env = False
    return session


@dataclass(frozen=True)
class Api:
    """Calls one desk's API as klark would; redirects are shown, not followed."""

    base: str
    auth: tuple[str, str]
    session: requests.Session = field(default_factory=kept_open)

    def get(self, path: str, **options: Any) -> requests.Response:
        return self.ask("GET", path, **options)

    def put(self, path: str, body: Any) -> requests.Response:
        return self.ask("PUT", path, json=body)

    def post(self, path: str, body: Any, **options: Any) -> requests.Response:
        return self.ask("POST", path, json=body, **options)

    def ask(self, method: str, path: str, **options: Any) -> requests.Response:
        url = path if path.startswith("http") else f"{self.base}/api/v2{path}"
        options = {"auth": self.auth, "timeout": 10, "allow_redirects": False, **options}
        return self.session.request(method, url, **options)

    def say(self, ticket: int, html: str = "<p>Good day</p>", **more: Any) -> requests.Response:
        """Zendesk's way to add a comment."""
        return self.put(f"/tickets/{ticket}.json", {"ticket": {"comment": {"html_body": html}, **more}})


@dataclass
class Ear:
    """Hears webhooks at `url`; answers the next ones from `answers` (status, headers, seconds), then 202.

    `released` ends every wait at once.
    """

    url: str = ""
    heard: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    answers: list[tuple[int, dict[str, str], float]] = field(default_factory=list)
    released: threading.Event = field(default_factory=threading.Event)

    def bodies(self) -> list[Any]:
        return [json.loads(body) for _, body in self.heard]

    def kinds(self) -> list[str]:
        return [body["type"].removeprefix("zen:event-type:ticket.") for body in self.bodies()]


def wait_for(true: Callable[[], bool], seconds: float = 20.0) -> bool:
    """Whether it became true; a busy machine is given time, which only a failure costs. Asked less and less often: what is
    waited for is often a process that starts, on the same machine."""
    end, pause = time.monotonic() + seconds, 0.005
    while not true() and time.monotonic() < end:
        time.sleep(pause)
        pause = min(2 * pause, 0.1)
    return true()
