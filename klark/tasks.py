"""Celery tasks. A task is only a wake-up: the rows are the work. Each kind of error has an `except` of its own, which
decides what happens to the row next."""

import gc
from collections.abc import Callable
from typing import Any

import structlog
from celery import shared_task
from django.db.models import F
from django.db.models.functions import Now
from django.utils import timezone
from structlog.contextvars import bound_contextvars

from guardrails.text.language import detect
from integrations.errors import IntegrationError, Refused, TryLater
from klark import notifications, pipeline, wakeup
from klark.autonomy import standing
from klark.delivery import handing_over
from klark.drafting import scheduled_judge_checks
from klark.evidence import compared_outcomes, kept_figures
from klark.evidence.backtests import run_backtests
from klark.evidence.regression import run_sets
from klark.gap_articles import jobs
from klark.intake import catch_up as catch_up_step
from klark.intake import follow_up
from klark.knowledge import embedding, kept_comparison, recall, refresh_source, sync_help_centre
from klark.models import Claim, Delivery, OutgoingWebhook, WebhookEvent, within
from klark.models.audit.verify import tell_head
from klark.models.delivery import TOLD, tell
from klark.models.evidence.measurement import added_together
from klark.models.notification import notify
from klark.models.tenant import all_tenant_ids
from klark.models.work_queue import ATTEMPTS, LONGEST_WAIT_S, MOST_CLAIMS, Work
from klark.personal_data import retention
from klark.runtime.per_tenant import tried
from klark.runtime.tenant_share import claimed, more_waits
from klark.ticket_acts import step as deliver_step
from klark.triage import model as triage_model
from klark.values.storable_text import clip

log = structlog.get_logger(__name__)

MOST_STEPS = 25  # per task


@shared_task(name="klark.work")
def work() -> None:
    """Makes due writes and answers due events until nothing is due: writes first, since somebody waits for what is decided.

    It stops after MOST_STEPS steps, so that a worker that is shutting down is not kept, and wakes the workers again.
    """
    with added_together():
        for _ in range(MOST_STEPS):
            if not (step(Delivery, deliver_step) or step(WebhookEvent, pipeline.answer)):
                return
    wakeup.wake()


@shared_task(name="klark.deliver")
def deliver() -> None:
    """Makes due writes until nothing is due, so that answering tickets never delays them."""
    for _ in range(MOST_STEPS):
        if not step(Delivery, deliver_step):
            return


@shared_task(name="klark.catch_up")
def catch_up() -> None:
    """Reads the changes that no webhook reported, for each connection that is due."""
    while catch_up_step.catch_up():
        wakeup.wake()


@shared_task(name="klark.embed")
def embed() -> None:
    """Computes vectors until every passage has one."""
    embedding.embed_all()


@shared_task(name="klark.recall")
def look_what_rests() -> None:
    """Looks what rests on articles that have changed, whoever changed them."""
    recall.recall_all()


@shared_task(name="klark.read")
def read() -> None:
    """Reads the sources that a person wants read, and goes on with those that took too long for one turn."""
    refresh_source.refresh_wanted()


@shared_task(name="klark.notify")
def send_notifications() -> None:
    """Tells programs what they are to be told (klark.notifications)."""
    notifications.send_due()


@shared_task(name="klark.check_judges")
def check_judges() -> None:
    """Runs the judge checks that a person requested."""
    scheduled_judge_checks.qualify_wanted()


@shared_task(name="klark.long_runs")
def long_runs() -> None:
    """Goes on with what people requested and takes long, for some seconds each: drafted articles, backtests, regression sets."""
    jobs.run_wanted()
    run_backtests.run_wanted()
    run_sets.run_wanted()


@shared_task(name="klark.warm_up")
def warm_up() -> None:
    """Loads what the first ticket would otherwise wait for: the language detector and the triage model.

    What is loaded by then stays, so that the garbage collector need not look through it; and it looks less often, which is 2 %
    of what a ticket takes.
    """
    detect("Bonjour")
    if why := triage_model.trouble():
        log.warning("no ticket is read", why=why)
    gc.freeze()
    gc.set_threshold(10_000, 20, 20)


