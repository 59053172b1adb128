"""What was asked and not found, put together and masked; articles that want a person's eye."""

import json
from collections.abc import Mapping
from dataclasses import asdict
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from klark.delivery.record import storable
from klark.knowledge.gaps import Gaps, gaps
from klark.models import (
    EVERY_TENANT,
    Article,
    Connection,
    Decision,
    Draft,
    Outcome,
    Source,
    Topic,
    WebhookEvent,
    within,
)
from tests.klark import rows
from tests.klark.companies import company, login

pytestmark = pytest.mark.django_db
PERSON = {"id": "1", "name": "Camille Durand", "email": "camille.durand@example.org"}


def asked(account: Connection, number: int, *questions: str, reason: str = "not_answerable", turn: str = "1", days: int = 0,
          language: str = "en", sentences: tuple[Any, ...] = (), topic: str = "",
          fields: Mapping[str, str] | None = None) -> Draft:  # fmt: skip
    """A ticket on which these were asked, and how it ended."""
    record = {
        "triage": {"asks": questions},
        "ticket": {"requester": PERSON, "cc": [], "comments": [{"author": PERSON}], "custom_fields": fields or {}},
    }
    with within(account.tenant_id):
        event = WebhookEvent.objects.create(
            tenant_id=account.tenant_id,
            connection=account,
            ticket_id=str(number),
            key=f"{number}-{turn}-{reason}",
            raw=b"",
        )
        Draft.of(account.tenant_id).filter(ticket_id=str(number), turn=turn).update(live=False)
        draft = Draft.objects.create(
            tenant_id=account.tenant_id, connection=account, ticket_id=str(number), turn=turn, language=language,
            sentences=list(sentences), record=storable(record),
        )  # fmt: skip
        Decision.objects.create(
            tenant_id=account.tenant_id, connection=account, event=event, ticket_id=str(number), kind="ESCALATE",
            reason=reason, draft=draft, language=language, topic=topic, decided_at=timezone.now() - timedelta(days=days),
        )  # fmt: skip
    return draft


def found(account: Connection, days: int = 90) -> Gaps:
    with within(account.tenant_id):
        return gaps(account.tenant_id, days)


def told(account: Connection) -> list[tuple[str, int]]:
    return [(gap.question, gap.tickets) for gap in found(account).gaps]


def concerned(account: Connection) -> list[tuple[str, str]]:
    return [(each.kind, each.title) for each in found(account).concerns]


def quoting(*keys: str) -> tuple[dict[str, Any], ...]:
    return tuple({"text": "So.", "sources": [{"article": key, "title": key, "text": "So."}]} for key in keys)


def test_one_thing_asked_in_several_words_is_one_gap_and_the_most_asked_comes_first(account: Connection) -> None:
    asked(account, 1, "Where is the workshop?", days=4)
    asked(account, 2, "Do you sell gift cards?", days=3)
    asked(account, 3, "Can I buy a gift card?", days=2)
    asked(account, 4, "Is there a gift card for sale?", days=1)
    assert told(account) == [("Is there a gift card for sale?", 3), ("Where is the workshop?", 1)]
    assert [each.ticket_id for each in found(account).gaps[0].examples] == ["4", "3", "2"]


def test_topics_and_languages_are_told_apart_and_topics_named(account: Connection) -> None:
    with within(account.tenant_id):
        Topic.objects.create(tenant_id=account.tenant_id, key="gifts", name="Gifts")
    asked(account, 1, "Do you sell gift cards?", topic="gifts")
    asked(account, 2, "Do you sell gift cards?")
    asked(account, 3, "Vendez-vous des cartes cadeaux ?", language="fr")
    assert sorted((gap.topic, gap.language, gap.tickets) for gap in found(account).gaps) == [
        ("", "en", 1), ("", "fr", 1), ("Gifts", "en", 1)]  # fmt: skip


def test_a_ticket_counts_once_however_often_it_was_drafted(account: Connection) -> None:
    asked(account, 1, "Do you sell gift cards?", reason="partly_answerable", days=2)
    asked(account, 1, "Do you sell gift cards?", days=1)
    asked(account, 1, "Do you sell gift cards, please?", turn="2")
    assert told(account) == [("Do you sell gift cards, please?", 1)]


def test_ticket_12_of_zendesk_and_12_of_freshdesk_are_two_tickets(account: Connection) -> None:
    asked(account, 12, "Do you sell gift cards?")
    asked(rows.connection(account.tenant_id, "freshdesk"), 12, "Do you sell gift cards?")
    assert told(account) == [("Do you sell gift cards?", 2)]


def test_what_people_wrote_of_themselves_is_masked(account: Connection) -> None:
    asked(
        account,
        1,
        "Do you deliver to Camille Durand, 12 rue des Lilas, camille.durand@example.org or +33 6 12 34 56 78?",
    )
    shown = json.dumps(asdict(found(account)), default=str)
    assert [part in shown for part in ("Camille", "Durand", "example.org", "12 34 56 78")] == [False] * 4


