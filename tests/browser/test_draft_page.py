"""A draft's page as one reads it, in a headless Chromium: the message to answer, and each sentence with its source."""

import os
from pathlib import Path

import pytest

from klark.models import Delivery, Draft, within
from tests.browser.test_access import PHONE, faults
from tests.browser.test_admin import opened, ours, page, pytestmark, sideways, state  # noqa: F401
from tests.browser.test_queue import SETTLES_MS, english
from tests.klark.assistance.scripted_model import record_ticket
from tests.klark.assistance.threads import threads
from tests.klark.companies import Company

LETTER = "Hello Jane,\n\nSend it within 30 days. We refund 60 % then.\n\n- alder team"
FIGURE = {"id": "klark.G161", "level": "HOLD", "why": "", "sentence": 1, "words": "60 %"}
LOW = {"width": 1280, "height": 700}
IN_SIGHT = """(selector) => {
  const { top, bottom } = document.querySelector(selector).getBoundingClientRect();
  return top >= 0 && bottom <= innerHeight;
}"""


def picture(page: object, name: str) -> None:  # noqa: F811
    if folder := os.environ.get("KLARK_SHOTS"):
        page.screenshot(path=str(Path(folder) / f"{name}.png"))


@pytest.fixture
def letter(ours: Company) -> Company:  # noqa: F811
    """A draft of two sentences, of which one has a figure that comes from nowhere, for a thread of five messages."""
    record_ticket(ours, threads()[0].ticket)
    source = {"title": "Returns", "url": "https://alder.example/returns", "version": 2}
    sentences = [
        {
            "text": "Send it within 30 days.",
            "state": "COPIED",
            "sources": [{**source, "text": "Send it within 30 days."}],
        },
        {
            "text": "We refund 60 % then.",
            "state": "UNSUPPORTED",
            "sources": [{**source, "text": "We refund the price."}],
        },
    ]
    with within(ours.tenant):
        Draft.objects.filter(pk=ours.draft).update(reply_text=LETTER, sentences=sentences, findings=[FIGURE])
        Delivery.objects.filter(pk=ours.delivery).update(text=LETTER)
    return ours


@english
def test_a_draft_opens_at_the_message_to_answer_also_on_a_phone(page: object, letter: Company) -> None:  # noqa: F811
    page.set_viewport_size(LOW)
    opened(page)
    picture(page, "low")
    assert (page.evaluate(IN_SIGHT, "#turn"), page.evaluate("[scrollY, document.activeElement.tagName]")) == (
        True, [0, "BODY"])  # fmt: skip
    page.click("details:has([value=reject]) summary")
    page.wait_for_function(IN_SIGHT, arg="button[value=reject]")
    picture(page, "reject")
    wrong = faults(page, "draft")
    page.set_viewport_size(PHONE)
    page.reload()
    picture(page, "phone")
    assert (page.evaluate(IN_SIGHT, "#turn"), page.locator("#k-message-1").is_visible(), sideways(page), wrong) == (
        True, False, 0, [])  # fmt: skip


@english
def test_on_a_phone_nobody_approves_a_reply_that_was_not_in_view(page: object, letter: Company) -> None:  # noqa: F811
    button = page.locator(".k-bar button[value=approve]")
    for width in (390, 360):  # at the last one it is also approved
        page.set_viewport_size({"width": width, "height": 640})
        page.goto(page.draft)
        assert (page.evaluate(IN_SIGHT, "#k-read"), button.inner_text()) == (False, "Read, then approve")
        button.dblclick()
        assert (page.evaluate(IN_SIGHT, "#k-read"), state(letter)[0]) == (True, "waiting")
        picture(page, f"phone-{width}")
        page.wait_for_timeout(SETTLES_MS)
        assert button.inner_text() == "Approve"
    button.click()
    page.wait_for_selector(".k-order")
    assert state(letter)[0] == "due"


@english
def test_on_a_phone_a_long_finding_takes_two_lines_until_it_is_tapped(page: object, letter: Company) -> None:  # noqa: F811
    with within(letter.tenant):
        draft = Draft.objects.get(pk=letter.draft)
        draft.sentences[1]["sources"][0]["text"] = (
            "We refund the price, and the parcel's way back, by the way it was paid. " * 4
        )
        draft.findings = [FIGURE, {**FIGURE, "id": "klark.G151"}]
        draft.save()
    page.set_viewport_size(PHONE)
    opened(page)
    finding = page.locator(".k-why .k-remarks > li")
    folded = finding.bounding_box()["height"]
    assert (folded < 50, page.locator("#k-read").bounding_box()["y"] < PHONE["height"]) == (True, True)
    finding.click()
    assert finding.bounding_box()["height"] > 3 * folded
    page.set_viewport_size(LOW)
    page.keyboard.press("Escape")
    assert finding.evaluate("each => getComputedStyle(each).webkitLineClamp") == "none"


@english
def test_each_sentence_leads_to_its_source_and_a_click_edits_it_there(page: object, letter: Company) -> None:  # noqa: F811
    page.set_viewport_size(LOW)
    opened(page)
    page.hover(".k-claim[data-claim='1']")
    assert page.locator(".k-said.k-lit").inner_text() == "Send it within 30 days."
    marked = page.locator("#k-read mark")
    marked.hover()
    picture(page, "hover")
    assert (marked.inner_text(), marked.get_attribute("title")) == ("60 %", "A figure that comes from nowhere")
    assert "We refund the price." in page.locator("#k-source").inner_text()
    assert page.locator(".k-claim.k-lit p").first.inner_text() == "We refund 60 % then."
    page.focus(".k-said[data-claim='1']")
    assert "Send it within 30 days." in page.locator("#k-source").inner_text()
    page.keyboard.press("Enter")
    page.keyboard.type(" Or 40.")
    picture(page, "edit")
    assert page.input_value("#k-body") == LETTER.replace("days.", "days. Or 40.")
    page.fill("#k-body", LETTER)
    page.keyboard.press("Escape")  # as it was: to be read again
    marked.click()
    assert LETTER[page.evaluate("document.activeElement.selectionStart") - 1 :].startswith(("60", "0 %", " 60", " %"))
    page.keyboard.press("Escape")
    page.wait_for_timeout(SETTLES_MS)
    page.keyboard.press("a")
    page.wait_for_selector(".k-order")
    assert state(letter) == ("due", LETTER)
