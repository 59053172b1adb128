"""A judge earns its say: klark's own claims, half of them wrong, are put before it, and what it supports counts only once it has
caught enough of the wrong ones and passed enough of the right ones."""

from datetime import timedelta

from django.utils import timezone

from klark.models import JudgeCheck
from klark.steps.judging import VERSION

CLAIMS_VERSION = 1
LEAST_CAUGHT, LEAST_PASSED = 0.95, 0.90
DUE = timedelta(days=7)
WHICH = f"{VERSION}.{CLAIMS_VERSION}"


def is_trusted(tenant_id: int, judge: str) -> bool:
    """Whether the latest check of this judge, with the prompt and the claims as they are now, was passed. Inside `within`."""
    latest = JudgeCheck.of(tenant_id).filter(judge=judge[:400], version=WHICH, trouble="").order_by("-at").first()
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
    return not JudgeCheck.of(tenant_id).filter(judge=judge[:400], version=WHICH, trouble="", at__gte=since).exists()