def test_a_contract_number_from_a_field_of_the_ticket_is_masked(account: Connection) -> None:
    asked(account, 1, "Is kite insurance part of FA-2291 too?", fields={"contract": "FA-2291", "plan": "insurance"})
    assert [("FA-2291" in question, "insurance" in question) for question, _ in told(account)] == [(False, True)]


def test_of_a_ticket_answered_in_part_only_the_rest_is_a_gap(account: Connection) -> None:
    delivery = {
        "text": "It takes 3 days.",
        "sources": [{"article": "d", "title": "Delivery to Belgium", "text": "It takes 3 days."}],
    }
    asked(
        account,
        1,
        "How long is delivery to Belgium?",
        "Do you sell gift cards?",
        reason="partly_answerable",
        sentences=(delivery,),
    )
    assert told(account) == [("Do you sell gift cards?", 1)]
    assert found(account).gaps[0].partly == 1


def test_what_was_answered_or_is_long_ago_is_no_gap(account: Connection) -> None:
    asked(account, 1, "Do you sell gift cards?", reason="ready")
    asked(account, 2, "Where is the workshop?", days=91)
    assert told(account) == []
    assert [gap.question for gap in found(account, days=100).gaps] == ["Where is the workshop?"]


def answered(account: Connection, number: int, turn: str, kind: str = "REPLY") -> None:
    """The ticket's next decision, which answered it."""
    draft = asked(account, number, "Do you sell gift cards?", reason="ready", turn=turn)
    with within(account.tenant_id):
        Decision.of(account.tenant_id).filter(draft=draft).update(kind=kind)


def end_of(account: Connection, draft: Draft, kind: str) -> None:
    with within(account.tenant_id):
        Outcome.objects.create(tenant_id=account.tenant_id, draft=draft, kind=kind)


@pytest.mark.parametrize(("kind", "turn", "ended", "open_"), [
    ("REPLY", "1", "regenerated", False), ("NOTE", "1", "escalated", False), ("WAIT", "2", "replaced", False),
    ("REPLY", "2", "escalated", True), ("SKIP", "1", "regenerated", True),
])  # fmt: skip
def test_a_question_that_was_answered_after_its_handover_was_withdrawn_is_no_gap(
    account: Connection, kind: str, turn: str, ended: str, open_: bool
) -> None:
    first = asked(account, 1, "Do you sell gift cards?", days=1)
    end_of(account, first, ended)
    answered(account, 1, turn, kind)
    assert bool(told(account)) is open_


def test_what_was_answered_before_it_was_asked_again_is_a_gap(account: Connection) -> None:
    answered(account, 1, "1")
    asked(account, 1, "Do you sell gift cards?")
    asked(account, 2, "Do you sell gift cards?")
    assert told(account) == [("Do you sell gift cards?", 2)]


CLASSES = "<p>Wheel-truing classes for beginners take place on the first Saturday of each month and cost 35 €.</p>"


def test_a_gap_with_an_article_newer_than_its_tickets_says_so_and_comes_last(account: Connection) -> None:
    for number in (1, 2):
        asked(account, number, "Do you run wheel-truing classes for beginners?", days=1)
    asked(account, 3, "Where is the showroom?", days=2)
    rows.article(account.tenant_id, "Wheel-truing classes", CLASSES)
    shown = [(gap.question, gap.tickets, gap.article) for gap in found(account).gaps]
    assert shown == [
        ("Where is the showroom?", 1, ""),
        ("Do you run wheel-truing classes for beginners?", 2, "Wheel-truing classes"),
    ]
    assert "has an article now" in " ".join(command().split())


def test_an_article_older_than_the_last_ticket_did_not_fill_the_gap(account: Connection) -> None:
    rows.article(account.tenant_id, "Wheel-truing classes", CLASSES)
    asked(account, 1, "Do you run wheel-truing classes for beginners?")
    assert [gap.article for gap in found(account).gaps] == [""]


def test_no_tenant_sees_anothers_gaps(account: Connection) -> None:
    asked(account, 1, "Do you sell gift cards?")
    other = rows.connection(rows.tenant("zeta"))
    assert told(other) == []
    with within(other.tenant_id):
        assert gaps(account.tenant_id).gaps == ()


def aged(account: Connection, **days: int) -> None:
    """Articles that were added, and last touched, so many days ago."""
    for title, ago in days.items():
        rows.article(account.tenant_id, title, f"<p>Something about {title}.</p>")
        with within(account.tenant_id):
            Article.of(account.tenant_id).filter(title=title).update(added_at=timezone.now() - timedelta(days=ago))


def test_an_article_that_nothing_quotes_is_named_once_it_had_its_time(account: Connection) -> None:
    aged(account, unused=40, young=2, used=40)
    asked(account, 1, "x", reason="ready", sentences=quoting("used"))
    assert concerned(account) == [("unused", "unused")]


def test_an_old_article_is_named_while_it_is_quoted(account: Connection) -> None:
    aged(account, old=400)
    asked(account, 1, "x", reason="ready", sentences=quoting("old"))
    assert concerned(account) == [("stale", "old")]


