"""Every page of the admin works under its content policy, and a script that somebody smuggles into a page does not run."""

import pytest
from django.contrib import admin
from django.contrib.auth import get_user_model
from django.urls import reverse

from klark.admin.navigation import GROUPS
from tests.browser.test_admin import ours, page, pytestmark  # noqa: F401  # the fixtures and the marks
from tests.klark.companies import Company

SMUGGLED = """() => {
  const script = document.createElement("script");
  script.textContent = "window.smuggled = true";
  document.body.append(script);
  document.body.insertAdjacentHTML("beforeend", "<img src='/nowhere' onerror='window.smuggled = true'>");
  return new Promise((done) => setTimeout(() => done(window.smuggled === true), 300));
}"""


def addresses(company: Company) -> list[str]:
    """Every page that the sidebar leads to, and the forms of every model: of a new row, and of the company's own."""
    rows = company.rows()
    forms = {
        *(f"admin:{model._meta.app_label}_{model._meta.model_name}_add" for model in admin.site._registry),
        *(f"admin:{name}" for _, entries in GROUPS for name, *_ in entries),
    }
    own = [reverse(f"admin:klark_{name}_change", args=(key,)) for name, key in rows.items()]
    return [*sorted(reverse(name) for name in forms), *own]


@pytest.mark.parametrize("page", ["en"], indirect=True)
def test_every_page_loads_only_what_the_policy_allows(page: object, ours: Company) -> None:  # noqa: F811
    get_user_model().objects.update(is_superuser=True)
    home = page.url.partition("/admin/")[0]
    for address in addresses(ours):
        page.goto(f"{home}{address}")
        page.wait_for_load_state("load")


@pytest.mark.parametrize("page", ["en"], indirect=True)
def test_a_smuggled_script_does_not_run(page: object) -> None:  # noqa: F811
    assert page.evaluate(SMUGGLED) is False
    assert len(page.wrong) == 2  # and the browser said so of both
    page.wrong.clear()
