"""The page "Is it well?": for whoever operates klark, about their own tenants only, in their own language."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from klark import health
from klark.models import Delivery, Notification, OutgoingWebhook, Policy, WebhookEvent, within
from klark.stopping import stop
from tests.klark import rows
from tests.klark.companies import Company, company, login

pytestmark = pytest.mark.django_db
PAGE = "/admin/klark/connection/health/"


@pytest.fixture(autouse=True)
def a_broker_that_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health.broker_probe, "ask", lambda: 0)


def lights(browser: Client, **headers: str) -> dict[str, str]:
    """Each line of the page and its light."""
    text = browser.get(PAGE, headers=headers).content.decode()
    found = re.findall(
        r'k-tag k-(\w+)">[^<]*</span></div>\s*<div>\s*<p class="k-question">([^<]*)</p>\s*<p>([^<]*)</p>', text
    )
    return {f"{name}: {said}": light for light, name, said in found}


def test_each_fact_has_a_light_and_what_is_wrong_has_a_way_to_it(ours: Company, operator: Client) -> None:
    found = lights(operator)
    assert (found["Database: Reached"], found["Triage model: Installed"]) == ("success", "success")
    assert (found["Parked: 2 events and writes"], len(found)) == ("warning", 12)
    text = operator.get(PAGE).content.decode()
    assert ("Something needs a look" in text, f'k-button" href="{reverse("admin:klark_delivery_changelist")}"' in text) == (
        True, True)  # fmt: skip


def test_it_says_so_when_everything_is_well(ours: Company, operator: Client) -> None:
    with within(ours.tenant):
        Delivery.of(ours.tenant).update(state="sent")
        WebhookEvent.of(ours.tenant).update(state="done")
    assert set(lights(operator).values()) == {"success"}
    assert "Everything is well" in operator.get(PAGE).content.decode()


def test_it_tells_what_is_stopped_spent_or_not_taken_by_a_program(ours: Company, operator: Client) -> None:
    stop(ours.tenant, "lea")
    with within(ours.tenant):
        Policy.objects.update(budget_day="10")
        webhook = OutgoingWebhook.objects.create(tenant_id=ours.tenant, name="pager", url="https://pager.example")
        Notification.objects.create(tenant_id=ours.tenant, webhook=webhook, kind="test", key="1", state="parked")
    rows.spend(ours.tenant, "8.5")
    found = lights(operator)
    assert found["Notifications to programs: 1 that its address did not take"] == "warning"
    assert found["Budgets for models: Alder: 85 % used"] == "warning"
    assert [light for said, light in found.items() if said.startswith("Stopped by hand: Alder since")] == ["warning"]
    (figures,) = operator.get(reverse("admin:index")).context["tenants"]
    assert (figures.untold, figures.costs.percent) == (1, 85)
    rows.spend(ours.tenant, "1.5")
    assert lights(operator)["Budgets for models: Alder: 100 % used"] == "danger"


def test_another_tenants_rows_are_nobody_elses_business(ours: Company, operator: Client) -> None:
    company("birch")
    assert lights(operator)["Parked: 2 events and writes"] == "warning"


def test_it_speaks_french(ours: Company, operator: Client) -> None:
    assert lights(operator, **{"accept-language": "fr"})["Base de données: Joignable"] == "success"


@pytest.mark.parametrize(("role", "status"), [("agent", 403), ("lead", 403), ("operator", 200)])
def test_it_is_for_operators(ours: Company, role: str, status: int) -> None:
    assert login("someone", (ours, role)).get(PAGE).status_code == status


def test_a_stranger_has_to_log_in(client: Client) -> None:
    assert client.get(PAGE).headers["location"].startswith(reverse("admin:login"))
