"""A script or a style sheet that somebody smuggles into a page does nothing. (`test_every_page`: every page works under the
content policy.)"""

import pytest

from tests.browser.test_admin import ours, page, pytestmark  # noqa: F401  # the fixtures and the marks

SMUGGLED = """() => {
  const script = document.createElement("script");
  script.textContent = "window.smuggled = true";
  document.body.append(script);
  document.body.insertAdjacentHTML("beforeend", "<img src='/nowhere' onerror='window.smuggled = true'>");
  return new Promise((done) => setTimeout(() => done(window.smuggled === true), 300));
}"""


STYLED = """() => {
  document.body.insertAdjacentHTML("beforeend", "<style>body { background: rgb(1, 2, 3) !important }</style>");
  return getComputedStyle(document.body).backgroundColor === "rgb(1, 2, 3)";
}"""
PRIMARY = "getComputedStyle(document.documentElement).getPropertyValue('--color-primary-600').trim()"


@pytest.mark.parametrize("page", ["en"], indirect=True)
def test_a_smuggled_script_does_not_run(page: object) -> None:  # noqa: F811
    page.goto(page.queue)
    assert page.evaluate(SMUGGLED) is False
    assert len(page.wrong) == 2  # and the browser said so of both
    page.wrong.clear()


@pytest.mark.parametrize("page", ["en"], indirect=True)
def test_a_smuggled_style_sheet_is_refused_and_klarks_own_colours_are_there(page: object) -> None:  # noqa: F811
    page.goto(page.queue)
    assert (page.wrong, page.evaluate(PRIMARY)) == ([], "oklch(50% .16 250)")
    assert page.evaluate(STYLED) is False
    assert len(page.wrong) == 1  # and the browser said so
    page.wrong.clear()
