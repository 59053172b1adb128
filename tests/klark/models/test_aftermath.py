"""What became of a ticket after klark drafted for it is noted whenever the ticket is read, on both desks alike."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from integrations.sandbox.client import Sandbox
from klark import pipeline, tasks
from klark.models import Aftermath, AuditEntry, Correction, Delivery, Draft, Topic, WebhookEvent, within
from klark.models.ticket.corrections import give_priority
from klark.review import correct_topic
from klark.values.words_kept import words_kept
from tests.klark import rows
from tests.klark.rows import ANSWER, DESKS, Case

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def bells(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("klark.wakeup.wake", lambda: None)


@pytest.fixture(params=DESKS)
def case(request: pytest.FixtureRequest, sandbox: Sandbox) -> Case:
    """A ticket that klark has replied to."""
    case = rows.case(sandbox, request.param)
    draft = rows.draft(case.row, case.ticket, turn=case.seen[0])
    rows.delivery(case.row, case.ticket, draft=draft, seen=case.seen, readers_seen=case.readers)
    tasks.deliver.run()
    return case


def read(case: Case) -> Aftermath:
    """What klark knows once it has read the ticket."""
    rows.event(case.row, case.ticket)
    pipeline.answer(rows.claim())
    found: Aftermath = rows.get(Aftermath)
    return found


def change(case: Case, **fields: Any) -> Aftermath:
    case.sandbox.change(case.desk, case.ticket, **fields)
    return read(case)


def test_klarks_own_reply_and_what_rules_and_colleagues_note_are_nobodys_answer(case: Case) -> None:
    case.sandbox.comment(case.desk, case.ticket, "<p>I look into it.</p>", by="agent", public=False)
    found = read(case)
    assert (found.agent_at, found.agent_kept, found.is_over) == (None, None, False)


def test_the_first_public_answer_of_a_colleague_counts_with_the_words_that_it_keeps(case: Case) -> None:
    case.sandbox.comment(case.desk, case.ticket, "<p>Delivery to Belgium takes 9 days.</p>", by="agent")
    first = read(case)
    assert first.agent_kept == 5 / 9  # delivery, to, belgium, takes and days, of nine words
    assert first.agent_at is not None
    case.sandbox.comment(case.desk, case.ticket, f"<p>{ANSWER}</p>", by="agent")
    assert (read(case).agent_at, rows.get(Aftermath).agent_kept) == (first.agent_at, 5 / 9)


def test_a_customer_who_writes_again_is_no_colleague(case: Case) -> None:
    case.sandbox.comment(case.desk, case.ticket, "<p>Thanks a lot!</p>")
    found = read(case)
    assert (found.agent_at, found.agent_kept) == (None, None)


def test_a_ticket_that_is_solved_and_open_again_was_reopened(case: Case) -> None:
    solved = change(case, status="solved")
    assert (solved.is_over, solved.reopened_at) == (True, None)
    again = change(case, status="open")
    assert (again.is_over, again.reopened_at is not None) == (False, True)
    closed = change(case, status="closed")
    assert (closed.is_over, closed.reopened_at) == (True, again.reopened_at)


def test_of_a_ticket_that_was_never_solved_being_open_is_nothing_new(case: Case) -> None:
    assert (change(case, status="pending").reopened_at, change(case, status="open").reopened_at) == (None, None)


@pytest.mark.parametrize(("score", "kept"), [("good", "good"), ("bad", "bad"), ("offered", ""), ("unoffered", "")])
def test_zendesk_says_how_the_customer_rated_the_help(sandbox: Sandbox, score: str, kept: str) -> None:
    case = rows.case(sandbox)
    rows.delivery(case.row, case.ticket, seen=case.seen, state="sent")
    assert change(case, satisfaction={"score": score}).satisfaction == kept


def test_every_draft_of_the_ticket_has_an_aftermath_of_its_own(case: Case) -> None:
    case.sandbox.comment(case.desk, case.ticket, "<p>I take this.</p>", by="agent")
    later = rows.draft(case.row, case.ticket, turn="2")
    rows.delivery(case.row, case.ticket, draft=later, seen=case.seen, state="sent")  # made after the colleague's answer
    rows.event(case.row, case.ticket)
    pipeline.answer(rows.claim())
    first = rows.get(Delivery, comment_id__gt="").draft
    answered = {each.pk: rows.get(Aftermath, draft=each).agent_at is not None for each in (first, later)}
    assert answered == {first.pk: True, later.pk: False}


def test_a_ticket_without_a_draft_has_none(sandbox: Sandbox) -> None:
    case = rows.case(sandbox)
    case.sandbox.comment(case.desk, case.ticket, "<p>I take this.</p>", by="agent")
    rows.event(case.row, case.ticket)
    pipeline.answer(rows.claim())
    assert (rows.count(WebhookEvent, state="done"), rows.count(Aftermath)) == (1, 0)


def test_reading_again_renews_when_it_was_read(case: Case) -> None:
    read(case)
    before = datetime.now(UTC) - timedelta(days=1)
    rows.change(Aftermath, read_at=before)
    assert read(case).read_at > before


@pytest.mark.parametrize(
    ("draft", "sent", "kept"),
    [
        ("It takes 3 days", "It takes 3 days", 1.0), ("It takes 3 days", "IT  TAKES\n3 days, Lea", 0.75),
        ("the the cat", "the dog", 1 / 3), ("one two", "two one and more", 1.0), ("one", "", 0.0), ("", "one", None),
        (" \n", "one", None),
    ],
)  # fmt: skip
def test_words_are_kept_each_as_often_as_it_stood_there(draft: str, sent: str, kept: float | None) -> None:
    assert words_kept(draft, sent) == kept


# What people say that the ticket is


def topics(case: Case) -> None:
    tenant = case.row.tenant_id
    with within(tenant):
        for key, name in (("delivery", "Delivery"), ("returns", "Returns & refunds"), ("warranty", "Warranty")):
            Topic.objects.create(tenant_id=tenant, key=key, name=name)
    record = {"ticket": {"tags": ["delivery"], "custom_fields": {}, "priority": {"freshdesk": "low"}.get(case.desk)},
              "triage": {"priority": "high", "text": "Where is it?"}}  # fmt: skip
    rows.change(Draft, topic="delivery", record=record)


def said(case: Case) -> list[tuple[str, str, str]]:
    with within(case.row.tenant_id):
        return sorted(Correction.objects.values_list("what", "was", "now"))


@pytest.mark.parametrize("tag", ["returns", "returns_refunds"])
def test_a_topic_that_is_set_on_the_ticket_counts_and_neither_moves_nor_teaches(case: Case, tag: str) -> None:
    topics(case)
    change(case, tags=["delivery", tag])
    read(case)
    assert said(case) == [("topic", "delivery", "returns")]
    assert (rows.get(Draft).topic, rows.get(Topic, key="returns").examples) == ("delivery", [])
    assert rows.count(AuditEntry, act="topic") == 0


@pytest.mark.parametrize("tags", [["delivery"], ["delivery", "vip"], ["delivery", "returns", "warranty"]])
def test_tags_that_were_there_or_name_no_topic_or_two_say_nothing(case: Case, tags: list[str]) -> None:
    topics(case)
    change(case, tags=tags)
    assert (said(case), rows.get(Draft).topic) == ([], "delivery")


def test_tags_and_fields_that_klark_itself_has_set_say_nothing(case: Case) -> None:
    topics(case)
    rows.change(Delivery, tags=["warranty"], changes={"fields": {"kind": "Returns & refunds"}})
    change(case, tags=["delivery", "warranty", "returns"])
    assert said(case) == [("topic", "delivery", "returns")]


def test_the_last_word_on_a_topic_is_that_of_the_drafts_page(case: Case) -> None:
    topics(case)
    change(case, tags=["delivery", "returns"])
    correct_topic(rows.get(Draft), "warranty")
    read(case)
    assert (said(case), rows.get(Draft).topic) == ([("topic", "delivery", "warranty")], "warranty")


def test_a_priority_that_klark_has_not_set_itself_is_an_agents_and_counts_less_than_what_a_reviewer_said(
    case: Case,
) -> None:
    topics(case)
    rows.change(Delivery, changes={"priority": "urgent"})
    change(case, priority="urgent")
    assert said(case) == []
    change(case, priority="normal")
    change(case, priority="high")
    assert said(case) == [("priority", "high", "high")]
    with within(case.row.tenant_id):
        give_priority(rows.get(Draft), "urgent")
    change(case, priority="low")
    change(case, priority="normal")
    assert said(case) == [("priority", "high", "urgent")]


def test_the_language_of_the_answer_says_which_the_ticket_is_in(case: Case) -> None:
    rows.change(Draft, language="de")
    case.sandbox.comment(
        case.desk, case.ticket, "<p>Votre colis est parti hier et arrivera vendredi matin.</p>", by="agent"
    )
    read(case)
    case.sandbox.comment(
        case.desk, case.ticket, "<p>Ihr Paket ist gestern abgegangen und kommt am Freitag.</p>", by="agent"
    )
    read(case)
    assert said(case) == [("language", "de", "fr")]
