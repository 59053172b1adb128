"""The admin as a person meets it, in a headless Chromium: log in, take a draft from the queue, edit it, approve it."""

import os
from collections.abc import Callable, Iterator

import pytest
from django.conf import settings
from django.contrib.auth import get_user_model
from django.test import Client
from pytest_django.live_server_helper import LiveServer

from klark.models import Delivery, Membership, Outcome, within
from tests.browser.conftest import CHROMIUM, DRIVER
from tests.klark.companies import HOLD, Company, company

if "CI" not in os.environ:
    pytest.importorskip(DRIVER, reason="no group browser here")

PASSWORD = "a long password"

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not CHROMIUM and "CI" not in os.environ, reason="there is no chromium on this machine"),
]


def log_in(page: object, live_server: LiveServer, name: str, place: str = "") -> None:
    """Opens a page of the admin, if one is named, for a user who has logged in already."""
    client = Client()
    client.force_login(get_user_model().objects.get(username=name))
    session = {"name": settings.SESSION_COOKIE_NAME, "value": client.session.session_key, "url": live_server.url}
    page.context.add_cookies([session])
    if place:
        page.goto(f"{live_server.url}{place}")


@pytest.fixture
def ours() -> Company:
    made = company("alder")
    user = get_user_model().objects.create_user("camille", "camille@alder.example", PASSWORD, is_staff=True)
    Membership.objects.create(user=user, tenant_id=made.tenant, role="agent")
    return made


@pytest.fixture(params=["fr"])
def page(
    request: pytest.FixtureRequest, window: Callable[..., object], live_server: LiveServer, ours: Company
) -> Iterator[object]:
    """An empty page of an agent who is logged in, in French unless a test asks for English; what it opens must raise no error
    in its scripts, and load nothing that the content policy forbids."""
    clock = "stopped_clock" in request.fixturenames
    page, wrong = window(clock=clock, viewport={"width": 1280, "height": 900}, locale=request.param), []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("console", lambda line: wrong.append(line.text) if "Content Security Policy" in line.text else None)
    log_in(page, live_server, "camille")
    page.home, page.language, page.wrong = live_server.url, request.param, wrong
    page.queue = f"{page.home}/admin/klark/draft/"
    page.draft = f"{page.queue}{ours.draft}/change/"
    yield page
    assert wrong == []


def opened(page: object) -> object:
    """The first draft: from the list, if that is open."""
    if "/admin/" in page.url:
        page.click("#result_list a[href*='/change/']")
    else:
        page.goto(page.draft)
    page.wait_for_selector("#k-read, #k-typing:not([hidden])")
    page.wait_for_load_state("load")  # the script that watches the box runs by then
    return page


def edit(page: object, text: str) -> None:
    """Types another reply over the draft."""
    page.click("#k-edit")
    page.fill("#k-body", text)


def sideways(page: object) -> int:
    """By how many pixels the page is wider than its window."""
    return page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")


def state(company: Company) -> tuple[str, str]:
    with within(company.tenant):
        row = Delivery.objects.get(pk=company.delivery)
        return row.state, row.text


def test_who_logs_in_comes_to_the_page_that_was_asked_for(
    window: Callable[..., object], live_server: LiveServer, ours: Company
) -> None:
    page = window()
    page.goto(f"{live_server.url}/admin/klark/draft/")
    page.fill("[name=username]", "camille")
    page.fill("[name=password]", PASSWORD)
    page.press("[name=password]", "Enter")
    page.wait_for_selector("#result_list")


def test_the_pages_fit_a_laptops_width_and_what_holds_a_draft_back_stands_above_the_reply(
    page: object, ours: Company
) -> None:
    with within(ours.tenant):
        delivery = Delivery.objects.select_related("draft").get(pk=ours.delivery)
        delivery.draft.findings = [HOLD]
        delivery.draft.save()
    page.goto(page.queue)
    assert (sideways(page), sideways(opened(page))) == (0, 0)
    remark, reply = page.locator(".k-remarks").first.bounding_box(), page.locator("#k-read").bounding_box()
    assert remark["y"] < reply["y"]


def test_the_button_says_that_the_text_was_edited_and_sends_the_edit(page: object, ours: Company) -> None:
    opened(page)
    button = page.locator("button[value=approve]")
    before = button.inner_text()
    edit(page, "As edited.")
    assert (before, button.inner_text()) == ("Approuver", "Approuver avec modifications")
    button.click()
    page.wait_for_selector(".k-order")
    assert state(ours) == ("due", "As edited.")


def test_the_keyboard_is_enough_and_whoever_moves_by_it_sees_where(page: object, ours: Company) -> None:
    opened(page)
    page.click("#k-edit")
    page.keyboard.press("Tab")
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineWidth")
    assert (page.evaluate("document.activeElement.value"), outline) == ("approve", "2px")
    page.focus("#k-body")
    page.keyboard.press("Control+Enter")
    page.wait_for_selector(".k-order")
    assert state(ours) == ("due", "alder reply")


def test_rejecting_asks_for_a_reason_before_it_leaves_the_page(page: object, ours: Company) -> None:
    opened(page)
    page.click("details:has([value=reject]) summary")
    page.click("button[value=reject]")
    assert state(ours)[0] == "waiting"
    page.keyboard.type("Wrong article")  # the field has the focus already
    page.click("button[value=reject]")
    page.wait_for_selector(".k-order")
    with within(ours.tenant):
        assert [(row.kind, row.reason) for row in Outcome.objects.all()] == [("rejected", "Wrong article")]
