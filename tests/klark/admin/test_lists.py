"""Lists, filters and searches of every page, in both languages: what is found, and what is not."""

import re
from collections.abc import Mapping
from typing import Any
from unittest.mock import Mock

import pytest
from django.test import Client
from django.urls import reverse

from klark.admin import unfold_headers
from klark.models import EVERY_TENANT, Article, Decision, Delivery, Draft, WebhookEvent, within
from tests.klark.companies import Company, company, drafted, login, superuser

pytestmark = pytest.mark.django_db


@pytest.fixture
def own() -> Company:
    """One of everything, and a second of what is filtered: ticket 42, another topic, sent, skipped, of a catch-up."""
    made = company("alder")
    with within(EVERY_TENANT):
        account = WebhookEvent.objects.get(pk=made.event).connection
        draft = drafted(made.tenant, account, "second", "42")
        Draft.objects.filter(pk=draft.pk).update(topic="other", language="fr")
        Delivery.objects.filter(draft=draft).update(state="sent", kind="note")
        event = WebhookEvent.objects.create(
            tenant_id=made.tenant,
            connection=account,
            ticket_id="42",
            key="key-42",
            state="done",
            origin="catch-up",
            late=True,
        )
        Decision.objects.create(
            tenant_id=made.tenant,
            event=event,
            connection=account,
            ticket_id="42",
            kind="SKIP",
            reason="spam",
            language="fr",
        )
    return made


def found(browser: Client, model: str, query: str) -> list[str]:
    """The ticket numbers of a list's rows."""
    shown = browser.get(reverse(f"admin:klark_{model}_changelist") + query)
    assert shown.status_code == 200
    return sorted(row.ticket_id for row in shown.context["cl"].result_list)


LISTS: Mapping[str, tuple[str, str, list[str]]] = {
    "the queue": ("draft", "", ["41"]),
    "drafts that wait": ("draft", "?shown=waiting", ["41"]),
    "drafts that were sent": ("draft", "?shown=sent", ["42"]),
    "drafts whose write is parked": ("draft", "?shown=parked", ["41"]),
    "drafts retired": ("draft", "?shown=retired", []),
    "all drafts": ("draft", "?shown=all", ["41", "42"]),
    "drafts by ticket": ("draft", "?shown=all&q=42", ["42"]),
    "drafts by part of a ticket": ("draft", "?shown=all&q=4", []),
    "drafts by subject": ("draft", "?shown=all&q=second+subject", ["42"]),
    "drafts by requester": ("draft", "?shown=all&q=alder+customer", ["41"]),
    "drafts by nobody": ("draft", "?shown=all&q=nobody", []),
    "drafts by topic": ("draft", "?shown=all&topic=other", ["42"]),
    "drafts by language": ("draft", "?shown=all&language=fr", ["42"]),
    "a state that is none": ("draft", "?shown=nonsense", []),
    "decisions but skips": ("decision", "", ["41"]),
    "every decision": ("decision", "?kind=all", ["41", "42"]),
    "skips": ("decision", "?kind=SKIP", ["42"]),
    "replies": ("decision", "?kind=REPLY", []),
    "decisions by reason": ("decision", "?kind=all&reason=spam", ["42"]),
    "decisions by another reason": ("decision", "?kind=all&reason=queue_by_policy", ["41"]),
    "a search looks through skips": ("decision", "?q=42", ["42"]),
    "a kind and a search": ("decision", "?q=42&kind=WAIT", []),
    "all events": ("webhookevent", "", ["41", "42"]),
    "parked events": ("webhookevent", "?state__exact=parked", ["41"]),
    "events that are done": ("webhookevent", "?state__exact=done", ["42"]),
    "events of a catch-up": ("webhookevent", "?origin__exact=catch-up", ["42"]),
    "late events": ("webhookevent", "?late__exact=1", ["42"]),
    "events by the vendor's id": ("webhookevent", "?q=key-42", ["42"]),
    "events by half an id": ("webhookevent", "?q=key", []),
    "all writes": ("delivery", "", ["41", "41", "42"]),
    "writes that were sent": ("delivery", "?state__exact=sent", ["42"]),
    "notes": ("delivery", "?kind__exact=note", ["41", "42"]),
    "writes by ticket": ("delivery", "?q=42", ["42"]),
}


