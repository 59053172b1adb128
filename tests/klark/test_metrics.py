"""What `/metrics` says of a run: how old its event was, how long each stage took, what it cost, and how the write ended."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from integrations.sandbox.client import Sandbox
from klark import tasks
from klark.metrics import exposition
from klark.models import Budget, Connection, WebhookEvent
from klark.models.evidence.measurement import COST, FINDINGS, TOKENS, measure
from tests.klark import rows

pytestmark = pytest.mark.django_db(transaction=True)

ROOT = Path(__file__).resolve().parents[2]
Shown = dict[tuple[str, tuple[str, ...]], float]


@pytest.fixture(autouse=True)
def nobody_is_woken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("klark.wakeup.wake", lambda: None)


def shown() -> Shown:
    """Every sample by its name and the values of its labels."""
    families = text_string_to_metric_families(exposition().decode())
    return {(each.name, tuple(each.labels.values())): each.value for family in families for each in family.samples}


@pytest.mark.slow
def test_a_ticket_that_was_answered_leaves_its_figures(sandbox: Sandbox) -> None:
    case = rows.case(sandbox)
    rows.event(case.row, case.ticket, received_at=datetime.now(UTC) - timedelta(seconds=100))
    tasks.work.run()
    figures = shown()
    stages = ("triage", "retrieval", "drafting", "guarding", "delivering")
    assert [figures["klark_stage_seconds_count", (stage,)] for stage in stages] == [1.0] * 5
    assert ("klark_stage_seconds_count", ("judging",)) not in figures  # there is no judge
    ages = [figures["klark_event_age_seconds_bucket", (up_to,)] for up_to in ("60.0", "300.0", "900.0", "+Inf")]
    assert (ages, figures["klark_event_age_seconds_count", ()]) == ([0.0, 1.0, 1.0, 1.0], 1.0)
    assert figures["klark_event_age_seconds_sum", ()] >= 100
    assert figures["klark_writes_total", ("zendesk", "sent")] == 1.0


def test_findings_tokens_and_money_are_added_up() -> None:
    for cost in (0.5, 0.25):
        measure(COST, cost, "EUR")
        measure(TOKENS, 1000, "in")
    measure(FINDINGS, 1, "klark.G101", "HOLD")
    figures = shown()
    assert (figures["klark_cost_total", ("EUR",)], figures["klark_tokens_total", ("in",)]) == (0.75, 2000.0)
    assert figures["klark_findings_total", ("klark.G101", "HOLD")] == 1.0


def test_the_fullest_budget_and_requests_without_an_answer_are_shown_without_names() -> None:
    yesterday = datetime.now(UTC) - timedelta(hours=23)
    for slug, budget in (("acme", 10), ("globex", 8), ("initech", None)):
        tenant = rows.tenant(slug, budget_month=budget)
        rows.spend(tenant, 6)
    rows.spend(tenant, 1, yesterday, state="reserved")
    rows.spend(tenant, 1, state="reserved")  # under way
    figures = shown()
    assert (figures["klark_budget_spent_ratio", ()], figures["klark_unanswered_requests", ()]) == (0.75, 1.0)


def test_due_work_and_the_rate_limit_show_how_they_are_now(account: Connection) -> None:
    rows.event(account, 1, due_at=datetime.now(UTC) - timedelta(hours=1))
    rows.event(account, 2, due_at=datetime.now(UTC) + timedelta(hours=1))
    with rows.within(account.tenant_id):
        spent = {str(int(datetime.now(UTC).timestamp() * 2)): 150}
        Budget.objects.create(tenant_id=account.tenant_id, connection=account, limit=200, spent=spent)
    figures = shown()
    waited = figures["klark_due_work_waited_seconds", ("events",)]
    assert (int(waited) // 60, figures["klark_due_work_waited_seconds", ("deliveries",)]) == (60, 0.0)
    assert figures["klark_rate_budget_left_ratio", ("zendesk",)] == 0.25


def test_work_in_progress_does_not_wait(account: Connection) -> None:
    rows.event(account, 1, due_at=datetime.now(UTC) - timedelta(hours=1))
    rows.claim(WebhookEvent)
    assert shown()["klark_due_work_waited_seconds", ("events",)] == 0.0


def test_the_alert_rules_ask_for_metrics_that_are_there() -> None:
    asked = set(re.findall(r"klark_[a-z_]+", (ROOT / "deploy/alerts.yml").read_text()))
    there = set(re.findall(r"^# HELP (\S+)", exposition().decode(), re.MULTILINE))
    assert {name.removesuffix("_bucket") for name in asked} - there == set()


def test_each_part_of_the_installation_is_well_or_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("klark.checks.Nano.installed", lambda: False)
    figures = shown()
    assert [figures["klark_well", (part,)] for part in ("database", "disk", "queue", "triage")] == [1.0, 1.0, 1.0, 0.0]
