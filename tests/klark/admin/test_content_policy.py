"""What a browser may load on klark's pages, as the header says it."""

import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.test import Client
from django.urls import reverse
from unfold.settings import CONFIG_DEFAULTS

from klark.models import Connection, within
from tests.klark.companies import Company, company, login

pytestmark = pytest.mark.django_db


@pytest.fixture
def ours() -> Company:
    return company("alder")


def allowed(browser: Client, address: str) -> dict[str, str]:
    """The directives of a page's policy."""
    header = browser.get(address).headers["Content-Security-Policy"]
    return {name: sources for name, _, sources in (part.strip().partition(" ") for part in header.split(";"))}


def test_scripts_come_from_klark_alone_and_nobody_frames_it() -> None:
    assert allowed(Client(), reverse("admin:login")) == {
        "default-src": "'self'", "script-src": "'self' 'unsafe-eval'", "style-src": "'self'",
        "style-src-attr": "'unsafe-inline'", "object-src": "'none'",
        "base-uri": "'none'", "form-action": "'self'", "frame-ancestors": "'none'",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("address", "leads_to"), [("", "https://*.zendesk.com"), ("http://127.0.0.1:8099", "http://127.0.0.1:8099")]
)
def test_a_connections_page_alone_may_lead_to_its_helpdesk(ours: Company, address: str, leads_to: str) -> None:
    with within(ours.tenant):
        Connection.objects.update(address=address)
    browser = login("ops", (ours, "operator"))
    page = reverse("admin:klark_connection_change", args=(ours.connection,))
    assert allowed(browser, page)["form-action"] == f"'self' {leads_to}"
    assert allowed(browser, reverse("admin:klark_connection_changelist"))["form-action"] == "'self'"


@pytest.mark.parametrize("address", ["/health/live", "/webhooks/00000000-0000-0000-0000-000000000000/", "/nowhere"])
def test_whatever_klark_answers_has_a_policy(address: str) -> None:
    assert allowed(Client(), address)["default-src"] == "'self'"


def test_klarks_style_sheet_gives_the_colours_that_unfold_would_write_into_each_page() -> None:
    path = finders.find("klark/colours.css")
    given = re.findall(r"(--color-[\w-]+):", Path(path or "").read_text())
    assert given == [
        f"--color-{name}-{shade}" for name, shades in CONFIG_DEFAULTS["COLORS"].items() for shade in shades
    ]
