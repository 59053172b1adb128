"""Backtests from the admin: started by a lead, run by a worker slice by slice, and read or downloaded when they are done."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db.models import F
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from integrations.sandbox.client import Sandbox
from klark import tasks
from klark.evidence import long_runs
from klark.evidence.backtests import run_backtests
from klark.evidence.backtests.run_backtests import AWAY, NO_TICKET
from klark.evidence.long_runs import BROKEN, SPENT
from klark.models import BacktestedTicket, BacktestRun, Connection, Delivery, Draft, Membership, Policy
from klark.personal_data.erase import erase
from klark.personal_data.export import export
from klark.personal_data.retention import tidy_tenant
from tests.klark import rows
from tests.klark.companies import logged_in
from tests.klark.evidence.backtests.test_backtest import account, backtest, closed, model  # noqa: F401  # the fixture
from tests.klark.modelled import Model, furnished

pytestmark = pytest.mark.django_db
LIST = reverse("admin:klark_backtestrun_changelist")


def browser(row: Connection, django_user_model: Any, role: str = "lead") -> Client:
    user = django_user_model.objects.create_user(role, f"{role}@klark.example", "a long password", is_staff=True)
    Membership.objects.create(user=user, tenant_id=row.tenant_id, role=role)
    return logged_in(user)


@pytest.fixture
def desk(sandbox: Sandbox) -> Connection:
    row = account(sandbox, "zendesk", budget_day=1000)
    furnished(row.tenant_id)
    return row


@pytest.fixture
def lead(desk: Connection, django_user_model: Any) -> Client:
    return browser(desk, django_user_model)


def start(client: Client, row: Connection, **more: Any) -> Any:
    since = (datetime.now(UTC) - timedelta(days=1)).date().isoformat()
    return client.post(LIST, {"connection": str(row.pk), "since": since, "limit": 10, **more})


def press(client: Client, name: str) -> str:
    """What the page says after a button is pressed on the only backtest's page."""
    address = reverse("admin:klark_backtestrun_act", args=(the_run().pk, name))
    return client.post(address, follow=True).text


def the_run() -> BacktestRun:
    found: BacktestRun = rows.get(BacktestRun)
    return found


def file(client: Client, form: str) -> Any:
    return client.get(reverse("admin:klark_backtestrun_file", args=(the_run().pk, form)))


def _without_cost(report: dict[str, Any]) -> list[dict[str, Any]]:
    """The tickets; of a completion that was kept the cost has more noughts."""
    return [{name: value for name, value in one.items() if "cost" not in name} for one in report["tickets"]]


