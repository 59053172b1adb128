"""What a helpdesk's own rules do around klark's writes: they retire no draft, start no run, and lead to no second write."""

from typing import Any

import pytest
from pytest_django import Settings

from integrations.sandbox.client import Sandbox
from integrations.sandbox.records import SYSTEM_ID
from klark import tasks
from klark.delivery.deliver import deliver
from klark.models import Decision, Delivery, Outcome, WebhookEvent
from tests.klark import rows
from tests.klark.modelled import answering, furnished
from tests.klark.rows import Case

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def model(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> None:
    answering(monkeypatch, settings)


@pytest.fixture
def case(sandbox: Sandbox) -> Case:
    """A customer's ticket that klark may answer."""
    case = rows.case(sandbox)
    furnished(case.row.tenant_id)
    return case


def on(case: Case, role: str, *actions: tuple[str, str]) -> None:
    """A trigger on every update by people of a role."""
    conditions = {"all": [{"field": "role", "operator": "is", "value": role}]}
    rule = {"id": 5, "title": "Rule", "actions": [{"field": name, "value": value} for name, value in actions]}
    case.sandbox.rows("zendesk", "triggers", {**rule, "conditions": conditions})


def look(case: Case) -> tuple[str, str]:
    """How klark decides when the ticket is told of."""
    rows.event(case.row, case.ticket)
    tasks.step(WebhookEvent, tasks.pipeline.answer)
    with rows.within(rows.EVERY_TENANT):
        newest = Decision.objects.order_by("-pk")[0]
    return newest.kind, newest.reason


def run() -> str:
    rows.make_due(Delivery)
    return deliver(rows.claim(Delivery))


def waiting(case: Case) -> None:
    """A reply that waits for a person."""
    rows.delivery(case.row, case.ticket, seen=case.seen, readers_seen=case.readers, state="waiting")


def fate() -> tuple[str, list[str]]:
    """The delivery's state, and what became of its draft."""
    return rows.get(Delivery).state, [rows.get(Outcome).kind] if rows.count(Outcome) else []


def test_a_trigger_on_klarks_reply_is_left_as_it_is_and_the_reply_made_once(case: Case) -> None:
    on(case, "agent", ("status", "pending"), ("current_tags", "answered"))
    look(case)
    assert run() == "sent"
    stored = case.sandbox.stored("zendesk", case.ticket)
    assert (stored["status"], stored["tags"], len(case.by_klark)) == ("pending", ["answered"], 1)
    assert look(case) == ("SKIP", "own_comment")
    assert len(case.sandbox.writes("zendesk", case.ticket)) == 1


def test_a_reply_whose_answer_was_lost_is_found_though_a_trigger_changed_the_ticket(case: Case) -> None:
    on(case, "agent", ("status", "solved"), ("set_tags", "answered"))
    look(case)
    case.sandbox.fault("drop", desk="zendesk", method="PUT")
    assert (run(), run(), len(case.by_klark)) == ("sending", "sent", 1)


@pytest.mark.parametrize("fields", [{"tags": ["vip"]}, {"status": "hold"}, {"priority": "urgent"}])
def test_a_rule_that_acts_between_reading_and_writing_only_delays_the_reply(case: Case, fields: dict[str, Any]) -> None:
    look(case)
    case.sandbox.race("zendesk", case.ticket, "write", actor_id=SYSTEM_ID, **fields)
    assert (run(), run(), len(case.by_klark)) == ("due", "sent", 1)
    stored = case.sandbox.stored("zendesk", case.ticket)
    assert {name: stored[name] for name in fields} == fields


def test_a_rule_that_solves_the_ticket_ends_the_draft(case: Case) -> None:
    waiting(case)
    case.sandbox.change("zendesk", case.ticket, status="solved", actor_id=SYSTEM_ID)
    assert (look(case), fate()) == (("SKIP", "solved"), ("retired", ["overtaken"]))


def test_a_survey_that_goes_out_and_the_customers_rating_start_nothing_and_retire_nothing(case: Case) -> None:
    waiting(case)
    survey = "<p>How would you rate the help you got?</p>"
    case.sandbox.comment("zendesk", case.ticket, survey, by="rule", tags=["survey-sent"])
    asker = case.sandbox.stored("zendesk", case.ticket)["requester_id"]
    case.sandbox.change("zendesk", case.ticket, satisfaction={"score": "bad", "comment": "Too slow"}, actor_id=asker)
    rows.change(Delivery, state="due")
    assert (run(), len(case.by_klark)) == ("sent", 1)
    assert look(case) == ("SKIP", "own_comment")


def test_a_rating_of_a_solved_ticket_is_no_question(case: Case) -> None:
    on(case, "agent", ("status", "solved"), ("satisfaction_score", "offered"))
    look(case)
    run()
    asker = case.sandbox.stored("zendesk", case.ticket)["requester_id"]
    case.sandbox.change("zendesk", case.ticket, satisfaction={"score": "good"}, actor_id=asker)
    assert (look(case), len(case.by_klark)) == (("SKIP", "solved"), 1)


def test_a_merge_ends_the_drafts_of_both_tickets_since_a_person_is_at_work_on_them(sandbox: Sandbox) -> None:
    case = rows.case(sandbox, mode="queue")
    furnished(case.row.tenant_id)
    assert look(case)[0] == "WAIT"
    source = case.sandbox.ticket("zendesk", subject="The same")
    case.sandbox.change("zendesk", source, merged_into=case.ticket)
    assert (look(case), fate()) == (("SKIP", "already_answered"), ("retired", ["overtaken"]))
    other = Case(case.desk, case.row, case.sandbox, source)
    assert look(other) == ("SKIP", "gone")


@pytest.mark.parametrize("thanks", ["Merci beaucoup !", "Thank you, that works."])
def test_a_ticket_that_the_customers_thanks_reopen_is_not_answered(case: Case, thanks: str) -> None:
    on(case, "agent", ("status", "solved"))
    look(case)
    run()
    case.sandbox.comment("zendesk", case.ticket, f"<p>{thanks}</p>")
    assert case.sandbox.stored("zendesk", case.ticket)["status"] == "open"
    assert (look(case), len(case.by_klark)) == (("SKIP", "thanks_only"), 1)


def test_a_ticket_that_another_question_reopens_is_answered(case: Case) -> None:
    on(case, "agent", ("status", "solved"))
    look(case)
    run()
    case.sandbox.comment("zendesk", case.ticket, f"<p>And again: {rows.ASKED}</p>")
    assert look(case) == ("REPLY", "ready")
