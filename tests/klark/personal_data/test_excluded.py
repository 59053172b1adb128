"""Of what the policy excludes nothing stands anywhere: in no table, and in no line of the log."""

import logging
from typing import Any

import pytest

from integrations.helpdesks.base import TicketEvent
from integrations.sandbox.client import Sandbox
from klark import tasks
from klark.models import Decision, WebhookEvent, within
from klark.models.event import keep
from tests.klark import rows
from tests.klark.modelled import furnished
from tests.klark.personal_data.dump import dump

pytestmark = pytest.mark.django_db

ASKED = "My tandem unicycle squeaks."
WHO = {"name": "Zephyrine Quillfeather", "email": "zephyrine@quillfeather.example"}
PLANTED = ("zephyrine", "tandem", "unicycle")
RULES: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "a sender's domain": ({"excluded_senders": ["@quillfeather.example"]}, {}),
    "a tag": ({"excluded_tags": ["vip"]}, {"tags": ["vip"]}),
    "a channel": ({"excluded_channels": ["email"]}, {"channel": "email"}),
}


@pytest.fixture(autouse=True)
def quiet(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("klark.wakeup.wake", lambda: None)


def told(row: Any, ticket: int) -> None:
    """A webhook that quotes the customer, answered to its end."""
    raw = f"{WHO['name']} <{WHO['email']}>: {ASKED}".encode()
    with within(row.tenant_id):
        keep(row, TicketEvent(str(ticket)), "webhook", raw)
    tasks.work.run()


def left() -> list[str]:
    whole = dump()
    return [word for word in PLANTED if word in whole]


@pytest.mark.parametrize("desk", rows.DESKS)
@pytest.mark.parametrize("name", RULES)
def test_nothing_of_an_excluded_ticket_is_stored_or_logged(
    sandbox: Sandbox, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str], name: str, desk: Any
) -> None:
    caplog.set_level(logging.DEBUG)
    rules, made = RULES[name]
    row = rows.connection(rows.tenant(**{"excluded_channels": ["none"], **rules}), desk, sandbox)
    told(row, sandbox.ticket(desk, subject=ASKED, body=ASKED, requester=WHO, **made))
    said = "".join((caplog.text, *capsys.readouterr())).casefold()
    assert (rows.get(Decision).reason[:8], left(), [word for word in PLANTED if word in said]) == ("excluded", [], [])


def test_of_an_excluded_address_the_decision_names_the_domain_alone(sandbox: Sandbox) -> None:
    row = rows.connection(rows.tenant(excluded_senders=[WHO["email"]]), "zendesk", sandbox)
    told(row, sandbox.ticket("zendesk", subject=ASKED, body=ASKED, requester=WHO))
    decision = rows.get(Decision)
    assert (decision.reason, decision.words, decision.requester_id) == ("excluded_sender", "quillfeather.example", "")


def test_the_bytes_of_webhooks_from_before_a_ticket_was_excluded_go_too(sandbox: Sandbox) -> None:
    row = rows.connection(rows.tenant(excluded_tags=["vip"], mode="off"), "zendesk", sandbox)
    ticket = sandbox.ticket("zendesk", subject="Lamp", body=ASKED, requester=WHO)
    told(row, ticket)
    assert bytes(rows.get(WebhookEvent).raw) != b""
    sandbox.change("zendesk", ticket, tags=["vip"])
    told(row, ticket)
    assert rows.count(WebhookEvent, raw=b"") == 2


def test_what_triage_read_before_a_ticket_was_excluded_goes_too(sandbox: Sandbox) -> None:
    row = rows.connection(rows.tenant(excluded_tags=["vip"], mode="off"), "zendesk", sandbox)
    ticket = sandbox.ticket("zendesk", subject="Lamp", body=ASKED, requester=WHO)
    told(row, ticket)
    rows.change(Decision, record={"triage": {"text": ASKED}})
    sandbox.change("zendesk", ticket, tags=["vip"])
    told(row, ticket)
    assert rows.count(Decision, record={}) == 2


def test_a_follow_up_takes_nothing_from_a_ticket_that_is_excluded(sandbox: Sandbox) -> None:
    row = rows.connection(rows.tenant(excluded_tags=["vip"], mode="off"), "zendesk", sandbox)
    furnished(row.tenant_id)
    first = sandbox.ticket("zendesk", subject="Lamp", body=ASKED, tags=["vip"], status="closed")
    told(row, sandbox.ticket("zendesk", subject="Again", body="It still does. What can I do?", parent_id=first))
    rows.change(WebhookEvent, raw=b"")
    assert (rows.get(Decision).kind, left()) == ("ESCALATE", [])
