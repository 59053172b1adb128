"""A sandbox in this process, whose clock moves on with each change."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from threading import Thread
from typing import Any, cast
from urllib.parse import parse_qsl

import pytest
import requests
from django.test import Client
from django.utils.translation import deactivate

from integrations.sandbox import records
from integrations.sandbox.client import Sandbox
from integrations.sandbox.controls import control
from integrations.sandbox.routing import Call
from integrations.sandbox.server import SandboxServer, make
from integrations.sandbox.world import World
from klark import webhooks
from klark.knowledge import ingest
from klark.models import Connection
from tests.klark import rows
from tests.klark.companies import Company, company, login


class Clock:
    """Each change of the sandbox is a second after the last one, and none is as young as a second: an adapter that
    waits until a whole-second stamp can no longer change would otherwise wait after each."""

    def __init__(self) -> None:
        self.restart()

    def restart(self) -> None:
        self.last = datetime.now(UTC).replace(microsecond=0) - timedelta(seconds=50)

    def __call__(self) -> datetime:
        self.last = min(self.last + timedelta(seconds=1), datetime.now(UTC).replace(microsecond=0))
        return self.last


CLOCK = Clock()


@pytest.fixture(scope="session")
def server() -> Iterator[SandboxServer]:
    """Over real HTTP, in a thread of this process."""
    one = make()
    thread = Thread(target=one.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    yield one
    one.world.faults.clear()
    one.world.sender.close()
    one.shutdown()
    one.server_close()
    thread.join()


class Controlled(Sandbox):
    """Asks the controls as their server does. Only klark comes by HTTP: half of all requests were a test's own."""

    def __init__(self, server: SandboxServer) -> None:
        self.address, self.world = f"http://127.0.0.1:{server.server_address[1]}", server.world

    def _ask(self, method: str, path: str, /, **sent: Any) -> dict[str, Any]:
        body = {name: value for name, value in sent.items() if value is not None or name == "assignee"}
        where, _, query = path.partition("?")
        answer = control(self.world, Call(method, where, dict(parse_qsl(query)), {}, json.dumps(body).encode()))
        if answer.status >= 400:
            raise requests.HTTPError(f"{method} {path}: {answer.status} {answer.body}")
        return cast("dict[str, Any]", json.loads(answer.payload()))


@pytest.fixture
def sandbox(server: SandboxServer, monkeypatch: pytest.MonkeyPatch) -> Sandbox:
    """As new."""
    CLOCK.restart()
    monkeypatch.setattr(records, "now", CLOCK)
    fresh = Controlled(server)
    fresh.reset()
    return fresh


@pytest.fixture(autouse=True)
def the_door_in_this_thread(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """A test that rolls back shows its rows to its own connection only; those that commit use the door as it is."""
    marker = request.node.get_closest_marker("django_db")
    commits = "transactional_db" in request.fixturenames or (marker and marker.kwargs.get("transaction"))
    if not commits:
        monkeypatch.setattr(webhooks, "in_time", lambda take, *event: take(*event))


@pytest.fixture(autouse=True, scope="session")
def an_article_is_read_once() -> Iterator[None]:
    """Hundreds of tests take in the same one."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ingest, "reading", lru_cache(100)(ingest.reading))
        yield


@pytest.fixture(autouse=True)
def in_english() -> None:
    """A page that an earlier test asked for in French leaves its thread so; Django ends that with the next request only."""
    deactivate()


@pytest.fixture
def world(server: SandboxServer) -> World:
    """What stands behind the sandbox's HTTP."""
    return server.world


@pytest.fixture
def account() -> Connection:
    """A connected helpdesk of a tenant."""
    return rows.connection(rows.tenant())


@pytest.fixture
def ours() -> Company:
    """A company with everything that an admin's page shows."""
    return company("alder")


@pytest.fixture
def lead(ours: Company) -> Client:
    """Its lead's browser."""
    return login("lead", (ours, "lead"))


@pytest.fixture
def operator(ours: Company) -> Client:
    """Its operator's browser."""
    return login("ops", (ours, "operator"))
