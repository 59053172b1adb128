"""What a helpdesk can do to klark, on both desks over real HTTP: each ends with words that say what to do next, the event
kept, and nothing half-written."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest

from integrations.sandbox.client import Sandbox
from integrations.sandbox.zendesk import tickets as zendesk_tickets
from klark import review, tasks
from klark.delivery.deliver import FOLLOW_UP
from klark.models import Connection, Decision, Delivery, WebhookEvent
from klark.review import Reviewed
from tests.klark import rows
from tests.klark.rows import DESKS, Case

pytestmark = pytest.mark.django_db

WRITES = {"zendesk": "PUT", "freshdesk": "POST"}
PAGE = {"kind": "html200"}
QUOTED = ("NOTE", "sections_only")
"""How a question that the knowledge answers ends without a model."""


@pytest.fixture(params=DESKS)
def case(request: pytest.FixtureRequest, sandbox: Sandbox) -> Case:
    """A customer's question that klark can answer."""
    return rows.case(sandbox, request.param)


@pytest.fixture
def due(case: Case) -> Case:
    """The same with a reply that is due."""
    rows.delivery(case.row, case.ticket, seen=case.seen, readers_seen=case.readers)
    return case


def arrives(case: Case) -> WebhookEvent:
    """An event comes in, and a worker looks at it."""
    rows.event(case.row, case.ticket)
    return again()


def again() -> WebhookEvent:
    """A worker, when the event is due."""
    rows.make_due(WebhookEvent)
    tasks.step(WebhookEvent, tasks.pipeline.answer)
    event: WebhookEvent = rows.get(WebhookEvent)
    return event


def write() -> Delivery:
    """A worker, when the write is due."""
    rows.make_due(Delivery)
    tasks.deliver.run()
    row: Delivery = rows.get(Delivery)
    return row


def fault(case: Case, kind: str, **more: Any) -> None:
    case.sandbox.fault(kind, desk=case.desk, **more)


def nothing_was_written(case: Case) -> bool:
    return not case.by_klark and rows.count(Decision) == 0


# Reading: the event is kept


def test_revoked_credentials_park_the_event_mark_the_connection_and_are_told(case: Case) -> None:
    case.sandbox.credentials(case.desk, ["another"])
    event = arrives(case)
    assert (event.state, "credentials" in event.trouble) == ("parked", True)
    assert "Connect this helpdesk again" in rows.get(Connection).trouble
    assert nothing_was_written(case)


def test_an_event_that_was_parked_is_answered_once_the_credentials_are_good_again(case: Case) -> None:
    case.sandbox.credentials(case.desk, ["another"])
    parked = arrives(case)
    case.sandbox.credentials(case.desk, [rows.TOKENS[case.desk]])
    assert review.retry_event(parked.pk, case.row.tenant_id)
    assert (again().state, case.decision()) == ("done", QUOTED)


def test_missing_rights_park_the_event_with_the_desks_own_reason(case: Case) -> None:
    fault(case, "status", method="GET", status=403, times=9,
          body={"error": "Forbidden", "description": "You do not have access to this page."})  # fmt: skip
    event = arrives(case)
    assert event.state == "parked"
    assert event.trouble.endswith("does not allow this to klark's user: You do not have access to this page.")
    assert nothing_was_written(case)


@pytest.mark.parametrize("status", [402, 403, 423])
def test_a_suspended_account_parks_the_event_and_says_so(case: Case, status: int) -> None:
    body = {"code": "account_suspended", "message": "Your account has been suspended."}
    fault(case, "status", method="GET", status=status, times=9, body=body)
    event = arrives(case)
    assert (event.state, "Your account has been suspended." in event.trouble) == ("parked", True)
    assert nothing_was_written(case)


def test_an_account_that_is_nobodys_any_more_parks_the_event_since_no_ticket_is_gone(case: Case) -> None:
    body = {"error": {"title": "No help desk at acme.zendesk.com", "message": "There is no help desk at this address"}}
    fault(case, "status", method="GET", status=404, times=9, body=body)
    event = arrives(case)
    assert (event.state, "has no such account (any more)" in event.trouble) == ("parked", True)
    assert nothing_was_written(case)


def test_a_deleted_ticket_is_gone_and_asks_nobody(case: Case) -> None:
    case.sandbox.change(case.desk, case.ticket, deleted=True)
    assert (arrives(case).state, case.decision()) == ("done", ("SKIP", "gone"))


def test_a_ticket_that_never_was_is_gone(case: Case) -> None:
    rows.event(case.row, 999_999)
    assert (again().state, case.decision()) == ("done", ("SKIP", "gone"))


