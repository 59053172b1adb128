"""A worker whose broker is frozen, missing or wiped: it finds its work all the same, and when it is told to stop, what it was
at is another worker's at once, lease or not."""

import os
import signal
from datetime import UTC, datetime
from pathlib import Path

import pytest
import redis

from integrations.sandbox.client import Sandbox
from klark import tasks
from klark.models import Connection, Decision, WebhookEvent
from tests.faults.conftest import SilentServer
from tests.faults.processes import START_S, worker
from tests.integrations.sandboxed import wait_for
from tests.klark import rows

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


@pytest.mark.parametrize("broker", ["frozen", "missing", "wiped"])
def test_work_is_found_without_the_broker_and_what_a_stopped_worker_was_at_is_taken_up_by_another(
    broker: str, frozen: SilentServer, sandbox: Sandbox, silent: SilentServer, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr("klark.wakeup.wake", lambda: None)
    urls = {
        "frozen": f"redis://{frozen.place}/0", "missing": "redis://127.0.0.1:1/0", "wiped": os.environ["KLARK_TEST_BROKER_URL"],
    }  # fmt: skip
    if broker == "wiped":
        redis.Redis.from_url(urls[broker]).flushdb()
    case = rows.case(sandbox, "freshdesk")
    rows.change(Connection, catch_up_at=datetime(2099, 1, 1, tzinfo=UTC))
    rows.event(case.row, case.ticket)
    with worker(tmp_path, urls[broker], KLARK_READ_SECONDS="30") as child:
        assert wait_for(lambda: rows.count(Decision) == 1, START_S), child.tail()
        assert wait_for(lambda: len(case.by_klark) == 1, START_S), child.tail()
        assert case.decision() == ("NOTE", "sections_only")  # a process of its own, without a model
        rows.change(Connection, address=f"http://{silent.place}")
        second = rows.event(case.row, sandbox.ticket("freshdesk", body=rows.ASKED))
        assert wait_for(lambda: silent.asked != [], START_S), child.tail()
        held = {"pk": second, "lease_until": None}
        assert (rows.count(WebhookEvent, **held), WebhookEvent.claim()) == (0, [])
        os.kill(child.pid, signal.SIGTERM)
        assert wait_for(lambda: rows.count(WebhookEvent, **held) == 1, START_S), child.tail()
        row = rows.get(WebhookEvent, pk=second)
        assert (row.state, row.attempts, row.trouble) == ("due", 0, "")  # as if nobody had claimed it
        rows.change(Connection, address=sandbox.base("freshdesk"))
        tasks.work.run()
        silent.close()  # else the end of the worker is waited for as well
    assert (rows.count(Decision), rows.get(WebhookEvent, pk=second).attempts) == (2, 1)
