"""The queue for everyone: axe finds nothing serious in it, light and dark, and on a phone it fits and can be worked with."""

import os
from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from typing import Any

import pytest
from pytest_django.live_server_helper import LiveServer

from klark.models import Connection, Delivery, Draft, within
from tests.browser.test_admin import log_in, opened, ours, pytestmark, sideways  # noqa: F401
from tests.klark import rows
from tests.klark.companies import HOLD, Company, drafted

CHECKER = "axe_playwright_python.sync_playwright"
AXE = (import_module(CHECKER) if "CI" in os.environ else pytest.importorskip(CHECKER)).Axe()
ALL = {"resultTypes": ["violations"], "preload": False}
"""Every rule. What axe would load beforehand, all style sheets anew, serves a rule on films alone."""
CONTRAST = {**ALL, "runOnly": ["color-contrast"]}
GRAVE = ("serious", "critical")
LAPTOP, PHONE = {"width": 1280, "height": 900}, {"width": 360, "height": 740}
FADED_MS = 300  # until what fades in has done so
OTHER_LOOK = "document.documentElement.classList.toggle('dark')"
WITHOUT_MENU = {"exclude": [["#nav-sidebar"]]}


def violations(page: object, rules: Mapping[str, Any], where: Any = None) -> Sequence[Mapping[str, Any]]:
    """What axe finds in the open page by these rules."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE.axe_script)
    ask = "([where, rules]) => axe.run(where ?? document, rules).then((found) => found.violations)"
    return page.evaluate(ask, [where, rules])


def grave(found: Sequence[Mapping[str, Any]], told: str) -> list[str]:
    """What is serious or critical of it, with the elements."""
    return [
        f"{told}: {each['id']} {node['target']} {node.get('failureSummary', '')[:160]}"
        for each in found
        if each["impact"] in GRAVE
        for node in each["nodes"]
    ]


def faults(page: object, name: str, where: Any = WITHOUT_MENU) -> list[str]:
    """What axe finds in the open page, in its own and the other look and on a phone, and whether it is too wide for a window.
    The menu beside it is the same on each page; `None` is all of a page, a selector is that part of it."""
    page.wait_for_load_state("load")
    page.wait_for_timeout(FADED_MS)
    found = grave(violations(page, ALL, where), name)
    page.evaluate(OTHER_LOOK)
    found += grave(violations(page, CONTRAST, where), f"{name}, in the other look")
    page.evaluate(OTHER_LOOK)
    widths = [sideways(page)]
    page.set_viewport_size(PHONE)
    page.wait_for_timeout(FADED_MS)
    found += grave(violations(page, ALL, where), f"{name}, on a phone")
    widths.append(sideways(page))
    page.set_viewport_size(LAPTOP)
    return found + [f"{name}: {widths} px too wide"] * any(widths)


@pytest.fixture
def page(window: Callable[..., object], live_server: LiveServer, ours: Company) -> object:  # noqa: F811
    """The queue with two drafts, one of them with a long subject and a remark, in a browser that is dark."""
    with within(ours.tenant):
        connection = Connection.objects.get(pk=ours.connection)
        long = drafted(ours.tenant, connection, "birch", ticket_id="102", findings=(HOLD,))
        Draft.objects.filter(pk=long.pk).update(subject="A question with a long subject about " * 6, confidence=0.4)
        Delivery.objects.filter(draft=long, kind="reply").update(text="A long line of a reply. " * 20)
        Draft.objects.filter(pk=long.pk).update(customer_wrote_at="2026-11-20 08:00:00+00:00")
        long.deliveries.update(customer_wrote_at="2026-11-20 08:00:00+00:00")
    page = window(viewport=LAPTOP, color_scheme="dark")
    log_in(page, live_server, "camille", "/admin/klark/draft/")
    page.wait_for_selector("#result_list")
    return page


def test_axe_finds_nothing_serious(page: object) -> None:
    assert page.locator("html.dark").count() == 1  # as the browser is
    found = faults(page, "list", None)
    opened(page)
    found += faults(page, "draft")
    page.click("[data-opens]")  # what a press brings stands on the same page
    found += faults(page, "keys", "dialog[open]")
    page.keyboard.press("Escape")
    page.click("details:has([value=reject]) summary")
    found += faults(page, "reject", "details:has([value=reject])")
    page.click("button[value=approve]")
    page.wait_for_selector(".k-undo")
    found += faults(page, "next draft", "#k-main")
    page.click("a[aria-keyshortcuts='q /']")
    page.wait_for_selector(".k-undo")
    found += faults(page, "list with undo", ".k-undo")
    assert "\n".join(found) == ""


def test_approve_is_in_sight_beside_a_long_reply_and_on_a_phone(page: object) -> None:
    rows.change(Delivery, text="A long line of a long reply. " * 120)
    opened(page)
    for window in (LAPTOP, PHONE):
        page.set_viewport_size(window)
        box = page.locator("button[value=approve]").bounding_box()
        assert (sideways(page), box["y"] >= 0, box["y"] + box["height"] <= window["height"]) == (0, True, True)
    page.click("details:has([value=reject]) summary")
    assert sideways(page) == 0