def test_after_a_merge_the_source_is_left_alone_and_its_target_lives(case: Case) -> None:
    target = case.sandbox.ticket(case.desk, subject="The first one", body="Where is it?")
    case.sandbox.change(case.desk, case.ticket, merged_into=target)
    arrives(case)
    assert case.decision() == ("SKIP", "gone" if case.desk == "zendesk" else "closed")
    assert case.sandbox.stored(case.desk, target)["status"] != "closed"


def test_a_closed_ticket_is_left_alone(case: Case) -> None:
    case.sandbox.change(case.desk, case.ticket, status="closed")
    assert (arrives(case).state, case.decision()) == ("done", ("SKIP", "closed"))


WRONG: tuple[dict[str, Any], ...] = (
    PAGE, {"kind": "malformed"}, {"kind": "drop"}, {"kind": "status", "status": 200, "body": []},
    {"kind": "status", "status": 200, "body": {"ticket": None}}, {"kind": "status", "status": 500},
    {"kind": "status", "status": 502, "body": "<html>"},
)  # fmt: skip


def test_an_answer_that_is_none_keeps_the_event_due_and_counts_as_no_attempt(case: Case) -> None:
    rows.event(case.row, case.ticket)
    for wrong in WRONG:
        fault(case, method="GET", times=1, path=rf"tickets/{case.ticket}(\.json)?$", **wrong)
        event = again()
        assert (event.state, event.attempts, bool(event.trouble)) == ("due", 0, True), wrong
        assert nothing_was_written(case), wrong
    assert (again().state, case.decision()) == ("done", QUOTED)


def test_an_error_inside_a_200_parks_the_event_with_its_words(case: Case) -> None:
    fault(case, "status", method="GET", status=200, times=9, body={"error": "Oops", "description": "Try the new API."})
    event = arrives(case)
    assert (event.state, event.trouble.endswith("refused: Try the new API.")) == ("parked", True)


def test_a_read_that_points_elsewhere_parks_the_event_and_is_not_followed(case: Case) -> None:
    fault(case, "redirect", method="GET", times=9, location="https://elsewhere.example/")
    event = arrives(case)
    assert (event.state, "check the account's name" in event.trouble) == ("parked", True)


def test_a_wait_that_is_given_as_a_date_is_waited_for(case: Case) -> None:
    then = datetime.now(UTC) + timedelta(minutes=5)
    fault(case, "status", method="GET", status=429, headers={"Retry-After": format_datetime(then, usegmt=True)})
    event = arrives(case)
    assert (event.state, event.attempts) == ("due", 0)
    assert abs((event.due_at - then).total_seconds()) < 15
    assert "slow down" in event.trouble


def test_a_body_of_200_kilobytes_goes_to_a_person_unread(case: Case) -> None:
    ticket = case.sandbox.ticket(
        case.desk, subject="All of it", body=f"{rows.ASKED} {'And then this happened. ' * 9_000}"
    )
    rows.event(case.row, ticket)
    again()
    assert case.decision()[0] == "ESCALATE"


@pytest.mark.parametrize("bomb", ["<div>" * 60_000, "<table><tr><td>" * 30_000, "<a " + "b='c' " * 60_000 + ">x</a>",
                                  "<blockquote>" * 40_000 + "x", "&amp;" * 100_000], ids=["div", "table", "attributes",
                                  "quotes", "entities"])  # fmt: skip
def test_html_that_is_a_bomb_ends_in_a_decision(case: Case, bomb: str) -> None:
    ticket = case.sandbox.ticket(case.desk, subject="Delivery", body_html=f"<p>{rows.ASKED}</p>{bomb}")
    rows.event(case.row, ticket)
    assert again().state == "done"
    assert rows.count(Decision) == 1


# Writing: nothing twice, nothing half


@pytest.mark.parametrize("status", [429, 422, 403, 400, 409, 200])
def test_a_write_that_was_made_although_it_was_answered_as_not_made_is_found(due: Case, status: int) -> None:
    """Gateways and proxies answer for a desk that has long done it."""
    fault(due, "status", method=WRITES[due.desk], status=status, apply=True, path="tickets",
          body={"error": "Oops", "description": "no"}, headers={"Retry-After": "1"} if status == 429 else {})  # fmt: skip
    row = write()
    assert row.state == ("sent" if status != 429 else "due")  # the refused ones are looked for at once
    row = write() if row.state in {"due", "sending"} else row
    assert (row.state, len(due.by_klark), row.comment_id) == ("sent", 1, str(due.by_klark[0]["id"]))