@shared_task(name="klark.housekeeping")
def housekeeping() -> None:
    """Hands over late drafts, deletes what is no longer needed, reads help centres, folders and sites, compares their
    articles, checks the judges that are due, looks what klark has earned, reads what became of tickets and counts it, has the
    regression sets run where something has changed, and compares what people wrote with the drafts.

    Celery beat runs it; two beats are harmless.
    """
    for part in (
        handing_over.hand_over_late, retention.tidy,
        recall.recall_all, sync_help_centre.sync_all, refresh_source.refresh_all, kept_comparison.compare_all,
        embedding.drop_retired, scheduled_judge_checks.qualify_due, standing.restate_all,
        follow_up.follow_up_all, kept_figures.keep_all, run_sets.want_after_changes,
        compared_outcomes.compare_outcomes,
    ):  # fmt: skip
        tried(f"{part.__name__} of housekeeping failed", part)


@shared_task(name="klark.tell_audit_heads")
def tell_audit_heads() -> None:
    """Writes the end of each audit chain to the log, which keeps it where nobody with the database alone can change it."""
    for tenant_id in (None, *all_tenant_ids()):
        tried("the end of an audit chain was not told", _tell_audit_head, tenant_id)


def _tell_audit_head(tenant_id: int | None) -> None:
    end = tell_head(tenant_id)
    if tenant_id is not None:
        with within(tenant_id):
            notify(tenant_id, OutgoingWebhook.Kind.AUDIT_HEAD, timezone.now().date(), number=end.number, link=end.link)


def step(rows: type[Work], run: Callable[[Claim], Any]) -> bool:
    """Claims one row and runs its next step; returns whether there was one."""
    with claimed(rows) as claims:
        for claim in claims:
            if not wakeup.just_woke() and more_waits(rows):
                wakeup.wake()
            named = {
                "table": rows._meta.db_table,
                "row": claim.id,
                "tenant": claim.tenant_id,
                "event_id": claim.event_id,
            }
            with bound_contextvars(**named), added_together():  # on each log line
                _run(rows, run, claim)
    return bool(claims)


def _run(rows: type[Work], run: Callable[[Claim], Any], claim: Claim) -> None:
    if claim.attempts > MOST_CLAIMS:
        _park(rows, claim, "Every worker that took it up ended before it was done.")
        return
    try:
        log.info("a run ended", ended=str(run(claim)))
    except TryLater as error:
        _wait(rows, claim, error)
    except Refused as error:
        _park(rows, claim, str(error))
    except IntegrationError as error:
        _again(rows, claim, str(error))
    except Exception as error:  # the task boundary: the failure is recorded in the row, where a person sees it
        log.exception("a run failed")
        _again(rows, claim, f"{type(error).__name__}: {error}")


def _wait(rows: type[Work], claim: Claim, error: TryLater) -> None:
    """Postpones the row without counting an attempt, because the other side is busy or away: for as long as it says,
    else up to a day in all."""
    seconds = claim.patience() if error.after is None else max(error.after, 1.0)
    if seconds is None:
        _park(rows, claim, str(error))
        return
    with within(claim.tenant_id):
        rows.postpone(claim, min(seconds, LONGEST_WAIT_S), str(error), attempts=F("attempts") - 1)


def _again(rows: type[Work], claim: Claim, trouble: str) -> None:
    """Postpones the row, longer each time; after ATTEMPTS it is parked for a person."""
    if claim.attempts >= ATTEMPTS:
        _park(rows, claim, trouble)
        return
    with within(claim.tenant_id):
        rows.postpone(claim, min(2.0**claim.attempts, LONGEST_WAIT_S), trouble)


def _park(rows: type[Work], claim: Claim, trouble: str) -> None:
    with within(claim.tenant_id):
        if rows.settle(claim, state="parked", ended_at=Now(), trouble=clip(trouble, 500)):
            row = rows.of(claim.tenant_id).get(pk=claim.id)
            if isinstance(row, Delivery):
                tell(row, TOLD[Delivery.State.PARKED])
            else:
                ids = {"event": row.pk, "ticket_id": row.ticket_id, "connection": str(row.connection_id)}
                notify(claim.tenant_id, OutgoingWebhook.Kind.PARKED, kind="event", **ids)
