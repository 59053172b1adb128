"""The pages on outcomes and autonomy in a headless Chromium, light and dark. KLARK_SHOTS names a folder for pictures."""

import os
from datetime import timedelta
from itertools import cycle
from pathlib import Path

import pytest
from django.utils import timezone

from klark.models import Aftermath, Connection, Delivery, Draft, Membership, Outcome, Standing, within
from tests.browser.test_admin import ours, page, pytestmark, sideways  # noqa: F401  # fixtures and marks
from tests.klark import rows
from tests.klark.companies import Company

PAINTED = """() => {
  const canvas = document.querySelector("canvas.chart");
  const pixels = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data;
  return new Set(new Uint32Array(pixels.buffer)).size;
}"""
"""How many colours there are on the chart; nothing drawn is one."""
EDGE = """() => {
  const canvas = document.querySelector("canvas.chart");
  return canvas.getContext("2d").getImageData(0, 0, 1, canvas.height).data.some((each) => each > 0);
}"""
"""Whether anything is drawn at the chart's left edge, which then is cut."""
CUT = "[...document.querySelectorAll('.k-card')].filter(card => card.scrollWidth > card.clientWidth).length"
"""How many cards have a table that is wider than they are."""
ENDS = ("sent", "sent", "sent", "edited", "sent", "rejected", "handover", "sent", "waiting", "overtaken")


def history(account: Connection, topic: str) -> None:
    """Drafts of the last twelve weeks, and what became of them."""
    about = {"tenant_id": account.tenant_id}
    ends, verdicts = cycle(ENDS), cycle(("same", "partly", "contradicts", "", "same"))
    for number in range(84):
        at = timezone.now() - timedelta(days=number)
        draft = rows.draft(account, 100 + number, created_at=at, customer_wrote_at=at - timedelta(minutes=3), cost="0.0123",
                           topic=topic if number % 3 else "", language="en" if number % 4 else "fr")  # fmt: skip
        end = next(ends)
        kind = Delivery.Kind.HANDOVER if end == "handover" else Delivery.Kind.REPLY
        state = {"rejected": "retired", "overtaken": "retired", "waiting": "waiting"}.get(end, "sent")
        rows.delivery(account, 100 + number, draft=draft, kind=kind, state=state, sending_at=at, ended_at=at)
        if end in ("edited", "rejected", "overtaken"):
            edit = {"kept": 0.8, "verdict": next(verdicts), "values_changed": number % 4 > 0} if end == "edited" else {}
            Outcome.objects.create(**about, draft=draft, kind=end, **edit, at=at)
        if number > 7:
            rating = ("good", "", "", "bad")[number % 4]
            answer = {"agent_at": at, "agent_kept": 0.3, "agent_verdict": next(verdicts)} if end == "overtaken" else {}
            Aftermath.objects.create(**about, draft=draft, is_over=number % 7 > 0, satisfaction=rating, **answer)


@pytest.fixture
def lead(page: object, ours: Company) -> object:  # noqa: F811  # the fixtures
    Membership.objects.filter(tenant=ours.tenant).update(role="lead")
    rows.policy(ours.tenant, autonomy="proposed", time_zone="Europe/Paris")
    with within(ours.tenant):
        history(Connection.of(ours.tenant).get(), "alder-topic")
        Standing.objects.create(
            tenant_id=ours.tenant, topic="alder-topic", language="en", rung="queue", why="new", proposed=True
        )
        Standing.objects.create(tenant_id=ours.tenant, topic="", language="fr", rung="reply", why="earned")
        Draft.of(ours.tenant).filter(ticket_id="100").update(live=False)
    return page


def shoot(page: object, name: str) -> None:  # noqa: F811  # the fixture
    if folder := os.environ.get("KLARK_SHOTS"):
        for look in ("light", "dark"):
            page.evaluate(f"localStorage.setItem('adminTheme', JSON.stringify('{look}'))")
            page.reload()
            page.screenshot(path=str(Path(folder) / f"{name}-{page.language}-{look}.png"), full_page=True)


def test_outcomes_fit_a_laptops_width_and_their_chart_is_drawn(lead: object) -> None:
    lead.goto(f"{lead.home}/admin/klark/draft/outcomes/")
    lead.wait_for_function(f"({PAINTED})() > 4")
    shoot(lead, "outcomes")
    assert (sideways(lead), lead.locator(".k-outcomes table").count()) == (0, 8)
    cut = {
        part.evaluate("part => part.click() ?? part.id"): lead.evaluate(CUT)
        for part in lead.locator("[name=part]").all()
    }
    assert cut == {"k-ends": 0, "k-work": 0, "k-worth": 0}
    lead.locator("a[href*='ending=edited']").click()
    lead.wait_for_selector("#result_list")
    assert lead.locator("#result_list tbody tr").count() == 9


def test_a_phone_cuts_no_label_of_a_chart(lead: object) -> None:
    lead.set_viewport_size({"width": 390, "height": 844})
    for place in ("trends", "outcomes"):
        lead.goto(f"{lead.home}/admin/klark/draft/{place}/")
        lead.wait_for_function(f"({PAINTED})() > 4")
        assert (place, lead.evaluate(EDGE)) == (place, False)


def test_autonomy_fits_a_laptop_and_a_phone(lead: object) -> None:
    lead.goto(f"{lead.home}/admin/klark/policy/autonomy/")
    shoot(lead, "autonomy")
    assert (sideways(lead), lead.evaluate(CUT), lead.locator(".k-ladder tbody tr").count()) == (0, 0, 2)
    lead.set_viewport_size({"width": 360, "height": 740})
    assert (sideways(lead), lead.evaluate(CUT)) == (0, 0)