@pytest.mark.parametrize(("kinds", "named"), [
    (("rejected", "edited", "approved"), True), (("rejected", "approved", "approved"), False), (("rejected", "rejected"), False),
    (("overtaken", "overtaken", "overtaken"), False),
])  # fmt: skip
def test_an_article_whose_drafts_are_mostly_refused_is_named(
    account: Connection, kinds: tuple[str, ...], named: bool
) -> None:
    aged(account, bad=5)
    for number, kind in enumerate(kinds):
        draft = asked(account, number, "x", reason="ready", sentences=quoting("bad", "bad"))
        with within(account.tenant_id):
            Outcome.objects.create(tenant_id=account.tenant_id, draft=draft, kind=kind)
    assert (("rejected", "bad") in concerned(account)) == named


def test_an_article_that_something_was_left_out_of_is_named(account: Connection) -> None:
    rows.article(account.tenant_id, "odd", "<p>Fine.</p><p hidden>Secret.</p>")
    assert concerned(account) == [("warning", "odd")]


def command(*words: str) -> str:
    out = StringIO()
    call_command("knowledge", "--tenant", "acme", "gaps", *words, stdout=out)
    return out.getvalue()


def test_the_command_tells_the_same(account: Connection) -> None:
    assert "Everything that was asked was found" in command()
    asked(account, 1, "Do you sell gift cards?")
    rows.article(account.tenant_id, "A", "<p>You may return an unused item in its own box within 30 days.</p>")
    rows.article(account.tenant_id, "B", "<p>You may return an unused item in its own box within 14 days.</p>")
    assert "gift cards" in command()
    assert "otherwise: A (" in command()
    read = json.loads(command("--json"))
    assert [(gap["question"], gap["tickets"]) for gap in read["gaps"]] == [("Do you sell gift cards?", 1)]
    assert set(read) == {"since", "gaps", "concerns", "pairs"}
    assert "From tickets: none" in command("--draft", "1")
    assert "Asked: Do you sell gift cards?" in command("--draft", "1")
    assert json.loads(command("--draft", "1", "--json"))["asked"] == ["Do you sell gift cards?"]
    with pytest.raises(CommandError, match="from 1 to 1"):
        command("--draft", "2")


@pytest.fixture
def lead() -> tuple[Client, Connection]:
    ours = company("alder")
    with within(ours.tenant):
        account = Connection.of(ours.tenant).get()
    return login("lead", (ours, "lead")), account


def test_the_page_shows_gaps_with_their_tickets(lead: tuple[Client, Connection]) -> None:
    browser, account = lead
    draft = asked(account, 51, "Do you sell gift cards?")
    page = browser.get(reverse("admin:klark_article_gaps")).content.decode()
    assert "Do you sell gift cards?" in page
    assert reverse("admin:klark_draft_change", args=(draft.pk,)) in page


def test_a_gap_that_is_filled_meanwhile_leads_back(lead: tuple[Client, Connection]) -> None:
    browser, _ = lead
    gone = browser.post(reverse("admin:klark_article_propose"), {"tenant": "alder", "draft": "999"})
    assert (gone.status_code, gone.headers["Location"]) == (302, reverse("admin:klark_article_gaps"))


@pytest.mark.parametrize("role", ["agent"])
def test_who_is_no_lead_sees_no_gaps(role: str) -> None:
    browser = login("someone", (company("alder"), role))
    assert browser.get(reverse("admin:klark_article_gaps")).status_code == 403
    assert browser.post(reverse("admin:klark_article_propose"), {"tenant": "alder", "draft": "1"}).status_code == 403


def test_a_lead_sees_and_drafts_nothing_of_another_tenant(lead: tuple[Client, Connection]) -> None:
    browser, _ = lead
    other = rows.connection(rows.tenant("zeta"))
    draft = asked(other, 1, "Do you sell zeppelins?")
    assert "zeppelins" not in browser.get(reverse("admin:klark_article_gaps") + "?tenant=zeta").content.decode()
    assert (
        browser.post(reverse("admin:klark_article_propose"), {"tenant": "zeta", "draft": draft.pk}).status_code == 403
    )


def test_a_lead_sees_sources_and_may_pause_resume_and_empty_them(lead: tuple[Client, Connection]) -> None:
    browser, account = lead
    with within(account.tenant_id):
        row = Source.objects.create(
            tenant_id=account.tenant_id,
            name="manual-of-shop",
            kind="folder",
            address="/srv/shop",
            left=[["a.pdf", "is encrypted"]],
        )
    page = browser.get(reverse("admin:klark_source_change", args=(row.pk,))).content.decode()
    assert "is encrypted" in page
    assert "manual-of-shop" in browser.get(reverse("admin:klark_source_changelist")).content.decode()
    active = []
    for act in ("pause", "resume", "empty"):
        browser.post(reverse("admin:klark_source_act", args=(row.pk, act)))
        with within(EVERY_TENANT):
            row.refresh_from_db()
        active.append(row.active)
    assert active == [False, True, False]
    assert browser.get(reverse("admin:klark_source_add")).status_code == 403
