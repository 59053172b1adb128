"""The sidebar: which entry is marked as open, and what asks for someone, of one's own tenants only."""

import re
from datetime import timedelta
from types import SimpleNamespace
from typing import Any, cast

import pytest
from django.http import HttpRequest
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from klark.admin.access import Access, Power
from klark.admin.navigation import GROUPS, NAMES, _entry, _leads_to, sidebar, style
from klark.models import Delivery, Recall, Standing, WebhookEvent, within
from tests.klark.companies import Company, company, drafted, login, superuser
from tests.klark.rows import Connection

INDEX, ARTICLES, GAPS = (
    reverse(f"admin:{name}") for name in ("index", "klark_article_changelist", "klark_article_gaps")
)


@pytest.mark.parametrize(
    ("link", "path", "leads"),
    [
        (INDEX, INDEX, True), (INDEX, ARTICLES, False), (ARTICLES, ARTICLES, True), (ARTICLES, f"{ARTICLES}7/change/", True),
        (ARTICLES, GAPS, True), (GAPS, GAPS, True), (GAPS, ARTICLES, False), (ARTICLES, INDEX, False),
    ],
)  # fmt: skip
def test_an_entry_leads_to_what_is_below_it_and_the_overview_to_itself(link: str, path: str, leads: bool) -> None:
    assert _leads_to(link, path) == leads


def test_what_asks_for_someone_is_counted_and_nothing_else_has_a_badge() -> None:
    queue, events = ("klark_draft_changelist", "Queue", "inbox", Power.REVIEW), GROUPS[2][1][1]
    got = [_entry(queue, INDEX, 3, ""), _entry(queue, INDEX, 0, ""), _entry(events, INDEX, 12, "")]
    assert [(each.get("badge"), each.get("badge_variant")) for each in got] == [
        ("3", "primary"), (None, None), ("12", "danger")]  # fmt: skip


def test_every_entry_says_where_it_leads_and_what_power_it_takes() -> None:
    entries = [entry for _, some in GROUPS for entry in some]
    assert [entry[3] for entry in entries] == sorted(entry[3] for entry in entries)
    assert len({reverse(f"admin:{entry[0]}") for entry in entries}) == len(entries)


def test_klarks_style_sheet_is_on_every_page() -> None:
    assert style(HttpRequest()).endswith("klark/admin.css")


def entries(browser: Client, address: str = INDEX) -> dict[str, Any]:
    groups = browser.get(address).context["sidebar_navigation"]
    return {entry["link"]: entry for group in groups for entry in group["items"]}


@pytest.fixture
def both() -> tuple[Company, Company]:
    """Ours has one draft that waits, one recalled answer, one proposed step of two kinds of answers, and one parked event and
    write; theirs has two drafts that wait, one that sleeps, and no such kind."""
    ours, theirs = company("alder"), company("birch")
    with within(ours.tenant):
        for language in ("en", "fr"):
            kind = {"tenant_id": ours.tenant, "language": language, "rung": "queue", "why": "new"}
            Standing.objects.create(**kind, proposed=language == "fr")
    with within(theirs.tenant):
        for mark, ticket_id in (("more", "43"), ("asleep", "44")):
            drafted(theirs.tenant, Connection.of(theirs.tenant).get(), mark, ticket_id)
        Delivery.objects.filter(ticket_id="44").update(snoozed_until=timezone.now() + timedelta(hours=1))
    return ours, theirs


@pytest.mark.django_db
def test_badges_count_the_users_own_tenants(both: tuple[Company, Company]) -> None:
    ours, theirs = both
    names = ("klark_draft_changelist", "klark_recall_changelist", "klark_autonomy", "klark_webhookevent_changelist",
             "klark_delivery_changelist")  # fmt: skip
    browsers = [login("viewer", (ours, "viewer")), login("agent", (ours, "agent")), login("lead", (ours, "lead")),
                login("ops", (ours, "operator")), superuser(),
                login("mixed", (ours, "operator"), (theirs, "viewer"))]  # fmt: skip
    shown = map(entries, browsers)
    assert [[each.get(reverse(f"admin:{name}"), {}).get("badge", "") for name in names] for each in shown] == [
        ["1", "", "", "", ""], ["1", "1", "", "", ""], ["1", "1", "1", "", ""],
        ["1", "1", "1", "1", "1"], ["3", "2", "1", "2", "2"], ["3", "1", "1", "1", "1"],
    ]  # fmt: skip


@pytest.mark.django_db
def test_what_was_dealt_with_counts_no_more(both: tuple[Company, Company]) -> None:
    ours, _ = both
    with within(ours.tenant):
        Delivery.of(ours.tenant).update(state="sent")
        WebhookEvent.of(ours.tenant).update(state="done")
        Recall.of(ours.tenant).update(state="needless")
        Standing.of(ours.tenant).update(proposed=False)
    assert [entry for entry in entries(login("ops", (ours, "operator"))).values() if "badge" in entry] == []


@pytest.mark.django_db
def test_one_entry_is_marked_as_open(both: tuple[Company, Company]) -> None:
    ours, _ = both
    browser = login("ops", (ours, "operator"))
    pages = {INDEX: INDEX, ARTICLES: ARTICLES, GAPS: GAPS,
             reverse("admin:klark_article_change", args=(ours.article,)): ARTICLES}  # fmt: skip
    got = {page: [link for link, entry in entries(browser, page).items() if entry["active"]] for page in pages}
    assert got == {page: [link] for page, link in pages.items()}


@pytest.mark.django_db
def test_a_group_without_an_entry_for_the_user_is_not_shown() -> None:
    nobody = cast("HttpRequest", SimpleNamespace(path=INDEX, access=Access()))
    assert sidebar(nobody) == []


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["en", "fr"])
def test_breadcrumbs_and_title_call_a_page_as_the_menu_does(language: str) -> None:
    browser = login("ops", (company("alder"), "operator"))
    names = [f"klark_{model}_changelist" for model in ("draft", "recall", "policy", "article")]
    with translation.override(language):
        called = [str(NAMES[name]).replace("'", "&#x27;") for name in names]
    pages = [
        browser.get(reverse(f"admin:{name}"), headers={"accept-language": language}).content.decode() for name in names
    ]
    crumbs = [re.findall(r'tracking-tight">([^<]*)</', page)[-1] for page in pages]
    titles = [re.search(r"<title>\s*([^|<]*?)\s*[|<]", page) for page in pages]
    assert (crumbs, [each and each[1] for each in titles]) == (called, called)
