"""Budgets in money: what counts against them, by which calendar, and who is told."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from types import SimpleNamespace

import pytest

from klark.drafting import budget as step
from klark.drafting.budget import over_budget
from klark.drafting.tenant_settings import settings_of
from tests.klark import rows

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 1, 0, 30, tzinfo=UTC)


@pytest.mark.parametrize(("spent", "over"), [("0.99", False), ("1.00", True), ("1.01", True)])
def test_the_days_budget_is_spent_at_its_ceiling(spent: str, over: bool) -> None:
    tenant = rows.tenant(model_name="own", budget_day=Decimal(1))
    rows.spend(tenant, spent, datetime.now(UTC))
    ours = settings_of(tenant)
    assert (ours.budget_spent, len(ours.drafters), ours.judge is None) == (over, 1 if over else 2, over)


@pytest.fixture
def midnight(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(step, "timezone", SimpleNamespace(now=lambda: NOW))


@pytest.mark.parametrize(("zone", "ago", "over"), [
    ("UTC", timedelta(minutes=20), True), ("UTC", timedelta(minutes=40), False),
    ("Europe/Paris", timedelta(minutes=80), True), ("Europe/Paris", timedelta(minutes=100), False),
    ("America/New_York", timedelta(hours=19), True), ("America/New_York", timedelta(hours=20), False),
])  # fmt: skip
def test_a_day_begins_at_the_tenants_midnight(midnight: None, zone: str, ago: timedelta, over: bool) -> None:
    tenant = rows.tenant(model_name="own", budget_day=Decimal(1), time_zone=zone)
    rows.spend(tenant, "5", NOW - ago)
    assert settings_of(tenant).budget_spent is over


@pytest.mark.parametrize(("ago", "over"), [(timedelta(minutes=10), True), (timedelta(hours=1), False)])
def test_a_month_begins_on_its_first(midnight: None, ago: timedelta, over: bool) -> None:
    tenant = rows.tenant(model_name="own", budget_month=Decimal(1))
    rows.spend(tenant, "5", NOW - ago)
    assert settings_of(tenant).budget_spent is over


@pytest.fixture
def warned(monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, int]]:
    """The tenants that the log warned of, and the percentage of a budget that was spent."""
    told: list[tuple[int, int]] = []
    monkeypatch.setattr(step.log, "warning", lambda _, tenant, percent: told.append((tenant, percent)), raising=False)
    return told


@pytest.mark.parametrize(("cost", "percents"), [("7.99", []), ("8", [80]), ("12", [120])])
@pytest.mark.parametrize("budget", ["budget_day", "budget_month"])
def test_from_80_percent_of_a_budget_on_the_log_warns(
    warned: list[tuple[int, int]], budget: str, cost: str, percents: list[int]
) -> None:
    tenant = rows.tenant(model_name="own", **{budget: Decimal(10)})
    rows.spend(tenant, cost, datetime.now(UTC))
    settings_of(tenant)
    assert warned == [(tenant, percent) for percent in percents]


def test_the_log_warns_once_a_day_of_each_tenant(
    midnight: None, warned: list[tuple[int, int]], monkeypatch: pytest.MonkeyPatch
) -> None:
    tenants = [rows.tenant(slug, model_name="own", budget_month=Decimal(10)) for slug in ("acme", "globex")]
    for tenant in tenants:
        rows.spend(tenant, "9", NOW)
        for _ in range(3):
            settings_of(tenant)
    monkeypatch.setattr(step, "timezone", SimpleNamespace(now=lambda: NOW + timedelta(days=1)))
    settings_of(tenants[0])
    assert warned == [(tenants[0], 90), (tenants[1], 90), (tenants[0], 90)]


def test_of_a_budget_of_nothing_nobody_is_warned(warned: list[tuple[int, int]]) -> None:
    settings_of(rows.tenant(model_name="own", budget_day=Decimal(0)))
    assert warned == []


def test_without_a_ceiling_nothing_is_ever_spent() -> None:
    tenant = rows.tenant(model_name="own")
    rows.spend(tenant, "999999", datetime.now(UTC))
    assert settings_of(tenant).budget_spent is False


def test_a_ceiling_of_nothing_allows_nothing_and_without_a_model_there_is_nothing_to_spend() -> None:
    assert settings_of(rows.tenant(model_name="own", budget_day=Decimal(0))).budget_spent is True
    assert settings_of(rows.tenant("globex", budget_day=Decimal(0))).budget_spent is False


def test_another_tenants_spending_does_not_count() -> None:
    tenant, other = rows.tenant(model_name="own", budget_day=Decimal(1)), rows.tenant("globex")
    rows.spend(other, "5", datetime.now(UTC))
    with rows.within(tenant):
        assert over_budget(tenant, settings_of(tenant).rules) is False
