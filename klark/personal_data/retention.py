"""Deletes what is past its time: the policy of each tenant says for how many days each kind of thing is kept. What a
decision came to stays as a row without content until the log's own time is over. The database's clock alone decides: one
machine whose clock is wrong deletes nothing."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

from axes.models import AccessLog
from django.db.models import QuerySet
from django.db.models.functions import Now

from klark.models import (
    EVERY_TENANT,
    ArticleRun,
    BacktestRun,
    Charge,
    Decision,
    Draft,
    DraftedArticle,
    Handshake,
    Judgement,
    KeptAnswer,
    KeptCompletion,
    Notification,
    PastTicket,
    RegressionRun,
    WebhookEvent,
    end_idle_logins,
    policy_in_force,
    rules_of,
    within,
)
from klark.models.base import AT_ONCE
from klark.models.tenant import all_tenant_ids
from klark.personal_data.content import blank, blank_drafts, filled
from klark.runtime.per_tenant import tried
from klark.values.policy.rules import Rules

ENDED = (WebhookEvent.State.DONE, WebhookEvent.State.PARKED)
LEDGER_DAYS = 62  # what requests to models cost: longer than the longest budget period
LOGIN_DAYS = 365


def tidy() -> None:
    """Deletes what is past its time. Safe to run at any time, and twice."""
    with within(EVERY_TENANT):
        Handshake.objects.filter(ends_at__lt=Now()).delete()
        AccessLog.objects.filter(attempt_time__lt=Now() - timedelta(days=LOGIN_DAYS)).delete()
        end_idle_logins()
    for tenant_id in all_tenant_ids():
        tried("what is past its time was not deleted", tidy_tenant, tenant_id)


def tidy_tenant(tenant_id: int) -> None:
    """Deletes what is past its time at one tenant, in transactions of at most AT_ONCE rows each."""
    with within(tenant_id):
        rules = rules_of(policy_in_force(tenant_id))
    for rows, act in _past(tenant_id, rules):
        _each_batch(tenant_id, rows, act)


def _past(tenant_id: int, rules: Rules) -> Iterator[tuple[QuerySet[Any], Callable[[QuerySet[Any]], object]]]:
    """Yields the rows that are past each time, and what is done with them."""
    before = {kind: Now() - timedelta(days=days) for kind, days in rules.keep_days.items()}
    ended, drafts = WebhookEvent.of(tenant_id).filter(state__in=ENDED), Draft.of(tenant_id)
    # What is tried again is read from the helpdesk, so a parked event needs its bytes no more than one that is done.
    yield ended.filter(received_at__lt=before["webhooks"]).exclude(raw=b""), lambda rows: rows.update(raw=b"")
    yield filled(drafts.filter(created_at__lt=before["drafts"])), blank_drafts
    yield filled(Decision.of(tenant_id).filter(decided_at__lt=before["drafts"])), blank
    yield filled(ended.filter(received_at__lt=before["drafts"])), blank
    yield BacktestRun.of(tenant_id).filter(wanted_at__lt=before["drafts"]), QuerySet.delete
    yield RegressionRun.of(tenant_id).filter(wanted_at__lt=before["drafts"]), QuerySet.delete
    yield ArticleRun.of(tenant_id).filter(wanted_at__lt=before["drafts"]), QuerySet.delete
    yield (
        DraftedArticle.of(tenant_id).exclude(state=DraftedArticle.State.ACCEPTED).filter(made_at__lt=before["drafts"]),
        QuerySet.delete,
    )
    articles = DraftedArticle.of(tenant_id).filter(made_at__lt=before["drafts"]).exclude(asked=[], left_out=[])
    yield articles, lambda rows: rows.update(asked=[], left_out=[])  # of those accepted: what the article says stays
    yield PastTicket.of(tenant_id).filter(seen_at__lt=before["memory"]), QuerySet.delete
    yield KeptCompletion.of(tenant_id).filter(at__lt=before["completions"]), QuerySet.delete
    yield Charge.of(tenant_id).filter(at__lt=Now() - timedelta(days=LEDGER_DAYS)), QuerySet.delete
    yield KeptAnswer.of(tenant_id).filter(at__lt=Now() - timedelta(days=1)), QuerySet.delete
    yield Notification.of(tenant_id).filter(created_at__lt=before["log"]), QuerySet.delete
    yield ended.filter(received_at__lt=before["log"]), QuerySet.delete  # and their decisions
    yield drafts.filter(created_at__lt=before["log"]), _delete_drafts
    yield Judgement.of(tenant_id).filter(draft=None, verdict=""), QuerySet.delete


def _delete_drafts(drafts: QuerySet[Draft]) -> None:
    """Deletes drafts with their deliveries and outcomes. Their judgements stay as numbers, but for approvals of what was never
    sent: without the delivery, nobody could tell them from the others."""
    Judgement.objects.filter(Judgement.approved_unsent(), draft__in=drafts).delete()
    drafts.delete()


def _each_batch(tenant_id: int, rows: QuerySet[Any], act: Callable[[QuerySet[Any]], object]) -> None:
    last: int | None = 0
    while last is not None:
        with within(tenant_id):
            keys = list(rows.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:AT_ONCE])
            if keys:
                act(rows.model._default_manager.filter(pk__in=keys))
        last = keys[-1] if keys else None
