"""Help with a draft as an agent gets it, in a headless Chromium: a variant is read, chosen into the box, and undone."""

import pytest
from pytest_django import Settings

from tests.browser.test_admin import edit, opened, ours, page, pytestmark, sideways  # noqa: F401
from tests.browser.test_queue import english
from tests.integrations.model_server import failed
from tests.klark.assistance.scripted_model import model_of, record_draft, verdicts
from tests.klark.assistance.threads import threads
from tests.klark.companies import Company

LETTER = "Hello Jane,\n\nPlease send it within 30 days.\n\nalder team"

IN_SIGHT = """(place) => {
    const shown = document.querySelector(place), { top, bottom } = shown.getBoundingClientRect();
    return document.activeElement === shown && top >= 0 && bottom <= innerHeight;
}"""


@english
def test_a_variant_is_chosen_into_the_box_and_undone(
    page: object,  # noqa: F811
    ours: Company,  # noqa: F811
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    record_draft(ours, threads()[0].ticket)
    with model_of(ours, settings, monkeypatch) as model:
        model.server.script[:] = [failed(503)]  # for the summary: the thread is quoted
        opened(page)
        edit(page, "My own words.")
        page.click("button[value=summary]")
        page.wait_for_selector("#k-summary h3")
        written = {"answerable": True, "sentences": [{"text": "Please send it within 30 days.", "cites": ["P1.1"]}]}
        model.says(written, verdicts("supported"))
        page.evaluate("scrollTo(0, 0)")
        page.press("button[value=shorter]", "Enter")
        page.wait_for_selector("[data-puts]")
        assert page.evaluate(IN_SIGHT, "#k-variant") is True
        page.click("[data-puts]")
        assert (page.input_value("#k-body"), sideways(page)) == (LETTER, 0)
        page.keyboard.press("Control+z")
        assert page.input_value("#k-body") == "My own words."