def test_a_list_and_what_it_finds(own: Company) -> None:
    browser = login("ops", (own, "operator"))
    got = {name: found(browser, model, query) for name, (model, query, _) in LISTS.items()}
    assert got == {name: expected for name, (_, _, expected) in LISTS.items()}


HOSTILE = ("'", "%", "\\", "1 OR 1=1", "<script>alert(1)", "é" * 300, "9" * 60)


def test_a_strange_search_finds_nothing_and_breaks_nothing(own: Company) -> None:
    browser = login("ops", (own, "operator"))
    for model in ("draft", "article"):  # numbers are searched for in one, whole texts in the other
        address = reverse(f"admin:klark_{model}_changelist")
        got = [
            browser.get(address, {"q": text, "shown": "all"} if model == "draft" else {"q": text}) for text in HOSTILE
        ]
        assert (model, [answer.status_code for answer in got]) == (model, [200] * len(HOSTILE))
        assert (model, ["<script>alert" in answer.content.decode() for answer in got]) == (
            model,
            [False] * len(HOSTILE),
        )


@pytest.mark.parametrize("query", ["?topic__name=x", "?tenant__slug=alder", "?connection__sealed__startswith=k"])
def test_a_filter_that_is_not_offered_is_refused(own: Company, query: str) -> None:
    answer = login("ops", (own, "operator")).get(reverse("admin:klark_draft_changelist") + query)
    assert answer.status_code in {302, 400}


def test_knowledge_is_found_by_its_words_and_its_versions(own: Company) -> None:
    browser = login("lead", (own, "lead"))

    def titles(query: str) -> list[str]:
        shown = browser.get(reverse("admin:klark_article_changelist") + query)
        return [row.title for row in shown.context["cl"].result_list]

    assert [titles(query) for query in ("", "?q=returns", "?q=30+days", "?q=nothing", "?language=fr", "?source=manual")] == [
        ["alder returns"], ["alder returns"], ["alder returns"], [], [], ["alder returns"]]  # fmt: skip
    with within(EVERY_TENANT):
        Article.objects.update(current=False)
    assert [titles(query) for query in ("", "?versions=old", "?versions=all", "?versions=current")] == [
        [], ["alder returns"], ["alder returns"], []]  # fmt: skip


# A page, a word on it in English, and the same in French.
WORDS = (
    ("index", "Overview", "Vue d’ensemble"), ("klark_draft_changelist", "Queue", "File"),
    ("klark_decision_changelist", "waits for approval, as the policy says", "attend une approbation, selon la politique"),
    ("klark_policy_changelist", "Policy", "Politique"), ("klark_topic_changelist", "Topics", "Sujets"),
    ("klark_article_changelist", "Knowledge", "Connaissances"), ("klark_connection_changelist", "Connections", "Connexions"),
    ("klark_webhookevent_changelist", "parked", "de côté"), ("klark_delivery_changelist", "waiting for a person", "attend"),
)  # fmt: skip


def _plain(text: str) -> str:
    return re.sub(r"\s+", " ", text.replace("&#x27;", "'").replace("’", "'")).lower()


@pytest.mark.parametrize("language", ["en", "fr"])
def test_every_page_speaks_the_users_language(own: Company, language: str) -> None:
    browser = login("ops", (own, "operator"))
    titles = {}
    for page, english, french in WORDS:
        shown = browser.get(reverse(f"admin:{page}"), headers={"accept-language": language})
        titles[page] = (_plain(english if language == "en" else french) in _plain(shown.content.decode()),
                        f'lang="{language}"' in shown.content.decode())  # fmt: skip
    assert {page: told for page, told in titles.items() if told != (True, True)} == {}


@pytest.mark.parametrize("role", ["agent", "lead", "operator"])
def test_the_column_of_tenants_is_there_only_for_whoever_has_several(own: Company, role: str) -> None:
    other = company("birch")
    alone, both = login("alone", (own, role)), login("both", (own, role), (other, role))

    def columns(browser: Client) -> bool:
        shown: Any = browser.get(reverse("admin:klark_decision_changelist")).context["cl"]
        return "tenant" in shown.list_display

    assert (columns(alone), columns(both), columns(superuser())) == (False, True, True)


def test_the_headers_of_a_list_are_made_once_however_many_rows_it_has(
    own: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = Mock(wraps=unfold_headers.headers_of)
    monkeypatch.setattr(unfold_headers, "headers_of", made)
    assert found(login("agent", (own, "agent")), "draft", "?shown=all") == ["41", "42"]
    made.assert_called_once()
