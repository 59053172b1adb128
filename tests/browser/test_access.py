"""The queue for everyone: axe finds nothing serious in it, light and dark, and on a phone it fits and can be worked with."""

import os
from collections.abc import Callable
from importlib import import_module

import pytest
from pytest_django.live_server_helper import LiveServer

from klark.models import Connection, Delivery, Draft, within
from tests.browser.test_admin import PASSWORD, log_in, opened, ours, pytestmark, sideways  # noqa: F401
from tests.klark.companies import HOLD, Company, drafted

CHECKER = "axe_playwright_python.sync_playwright"
AXE = (import_module(CHECKER) if "CI" in os.environ else pytest.importorskip(CHECKER)).Axe()
GRAVE = ("serious", "critical")


@pytest.fixture(params=["light", "dark", "phone"])
def page(
    request: pytest.FixtureRequest,
    window: Callable[..., object],
    live_server: LiveServer,
    ours: Company,  # noqa: F811
) -> object:
    """The queue with two drafts, one of them long and with a remark, in a window or on a phone."""
    with within(ours.tenant):
        connection = Connection.objects.get(pk=ours.connection)
        long = drafted(ours.tenant, connection, "birch", ticket_id="102", findings=(HOLD,))
        Draft.objects.filter(pk=long.pk).update(subject="A question with a long subject about " * 6, confidence=0.4)
        Delivery.objects.filter(draft=long, kind="reply").update(text="A long line of a long reply. " * 120)
        Draft.objects.filter(pk=long.pk).update(customer_wrote_at="2026-11-20 08:00:00+00:00")
        long.deliveries.update(customer_wrote_at="2026-11-20 08:00:00+00:00")
    size = {"width": 360, "height": 740} if request.param == "phone" else {"width": 1280, "height": 900}
    page = window(viewport=size, color_scheme="dark" if request.param == "dark" else "light")
    log_in(page, live_server, "camille", "/admin/klark/draft/")
    page.wait_for_selector("#result_list")
    page.kind = request.param
    return page


def faults(page: object, name: str) -> list[str]:
    """What axe finds serious or critical, with the elements."""
    page.wait_for_load_state("load")
    page.wait_for_timeout(300)  # until what fades in has done so
    found = AXE.run(page).response["violations"]
    return [
        f"{page.kind} {name}: {each['id']} {node['target']} {node.get('failureSummary', '')[:160]}"
        for each in found
        if each["impact"] in GRAVE
        for node in each["nodes"]
    ]


def test_axe_finds_nothing_serious(page: object) -> None:
    found = faults(page, "list")
    opened(page)
    found += faults(page, "draft")
    page.click("[data-opens]")
    found += faults(page, "keys")
    page.keyboard.press("Escape")
    page.click("details:has([value=reject]) summary")
    found += faults(page, "reject")
    page.click("button[value=approve]")
    page.wait_for_selector(".k-undo")
    found += faults(page, "next draft")
    page.click("a[aria-keyshortcuts='q /']")
    page.wait_for_selector(".k-undo")
    found += faults(page, "list with undo")
    assert "\n".join(found) == ""


@pytest.mark.parametrize("page", ["phone"], indirect=True)
def test_on_a_phone_the_page_fits_and_approve_is_in_sight(page: object) -> None:
    assert sideways(page) == 0
    opened(page)
    box = page.locator("button[value=approve]").bounding_box()
    assert (sideways(page), box["y"] >= 0, box["y"] + box["height"] <= 740) == (0, True, True)
    page.click("details:has([value=reject]) summary")
    assert sideways(page) == 0


@pytest.mark.parametrize("page", ["light"], indirect=True)
def test_beside_a_long_reply_approve_is_in_sight(page: object) -> None:
    opened(page)
    box = page.locator("button[value=approve]").bounding_box()
    assert box["y"] + box["height"] <= 900
