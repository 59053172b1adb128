"""Housekeeping deletes each kind of thing after the time that the policy gives it, and nothing else."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from axes.models import AccessLog
from django.contrib.sessions.models import Session

from klark.models import (
    Charge,
    Decision,
    Delivery,
    Draft,
    Judgement,
    KeptCompletion,
    Outcome,
    PastTicket,
    WebhookEvent,
    within,
)
from klark.personal_data import retention
from klark.personal_data.retention import LEDGER_DAYS, LOGIN_DAYS, tidy
from klark.values.policy.fields import KEEP_DAYS
from tests.klark import rows

pytestmark = pytest.mark.django_db
RAW_DAYS, DRAFT_DAYS, COMPLETION_DAYS, LOG_DAYS = (
    KEEP_DAYS[kind] for kind in ("webhooks", "drafts", "completions", "log")
)


def days_ago(days: float) -> datetime:
    return datetime.now(UTC) - timedelta(days=days)


@pytest.mark.parametrize(
    ("state", "days", "kept"),
    [
        ("done", RAW_DAYS + 1, b""),
        ("done", RAW_DAYS - 1, b"raw"),
        ("due", RAW_DAYS + 1, b"raw"),
        ("parked", RAW_DAYS + 1, b""),
        ("parked", RAW_DAYS - 1, b"raw"),
    ],
)
def test_raw_bytes_go_only_from_events_that_ended_long_ago(state: str, days: int, kept: bytes) -> None:
    row = rows.connection(rows.tenant())
    rows.event(row, state=state, raw=b"raw", received_at=days_ago(days))
    tidy()
    assert bytes(rows.get(WebhookEvent).raw) == kept


@pytest.mark.parametrize(("days", "left"), [(LEDGER_DAYS + 1, 0), (LEDGER_DAYS - 1, 1)])
def test_what_models_cost_outlives_the_longest_budget(days: int, left: int) -> None:
    rows.spend(rows.tenant(), 1, days_ago(days))
    tidy()
    tidy()
    assert rows.count(Charge) == left


@pytest.mark.parametrize(("days", "left"), [(LOGIN_DAYS + 1, 0), (LOGIN_DAYS - 1, 1)])
def test_a_login_is_kept_for_a_year(days: int, left: int) -> None:
    row = AccessLog.objects.create(username="camille")
    AccessLog.objects.filter(pk=row.pk).update(attempt_time=days_ago(days))
    tidy()
    assert AccessLog.objects.count() == left


@pytest.mark.parametrize(("days", "left"), [(COMPLETION_DAYS + 1, 0), (COMPLETION_DAYS - 1, 1)])
def test_what_a_completion_said_goes_after_the_days_of_the_policy(days: int, left: int) -> None:
    tenant = rows.tenant()
    with within(tenant):
        KeptCompletion.objects.create(
            tenant_id=tenant, digest="d", content={"a": 1}, raw="raw", model="m", cost=2, at=days_ago(days)
        )
    tidy()
    assert rows.count(KeptCompletion) == left


def answered(days: float, state: str = "sent", tenant_id: int | None = None, **more: Any) -> int:
    """A draft of so many days ago with everything that hangs on it; returns its delivery."""
    row = rows.connection(tenant_id or rows.tenant())
    draft = rows.draft(row, created_at=days_ago(days), record={"ticket": {"subject": "Bike"}}, requester="Camille")
    event = rows.event(row, state="done", raw=b"raw", received_at=days_ago(days), trouble="Bike")
    delivery = rows.delivery(row, draft=draft, state=state, comment_id="9", **more)
    own = {"tenant_id": row.tenant_id, "draft": draft}
    with within(row.tenant_id):
        Outcome.objects.create(**own, kind="edited", text="Bike", at=days_ago(days))
        Decision.objects.create(
            **own, event_id=event, connection=row, ticket_id="1", kind="REPLY", reason="ok", words="Bike",
            requester_id="7", decided_at=days_ago(days),
        )  # fmt: skip
    return delivery


def test_of_an_old_draft_the_numbers_stay_and_the_words_go() -> None:
    answered(DRAFT_DAYS + 1)
    tidy()
    draft, delivery, outcome, decision = (rows.get(model) for model in (Draft, Delivery, Outcome, Decision))
    assert (draft.record, draft.subject, draft.requester, draft.reply_text) == ({}, "", "", "")
    assert (delivery.html, delivery.text, outcome.text, decision.words, decision.requester_id) == ("", "", "", "", "")
    assert rows.get(WebhookEvent).trouble == ""
    assert (draft.turn, draft.live, delivery.state, delivery.comment_id, outcome.kind, decision.kind) == (
        "1", True, "sent", "9", "edited", "REPLY",
    )  # fmt: skip


def test_a_younger_draft_stays_as_it_is() -> None:
    answered(DRAFT_DAYS - 1)
    tidy()
    assert (rows.get(Draft).record, rows.get(Outcome).text) == ({"ticket": {"subject": "Bike"}}, "Bike")
    assert (rows.get(Decision).words, rows.get(Delivery).text) == ("Bike", rows.ANSWER)


@pytest.mark.parametrize(
    ("before", "sent_off", "after"),
    [("waiting", None, "retired"), ("due", None, "retired"), ("parked", None, "retired"),
     ("sending", days_ago(400), "parked"), ("parked", days_ago(400), "parked"), ("sent", days_ago(400), "sent")],
    ids=lambda value: str(value)[:7],
)  # fmt: skip
def test_an_old_draft_that_was_never_sent_is_not_sent_empty(before: str, sent_off: datetime | None, after: str) -> None:
    answered(DRAFT_DAYS + 1, before, sending_at=sent_off)
    tidy()
    assert rows.get(Delivery).state == after


def test_the_log_goes_last_and_with_it_all_that_hangs_on_it() -> None:
    answered(LOG_DAYS + 1)
    tidy()
    assert [rows.count(model) for model in (WebhookEvent, Decision, Draft, Delivery, Outcome)] == [0, 0, 0, 0, 0]


@pytest.mark.parametrize(("verdict", "left"), [("", 0), ("right", 1)])
def test_what_was_judged_of_a_draft_outlives_it_and_what_nobody_judged_does_not(verdict: str, left: int) -> None:
    tenant = rows.tenant()
    with within(tenant):
        Judgement.objects.create(tenant_id=tenant, via="note", verdict=verdict)
    tidy()
    assert rows.count(Judgement) == left


@pytest.mark.parametrize(
    ("via", "state", "left"), [("queue", "retired", 0), ("queue", "sent", 1), ("note", "retired", 1)]
)
def test_an_approval_of_what_was_never_sent_is_no_evidence_once_its_draft_is_gone(
    via: str, state: str, left: int
) -> None:
    delivery = answered(LOG_DAYS + 1, state)
    about = rows.get(Delivery, pk=delivery)
    with within(about.tenant_id):
        Judgement.objects.create(tenant_id=about.tenant_id, draft=about.draft, via=via, verdict="right")
    tidy()
    assert (rows.count(Draft), rows.count(Judgement, draft=None)) == (0, left)


def test_each_tenant_has_its_own_days() -> None:
    short, usual = (rows.tenant("short", keep_days={"drafts": 10, "log": 20}), rows.tenant("usual"))
    for tenant in (short, usual):
        answered(15, tenant_id=tenant)
    tidy()
    assert [rows.get(Draft, tenant_id=tenant).record != {} for tenant in (short, usual)] == [False, True]


@pytest.mark.parametrize(("days", "left"), [(4, 1), (6, 0)])
def test_memory_goes_after_the_days_of_the_policy(days: int, left: int) -> None:
    row = rows.connection(rows.tenant(keep_days={"memory": 5}))
    with within(row.tenant_id):
        PastTicket.objects.create(tenant_id=row.tenant_id, connection=row, ticket_id="1", requester_id="7")
        PastTicket.objects.update(seen_at=days_ago(days))
    tidy()
    assert rows.count(PastTicket) == left


def test_more_rows_than_one_batch_holds_all_go(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retention, "AT_ONCE", 2)
    row = rows.connection(rows.tenant())
    for number in range(5):
        rows.event(row, number, state="done", raw=b"raw", received_at=days_ago(RAW_DAYS + 1))
    tidy()
    assert rows.count(WebhookEvent, raw=b"") == 5


def test_a_tenant_whose_rows_cannot_be_deleted_holds_up_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    broken, fine = rows.tenant("broken"), rows.tenant("fine")
    answered(DRAFT_DAYS + 1, tenant_id=fine)
    policy = retention.policy_in_force
    monkeypatch.setattr(retention, "policy_in_force", lambda tenant: 1 / 0 if tenant == broken else policy(tenant))
    tidy()
    assert rows.get(Draft).record == {}


@pytest.mark.parametrize(("days", "left"), [(1, 0), (-1, 1)])
def test_a_session_that_ended_is_deleted(days: int, left: int) -> None:
    Session.objects.create(session_key="k", session_data="d", expire_date=days_ago(days))
    tidy()
    assert Session.objects.count() == left
