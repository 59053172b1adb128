"""The end of a run as rows: the decision with its evidence, what is written and in which state, and nothing of a run whose
lease went to another. And a claimed write with what it carries along."""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from types import SimpleNamespace
from typing import Any, cast

import pytest
from django.db import IntegrityError
from django.db.models.functions import Now

from guardrails.base import Reply, Sentence, Source
from integrations.helpdesks.base import Helpdesk
from klark.delivery import record as recording
from klark.delivery.claimed_delivery import Job, whole
from klark.delivery.record import letter, record, record_skip, sentence_records, written
from klark.delivery.render import reply_text
from klark.models import Claim, Connection, Decision, Delivery, Draft, Policy, Topic, WebhookEvent, within
from klark.models.draft import MOST_COST, MOST_TOKENS
from klark.models.ticket.loaded_event import Loaded
from klark.values.decision import Decided
from klark.values.draft import DraftAnswer
from klark.values.policy.rules import Rules
from klark.values.reasons import Reason
from klark.values.run_record import RunRecord
from klark.values.tenant_settings import TenantSettings
from klark.values.triage import SOON, TopicWords
from tests.klark import rows
from tests.klark.said import CAMILLE, TODAY, comment, completion, found, ticket, triage, verdict

SOURCE = Source("article-1", "It takes 3 days.", "Delivery times", "https://help.example.com/d", "It takes 3 days.")
REPLY = Reply((Sentence("It takes 3 days.", (SOURCE,)),), "en", "How long?")
READY = RunRecord(triage(), Decided("REPLY", Reason.READY), (found(),), DraftAnswer("all",
    REPLY, completion=completion(cost=Decimal("0.02"))),
                verdict())  # fmt: skip
ASKED = ticket(comment(1, text="How long does it take?", created_at=datetime(2026, 3, 1, 9, tzinfo=UTC)))


def decided(kind: Any, reason: Reason, **changes: Any) -> RunRecord:
    return replace(READY, decided=Decided(kind, reason, "two words"), **changes)


# What is written

