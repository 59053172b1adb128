"""klark says what it would do with a question, from the tenant's own articles, and does nothing."""

from decimal import Decimal
from typing import Any

import pytest
from pytest_django import Settings

from klark.assistance import no_assistance
from klark.models import Decision, Delivery, Draft, PastTicket, WebhookEvent
from klark.stopping import stop
from tests.klark import rows
from tests.klark.api.program import Program
from tests.klark.modelled import answering, furnished
from tests.klark.rows import ANSWER, ASKED

pytestmark = pytest.mark.django_db


@pytest.fixture
def program() -> Program:
    tenant_id = rows.tenant()
    rows.article(tenant_id)
    return Program(tenant_id)


def ask(program: Program, **body: Any) -> Any:
    return program.post("ask", body)


def test_a_question_is_answered_with_its_source(
    program: Program, monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    answering(monkeypatch, settings)
    furnished(rows.get(rows.Tenant).pk)
    shown = ask(program, question=ASKED).json()
    assert (shown["decision"], shown["language"], ANSWER in shown["reply_text"]) == ("REPLY", "en", True)
    (sentence,) = shown["sentences"]
    assert (sentence["text"], sentence["state"], sentence["sources"][0]["title"]) == (
        ANSWER,
        "COPIED",
        "Delivery times",
    )
    assert shown["why"] == "answered and supported"


def test_what_it_cost_is_told(program: Program, monkeypatch: pytest.MonkeyPatch, settings: Settings) -> None:
    model = answering(monkeypatch, settings)
    furnished(rows.get(rows.Tenant).pk)
    model.cost = Decimal("0.25")
    assert ask(program, question=ASKED).json()["cost"] == 0.25


def test_nothing_is_stored_or_written(program: Program) -> None:
    assert ask(program, question=ASKED).status_code == 200
    assert [rows.count(each) for each in (WebhookEvent, Decision, Draft, Delivery, PastTicket)] == [0] * 5


def test_a_ticket_is_read_as_a_line_of_a_trial(program: Program) -> None:
    ticket = {"subject": "Hello", "body_html": "<p>I want to speak to a human being.</p>", "channel": "email",
              "requester": {"name": "Cleo Norin", "email": "cleo@example.com"}}  # fmt: skip
    shown = ask(program, ticket=ticket).json()
    assert (shown["decision"], shown["reason"], shown["why"]) == ("ESCALATE", "asks_for_human", "asks for a person")


@pytest.mark.parametrize(
    ("body", "says"),
    [({}, "a question or a ticket"), ({"question": "a", "ticket": {"body_html": "b"}}, "not both"),
     ({"ticket": {"subject": "a"}}, '"body_html" is missing'), ({"ticket": {"body_html": "a", "history": 3}}, "not a list"),
     ({"ticket": "a"}, "dictionary"), ({"question": " "}, "blank")],
)  # fmt: skip
def test_what_is_no_question_is_told(program: Program, body: dict[str, Any], says: str) -> None:
    answer = ask(program, **body)
    assert (answer.status_code, says in answer.json()["detail"]) == (400, True)


def test_while_two_are_helped_already_a_question_is_told_to_wait(program: Program) -> None:
    with no_assistance.place(), no_assistance.place():
        answer = ask(program, question=ASKED)
    assert (answer.status_code, answer["retry-after"]) == (429, "10")
    assert ask(program, question=ASKED).status_code == 200


@pytest.mark.parametrize("scope", ["read", "act", "knowledge"])
def test_another_scope_asks_nothing(scope: str) -> None:
    assert ask(Program(rows.tenant(), [scope]), question=ASKED).status_code == 403


def test_while_klark_is_stopped_nothing_is_drafted(program: Program) -> None:
    stop(rows.get(rows.Tenant).pk, "lea")
    refused = program.post("ask", {"question": "Where is my parcel?"})
    assert (refused.status_code, "stopped" in refused.json()["detail"]) == (422, True)
