"""The policy and the list of decisions as a lead meets them, in a headless Chromium. KLARK_SHOTS names a folder for pictures."""

import os
from pathlib import Path

import pytest

from klark.models import Decision, Membership, within
from tests.browser.test_admin import ours, page, pytestmark, sideways  # noqa: F401  # the fixtures and the marks
from tests.klark.companies import Company

SCREENS = 3  # a policy that opens at what a lead wants first is not longer than so many windows
LAPTOP = {"width": 1366, "height": 768}


@pytest.fixture
def lead(page: object, ours: Company) -> object:  # noqa: F811  # the fixtures
    """Logged in, now as the lead, at a small laptop."""
    Membership.objects.filter(tenant=ours.tenant).update(role="lead")
    page.set_viewport_size(LAPTOP)
    return page


def shoot(page: object, name: str) -> None:  # noqa: F811  # the fixture
    if folder := os.environ.get("KLARK_SHOTS"):
        page.screenshot(path=Path(folder) / f"{name}-{page.language}.png", full_page=True)


def test_a_policy_is_short_until_a_group_is_opened(lead: object, ours: Company) -> None:  # noqa: F811  # the fixture
    lead.goto(f"{lead.home}/admin/klark/policy/{ours.policy}/change/")
    lead.wait_for_selector("[name=topic_rules-0-mode]")
    shoot(lead, "policy")
    height = lead.evaluate("document.documentElement.scrollHeight")
    assert (height < SCREENS * LAPTOP["height"], sideways(lead)) == (True, 0)
    assert lead.get_by_role("button", name="Aperçu").is_visible() is True
    assert "Ajouter\u00a0: Règle par sujet" in lead.inner_text("main")
    assert lead.locator("[name=budget_day]").is_visible() is False
    lead.locator("details:has([name=budget_day]) > summary").click()
    assert lead.locator("[name=budget_day]").is_visible() is True


def test_decisions_fit_a_laptops_width(lead: object, ours: Company) -> None:  # noqa: F811  # the fixture
    with within(ours.tenant):
        Decision.objects.update(topic="alder-topic", language="fr", milliseconds=12_345)
    lead.goto(f"{lead.home}/admin/klark/decision/")
    lead.wait_for_selector("#result_list")
    shoot(lead, "decisions")
    wider = "table => table.scrollWidth - table.parentElement.clientWidth"
    assert (sideways(lead), max(0, lead.locator("#result_list").evaluate(wider))) == (0, 0)
