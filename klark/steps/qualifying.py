"""A judge earns its say: klark's own claims, half of them wrong, are put before it, and what it supports counts only once it has
caught enough of the wrong ones and passed enough of the right ones. Here stands what came of it; klark.steps.qualify asks."""

from datetime import timedelta

from django.db.models.functions import Now
from django.utils import timezone

from klark.models import JudgeCheck, Tenant, within
from klark.models.text import clip
from klark.steps.examine import Examined
from klark.steps.judging import VERSION

CLAIMS_VERSION = 1
LEAST_CAUGHT, LEAST_PASSED = 0.95, 0.90
DUE = timedelta(days=7)
LEASE = timedelta(hours=1)
"""Longer than any check takes: after that, whoever ran it ended before it was done."""
WHICH = f"{VERSION}.{CLAIMS_VERSION}"
State = JudgeCheck.State


def is_trusted(tenant_id: int, judge: str) -> bool:
    """Whether the latest check of this judge, with the prompt and the claims as they are now, was passed. Inside `within`."""
    done = JudgeCheck.of(tenant_id).filter(judge=judge[:400], version=WHICH, state=State.DONE)
    latest = done.order_by("-at").first()
    return latest is not None and passes(latest)


def passes(check: JudgeCheck) -> bool:
    """Whether enough was caught, and enough passed."""
    return (
        check.wrong > 0 and check.right > 0
        and check.caught >= LEAST_CAUGHT * check.wrong and check.passed >= LEAST_PASSED * check.right
    )  # fmt: skip


def is_due(tenant_id: int, judge: str) -> bool:
    """Whether it was never checked as it is, or not for a week. Inside `within`."""
    since = timezone.now() - DUE
    done = JudgeCheck.of(tenant_id).filter(judge=judge[:400], version=WHICH, state=State.DONE)
    return not done.filter(at__gte=since).exists()


def want(tenant_id: int, judge: str) -> bool:
    """A worker is to check the judge; whether nobody had asked for it yet. Inside `within`."""
    if JudgeCheck.of(tenant_id).filter(state=State.WANTED).exists():
        return False
    JudgeCheck.objects.create(tenant_id=tenant_id, judge=judge[:400], version=WHICH, state=State.WANTED)
    return True


def refuse(tenant_id: int, why: str) -> None:
    """What was wanted cannot be done."""
    with within(tenant_id):
        wanted = JudgeCheck.of(tenant_id).filter(state=State.WANTED)
        wanted.update(state=State.FAILED, trouble=clip(why, 300), at=Now())


def begin(tenant_id: int, judge: str) -> JudgeCheck | None:
    """The row of a check that begins now, and is all that was wanted; None while another is under way."""
    with within(tenant_id):
        Tenant.objects.select_for_update().get(pk=tenant_id)  # two that begin at once: one after the other
        rows = JudgeCheck.of(tenant_id)
        old = rows.filter(state=State.RUNNING, at__lt=timezone.now() - LEASE)
        old.update(state=State.FAILED, trouble="Whoever ran it ended before it was done.")
        if rows.filter(state=State.RUNNING).exists():
            return None
        rows.filter(state=State.WANTED).delete()
        return JudgeCheck.objects.create(tenant_id=tenant_id, judge=judge[:400], version=WHICH, state=State.RUNNING)


def end(check: JudgeCheck, examined: Examined) -> JudgeCheck:
    """The row with what came of it. Requests that failed for no fault of the judge's cost it nothing: where it would not pass
    with them, there is no result, and an earlier one stands."""
    for name in ("wrong", "caught", "right", "passed", "by_kind"):
        setattr(check, name, getattr(examined, name))
    failed = bool(examined.trouble) and not passes(check)
    check.state = State.FAILED if failed else State.DONE
    check.trouble = clip(examined.trouble, 300) if failed else ""
    with within(check.tenant_id):
        rows = JudgeCheck.of(check.tenant_id).filter(pk=check.pk, state=State.RUNNING)
        values = {name: getattr(check, name) for name in ("wrong", "caught", "right", "passed", "by_kind", "trouble")}
        rows.update(state=check.state, at=Now(), **values)
    return check
