"""Housekeeping drops raw bytes, kept completions and logins after their time, and nothing else."""

from datetime import UTC, datetime, timedelta

import pytest
from axes.models import AccessLog

from klark.connections.retention import COMPLETION_DAYS, LOGIN_DAYS, RAW_DAYS, tidy
from klark.models import KeptCompletion, WebhookEvent, within
from tests.klark import rows

pytestmark = pytest.mark.django_db


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


@pytest.mark.parametrize(("days", "left"), [(COMPLETION_DAYS + 1, 0), (COMPLETION_DAYS - 1, 1)])
def test_completions_outlive_the_longest_budget(days: int, left: int) -> None:
    tenant = rows.tenant()
    with within(tenant):
        KeptCompletion.objects.create(tenant_id=tenant, digest="d", content={}, model="m", at=days_ago(days))
    tidy()
    tidy()
    assert rows.count(KeptCompletion) == left


@pytest.mark.parametrize(("days", "left"), [(LOGIN_DAYS + 1, 0), (LOGIN_DAYS - 1, 1)])
def test_a_login_is_kept_for_a_year(days: int, left: int) -> None:
    row = AccessLog.objects.create(username="camille")
    AccessLog.objects.filter(pk=row.pk).update(attempt_time=days_ago(days))
    tidy()
    assert AccessLog.objects.count() == left
