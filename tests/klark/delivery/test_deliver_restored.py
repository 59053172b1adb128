"""A database that was restored from a backup does not know what was sent since: still nothing twice, on both stand-ins."""

import pytest

from integrations.sandbox.client import Sandbox
from klark.delivery.deliver import UNKNOWN
from klark.models import Delivery, Draft
from tests.klark import rows
from tests.klark.delivery.test_deliver import due_on, outcomes, row, run
from tests.klark.rows import DESKS, Case

pytestmark = pytest.mark.django_db

AS_BEFORE = {
    "state": Delivery.State.DUE,
    "sending_at": None,
    "stamp": "",
    "comment_id": "",
    "attempts": 0,
    "trouble": "",
    "ended_at": None,
}


@pytest.fixture(params=DESKS)
def sent(request: pytest.FixtureRequest, sandbox: Sandbox) -> Case:
    case = due_on(sandbox, request.param)
    assert run() == "sent"
    return case


def test_a_write_from_before_the_backup_is_found_and_not_made_again(sent: Case) -> None:
    rows.change(Delivery, **AS_BEFORE)
    assert (run(), len(sent.by_klark)) == ("sent", 1)
    assert row().comment_id == str(sent.by_klark[0]["id"])


def test_it_is_found_behind_a_customers_next_comment_too(sent: Case) -> None:
    sent.sandbox.comment(sent.desk, sent.ticket, "<p>Thank you!</p>", by="customer")
    rows.change(Delivery, **AS_BEFORE)
    assert (run(), len(sent.by_klark)) == ("sent", 1)


def test_a_reply_drafted_anew_is_not_sent_beside_one_that_nobody_remembers(sent: Case) -> None:
    seen, readers = row().seen, row().readers_seen
    rows.delete(Delivery)
    rows.delete(Draft)
    rows.delivery(
        sent.row, sent.ticket, seen=seen, readers_seen=readers, text="Other words.", html="<p>Other words.</p>"
    )
    ended = run()
    assert len(sent.by_klark) == 1
    if sent.desk == "zendesk":  # the marker says whose it is
        assert (ended, row().trouble) == ("parked", UNKNOWN)
    else:
        assert (ended, outcomes()) == ("retired", ["overtaken"])


def test_a_note_of_klarks_that_nobody_remembers_stops_no_reply(sandbox: Sandbox) -> None:
    case = due_on(sandbox, "zendesk")
    rows.change(Delivery, kind=Delivery.Kind.NOTE)
    assert run() == "sent"
    seen, readers = row().seen, row().readers_seen
    rows.delete(Delivery)
    rows.delete(Draft)
    rows.delivery(case.row, case.ticket, seen=seen, readers_seen=readers)
    assert (run(), len(case.by_klark)) == ("sent", 2)
