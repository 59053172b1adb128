"""The page "Is it well?" as an operator meets it, in a headless Chromium. KLARK_SHOTS names a folder for pictures."""

import pytest

from klark import health
from klark.models import Connection, Membership
from tests.browser.test_admin import ours, page, pytestmark, sideways  # noqa: F401  # fixtures and marks
from tests.browser.test_gaps import shoot
from tests.klark import rows
from tests.klark.companies import Company


def test_the_lights_are_reached_from_the_side_menu_and_fit_a_laptops_width(
    page: object,  # noqa: F811  # the fixtures
    ours: Company,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(health.broker_probe, "ask", lambda: None)
    rows.change(Connection, trouble="The token is wrong.")
    Membership.objects.filter(tenant=ours.tenant).update(role="operator")
    page.goto(page.queue)
    page.click("a[href='/admin/klark/connection/health/']")
    page.wait_for_selector(".k-gap")
    shoot(page, "health")
    tags = page.locator(".k-gap .k-tag")
    assert (sideways(page), tags.count(), page.locator(".k-gap .k-danger").count()) == (0, 12, 1)