def test_a_lead_starts_a_backtest_sees_how_far_it_is_and_reads_its_report(
    sandbox: Sandbox, desk: Connection, lead: Client, model: Model, tmp_path: Path,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    for _ in range(2):
        closed(sandbox, "zendesk")
    closed(sandbox, "zendesk", status="open")
    monkeypatch.setattr(long_runs, "SLICE_S", -1.0)  # one ticket, and the next one later
    page = start(lead, desk)["Location"]
    tasks.long_runs()
    assert "1 tickets tried, 0 left out." in lead.get(page).text
    assert file(lead, "json").status_code == 404  # there is no half report
    assert "is under way" in start(lead, desk).text
    assert "had a backtest run" in lead.get(reverse("admin:klark_auditentry_changelist")).text
    for _ in range(3):
        tasks.long_runs()
    shown = lead.get(page).text
    assert "The draft says “3 working days”, the agent “9 working days”." in " ".join(shown.split())
    assert "Models are paid" in lead.get(LIST).text
    report = json.loads(file(lead, "json").content)
    by_command = backtest(desk, tmp_path)
    assert (report["left_out"], _without_cost(report)) == ({"open": 1}, _without_cost(by_command))
    assert '<main lang="fr">' in file(lead, "html").text
    assert (sandbox.writes(), rows.count(Draft), rows.count(Delivery), len(model.asked)) == ([], 0, 0, 2)


def test_a_cancelled_backtest_ends_and_goes_on_where_it_stopped(
    sandbox: Sandbox, desk: Connection, lead: Client, model: Model, monkeypatch: pytest.MonkeyPatch  # noqa: F811
) -> None:  # fmt: skip
    for _ in range(2):
        closed(sandbox, "zendesk")
    monkeypatch.setattr(long_runs, "SLICE_S", -1.0)
    start(lead, desk)
    tasks.long_runs()
    assert "Cancelled: it ends before its next ticket." in press(lead, "cancel")
    tasks.long_runs()
    assert (rows.count(BacktestedTicket), the_run().state, file(lead, "json").status_code) == (1, "cancelled", 404)
    assert "It goes on where it stopped." in press(lead, "go-on")
    rows.change(BacktestRun, state="running", running_until=timezone.now() + timedelta(minutes=1))
    tasks.long_runs()
    assert rows.count(BacktestedTicket) == 1  # another worker has it
    rows.change(BacktestRun, running_until=timezone.now() - timedelta(minutes=1))
    for _ in range(3):
        tasks.long_runs()  # that one was killed
    assert (the_run().state, rows.count(BacktestedTicket), len(model.asked)) == ("done", 2, 2)


def test_cancelled_while_a_ticket_is_tried_nothing_of_it_is_kept(
    sandbox: Sandbox, desk: Connection, lead: Client, model: Model, monkeypatch: pytest.MonkeyPatch  # noqa: F811
) -> None:  # fmt: skip
    closed(sandbox, "zendesk")
    start(lead, desk)
    inner = run_backtests.looked_at
    monkeypatch.setattr(run_backtests, "looked_at", lambda *given: [press(lead, "cancel"), inner(*given)][1])
    tasks.long_runs()
    assert (the_run().state, rows.count(BacktestedTicket)) == ("cancelled", 0)


def test_a_backtest_of_an_old_version_spends_no_more_than_the_policy_in_force(
    sandbox: Sandbox, desk: Connection, lead: Client, model: Model  # noqa: F811
) -> None:  # fmt: skip
    closed(sandbox, "zendesk")
    old = rows.get(Policy).pk
    rows.policy(desk.tenant_id, budget_day=1)
    rows.spend(desk.tenant_id, 2)
    start(lead, desk, policy=old)
    tasks.long_runs()
    assert (the_run().policy_id, the_run().trouble, model.asked) == (old, SPENT, [])


def test_a_backtest_that_fails_says_why_in_plain_words_and_leaves_no_report(
    sandbox: Sandbox, desk: Connection, lead: Client, model: Model, monkeypatch: pytest.MonkeyPatch  # noqa: F811
) -> None:  # fmt: skip
    start(lead, desk)
    tasks.long_runs()
    assert (the_run().state, the_run().trouble) == ("failed", NO_TICKET)
    closed(sandbox, "zendesk")
    sandbox.fault("status", desk="zendesk", status=503, times=1)
    press(lead, "go-on")
    tasks.long_runs()
    assert (the_run().state, the_run().failures, the_run().trouble.startswith(AWAY)) == ("running", 1, True)
    sandbox.credentials("zendesk", ["another"])
    rows.change(BacktestRun, running_until=None)
    tasks.long_runs()
    assert (the_run().state, the_run().trouble.startswith(AWAY)) == ("failed", True)
    sandbox.credentials("zendesk", [rows.TOKENS["zendesk"]])
    rows.spend(desk.tenant_id, 10**5)
    press(lead, "go-on")
    tasks.long_runs()
    assert (the_run().state, the_run().trouble) == ("failed", SPENT)
    monkeypatch.setattr(run_backtests, "reader", lambda _: 1 / 0)
    press(lead, "go-on")
    tasks.long_runs()
    shown = lead.get(reverse("admin:klark_backtestrun_change", args=(the_run().pk,))).text
    assert (the_run().trouble, BROKEN.partition(".")[0] in shown) == (BROKEN, True)
    assert file(lead, "json").status_code == 404


def test_a_version_of_the_policy_may_be_chosen_and_nobody_but_a_lead_may_start_one(
    sandbox: Sandbox, desk: Connection, lead: Client, model: Model, django_user_model: Any  # noqa: F811
) -> None:  # fmt: skip
    closed(sandbox, "zendesk")
    older = rows.get(Policy)
    rows.policy(desk.tenant_id, mode="note")
    elsewhere = rows.connection(rows.tenant("birch"))
    assert "Select a valid choice" in start(lead, elsewhere).text
    assert "Select a valid choice" in start(lead, desk, policy=rows.get(Policy, tenant=elsewhere.tenant_id).pk).text
    assert "still to come" in start(lead, desk, since="2999-01-01").text
    assert "from 1970 on" in start(lead, desk, since="1066-01-01").text
    agent = browser(desk, django_user_model, "agent")
    assert (start(agent, desk).status_code, agent.get(LIST).status_code, rows.count(BacktestRun)) == (403, 403, 0)
    start(lead, desk, policy=older.pk)
    tasks.long_runs()
    report = json.loads(file(lead, "json").content)
    assert (report["policy"], report["tickets"][0]["decision"]) == (1, "REPLY")
    assert agent.get(reverse("admin:klark_backtestrun_change", args=(the_run().pk,))).status_code == 404


def test_what_it_keeps_of_a_person_is_given_out_and_erased_and_all_of_it_goes_in_time(
    sandbox: Sandbox, desk: Connection, lead: Client, model: Model  # noqa: F811
) -> None:  # fmt: skip
    closed(sandbox, "zendesk")
    start(lead, desk)
    tasks.long_runs()
    assert b"camille.durand@" not in file(lead, "json").content.lower()
    with rows.within(desk.tenant_id):
        tenant = rows.Tenant.objects.get(pk=desk.tenant_id)
    assert "9 working days" in export(tenant, "Camille.Durand@example.org")
    assert erase(desk.tenant_id, "camille.durand@example.org")[BacktestedTicket] == 1
    assert json.loads(file(lead, "json").content)["left_out"] == {"erased": 1}
    rows.change(BacktestRun, wanted_at=F("wanted_at") - timedelta(days=4000))
    tidy_tenant(desk.tenant_id)
    assert (rows.count(BacktestRun), rows.count(BacktestedTicket)) == (0, 0)