SAID: dict[str, tuple[RunRecord, str, tuple[str, ...], tuple[str, ...]]] = {
    "a reply": (READY, "reply", ("Hello Camille,", "It takes 3 days.", "Bye"), ("two words",)),
    "a reply that waits": (decided("WAIT", Reason.QUEUE_BY_POLICY), "reply", ("It takes 3 days.",), ("two words", "assistant")),
    "a note": (decided("NOTE", Reason.NOTE_BY_POLICY), "note", ("It takes 3 days.", "two words", "Delivery times"), ()),
    "a handover": (decided("ESCALATE", Reason.SENSITIVE), "handover", ("two words",), ("It takes 3 days.",)),
    "a note without a draft": (
        decided("NOTE", Reason.NOTE_BY_POLICY, answer=DraftAnswer("none")), "handover", ("two words",), (),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", SAID)
def test_a_decision_and_what_is_written(name: str) -> None:
    run, kind, said, unsaid = SAID[name]
    rules = Rules(sign_off={"en": "Bye"})
    got, rendered = written(rules, run, letter(run, "Camille", rules))
    assert (str(got), {words: words in rendered.text for words in (*said, *unsaid)}) == (
        kind, {**dict.fromkeys(said, True), **dict.fromkeys(unsaid, False)})  # fmt: skip


def test_a_handover_names_the_topic_in_the_tenants_words_where_it_has_some() -> None:
    run = decided("ESCALATE", Reason.NOT_ANSWERABLE)
    known = (TopicWords("delivery", "Parcels and post", "", ()),)
    texts = [written(Rules(), run, "", topics)[1].text for topics in (known, ())]
    assert ["Parcels and post" in text for text in texts] == [True, False]


def test_people_read_in_the_tenants_first_language_and_customers_in_their_own() -> None:
    french = decided("NOTE", Reason.LED_BY_PERSON, answer=DraftAnswer("all", replace(REPLY, language="fr")))
    text = letter(french, "", Rules())
    texts = {code: written(Rules(languages=(code,)), french, text)[1].text for code in ("en", "fr")}
    assert all("Bonjour" in text for text in texts.values())
    assert [Reason.LED_BY_PERSON.title(code) in text for code, text in texts.items()] == [True, True]
    assert written(Rules(languages=()), french, text)[1].text == texts["en"]


def test_only_what_nobody_looks_at_says_that_a_machine_wrote_it() -> None:
    rules = Rules(disclosure={"en": "A machine wrote this."})
    kinds: tuple[Any, ...] = ("REPLY", "WAIT", "NOTE")
    letters = [letter(decided(kind, Reason.READY), "", rules) for kind in kinds]
    assert ["A machine wrote this." in text for text in letters] == [True, False, False]
    assert letter(replace(READY, answer=DraftAnswer("none")), "", rules) == ""


def test_a_sentence_keeps_the_version_that_it_was_drafted_from() -> None:
    newer = replace(READY, found=(replace(found(), version=7),))
    versions = [sentence_records(run)[0]["sources"][0]["version"] for run in (READY, newer, replace(READY, found=()))]
    assert versions == [1, 7, 0]


def test_a_bill_is_cut_to_what_its_columns_hold() -> None:
    huge = replace(completion(cost=Decimal("1e12")), model="m\0" * 200, tokens_in=10**12, tokens_out=10**13)
    assert (recording._bill(), recording._bill(None, None)) == ({}, {})
    bill = recording._bill(huge)
    assert (bill["tokens_in"], bill["tokens_out"], bill["cost"], len(bill["model"]) <= 100, "\0" in bill["model"]) == (
        MOST_TOKENS, MOST_TOKENS, MOST_COST, True, False)  # fmt: skip


def test_a_draft_costs_what_its_drafter_and_each_reading_of_its_judge_took() -> None:
    drafter, judge = completion(cost=Decimal("0.02")), replace(completion(cost=Decimal("0.01")), model="a-judge")
    bill = recording._bill(drafter, judge, None, judge)
    assert (bill["model"], bill["tokens_in"], bill["tokens_out"], bill["cost"]) == (
        "invented-model", 300, 60, Decimal("0.04"),
    )  # fmt: skip


def test_a_handover_names_the_closest_sections_and_a_hostile_one_does_not() -> None:
    texts = [written(Rules(), decided("ESCALATE", reason), "")[1].text
             for reason in (Reason.NOT_ANSWERABLE, Reason.BLOCKED_BY_GUARD)]  # fmt: skip
    line = "Closest sections: Delivery times (https://help.example.com/delivery)"
    assert [line in text for text in texts] == [True, False]


def test_a_sentence_keeps_the_heading_that_its_source_stands_under() -> None:
    under = replace(SOURCE, heading="By bike")
    run = replace(READY, answer=DraftAnswer("all", Reply((Sentence("It takes 3 days.", (under,)),), "en")))
    assert sentence_records(run)[0]["sources"][0]["heading"] == "By bike"


def test_the_customers_own_time_is_kept_and_where_there_is_none_the_present() -> None:
    assert recording._wrote_at(ASKED) == datetime(2026, 3, 1, 9, tzinfo=UTC)
    assert [type(recording._wrote_at(each)) for each in (ticket(comment(1)), replace(ASKED, comments=()))] == [Now, Now]


# What is kept


def loaded(**account: Any) -> Loaded:
    """A claimed event of a tenant with a policy."""
    row = rows.connection(rows.tenant(sign_off={"en": "Bye"}), **account)
    rows.event(row, 7)
    claim = rows.claim()
    with within(row.tenant_id):
        event = WebhookEvent.objects.select_related("connection").get(pk=claim.id)
    return Loaded(claim, event, event.connection, cast("Helpdesk", None))


def ours(job: Loaded, **changes: Any) -> TenantSettings:
    with within(job.claim.tenant_id):
        policy = Policy.objects.get()
        return TenantSettings(job.claim.tenant_id, replace(policy.rules(), **changes), (), (), TODAY, policy.pk)


@pytest.mark.django_db
def test_a_run_ends_in_a_draft_a_decision_a_write_and_a_used_policy() -> None:
    job = loaded()
    asked = replace(READY.triage, mood="upset", priority="high")
    run = replace(READY, triage=asked, decided=Decided("REPLY", Reason.READY, "w" * 900))
    got = record(job, ASKED, ours(job), run, 0.0)
    draft, decision, delivery, event = (rows.get(kind) for kind in (Draft, Decision, Delivery, WebhookEvent))
    assert (got and got.kind, event.state, event.trouble, event.lease_token, event.ended_at is None) == (
        "REPLY",
        "done",
        "",
        None,
        False,
    )
    assert (decision.draft_id, decision.kind, decision.reason, decision.language, decision.topic, decision.requester_id) == (
        draft.pk, "REPLY", "ready", "en", "delivery", "501")  # fmt: skip
    assert (len(decision.words), decision.milliseconds > 0) == (500, True)
    assert (draft.mood, draft.turn, draft.requester, draft.cost, draft.model, draft.customer_wrote_at) == (
        "upset", "1", "Camille Durand", Decimal("0.02"), "invented-model", datetime(2026, 3, 1, 9, tzinfo=UTC))  # fmt: skip
    assert set(draft.record) == {"klark", "mask", "ticket", "earlier", "memory", "card", "triage", "second_reader",
                                 "passages", "judged", "answer",
                                 "case", "budget_spent", "settings", "exchanges", "unanswered"}  # fmt: skip
    assert (draft.record["ticket"]["raw"], delivery.kind, delivery.state, delivery.seen) == ({}, "reply", "due", ["1"])
    assert delivery.urgency == SOON
    first = rows.get(Policy).used_at
    assert first is not None
    rows.change(WebhookEvent, state="due", lease_token=job.claim.token)
    rows.change(Decision, event_id=rows.event(job.connection, 8, state="done"))
    record(job, replace(ASKED, id="9"), ours(job), READY, 0.0)
    assert rows.get(Policy).used_at == first


@pytest.mark.django_db
@pytest.mark.parametrize(("kind", "reason", "shadow", "state"), [
    ("REPLY", Reason.READY, False, "due"), ("WAIT", Reason.QUEUE_BY_POLICY, False, "waiting"), ("NOTE",
        Reason.NOTE_BY_POLICY, False, "due"),
    ("ESCALATE", Reason.NOT_ANSWERABLE, False, "due"), ("WAIT", Reason.QUEUE_BY_POLICY, True, "retired"),
    ("REPLY", Reason.READY, True, "retired"),
])  # fmt: skip
def test_a_write_begins_due_or_waiting_and_in_shadow_mode_it_is_over(
    kind: Any, reason: Reason, shadow: bool, state: str
) -> None:
    job = loaded(shadow=shadow)
    record(job, ASKED, ours(job), decided(kind, reason), 0.0)
    row = rows.get(Delivery)
    assert (row.state, row.trouble) == (state, "Shadow mode: nothing is written." if shadow else "")


@pytest.mark.django_db
def test_where_the_helpdesk_signs_klark_does_not() -> None:
    job = loaded(signs=True)
    record(job, ASKED, ours(job), READY, 0.0)
    assert ("Bye" in rows.get(Draft).reply_text, "Bye" in rows.get(Delivery).text) == (False, False)


@pytest.mark.django_db
def test_a_turn_that_was_answered_meanwhile_ends_as_a_skip_and_its_draft_stays() -> None:
    job = loaded()
    other = rows.draft(job.connection, 7, "1")
    got = record(job, ASKED, ours(job), READY, 0.0)
    decision = rows.get(Decision)
    assert (got and got.reason, decision.kind, decision.reason, decision.draft_id) == (
        Reason.ALREADY_ANSWERED, "SKIP", "already_answered", None)  # fmt: skip
    assert (rows.get(Draft).pk, rows.count(Delivery), rows.get(WebhookEvent).state) == (other.pk, 0, "done")


@pytest.mark.django_db
def test_any_other_row_that_the_database_refuses_is_no_skip(monkeypatch: pytest.MonkeyPatch) -> None:
    job = loaded()
    twice = [Topic(tenant_id=job.claim.tenant_id, key="post", name="Post") for _ in range(2)]
    monkeypatch.setattr(recording, "_delivery", lambda *_: Topic.objects.bulk_create(twice))
    with pytest.raises(IntegrityError, match="topic_key_once"):
        record(job, ASKED, ours(job), READY, 0.0)
    assert (rows.count(Draft), rows.count(Decision), rows.get(WebhookEvent).state) == (0, 0, "due")


@pytest.mark.django_db
def test_a_run_whose_lease_went_to_another_keeps_nothing_and_says_so() -> None:
    job = loaded()
    rows.expire_lease(WebhookEvent)
    rows.claim()
    late = (record(job, ASKED, ours(job), READY, 0.0), record_skip(job, ASKED, Decided("SKIP", Reason.SPAM), 0.0))
    assert (late, rows.count(Draft), rows.count(Decision), rows.get(WebhookEvent).state) == ((None, None), 0, 0, "due")


@pytest.mark.django_db
def test_the_letter_of_a_decision_is_rendered_once_and_the_draft_and_the_write_have_the_same(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rendered: list[str] = []

    def once(*given: Any) -> str:
        rendered.append(reply_text(*given))
        return rendered[-1]

    monkeypatch.setattr(recording, "reply_text", once)
    job = loaded()
    record(job, ASKED, ours(job), READY, 0.0)
    assert rendered == [rows.get(Draft).reply_text] == [rows.get(Delivery).text]


@pytest.mark.django_db
def test_a_skip_is_a_decision_without_a_draft_and_uses_no_policy() -> None:
    job = loaded()
    record_skip(job, None, Decided("SKIP", Reason.GONE, "deleted"), 0.0)
    decision = rows.get(Decision)
    assert (decision.reason, decision.words, decision.draft_id, decision.policy_id, decision.requester_id) == (
        "gone", "deleted", None, None, "")  # fmt: skip
    assert (rows.count(Draft), rows.get(Policy).used_at, rows.get(WebhookEvent).seen_at) == (0, None, None)


# A write and what it carries


def job_of(claim: dict[str, Any] | None = None, groups: dict[str, str] | None = None, **columns: Any) -> Job:
    row = Delivery(**{"kind": "note", "html": "<p>So.</p>", "text": "So.", **columns})
    taken = Claim(**{"id": 1, "tenant_id": 1, "token": row.marker, "attempts": 1, "state": "due", **(claim or {})})
    desk = SimpleNamespace(groups=lambda: groups or {})
    return Job(taken, row, Connection(own_user_id="9001"), cast("Helpdesk", desk))


TRIED: dict[str, tuple[dict[str, Any], dict[str, Any], bool]] = {
    "the first time": ({}, {}, False), "a second time": ({"attempts": 2}, {}, True),
    "through the door": ({}, {"sending_at": CAMILLE}, True),
    "in trouble": ({}, {"trouble": "503"}, True), "due later": ({}, {"read_backs": 0}, False),
}  # fmt: skip


def test_a_write_may_have_left_something_once_it_was_tried() -> None:
    assert {name: job_of(claim, **columns).tried for name, (claim, columns, _) in TRIED.items()} == {
        name: tried for name, (_, _, tried) in TRIED.items()
    }


def test_a_write_carries_what_the_policy_changes_and_nothing_else() -> None:
    changes = {"status": "pending", "priority": "high", "assignee": "klark", "fields": {"360": "yes"}}
    write = job_of(changes=changes, tags=["a", "b"], kind="reply").write
    assert (write.status, write.priority, write.assignee_id, write.custom_fields, write.tags, write.public) == (
        "pending", "high", "9001", {"360": "yes"}, ("a", "b"), True)  # fmt: skip
    plain = job_of().write
    assert (plain.status, plain.priority, plain.assignee_id, plain.custom_fields, plain.tags, plain.public) == (
        None, None, None, {}, (), False)  # fmt: skip
    assert [job_of(changes={"assignee": who}).write.assignee_id for who in ("9002", "klark")] == ["9002", "9001"]


def test_the_helpdesk_is_asked_for_its_groups_only_where_one_is_meant_by_name() -> None:
    class Silent:
        def groups(self) -> dict[str, str]:
            raise AssertionError("asked")

    quiet = [replace(job_of(group_id=group), desk=cast("Helpdesk", Silent())) for group in ("", "360001")]
    assert [whole(job).group_id for job in quiet] == [None, "360001"]
    named = {"Support": "5"}
    assert [whole(job_of(None, named, group_id=group)).group_id for group in ("Support", "Sales")] == ["5", None]