def test_a_write_refused_and_not_readable_just_now_is_looked_for_before_it_is_made_again(due: Case) -> None:
    fault(due, "status", method=WRITES[due.desk], status=403, apply=True, path="tickets")
    fault(due, "status", method="GET", status=500, times=1, skip=2 if due.desk == "zendesk" else 4)
    assert write().state == "due"
    assert (write().state, len(due.by_klark)) == ("sent", 1)


def test_a_parked_write_that_a_person_tries_again_is_looked_for_first(due: Case) -> None:
    """The first try was applied and refused, and reading it back failed as well."""
    fault(due, "status", method=WRITES[due.desk], status=403, apply=True, path="tickets")
    fault(due, "status", method="GET", status=403, times=9, skip=2 if due.desk == "zendesk" else 4)
    assert write().state == "parked"
    due.sandbox.clear_faults()
    review.retry(Reviewed(rows.get(Delivery).pk, due.row.tenant_id, "lead"))
    assert (write().state, len(due.by_klark)) == ("sent", 1)


def test_a_refused_write_is_parked_with_the_desks_own_reason(due: Case) -> None:
    fault(
        due,
        "status",
        method=WRITES[due.desk],
        status=422,
        body={"error": "RecordInvalid", "description": "Order is due"},
    )
    row = write()
    assert (row.state, "Order is due" in row.trouble, due.by_klark) == ("parked", True, [])


def test_a_write_with_revoked_credentials_is_parked_and_marks_the_connection(due: Case) -> None:
    due.sandbox.credentials(due.desk, ["another"])
    assert (write().state, due.by_klark) == ("parked", [])
    assert "Connect this helpdesk again" in rows.get(Connection).trouble


def test_a_302_on_a_write_is_not_followed_and_not_believed(due: Case) -> None:
    fault(due, "redirect", method=WRITES[due.desk], path="tickets", location="https://elsewhere.example/")
    assert write().state == "sending"
    states = [write().state for _ in range(2)]
    assert (states[-1], len(due.by_klark)) == (("sent", 1) if due.desk == "zendesk" else ("parked", 0))


def test_a_page_of_html_after_a_write_is_not_believed(due: Case) -> None:
    fault(due, "html200", method=WRITES[due.desk], path="tickets", apply=True)
    assert (write().state, write().state, len(due.by_klark)) == ("sending", "sent", 1)


def test_a_ticket_closed_at_the_last_moment_goes_to_a_person_with_what_to_do(sandbox: Sandbox) -> None:
    """Zendesk takes no comment on a closed ticket; Freshdesk would, and its last read retires the draft."""
    case = rows.case(sandbox, "zendesk")
    rows.delivery(case.row, case.ticket, seen=case.seen, readers_seen=case.readers)
    sandbox.race("zendesk", case.ticket, on="write", status="closed")
    row = write()
    assert (row.state, row.trouble, case.by_klark) == ("parked", FOLLOW_UP, [])


def test_a_ticket_with_all_its_comments_spent_goes_to_a_person(
    sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = rows.case(sandbox, "zendesk")
    monkeypatch.setattr(zendesk_tickets, "COMMENT_LIMIT", 1)
    rows.delivery(case.row, case.ticket, seen=case.seen, readers_seen=case.readers)
    row = write()
    assert (row.state, "maximum number of comments" in row.trouble, case.by_klark) == ("parked", True, [])


def test_an_order_by_date_to_wait_keeps_the_write_due(due: Case) -> None:
    then = datetime.now(UTC) + timedelta(minutes=5)
    fault(due, "status", method=WRITES[due.desk], status=429, path="tickets",
          headers={"Retry-After": format_datetime(then, usegmt=True)})  # fmt: skip
    row = write()
    assert (row.state, row.attempts, due.by_klark) == ("due", 0, [])
    assert abs((row.due_at - then).total_seconds()) < 15
    assert (write().state, len(due.by_klark)) == ("sent", 1)


def test_a_ticket_of_many_pages_is_read_to_its_end(case: Case) -> None:
    """Thousands are read in tests/integrations; here the whole path meets three pages."""
    for number in range(230):
        case.sandbox.comment(case.desk, case.ticket, f"<p>Note {number}</p>", by="rule", public=False, webhook=False)
    case.sandbox.comment(case.desk, case.ticket, f"<p>{rows.ASKED}</p>")
    arrives(case)
    assert case.decision()[0] in {"REPLY", "NOTE"}
    assert len(rows.get(Delivery).seen) == 232
