"""The pages on gaps and memory as a lead meets them, in a headless Chromium. KLARK_SHOTS names a folder for pictures."""

import os
from dataclasses import asdict, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from klark.context.ticket_history import keep_history
from klark.delivery.record import storable
from klark.models import Connection, Delivery, Membership, Source, within
from klark.values.own_comments import OwnComments
from klark.values.recalled_tickets import Alike, Before, Memory
from tests.browser.test_access import faults
from tests.browser.test_admin import ours, page, pytestmark, sideways  # noqa: F401  # fixtures and marks
from tests.klark import rows
from tests.klark.admin.test_gaps import asked
from tests.klark.companies import Company
from tests.klark.said import ALEX, CAMILLE, comment, ticket

ASKED = (
    "Do you sell gift cards?", "Can I buy a gift card for my brother?", "Is there a gift card for sale?",
    "Where is the workshop?", "Can I pay in three instalments without fees?", "Do you lend a bag while mine is repaired?",
)  # fmt: skip
WHEN = datetime(2026, 11, 2, 9, tzinfo=UTC)
MEMORY = Memory(
    (Before("31", "Zip of the bag", WHEN, open=True, asked="The zip is broken.", answered="We will send a new zip on Friday.",
            promised=("We will send a new zip on Friday.",), language="en"),),
    (Alike("12", "My zip jams", "Ask for a photo of the zip first. If it is torn, open a repair.", WHEN),),
)  # fmt: skip


def shoot(page: object, name: str) -> None:  # noqa: F811  # the fixture
    if folder := os.environ.get("KLARK_SHOTS"):
        page.screenshot(path=str(Path(folder) / f"{name}-{page.language}.png"), full_page=True)


@pytest.fixture
def lead(page: object, ours: Company) -> object:  # noqa: F811  # the fixtures
    Membership.objects.filter(tenant=ours.tenant).update(role="lead")
    with within(ours.tenant):
        account = Connection.of(ours.tenant).get()
    for number, question in enumerate(ASKED, 60):
        asked(
            account,
            number,
            question,
            topic="alder-topic",
            reason="partly_answerable" if number == 61 else "not_answerable",
        )
    for number, days in ((60, 14), (61, 14), (62, 30)):
        told = f"Gift cards of 20 and 50 euros are sold in the shop. An unused card goes back within {days} days."
        closed = ticket(comment(1, CAMILLE, ASKED[number - 60]), comment(2, ALEX, told), status="solved", subject="")
        with within(ours.tenant):
            keep_history(account, replace(closed, id=str(number)), OwnComments(frozenset()))
    hidden = "<p hidden>Hidden.</p>"
    rows.article(ours.tenant, "Returns", f"<p>You may return an unused item in its own box within 30 days.</p>{hidden}")
    rows.article(
        ours.tenant, "Sending things back", "<p>You may return an unused item in its own box within 14 days.</p>"
    )
    return page


def test_gaps_fit_a_laptops_width_and_become_an_article(lead: object) -> None:
    lead.goto(f"{lead.home}/admin/klark/article/gaps/")
    shoot(lead, "gaps")
    assert (sideways(lead), lead.locator(".k-gap").count()) == (0, 4)
    lead.locator(".k-gap button").first.click()
    lead.wait_for_selector("[name=text]")
    shoot(lead, "drafted")
    wrong = [sideways(lead), *faults(lead, "drafted")]
    lead.locator("[value=accept]").click()
    lead.wait_for_selector("#k-progress")
    shoot(lead, "accepted")
    assert ([*wrong, sideways(lead)], "14" in lead.inner_text(".k-steps")) == ([0, 0], True)


def test_memory_stands_on_the_drafts_page(lead: object, ours: Company) -> None:  # noqa: F811  # the fixture
    with within(ours.tenant):
        draft = Delivery.objects.select_related("draft").get(pk=ours.delivery).draft
        draft.record["memory"] = storable(asdict(MEMORY))
        draft.save()
    lead.goto(f"{lead.home}/admin/klark/draft/{draft.pk}/change/")
    for summary in lead.locator(".k-recalled summary").all():
        summary.click()
    shoot(lead, "memory")
    assert (sideways(lead), lead.locator(".k-recalled").count()) == (0, 2)
    assert "We will send a new zip on Friday." in lead.locator(".k-recalled").first.inner_text()


def test_sources_fit_a_laptops_width(lead: object, ours: Company) -> None:  # noqa: F811  # the fixture
    with within(ours.tenant):
        row = Source.objects.create(
            tenant_id=ours.tenant, name="handbook", kind="folder", address="/srv/handbook", documents=41, changed=3, left_out=2,
            left=[["guide.pdf", "is encrypted: save it anew without a password"], ["prices.csv, line 7", "has 3 columns, not 2"]],
            read_at=WHEN,
        )  # fmt: skip
    lead.goto(f"{lead.home}/admin/klark/source/")
    shoot(lead, "sources")
    widths = [sideways(lead)]
    lead.goto(f"{lead.home}/admin/klark/source/{row.pk}/change/")
    shoot(lead, "source")
    assert [*widths, sideways(lead)] == [0, 0]
