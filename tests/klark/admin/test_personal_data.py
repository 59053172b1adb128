"""The page on one person's data: for leads and operators, of their own tenants, and nothing is erased without a tick."""

import json
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from klark.models import Draft
from tests.klark import rows
from tests.klark.companies import Company, company, login

pytestmark = pytest.mark.django_db

PAGE = reverse("admin:klark_personal_data")


def press(browser: Client, of: Company, *buttons: str) -> Any:
    given = {"tenant": of.tenant, "address": f"Customer@{of.mark}.example", **dict.fromkeys(buttons, "on")}
    return browser.post(PAGE, given, follow=True)


def kept(of: Company) -> str:
    return str(rows.get(Draft, tenant_id=of.tenant).requester)


def test_what_is_kept_is_counted_before_anything_happens(lead: Client, ours: Company) -> None:
    shown = press(lead, ours)
    assert ("1 ticket of their own" in shown.content.decode(), kept(ours)) == (True, "alder customer")


def test_all_of_it_comes_as_a_file(lead: Client, ours: Company) -> None:
    answer = press(lead, ours, "export")
    told = json.loads(answer.content)
    assert ([one["ticket"] for one in told["tickets"]], "attachment" in answer["Content-Disposition"]) == (["41"], True)


def test_a_tick_and_the_button_erase_it_and_say_how_much(lead: Client, ours: Company) -> None:
    assert (press(lead, ours, "erase").status_code, kept(ours)) == (200, "alder customer")
    said = [str(message) for message in press(lead, ours, "erase", "sure").context["messages"]]
    assert (kept(ours), said) == (
        "", ["Erased: Deliveries: 2, Decisions: 1, Drafts: 1, Events: 1"],
    )  # fmt: skip


def test_an_operator_may_too_and_an_agent_may_not(operator: Client, ours: Company) -> None:
    agent = login("agent", (ours, "agent"))
    assert [browser.get(PAGE).status_code for browser in (operator, agent)] == [200, 403]
    assert (press(agent, ours, "erase", "sure").status_code, kept(ours)) == (403, "alder customer")


def test_another_tenants_people_are_out_of_reach(lead: Client, ours: Company) -> None:
    theirs = company("birch")
    for buttons in ((), ("export",), ("erase", "sure")):
        assert (press(lead, theirs, *buttons).context["person"], kept(theirs)) == (None, "birch customer")


@pytest.mark.parametrize("address", ["", "customer", "@alder.example"])
def test_what_is_no_address_finds_nobody(lead: Client, ours: Company, address: str) -> None:
    answer = lead.post(PAGE, {"tenant": ours.tenant, "address": address, "erase": "on", "sure": "on"})
    assert (answer.context["person"], kept(ours)) == (None, "alder customer")
