"""A judge must qualify: klark's own claims, half of them wrong, are put to it, and what it supports counts only once it
has caught enough of the wrong ones and passed enough of the right ones. This module stores and reads the results;
klark.drafting.scheduled_judge_checks runs the checks."""

from datetime import timedelta

from django.db.models import QuerySet
from django.db.models.functions import Now

from klark.drafting.judge import VERSION
from klark.drafting.judge_examination import Examined
from klark.models import JudgeCheck, Tenant, within
from klark.values.storable_text import clip

CLAIMS_VERSION = 2
LEAST_CAUGHT, LEAST_PASSED = 0.95, 0.90
DUE = timedelta(days=7)
LEASE = timedelta(hours=1)
"""Longer than any check takes: after that, the process that ran it has ended before it was done."""
WHICH = f"{VERSION}.{CLAIMS_VERSION}"
State = JudgeCheck.State
COUNTED = ("wrong", "caught", "right", "passed", "by_kind")


def is_trusted(tenant_id: int, judge: str) -> bool:
    """Returns whether the judge passed its latest check with the current prompt and claims. Call inside `within(tenant_id)`."""
    latest = _done(tenant_id, judge).order_by("-at").first()
    return latest is not None and passes(latest)


def passes(check: JudgeCheck) -> bool:
    """Returns whether enough wrong claims were caught, and enough right ones passed."""
    return (
        check.wrong > 0 and check.right > 0
        and check.caught >= LEAST_CAUGHT * check.wrong and check.passed >= LEAST_PASSED * check.right
    )  # fmt: skip


def is_due(tenant_id: int, judge: str) -> bool:
    """Returns whether the judge was never checked as it is now, or not for a week. Call inside `within(tenant_id)`."""
    since = Now() - DUE
    return not _done(tenant_id, judge).filter(at__gte=since).exists()


def _done(tenant_id: int, judge: str) -> QuerySet[JudgeCheck]:
    """Returns the finished checks of this judge with the current prompt and claims."""
    return JudgeCheck.of(tenant_id).filter(judge=judge[:400], version=WHICH, state=State.DONE)


def want(tenant_id: int, judge: str) -> bool:
    """Requests a check by a worker; returns False if one is requested already. Call inside `within(tenant_id)`."""
    if JudgeCheck.of(tenant_id).filter(state=State.WANTED).exists():
        return False
    JudgeCheck.objects.create(tenant_id=tenant_id, judge=judge[:400], version=WHICH, state=State.WANTED)
    return True


def refuse(tenant_id: int, why: str) -> None:
    """Marks the requested check as failed: it cannot be made."""
    with within(tenant_id):
        wanted = JudgeCheck.of(tenant_id).filter(state=State.WANTED)
        wanted.update(state=State.FAILED, trouble=clip(why, 300), at=Now())


def begin(tenant_id: int, judge: str) -> JudgeCheck | None:
    """Returns the row of a check that begins now and covers all requests; None while another is running."""
    with within(tenant_id):
        Tenant.objects.select_for_update(no_key=True).get(pk=tenant_id)  # serializes two that begin at once
        rows = JudgeCheck.of(tenant_id)
        old = rows.filter(state=State.RUNNING, at__lt=Now() - LEASE)
        old.update(state=State.FAILED, trouble="Whoever ran it ended before it was done.")
        if rows.filter(state=State.RUNNING).exists():
            return None
        rows.filter(state=State.WANTED).delete()
        return JudgeCheck.objects.create(tenant_id=tenant_id, judge=judge[:400], version=WHICH, state=State.RUNNING)


def end(check: JudgeCheck, examined: Examined) -> JudgeCheck:
    """Stores the result and returns the row. Requests that failed through no fault of the judge count for nothing: if
    it would not pass with them, there is no result, and an earlier one stands."""
    for name in COUNTED:
        setattr(check, name, getattr(examined, name))
    failed = bool(examined.trouble) and not passes(check)
    check.state = State.FAILED if failed else State.DONE
    check.trouble = clip(examined.trouble, 300) if failed else ""
    with within(check.tenant_id):
        rows = JudgeCheck.of(check.tenant_id).filter(pk=check.pk, state=State.RUNNING)
        rows.update(at=Now(), **{name: getattr(check, name) for name in (*COUNTED, "state", "trouble")})
    return check
