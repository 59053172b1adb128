"""From nothing to the first answered ticket, and the pages that lead there. KLARK_SHOTS names a folder for pictures."""

import os
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.contrib.auth import get_user_model
from django.db import connection
from django.utils import timezone
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from integrations.llms.base import Completion, Prompt
from integrations.sandbox.client import Sandbox
from klark import tasks
from klark.management.commands import connect
from klark.models import EVERY_TENANT, Connection, Membership, Tenant, within
from tests.browser.test_access import LAPTOP, faults
from tests.browser.test_admin import PASSWORD, log_in, pytestmark  # noqa: F401  # the marks
from tests.klark import rows
from tests.klark.conftest import sandbox, server  # noqa: F401  # fixtures
from tests.klark.connections.test_install import run
from tests.klark.modelled import Model, answering, furnished
from tests.klark.rows import ANSWER, ASKED

MOST_CLICKS = 10
DELIVERY = f"# Delivery times\n\n{ANSWER}\n".encode()


@pytest.fixture
def model(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> Model:
    """A model that notes whether somebody waits for it with a transaction open."""
    made = answering(monkeypatch, settings)
    real, made.in_transaction = made.complete, []

    def complete(prompt: Prompt) -> Completion:
        made.in_transaction.append(connection.in_atomic_block)
        return real(prompt)

    made.complete = complete
    return made


@pytest.fixture
def acme(sandbox: Sandbox, live_server: LiveServer, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> int:  # noqa: F811
    """A tenant as `connect` leaves it, whose help centre has no article."""
    settings.KLARK_URL = live_server.url
    monkeypatch.setattr(connect, "VARIABLE", "KLARK_TEST_HELPDESK_SECRET")
    run("connect", "freshdesk", "acme.freshdesk.com", "--tenant", "acme", "--new-tenant", "--address", sandbox.base("freshdesk"),
        secret="sandbox-key")  # fmt: skip
    user = get_user_model().objects.create_user("camille", "camille@acme.example", PASSWORD, is_staff=True)
    with within(EVERY_TENANT):
        tenant_id = Tenant.objects.get().pk
        Connection.objects.update(start_mark=timezone.now() - timedelta(minutes=2))  # the stand-in's clock is behind
    Membership.objects.create(user=user, tenant_id=tenant_id, role="lead")
    return tenant_id


@pytest.fixture
def page(window: Callable[..., object], live_server: LiveServer, acme: int) -> object:
    """The start page, where a login leads."""
    page = window(viewport=LAPTOP, locale="en")
    log_in(page, live_server, "camille", "/admin/")
    return page


def shoot(page: object, name: str) -> None:
    if folder := os.environ.get("KLARK_SHOTS"):
        page.screenshot(path=str(Path(folder) / f"{name}.png"), full_page=True)


class Clicker:
    """Clicks, and counts."""

    def __init__(self, page: object) -> None:
        self.page, self.count = page, 0

    def click(self, target: str) -> None:
        self.page.click(target)
        self.count += 1

    def choose(self, target: str, name: str, content: bytes) -> None:
        """Chooses a file: one click for the window, and one in it."""
        self.page.set_input_files(target, [{"name": name, "mimeType": "text/markdown", "buffer": content}])
        self.count += 2


def test_from_connect_to_the_first_answered_ticket_in_ten_clicks(
    page: object,
    acme: int,
    model: Model,
    sandbox: Sandbox,  # noqa: F811
) -> None:
    lead = Clicker(page)
    lead.click("text=Go on with Acme")
    shoot(page, "first-begun")
    wrong = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    lead.choose("#k-documents", "delivery.md", DELIVERY)
    assert wrong == []
    lead.click("text=Add documents")
    page.wait_for_selector("text=is being read")
    tasks.read()
    furnished(acme)  # as a worker would, with vectors, and with the judge's check
    page.wait_for_selector("#k-shelves >> text=1 article")  # without a click

    lead.click("#k-question")
    page.keyboard.type(ASKED)
    lead.click("#tried button")
    page.wait_for_selector(f".k-sent >> text={ANSWER}")
    shoot(page, "asked")
    lead.click("text=Back to the first steps")
    lead.click("[aria-label='Use this: Replies where sure']")
    page.wait_for_selector("text=In force: v1")

    ticket = sandbox.ticket("freshdesk", subject="Delivery", body=ASKED)
    assert sandbox.settled()
    tasks.work()
    (reply,) = [each for each in sandbox.stored("freshdesk", ticket)["comments"] if each["by"] == "klark"]
    assert (ANSWER in str(reply), reply["public"]) == (True, True)
    lead.click("text=Open the latest draft")
    page.wait_for_selector(".k-draft")
    page.goto(page.url.partition("/klark/")[0] + "/")
    assert page.locator("text=steps done").count() == 0
    assert lead.count <= MOST_CLICKS, lead.count
    assert set(model.in_transaction) == {False}


def test_both_pages_are_for_everyone_in_light_and_dark_and_on_a_phone(page: object, acme: int, model: Model) -> None:
    rows.article(acme)
    page.goto(f"{page.url.partition('/admin/')[0]}/admin/klark/tenant/first/")
    page.set_input_files("#k-documents", [{"name": "a.md", "mimeType": "text/markdown", "buffer": b""}])
    page.click("text=Add documents")
    page.wait_for_selector("text=a.md is empty.")
    found = faults(page, "first steps")
    shoot(page, "first")
    page.fill("#k-question", ASKED)
    page.click("#tried button")
    page.wait_for_selector(".k-claim")
    found += faults(page, "ask")
    shoot(page, "ask")
    assert "\n".join(found) == ""
