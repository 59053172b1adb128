"""A worker killed in the middle of its writes: settled as each desk allows, and never written twice."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from integrations.sandbox.client import DeskName, Sandbox
from klark.delivery.deliver import deliver
from klark.models import Delivery
from klark.runtime.processes import Child
from tests.faults.processes import START_S, deliverer
from tests.integrations.sandboxed import wait_for
from tests.klark import rows
from tests.klark.rows import DESKS, Case

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

WRITES = {"zendesk": "PUT", "freshdesk": "POST"}


@pytest.fixture
def killed(tmp_path: Path, sandbox: Sandbox) -> Iterator[list[Child]]:
    children: list[Child] = []
    yield children
    for child in children:
        child.stop(0)
    sandbox.clear_faults()


def kill_in_mid_write(sandbox: Sandbox, folder: Path, killed: list[Child], applied: bool) -> dict[DeskName, Case]:
    """A write to each desk has left; whether it was applied is the desk's secret when the worker dies."""
    cases = {desk: rows.case(sandbox, desk, slug=desk) for desk in DESKS}
    for desk, case in cases.items():
        rows.delivery(case.row, case.ticket, seen=case.seen, readers_seen=case.readers)
        sandbox.fault("hook", desk=desk, method=WRITES[desk], apply=applied, name=desk)
    child = deliverer(folder, len(cases))
    killed.append(child)
    assert wait_for(lambda: all(sandbox.writes(desk, case.ticket) for desk, case in cases.items()), START_S), (
        child.tail()
    )
    child.process.kill()
    child.process.wait()
    assert rows.count(Delivery, state="sending") == len(cases)
    return cases


def next_worker() -> dict[str, str]:
    """What becomes of each desk's write that is still to be settled."""
    rows.expire_lease(Delivery)
    rows.make_due(Delivery)
    return {rows.get(Delivery, pk=one.id).connection.helpdesk: deliver(one) for one in Delivery.claim(limit=len(DESKS))}


def test_a_write_that_was_applied_before_the_worker_died_is_found(
    sandbox: Sandbox, tmp_path: Path, killed: list[Child]
) -> None:
    cases = kill_in_mid_write(sandbox, tmp_path, killed, applied=True)
    assert wait_for(lambda: [len(case.by_klark) for case in cases.values()] == [1, 1])
    assert next_worker() == dict.fromkeys(DESKS, "sent")
    written = [(len(case.by_klark), len(sandbox.writes(desk, case.ticket))) for desk, case in cases.items()]
    assert written == [(1, 1), (1, 1)]


def test_a_write_that_was_not_applied_is_made_once_more_on_zendesk_and_goes_to_a_person_on_freshdesk(
    sandbox: Sandbox, tmp_path: Path, killed: list[Child]
) -> None:
    cases = kill_in_mid_write(sandbox, tmp_path, killed, applied=False)
    assert [next_worker() for _ in range(2)] == [{"zendesk": "sent", "freshdesk": "sending"}, {"freshdesk": "parked"}]
    case = cases["freshdesk"]
    assert (len(sandbox.writes("freshdesk", case.ticket)), case.by_klark) == (1, [])
    assert Delivery.claim() == []
    case = cases["zendesk"]
    sandbox.release_hooks("zendesk")  # and only now does the first one get through
    assert wait_for(lambda: all(write["status"] for write in sandbox.writes("zendesk", case.ticket)))
    assert (len(case.by_klark), [write["status"] for write in sandbox.writes("zendesk", case.ticket)]) == (
        1,
        [409, 200],
    )
