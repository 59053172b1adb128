"""A program does with a waiting draft what the admin's buttons do: once, and never over whoever was first."""

import threading
from collections.abc import Mapping
from typing import Any

import pytest
from django.db import connection
from pytest_django import Settings

from klark import review
from klark.models import (
    ApiToken,
    AuditEntry,
    Connection,
    Delivery,
    Draft,
    Judgement,
    KeptAnswer,
    Outcome,
    Stop,
    WebhookEvent,
    within,
)
from klark.review import Reviewed
from tests.klark import rows
from tests.klark.api.program import Program
from tests.klark.companies import Company, company

pytestmark = pytest.mark.django_db
ACTS: tuple[tuple[str, Mapping[str, Any], str, str], ...] = (
    # the act, its body, the reply's state then, and the outcome
    ("approve", {}, "due", "approved"),
    ("approve", {"text": "Hello,\n\nIn 30 days."}, "due", "edited"),
    ("reject", {"reason": "wrong price"}, "retired", "rejected"),
    ("reject", {"reason": "wrong price", "silently": True}, "retired", "rejected"),
    ("draft-again", {}, "retired", "regenerated"),
    ("hand-over", {"reason": "needs finance"}, "retired", "escalated"),
)


@pytest.fixture(autouse=True)
def no_bells(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("klark.wakeup.wake", lambda: None)


@pytest.fixture
def ours() -> Company:
    return company("alder")


@pytest.fixture
def program(ours: Company) -> Program:
    return Program(ours.tenant)


def reply(ours: Company) -> Delivery:
    found: Delivery = rows.get(Delivery, pk=ours.delivery)
    return found


@pytest.mark.parametrize(("act", "body", "state", "outcome"), ACTS)
def test_an_act_does_what_the_button_does_and_is_in_the_audit_chain_by_the_tokens_name(
    program: Program, ours: Company, act: str, body: Mapping[str, Any], state: str, outcome: str
) -> None:
    answer = program.post(f"drafts/{ours.draft}/{act}", body)
    assert (answer.status_code, answer.json()) == (
        200,
        {"id": ours.delivery, "draft": ours.draft, "ticket_id": "41", "state": state},
    )
    kept = rows.get(Outcome)
    assert (reply(ours).state, kept.kind, kept.by) == (state, outcome, "token night shift")
    with within(ours.tenant):
        last = AuditEntry.of(ours.tenant).order_by("number").last()
    assert last is not None
    assert (last.who, last.user_id, last.kind, last.row) == ("token night shift", None, "draft", str(ours.draft))


def test_an_edited_reply_is_sent_as_edited(program: Program, ours: Company) -> None:
    program.post(f"drafts/{ours.draft}/approve", {"text": "In <b>30</b> days."})
    assert (reply(ours).text, "&lt;b&gt;30" in reply(ours).html) == ("In <b>30</b> days.", True)


@pytest.mark.parametrize(("silently", "notes"), [(False, 1), (True, 0)])
def test_a_rejection_hands_the_ticket_over_unless_it_is_silent(
    program: Program, ours: Company, silently: bool, notes: int
) -> None:
    program.post(f"drafts/{ours.draft}/reject", {"reason": "wrong", "silently": silently})
    assert rows.count(Delivery, kind="handover", state="due") == notes


def test_drafting_again_makes_an_event_with_the_wish(program: Program, ours: Company, settings: Settings) -> None:
    settings.KLARK_MODEL_NAME = "invented"
    program.post(f"drafts/{ours.draft}/draft-again", {"instruction": "shorter"})
    assert rows.get(WebhookEvent, origin="klark").instruction == "shorter"


def test_a_programs_approval_is_no_evidence_that_the_draft_was_right(program: Program, ours: Company) -> None:
    with within(ours.tenant):
        Judgement.objects.create(tenant_id=ours.tenant, draft_id=ours.draft, via="queue", topic="alder-topic")
    program.post(f"drafts/{ours.draft}/approve")
    assert rows.get(Judgement).verdict == ""


def test_whoever_comes_second_is_told_who_was_first_and_when(program: Program, ours: Company) -> None:
    review.approve(Reviewed(ours.delivery, ours.tenant, "lea"))
    answer = program.post(f"drafts/{ours.draft}/reject", {"reason": "wrong"})
    told = answer.json()
    assert (answer.status_code, told["code"], told["by"], told["outcome"]) == (409, "too_late", "lea", "approved")
    assert (told["at"][:2], reply(ours).state, rows.count(Outcome)) == ("20", "due", 1)


def test_a_draft_that_a_worker_holds_is_not_acted_on(program: Program, ours: Company) -> None:
    rows.change(Delivery, {"pk": ours.delivery}, lease_until="2100-01-01T00:00:00Z")
    assert program.post(f"drafts/{ours.draft}/approve").status_code == 409
    assert (reply(ours).state, rows.count(Outcome)) == ("waiting", 0)


def test_what_cannot_be_done_as_it_is_is_told_in_plain_words(program: Program, ours: Company) -> None:
    with within(ours.tenant):
        Stop.objects.create(tenant_id=ours.tenant, by="lea")
    answer = program.post(f"drafts/{ours.draft}/draft-again")
    assert (answer.status_code, "stopped" in answer.json()["detail"], reply(ours).state) == (422, True, "waiting")
    rows.change(Connection, shadow=True)
    answer = program.post(f"drafts/{ours.draft}/approve")
    assert (answer.status_code, "shadow mode" in answer.json()["detail"], reply(ours).state) == (422, True, "waiting")


NOT_WHOLE: tuple[tuple[str, Mapping[str, Any], str], ...] = (
    ("reject", {}, "#/reason"), ("reject", {"reason": "  "}, "#/reason"), ("hand-over", {"reason": "x" * 501}, "#/reason"),
    ("approve", {"text": ""}, "#/text"), ("approve", {"text": "a\0b"}, "#/text"), ("approve", {"text": ["a"]}, "#/text"),
    ("reject", {"reason": "no", "silently": "maybe"}, "#/silently"),
)  # fmt: skip


def test_a_body_that_is_not_whole_changes_nothing(program: Program, ours: Company) -> None:
    for act, body, pointer in NOT_WHOLE:
        answer = program.post(f"drafts/{ours.draft}/{act}", body)
        told = (answer.status_code, answer.json()["errors"][0]["pointer"], reply(ours).state)
        assert told == (400, pointer, "waiting"), body


def test_another_tenants_draft_is_not_there(program: Program) -> None:
    theirs = company("birch")
    for act, body, *_ in ACTS:
        answer = program.post(f"drafts/{theirs.draft}/{act}", body)
        assert (answer.status_code, reply(theirs).state) == (404, "waiting"), act


def test_a_token_that_only_reads_acts_on_nothing(ours: Company) -> None:
    answer = Program(ours.tenant, ["read"]).post(f"drafts/{ours.draft}/approve")
    assert (answer.status_code, reply(ours).state) == (403, "waiting")


# The same request again


def again(program: Program, ours: Company, key: str, act: str = "hand-over", reason: str = "finance") -> Any:
    return program.post(f"drafts/{ours.draft}/{act}", {"reason": reason}, **{"idempotency-key": key})


def test_a_repeated_key_gets_the_first_answer_and_nothing_is_done_twice(program: Program, ours: Company) -> None:
    first, then = again(program, ours, "k1"), again(program, ours, "k1")
    assert (first.status_code, then.status_code, first.json(), then.headers["idempotency-replayed"]) == (
        200,
        200,
        then.json(),
        "true",
    )
    assert (rows.count(Outcome), rows.count(Delivery, kind="handover")) == (1, 1)


@pytest.mark.parametrize("other", [{"reason": "another"}, {"act": "reject"}])
def test_a_key_that_was_used_for_another_request_is_refused(
    program: Program, ours: Company, other: dict[str, str]
) -> None:
    again(program, ours, "k1")
    answer = again(program, ours, "k1", **other)
    assert (answer.status_code, answer.json()["code"], rows.count(Outcome)) == (422, "unusable", 1)


def test_a_request_that_failed_may_be_sent_again_under_its_key(program: Program, ours: Company) -> None:
    rows.change(Delivery, {"pk": ours.delivery}, lease_until="2100-01-01T00:00:00Z")
    failed = again(program, ours, "k1")
    rows.change(Delivery, {"pk": ours.delivery}, lease_until=None)
    assert (failed.status_code, again(program, ours, "k1").status_code) == (409, 200)


def test_the_key_of_one_token_is_not_anothers(program: Program, ours: Company) -> None:
    again(program, ours, "k1")
    answer = again(Program(ours.tenant, name="day shift"), ours, "k1", reason="another")
    assert answer.status_code == 409


def test_a_key_that_is_too_long_is_refused(program: Program, ours: Company) -> None:
    assert again(program, ours, "k" * 201).status_code == 400


@pytest.mark.django_db(transaction=True)
def test_two_at_once_under_one_key_are_one_act() -> None:
    ours = company("alder")
    program, barrier, answers = Program(ours.tenant), threading.Barrier(4), []

    def send() -> None:
        barrier.wait()
        answers.append(again(program, ours, "k1"))
        connection.close()

    threads = [threading.Thread(target=send) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [answer.status_code for answer in answers] == [200] * 4
    assert [answer.json() for answer in answers] == [answers[0].json()] * 4
    assert (rows.count(Outcome), rows.count(KeptAnswer), rows.get(ApiToken).used, rows.count(Draft)) == (1, 1, 4, 1)
