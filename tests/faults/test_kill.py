"""A worker killed in the middle of a write: settled as each desk allows, and never written twice."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from integrations.sandbox.client import DeskName, Sandbox
from klark.delivery.deliver import deliver
from klark.models import Delivery
from klark.runtime.processes import Child
from tests.faults.processes import START_S, one_step
from tests.integrations.sandboxed import wait_for
from tests.klark import rows
from tests.klark.rows import DESKS, Case

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

WRITES = {"zendesk": "PUT", "freshdesk": "POST"}


def due_on(sandbox: Sandbox, desk: DeskName) -> Case:
    case = rows.case(sandbox, desk)
    rows.delivery(case.row, case.ticket, seen=case.seen, readers_seen=case.readers)
    return case


@pytest.fixture
def killed(tmp_path: Path, sandbox: Sandbox) -> Iterator[list[Child]]:
    children: list[Child] = []
    yield children
    for child in children:
        child.stop(0)
    sandbox.clear_faults()


def kill_in_mid_write(case: Case, folder: Path, killed: list[Child], applied: bool) -> None:
    """The request has left; whether it was applied is the desk's secret when the worker dies."""
    case.sandbox.fault("hook", desk=case.desk, method=WRITES[case.desk], apply=applied, name="write")
    child = one_step(folder)
    killed.append(child)
    assert wait_for(lambda: bool(case.sandbox.writes(case.desk, case.ticket)), START_S), child.tail()
    child.process.kill()
    child.process.wait()
    assert rows.get(Delivery).state == "sending"


def next_worker() -> str:
    rows.expire_lease(Delivery)
    rows.make_due(Delivery)
    return deliver(rows.claim(Delivery))


@pytest.mark.parametrize("desk", DESKS)
def test_a_write_that_was_applied_before_the_worker_died_is_found(
    sandbox: Sandbox, tmp_path: Path, killed: list[Child], desk: DeskName
) -> None:
    case = due_on(sandbox, desk)
    kill_in_mid_write(case, tmp_path, killed, applied=True)
    assert wait_for(lambda: len(case.by_klark) == 1)
    assert next_worker() == "sent"
    assert (len(case.by_klark), len(sandbox.writes(desk, case.ticket))) == (1, 1)


def test_a_write_that_was_not_applied_is_made_once_more_on_zendesk(
    sandbox: Sandbox, tmp_path: Path, killed: list[Child]
) -> None:
    case = due_on(sandbox, "zendesk")
    kill_in_mid_write(case, tmp_path, killed, applied=False)
    assert next_worker() == "sent"
    sandbox.release_hooks()  # and only now does the first one get through
    assert wait_for(lambda: all(write["status"] for write in sandbox.writes("zendesk", case.ticket)))
    assert (len(case.by_klark), [write["status"] for write in sandbox.writes("zendesk", case.ticket)]) == (
        1,
        [409, 200],
    )


def test_a_write_that_was_not_applied_goes_to_a_person_on_freshdesk(
    sandbox: Sandbox, tmp_path: Path, killed: list[Child]
) -> None:
    case = due_on(sandbox, "freshdesk")
    kill_in_mid_write(case, tmp_path, killed, applied=False)
    assert [next_worker() for _ in range(2)] == ["sending", "parked"]
    assert (len(sandbox.writes("freshdesk", case.ticket)), case.by_klark) == (1, [])
    assert Delivery.claim() == []
