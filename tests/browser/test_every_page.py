"""Every page that the URL conf has, in French on a phone: it fits, axe finds nothing serious in it, light and dark, it has
landmarks, none of klark's words is in English or spaced as in English, and it loads nothing that the content policy forbids. A
new page is walked by itself. KLARK_SHOTS names a folder for pictures."""

import os
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from gettext import GNUTranslations
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.urls import get_resolver
from pytest_django.live_server_helper import LiveServer

import klark
from klark.models import Connection, Delivery, within
from tests.bench.tenants_apart import PLACE, furnished, paths_of
from tests.browser.test_access import ALL, CONTRAST, GRAVE, OTHER_LOOK, WITHOUT_MENU, violations
from tests.browser.test_admin import log_in, ours, pytestmark, sideways  # noqa: F401
from tests.klark.companies import Company, drafted

PHONE = {"viewport": {"width": 360, "height": 740}, "locale": "fr"}
LANDMARKS = {"landmark-one-main", "region"}
ALIKE = re.compile(r"klark/(?!topic/)\w+/.*/(history|delete)/$|^admin/axes/access(?!log)")
"""Pages that are drawn as another model's, and are walked there."""
DRAWN_ALIKE = re.compile(r"^/admin/\w+/(?!draft|policy|connection)\w+/([\w-]+/(change|history|delete)/|add/)?$")
"""Lists and forms that Django draws: of some of them the dark colours are looked at, too, and of all other pages."""
NO_PAGE = re.compile(
    r"^(?!admin/)|<path:object_id>/$|/r/|logout|cancel/$|search/|jsi18n|autocomplete|report\.|presence|/undo/"
)
CUT = """[...document.querySelectorAll("#result_list :is(td, th)")].filter(cell => cell.scrollHeight > cell.clientHeight + 1)
  .map(cell => cell.innerText.trim().slice(0, 40))"""
"""The cells of a list that are lower than what stands in them."""
WORDS = """() => {
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), found = [];
  while (texts.nextNode()) {
    const text = texts.currentNode, box = text.parentElement;
    if (box.checkVisibility() && !box.closest(".material-symbols-outlined, [dir=auto]")) found.push(text.data.trim());
  }
  return found;
}"""
"""Each text that is to be seen, but those that somebody wrote (dir=auto), and icons."""
CATALOGUE = GNUTranslations((Path(klark.__file__).parent / "locale/fr/LC_MESSAGES/django.mo").open("rb"))._catalog
ENGLISH = {english for english, french in CATALOGUE.items() if isinstance(english, str) and english != french} - {""}
ORDINARY_SPACE = re.compile(r"\S [:;?!»]|« ")
LONG = "https://fanalou.example/" + "a-very-long-address-without-a-space-" * 6
"""A word that breaks nowhere of itself."""


@pytest.fixture
def addresses(ours: Company) -> list[str]:  # noqa: F811
    """Each page's address, with this company's rows."""
    ids = furnished(ours)
    with within(ours.tenant):
        drafted(ours.tenant, Connection.objects.get(pk=ours.connection), "birch", ticket_id="102")
        Delivery.objects.update(trouble=LONG, text=LONG)
        Connection.objects.update(trouble=LONG)
    templates = sorted(set(paths_of(get_resolver())))
    walked = [each for each in templates if not NO_PAGE.search(each) and not ALIKE.search(each)]
    return [address for each in walked if (address := filled(each, ours, ids))]


def filled(template: str, company: Company, ids: Mapping[str, Sequence[Any]]) -> str:
    """The address of one page; "" where it takes what only a press gives."""
    kind = next((kind for kind in ids if f"/{kind}/" in template), "")
    known = {"object_id": ids[kind][0], "id": ids[kind][0]} if kind else {}
    known |= {
        "connection": company.connection,
        "ticket": "41",
        "app_label": "klark",
        "url": "nothing/",
        "content_type_id": 1,
    }
    names = [one or two for one, two in PLACE.findall(template)]
    if "/do/" in template or set(names) - set(known):
        return ""
    return "/" + PLACE.sub(lambda found: str(known[found[1] or found[2]]), template).strip("^$")


@pytest.fixture
def page(window: Callable[..., object], live_server: LiveServer, ours: Company) -> Iterator[object]:  # noqa: F811
    """A superuser's phone."""
    get_user_model().objects.update(is_superuser=True)
    page, wrong = window(**PHONE), []
    page.on("pageerror", lambda error: wrong.append(f"{page.url} {error}"))
    page.on("console", lambda line: wrong.append(line.text) if "Content Security Policy" in line.text else None)
    page.home = live_server.url
    yield page
    assert wrong == []


def faults(page: object, address: str) -> list[str]:
    """What is wrong with the page that is open."""
    wide = sideways(page)
    where = None if address == "/admin/" else WITHOUT_MENU
    found = violations(page, ALL, where)
    if not DRAWN_ALIKE.search(address):
        page.evaluate(OTHER_LOOK)
        found += violations(page, CONTRAST, where)
    if folder := os.environ.get("KLARK_SHOTS"):
        page.screenshot(path=str(Path(folder) / f"{re.sub(r'[^a-z]+', '-', address)}.png"), full_page=True)
    told = page.evaluate(WORDS)
    return [f"{address}: {wide} px too wide"] * (wide > 0) + [
        f"{address}: {text!r} is cut" for text in page.evaluate(CUT)
    ] + [
        f"{address}: {text[:80]!r} is in English, or spaced as in English"
        for text in told if text in ENGLISH or ORDINARY_SPACE.search(text)
    ] + [
        f"{address}: {each['id']} {node['target']} {node.get('failureSummary', '')[:160]}"
        for each in found if each["impact"] in GRAVE or each["id"] in LANDMARKS
        for node in each["nodes"]
    ]  # fmt: skip


def walk(page: object, addresses: Sequence[str]) -> tuple[dict[str, int], list[str]]:
    """Opens each page; returns the status of each, and what is wrong with those that are there, and with one that is refused."""
    statuses, found = {}, []
    for address in addresses:
        answer = page.goto(page.home + address)
        new = answer.status == 200 or answer.status not in {405, *statuses.values()}
        statuses[address] = answer.status
        if new and answer.request.redirected_from is None:
            found += faults(page, address)
    return statuses, found


def test_every_page_fits_a_phone_and_can_be_read_by_everyone(
    page: object, live_server: LiveServer, addresses: list[str]
) -> None:
    log_in(page, live_server, "camille", "/admin/")
    statuses, found = walk(page, addresses)
    lists = [code for address, code in statuses.items() if re.fullmatch(r"/admin/klark/\w+/", address)]
    assert "\n".join(found) == ""
    assert (set(lists), max(statuses.values()) < 500, len(statuses) > 60) == ({200}, True, True)


def test_so_does_every_page_before_the_login(page: object, addresses: list[str]) -> None:
    statuses, found = walk(page, [each for each in addresses if re.match(r"/admin/(login|password/|oidc)", each)])
    assert ("\n".join(found), len(statuses) > 5) == ("", True)
