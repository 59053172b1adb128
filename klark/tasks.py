"""Celery tasks: ids in, one call, one `except` for each next step. A task is only a wake-up; the rows are the work."""

from collections.abc import Callable
from typing import Any

import structlog
from celery import shared_task
from django.db.models import F
from django.db.models.functions import Now

from guardrails.text.language import detect
from integrations.errors import IntegrationError, Refused, TryLater
from klark import pipeline, wakeup
from klark.connections import tidy
from klark.delivery.deliver import deliver as deliver_step
from klark.drafting import qualify
from klark.intake import catch_up as catch_up_step
from klark.knowledge import compared, embedding, refresh
from klark.knowledge import sync as sync_step
from klark.models import Claim, Delivery, WebhookEvent, within
from klark.models.work import ATTEMPTS, LONGEST_WAIT_S, MOST_CLAIMS, Work
from klark.triage import model as classify
from klark.values.text import clip

log = structlog.get_logger(__name__)

MOST_STEPS = 25  # of one task


@shared_task(name="klark.work")
def work() -> None:
    """Answer due events and make due writes until nothing is due, or long enough for a worker that is to stop."""
    for _ in range(MOST_STEPS):
        if not (step(WebhookEvent, pipeline.answer) or step(Delivery, deliver_step)):
            return
    wakeup.wake()


@shared_task(name="klark.deliver")
def deliver() -> None:
    """Make due writes until nothing is due; answering never keeps them waiting."""
    for _ in range(MOST_STEPS):
        if not step(Delivery, deliver_step):
            return


@shared_task(name="klark.catch_up")
def catch_up() -> None:
    """Read what no webhook brought, for each connection whose time has come."""
    while catch_up_step.catch_up():
        wakeup.wake()


@shared_task(name="klark.embed")
def embed() -> None:
    """Give passages their vectors until none waits."""
    embedding.embed_all()


@shared_task(name="klark.read")
def read() -> None:
    """Read the sources that a person asked for."""
    refresh.refresh_wanted()


@shared_task(name="klark.check_judges")
def check_judges() -> None:
    """Put the judges to the test that a person asked for."""
    qualify.qualify_wanted()


@shared_task(name="klark.warm_up")
def warm_up() -> None:
    """Load what the first ticket would otherwise wait for: the models of languages, rules and meaning."""
    detect("Bonjour")
    if why := classify.trouble():
        log.warning("no ticket is read", why=why)


@shared_task(name="klark.housekeeping")
def housekeeping() -> None:
    """Drop what is no longer needed, read the help centres, folders and sites, compare what they say, check the judges that
    are due. Run by beat; two beats are harmless."""
    tidy.tidy()
    sync_step.sync_all()
    refresh.refresh_all()
    compared.compare_all()
    embedding.drop_retired()
    qualify.qualify_due()


def step(rows: type[Work], run: Callable[[Claim], Any]) -> bool:
    """Claim one row and take it a step further; whether there was one."""
    claims = rows.claim()
    for claim in claims:
        if rows.someone_waits():
            wakeup.wake()
        _run(rows, run, claim)
    return bool(claims)


def _run(rows: type[Work], run: Callable[[Claim], Any], claim: Claim) -> None:
    if claim.attempts > MOST_CLAIMS:
        _park(rows, claim, "Every worker that took it up ended before it was done.")
        return
    try:
        run(claim)
    except TryLater as error:
        _wait(rows, claim, error)
    except Refused as error:
        _park(rows, claim, str(error))
    except IntegrationError as error:
        _again(rows, claim, str(error))
    except Exception as error:  # the task boundary: the failure is recorded in the row, and a person sees it there
        log.exception("a run failed", table=rows._meta.db_table, row=claim.id)
        _again(rows, claim, f"{type(error).__name__}: {error}")


def _wait(rows: type[Work], claim: Claim, error: TryLater) -> None:
    """The other side is busy or away: that is no attempt, and it is waited for as long as it asks, or up to a day."""
    seconds = claim.patience() if error.after is None else max(error.after, 1.0)
    if seconds is None:
        _park(rows, claim, str(error))
        return
    with within(claim.tenant_id):
        rows.postpone(claim, min(seconds, LONGEST_WAIT_S), str(error), attempts=F("attempts") - 1)


def _again(rows: type[Work], claim: Claim, trouble: str) -> None:
    """Later, each time longer; after ATTEMPTS a person looks."""
    if claim.attempts >= ATTEMPTS:
        _park(rows, claim, trouble)
        return
    with within(claim.tenant_id):
        rows.postpone(claim, min(2.0**claim.attempts, LONGEST_WAIT_S), trouble)


def _park(rows: type[Work], claim: Claim, trouble: str) -> None:
    with within(claim.tenant_id):
        rows.settle(claim, state="parked", ended_at=Now(), trouble=clip(trouble, 500))
