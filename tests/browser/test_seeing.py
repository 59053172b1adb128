"""What a lead and an operator look at, in French in a headless Chromium: each page fits a laptop and a phone, and axe finds
nothing serious, light and dark. KLARK_SHOTS names a folder for pictures."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from pytest_django.live_server_helper import LiveServer

from klark.models import Connection, Draft, Membership, Policy, within
from tests.browser.test_access import LAPTOP, WITHOUT_MENU, faults
from tests.browser.test_admin import log_in, ours, pytestmark  # noqa: F401
from tests.browser.test_outcomes import PAINTED, history
from tests.klark import rows
from tests.klark.companies import Company

RECORD = {
    "klark": "0", "answer": {"system": "You draft.", "user": "My mail is [EMAIL_1]", "raw": '{"sentences": []}'},
    "passages": [{"article": "a", "title": "Returns", "version": 3, "url": "https://a.example", "language": "en",
                  "sentences": ["Send it back."], "updated": "2026-11-01"}],
    "judged": [{"model": "judge", "server": "a", "trusted": True, "failed": "", "raw": "{}", "user": ""}],
}  # fmt: skip


@pytest.fixture
def busy(ours: Company) -> Company:  # noqa: F811  # the fixture
    """Drafts of weeks, a second version of the policy, and a draft with a whole record."""
    Membership.objects.filter(tenant=ours.tenant).update(role="operator")
    with within(ours.tenant):
        history(Connection.of(ours.tenant).get(), "alder-topic")
        Draft.objects.filter(pk=ours.draft).update(record={**Draft.objects.get(pk=ours.draft).record, **RECORD})
        Policy.objects.update(minutes_saved=4, budget_day="10", price_in="1")
    rows.policy(ours.tenant, mode="queue", excluded_tags=["vip"], minutes_saved=4, budget_day="10", price_in="1")
    rows.spend(ours.tenant, "8.5")
    return ours


def test_the_pages_fit_and_can_be_read_by_everyone(
    window: Callable[..., object], live_server: LiveServer, busy: Company
) -> None:
    page = window(viewport=LAPTOP, locale="fr")
    log_in(page, live_server, "camille", "/admin/")
    page.wait_for_function(f"({PAINTED})() > 3")
    wrong = []
    places = {
        "overview": "/admin/",
        "policy": f"/admin/klark/policy/{busy.policy}/change/", "versions": "/admin/klark/policy/versions/",
        "restore": f"/admin/klark/policy/{busy.policy}/restore/", "health": "/admin/klark/connection/health/",
        "why": f"/admin/klark/decision/ticket/{busy.connection}/41/",
    }  # fmt: skip
    for name, place in places.items():
        page.goto(f"{live_server.url}{place}")
        wrong += faults(page, name, None if name == "overview" else WITHOUT_MENU)
        if folder := os.environ.get("KLARK_SHOTS"):
            page.screenshot(path=str(Path(folder) / f"{name}.png"), full_page=True)
    page.goto(f"{live_server.url}{places['policy']}")
    with page.context.expect_page() as opened:
        page.click("button[formaction]")
    wrong += faults(opened.value, "preview")
    assert opened.value.locator(".k-card").count() >= 2
    assert "\n".join(wrong) == ""
