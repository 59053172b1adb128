"""The webhook for klark's own comment ends without a fetch; whatever might be somebody else's is read."""

import json
from typing import Any

import pytest

from integrations.helpdesks.base import TicketEvent
from integrations.sandbox.client import Sandbox
from klark import tasks
from klark.models import Budget, Decision, Delivery
from klark.models.event import keep
from tests.klark import rows
from tests.klark.rows import AGENT_ID, OWN_ID, Case

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def answered(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> Case:
    """A ticket on Zendesk that klark has answered."""
    monkeypatch.setattr("klark.wakeup.wake", lambda: None)
    case = rows.case(sandbox)
    rows.event(case.row, case.ticket)
    tasks.work.run()
    assert rows.get(Delivery).state == "sent"
    return case


def told(case: Case, actor: str = OWN_ID, comment: str | None = None) -> bytes:
    """The body of Zendesk's event for a comment; of klark's own unless told otherwise."""
    event: dict[str, Any] = {
        "id": "e1", "subject": f"zen:ticket:{case.ticket}", "type": "zen:event-type:ticket.comment_added",
        "zendesk_event_version": "2022-11-06", "detail": {"actor_id": actor, "id": str(case.ticket)},
        "event": {"comment": {"id": comment or rows.get(Delivery).comment_id}},
    }  # fmt: skip
    return json.dumps(event).encode()


def fetched(case: Case, raw: bytes) -> bool:
    """Works on one more event; returns whether the helpdesk was asked anything for it."""
    rows.event(case.row, case.ticket, raw=raw)
    before = requests()
    tasks.work.run()
    return requests() > before


def requests() -> int:
    return sum(rows.get(Budget).spent.values())


def test_the_echo_of_klarks_own_comment_is_not_fetched(answered: Case) -> None:
    assert not fetched(answered, told(answered))
    assert rows.count(Decision, reason="own_comment") == 1


@pytest.mark.parametrize("raw", [b"", b"{}", b"no JSON", b'{"ticket_id": 7}'])
def test_what_does_not_say_whose_comment_it_is_is_fetched(answered: Case, raw: bytes) -> None:
    assert fetched(answered, raw)


def test_a_comment_of_somebody_else_and_one_that_klark_has_not_stored_are_fetched(answered: Case) -> None:
    assert fetched(answered, told(answered, actor=AGENT_ID))
    assert fetched(answered, told(answered, comment="4711"))


def test_a_customers_comment_between_two_of_klarks_is_answered(answered: Case) -> None:
    echo = told(answered)
    answered.sandbox.comment("zendesk", answered.ticket, f"<p>{rows.ASKED} And by bike?</p>")
    rows.event(answered.row, answered.ticket, raw=echo)
    rows.event(answered.row, answered.ticket)  # the customer's own
    rows.event(answered.row, answered.ticket, raw=echo)
    tasks.work.run()
    assert len(answered.by_klark) + rows.count(Delivery, state="waiting") >= 2


def test_an_echo_that_stands_for_another_event_is_fetched(answered: Case) -> None:
    """Events without an id of the vendor's merge into any that waits, an echo among them."""
    rows.event(answered.row, answered.ticket, raw=told(answered))
    with rows.within(answered.row.tenant_id):
        assert not keep(answered.row, TicketEvent(str(answered.ticket), kind="catch-up"), "catch-up")
    before = requests()
    tasks.work.run()
    assert requests() > before
