"""What a lead and an operator look at, in a headless Chromium: on a laptop, and in French on a dark phone. Each page fits, and
axe finds nothing serious. KLARK_SHOTS names a folder for pictures."""

import os
from pathlib import Path

import pytest
from pytest_django.live_server_helper import LiveServer

from klark.models import Connection, Draft, Membership, Policy, within
from tests.browser.test_access import faults
from tests.browser.test_admin import log_in, ours, pytestmark, sideways  # noqa: F401
from tests.browser.test_outcomes import PAINTED, history
from tests.klark import rows
from tests.klark.companies import Company

WINDOWS = {
    "laptop": {"viewport": {"width": 1366, "height": 768}, "locale": "en"},
    "phone": {"viewport": {"width": 360, "height": 740}, "locale": "fr", "color_scheme": "dark"},
}
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


@pytest.mark.parametrize("kind", WINDOWS)
def test_the_pages_fit_and_can_be_read_by_everyone(
    chromium: object, live_server: LiveServer, busy: Company, kind: str
) -> None:
    context = chromium.new_context(**WINDOWS[kind])
    context.set_default_timeout(15_000)
    page = context.new_page()
    page.kind = kind
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
        wrong += faults(page, name) if name != "policy" else []
        wrong += [f"{kind} {name}: {sideways(page)} px too wide"] if sideways(page) else []
        if folder := os.environ.get("KLARK_SHOTS"):
            page.screenshot(path=str(Path(folder) / f"{name}-{kind}.png"), full_page=True)
    page.goto(f"{live_server.url}{places['policy']}")
    with context.expect_page() as opened:
        page.click("button[formaction]")
    opened.value.kind = kind
    wrong += faults(opened.value, "preview")
    assert opened.value.locator(".k-card").count() >= 2
    context.close()
    assert "\n".join(wrong) == ""
