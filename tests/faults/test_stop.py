"""A worker that is told to stop: what it can finish soon it finishes, the rest is another worker's at once, lease or not."""

import os
import signal
import socket
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from integrations.sandbox.client import Sandbox
from klark import tasks
from klark.models import Connection, Decision, WebhookEvent
from tests.faults.processes import START_S, worker
from tests.integrations.sandboxed import wait_for
from tests.klark import rows

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


class SilentHelpdesk:
    """A server that takes every request and never answers."""

    def __init__(self) -> None:
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.asked: list[socket.socket] = []
        threading.Thread(target=self.hold, daemon=True).start()

    def hold(self) -> None:
        try:
            while True:
                self.asked.append(self.listener.accept()[0])
        except OSError:
            return

    def close(self) -> None:
        for each in (self.listener, *self.asked):
            each.close()


@pytest.fixture
def silent() -> Iterator[SilentHelpdesk]:
    one = SilentHelpdesk()
    yield one
    one.close()


@pytest.mark.parametrize("broker", ["reached", "missing"])
def test_what_a_stopped_worker_was_at_is_taken_up_by_another_at_once(
    broker: str, sandbox: Sandbox, silent: SilentHelpdesk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("klark.wakeup.wake", lambda: None)
    case = rows.case(sandbox, "freshdesk")
    away = f"http://127.0.0.1:{silent.listener.getsockname()[1]}"
    rows.change(Connection, catch_up_at=datetime(2099, 1, 1, tzinfo=UTC), address=away)
    rows.event(case.row, case.ticket)
    url = os.environ["KLARK_TEST_BROKER_URL"] if broker == "reached" else "redis://127.0.0.1:1/0"
    with worker(tmp_path, url, KLARK_READ_SECONDS="30") as child:
        assert wait_for(lambda: silent.asked != [], START_S), child.tail()
        assert (rows.count(WebhookEvent, lease_until=None), WebhookEvent.claim()) == (0, [])
        os.kill(child.pid, signal.SIGTERM)
        assert wait_for(lambda: rows.count(WebhookEvent, lease_until=None) == 1, START_S), child.tail()
        row = rows.get(WebhookEvent)
        assert (row.state, row.attempts, row.trouble) == ("due", 0, "")  # as if nobody had claimed it
        rows.change(Connection, address=sandbox.base("freshdesk"))
        tasks.work.run()
        silent.close()  # else the end of the worker is waited for as well
    assert (rows.count(Decision), rows.get(WebhookEvent).attempts) == (1, 1)
