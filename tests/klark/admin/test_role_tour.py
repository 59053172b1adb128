"""Each role walks through all that its pages link to, and presses every button there: nothing that is offered is then refused."""

import re
from collections import deque
from urllib.parse import urljoin, urlsplit

import lxml.html
import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from klark.models import Membership
from tests.bench.tenants_apart import furnished
from tests.klark.companies import Company, login, superuser

pytestmark = pytest.mark.django_db
ROW = re.compile(r"/(\d+|[0-9a-f-]{36})(?=/)")
ELSEWHERE = ("/admin/login/", "/admin/logout/", "/language", "/admin/2fa/", "/admin/password")
"""What leads out of the admin, and what everybody has."""
LEAST = {"viewer": 8, "agent": 9, "lead": 25, "operator": 40}
"""How many kinds of pages a role sees at least."""


class Tour:
    """A browser that opens one page of each kind, and presses each button once; `refused` is what it was shown in vain."""

    def __init__(self, browser: Client) -> None:
        self.browser, self.refused = browser, []
        self.seen: set[str] = set()
        self.due = deque([(reverse("admin:index"), "")])

    def run(self) -> None:
        while self.due:
            place, before = self.due.popleft()
            answer = self.browser.get(place)
            self.note(f"{place} on {before}", answer.status_code)
            if answer.status_code == 200 and answer.headers["Content-Type"].startswith("text/html") and answer.content:
                self.look(place, lxml.html.fromstring(answer.content))

    def look(self, place: str, page: lxml.html.HtmlElement) -> None:
        for link in page.xpath("//a/@href"):
            target = urlsplit(urljoin(place, link))
            if target.path.startswith("/admin/") and not target.path.startswith(ELSEWHERE) and self.new(target.path):
                self.due.append((target.path + (f"?{target.query}" if target.query else ""), place))
        for form in page.forms:
            for button in form.xpath(".//button[not(@type) or @type='submit']"):
                self.press(urljoin(place, button.get("formaction") or form.action or place), form, button)

    def press(self, place: str, form: lxml.html.FormElement, button: lxml.html.HtmlElement) -> None:
        name = f"{place} {button.get('name')}={button.get('value')}"
        if form.method != "POST" or place.startswith(ELSEWHERE) or not self.new(name):
            return
        filled = dict(form.form_values()) | (
            {button.get("name"): button.get("value", "")} if button.get("name") else {}
        )
        with transaction.atomic():  # each finds everything as it was
            self.note(name, self.browser.post(place, filled).status_code)
            transaction.set_rollback(True)

    def new(self, name: str) -> bool:
        kind = ROW.sub("/*", name)
        known = kind in self.seen
        self.seen.add(kind)
        return not known

    def note(self, name: str, status: int) -> None:
        if status >= 400:
            self.refused.append(f"{status} {name}")


@pytest.mark.parametrize("role", list(Membership.Role))
def test_nothing_that_a_role_is_offered_is_then_refused(ours: Company, role: str) -> None:
    furnished(ours)
    tour = Tour(login("somebody", (ours, role)))
    tour.run()
    assert (tour.refused, len(tour.seen) >= LEAST[role]) == ([], True)


def test_whoever_installs_klark_is_refused_nothing_before_there_is_a_tenant() -> None:
    tour = Tour(superuser())
    tour.seen.add(reverse("admin:app_list", args=("klark",)))  # Django's list of every model
    tour.run()
    assert (tour.refused, len(tour.seen) >= 8) == ([], True)
