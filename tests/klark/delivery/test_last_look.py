"""Where no write is conditional, the ticket is read once more right before it."""

from typing import Any

import pytest
from requests.adapters import HTTPAdapter

from integrations.helpdesks.freshdesk import client as freshdesk
from integrations.helpdesks.freshdesk.client import Freshdesk
from integrations.helpdesks.zendesk.client import Zendesk
from integrations.sandbox.client import Sandbox
from klark.connections.rate_limit import RateLimit
from klark.delivery.deliver import deliver
from klark.models import Delivery
from tests.klark import rows, said
from tests.klark.rows import DESKS, Case

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(sandbox: Sandbox) -> Case:
    """A reply that is due at Freshdesk."""
    case = rows.case(sandbox, "freshdesk")
    rows.delivery(case.row, case.ticket, seen=case.seen, readers_seen=case.readers)
    return case


def run() -> str:
    rows.make_due(Delivery)
    return deliver(rows.claim(Delivery))


def between(case: Case, **act: Any) -> None:
    """Someone acts after the first reading and before the last look."""
    case.sandbox.race(case.desk, case.ticket, "fetch", part="/conversations", **act)


@pytest.mark.parametrize("by", ["agent", "customer"])
def test_whoever_writes_after_the_first_reading_is_seen(case: Case, by: Any) -> None:
    between(case, by=by, body_html="<p>Wait.</p>")
    assert (run(), case.by_klark, rows.get(Delivery).sending_at) == ("due", [], None)
    assert (run(), case.by_klark) == ("retired", [])


@pytest.mark.parametrize("fields", [{"status": "solved"}, {"assignee": "agent"}])
def test_so_is_whoever_solves_or_takes_it(case: Case, fields: dict[str, Any]) -> None:
    between(case, by="agent", **fields)
    assert (run(), run(), case.by_klark) == ("due", "retired", [])


@pytest.mark.parametrize("fields", [{"cc": ["otto.lind@partner.example"]}, {"requester": "toni@partner.example"}])
def test_so_is_who_would_read_it_as_well(case: Case, fields: dict[str, Any]) -> None:
    between(case, by="agent", **fields)
    assert (run(), case.by_klark) == ("due", [])
    assert (run(), case.by_klark) == ("retired", [])


def test_a_note_is_made_at_the_second_look(case: Case) -> None:
    rows.change(Delivery, kind="note")
    between(case, by="agent", cc=["otto.lind@partner.example"])
    assert (run(), run(), len(case.by_klark)) == ("due", "sent", 1)


def test_the_requester_in_copy_of_their_own_ticket_is_nobody_else(sandbox: Sandbox) -> None:
    case = rows.case(sandbox, "freshdesk")
    case.sandbox.change("freshdesk", case.ticket, cc=["camille@example.org"])
    rows.delivery(case.row, case.ticket, seen=case.seen, readers_seen=case.readers)
    assert (run(), len(case.by_klark)) == ("sent", 1)


def test_a_tag_changes_nothing(case: Case) -> None:
    between(case, by="agent", tags=["vip"])
    assert (run(), len(case.by_klark)) == ("sent", 1)


def test_a_last_look_that_fails_leaves_the_write_unmade(case: Case) -> None:
    case.sandbox.fault("reset", desk="freshdesk", method="GET", path="/conversations", skip=1)
    assert (run(), case.by_klark, rows.get(Delivery).sending_at) == ("due", [], None)
    assert (run(), len(case.by_klark)) == ("sent", 1)


def test_a_rules_note_is_seen_as_well(case: Case) -> None:
    between(case, by="agent", body_html="<p>Escalated by a rule.</p>", public=False)
    assert (run(), case.by_klark) == ("due", [])


def test_nothing_is_asked_for_between_the_last_look_and_the_write(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[str] = []
    permit, send = RateLimit.permit, HTTPAdapter.send
    monkeypatch.setattr(
        RateLimit, "permit", lambda self, weight: told.append(f"permit {weight}") or permit(self, weight)
    )
    monkeypatch.setattr(HTTPAdapter, "send", lambda self, asked, *more, **options: (
        told.append(f"{asked.method} {asked.url.split('/api/v2')[1].split('?')[0]}"), send(self, asked, *more, **options)
    )[1])  # fmt: skip
    assert run() == "sent"
    assert told[-4:] == [
        "permit 3", f"GET /tickets/{case.ticket}", f"GET /tickets/{case.ticket}/conversations",
        f"POST /tickets/{case.ticket}/reply",
    ]  # fmt: skip


def test_on_a_long_ticket_the_page_is_read_that_a_new_comment_is_on(sandbox: Sandbox) -> None:
    case = rows.case(sandbox, "freshdesk")
    for number in range(100):
        case.sandbox.comment("freshdesk", case.ticket, f"<p>{number}</p>", webhook=False)
    rows.delivery(case.row, case.ticket, seen=case.seen, readers_seen=case.readers)
    between(case, by="customer", body_html="<p>Wait.</p>", nth=2)
    assert (run(), case.by_klark) == ("due", [])


@pytest.mark.parametrize(
    ("comments", "pages"),
    [(1, [1]), (2, [1]), (100, [1]), (101, [1, 2]), (102, [1, 2]), (201, [2, 3]), (5001, [50, 51])],
)
def test_so_is_the_page_before_on_which_it_is_where_others_were_deleted(comments: int, pages: list[int]) -> None:
    ticket = said.ticket(*(said.comment(number) for number in range(comments)))
    assert list(freshdesk._last_pages(ticket)) == pages


@pytest.mark.parametrize("desk", DESKS)
def test_a_ticket_is_read_whole_once(sandbox: Sandbox, desk: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    case = rows.case(sandbox, desk)
    rows.delivery(case.row, case.ticket, seen=case.seen, readers_seen=case.readers)
    reads: list[str] = []
    adapter = Freshdesk if desk == "freshdesk" else Zendesk
    real = adapter.fetch
    monkeypatch.setattr(adapter, "fetch", lambda self, ticket: reads.append(ticket) or real(self, ticket))
    assert (run(), len(reads)) == ("sent", 1)
