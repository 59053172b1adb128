"""Catch-up and help centres against a scripted helpdesk: cursors, pages, waits, and what an error leaves behind."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from integrations.errors import Gone, IntegrationError, Refused, TryLater, Unsure
from integrations.helpdesks.base import Changes, TicketEvent
from integrations.helpdesks.help_centre_page import HelpArticle
from klark.intake.catch_up import catch_up
from klark.knowledge.sync_help_centre import source_of, sync, sync_all
from klark.models import Article, Connection, WebhookEvent, within
from klark.models.ticket.own_comments import own_comments
from klark.values.own_comments import OwnComments, letters_of
from tests.klark import rows
from tests.klark.desk_of_words import START, Script, connected
from tests.klark.said import ALEX, CAMILLE, KLARK, comment

pytestmark = pytest.mark.django_db

MOMENT = datetime(2026, 3, 1, 9, tzinfo=UTC)


def page(*tickets: str, cursor: str = "next", more: bool = False, at: datetime | None = MOMENT) -> Changes:
    return Changes(tuple(TicketEvent(ticket, updated_at=at) for ticket in tickets), cursor, more=more)


def row() -> Connection:
    found: Connection = rows.get(Connection)
    return found


def tickets() -> list[str]:
    with within("*"):
        return sorted(WebhookEvent.objects.values_list("ticket_id", flat=True))


def test_a_first_read_begins_a_little_before_the_start_mark(monkeypatch: pytest.MonkeyPatch) -> None:
    script = Script(pages=[page()])
    connected(monkeypatch, script)
    assert catch_up() is True
    assert script.cursors == [(START - timedelta(minutes=2)).isoformat()]


def test_each_read_begins_where_the_last_one_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    script = Script(pages=[page("1", cursor="a"), page("2", cursor="b"), page(cursor="c")])
    connected(monkeypatch, script)
    for _ in range(3):
        catch_up()
        rows.change(Connection, catch_up_at=None)
    assert (script.cursors[1:], row().cursor, tickets()) == (["a", "b"], "c", ["1", "2"])


@pytest.mark.parametrize(("more", "soon"), [(True, True), (False, False)])
def test_a_page_with_more_to_come_is_followed_soon(monkeypatch: pytest.MonkeyPatch, more: bool, soon: bool) -> None:
    connected(monkeypatch, Script(pages=[page(more=more)]))
    catch_up()
    due = row().catch_up_at
    assert due is not None
    assert (due < datetime.now(UTC) + timedelta(seconds=60)) == soon


ERRORS: tuple[tuple[IntegrationError, str], ...] = (
    (TryLater("The desk is away."), "The desk is away."), (TryLater("busy", 30), ""), (Refused("No rights."), "No rights."),
    (Gone("No such account."), "No such account."), (Unsure("No answer."), "No answer."), (Refused("x" * 900), "x" * 300),
)  # fmt: skip


@pytest.mark.parametrize(("error", "trouble"), ERRORS, ids=lambda part: str(part)[:20])
def test_a_read_that_fails_moves_no_cursor_and_says_so(
    monkeypatch: pytest.MonkeyPatch, error: IntegrationError, trouble: str
) -> None:
    connected(monkeypatch, Script(pages=[error]), cursor="here")
    assert catch_up() is True
    assert (row().cursor, row().trouble, tickets()) == ("here", trouble, [])


def test_the_next_good_read_ends_the_trouble(monkeypatch: pytest.MonkeyPatch) -> None:
    connected(monkeypatch, Script(pages=[page()]), trouble="No rights.")
    catch_up()
    assert row().trouble == ""


# What is known of a ticket already, when it changed by what the desk says; whether the read has anything to add.
KNOWN: tuple[tuple[str, dict[str, Any], datetime | None, int], ...] = (
    ("nothing", {}, MOMENT, 1),
    ("it waits", {"state": "due"}, MOMENT, 0),
    ("it was read as it is", {"state": "done", "seen_at": MOMENT}, MOMENT, 0),
    ("it was read later", {"state": "done", "seen_at": MOMENT + timedelta(hours=1)}, MOMENT, 0),
    ("it changed since", {"state": "done", "seen_at": MOMENT - timedelta(seconds=1)}, MOMENT, 1),
    ("it was parked", {"state": "parked"}, MOMENT, 1),
    ("nobody knows when it changed", {"state": "done", "seen_at": MOMENT}, None, 1),
    ("it is being looked at", {"state": "due", "attempts": 1}, MOMENT, 1),
)


@pytest.mark.parametrize(("name", "known", "changed", "added"), KNOWN, ids=[each[0] for each in KNOWN])
def test_only_what_is_new_becomes_an_event(
    monkeypatch: pytest.MonkeyPatch, name: str, known: dict[str, Any], changed: datetime | None, added: int
) -> None:
    account = connected(monkeypatch, Script(pages=[page("7", at=changed)]))
    if known:
        rows.event(account, 7, **known)
    before = rows.count(WebhookEvent)
    catch_up()
    assert rows.count(WebhookEvent) - before == added


@pytest.mark.parametrize("change", [{"active": False}, {"catch_up_at": datetime(2999, 1, 1, tzinfo=UTC)}])
def test_an_account_whose_turn_it_is_not_is_left_alone(monkeypatch: pytest.MonkeyPatch, change: dict[str, Any]) -> None:
    script = Script()
    connected(monkeypatch, script, **change)
    assert (catch_up(), script.cursors) == (False, [])


# Help centres


def article(number: int, text: str = "Three days.", **more: Any) -> HelpArticle:
    return HelpArticle(str(number), more.pop("title", f"Article {number}"), f"<p>{text}</p>", "en", **more)


def current() -> dict[str, tuple[int, str]]:
    with within("*"):
        found = Article.objects.filter(current=True)
        return {each.key: (each.version, each.title) for each in found}


SYNCS: tuple[tuple[str, tuple[HelpArticle, ...], int, dict[str, tuple[int, str]]], ...] = (
    ("the same again", (article(1), article(2)), 0, {"1": (1, "Article 1"), "2": (1, "Article 2")}),
    ("one more", (article(1), article(2), article(3)), 1,
     {"1": (1, "Article 1"), "2": (1, "Article 2"), "3": (1, "Article 3")}),
    ("one gone", (article(1),), 1, {"1": (1, "Article 1")}),
    ("all gone", (), 2, {}),
    ("one changed", (article(1, "Four days."), article(2)), 1, {"1": (2, "Article 1"), "2": (1, "Article 2")}),
    ("one renamed", (article(1, title="New"), article(2)), 1, {"1": (2, "New"), "2": (1, "Article 2")}),
    ("another date alone", (article(1, updated_at=MOMENT), article(2)), 0, {"1": (1, "Article 1"), "2": (1, "Article 2")}),
    ("another order", (article(2), article(1)), 0, {"1": (1, "Article 1"), "2": (1, "Article 2")}),
)  # fmt: skip


@pytest.mark.parametrize(("name", "then", "changed", "left"), SYNCS, ids=[each[0] for each in SYNCS])
def test_a_help_centre_read_again(
    monkeypatch: pytest.MonkeyPatch, name: str, then: tuple[HelpArticle, ...], changed: int, left: dict[str, Any]
) -> None:
    script = Script(articles=(article(1), article(2)))
    account = connected(monkeypatch, script)
    assert sync(account) == 2
    script.articles = then
    assert (sync(account), current()) == (changed, left)


def test_when_an_article_was_first_written_is_kept_even_of_one_that_klark_has_long_known(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    script = Script(articles=(article(1),))
    account = connected(monkeypatch, script)
    sync(account)
    script.articles = (article(1, created_at=MOMENT), article(2, created_at=MOMENT))
    sync(account)
    with within("*"):
        assert [one.created_at for one in Article.objects.filter(current=True)] == [MOMENT, MOMENT]


def test_an_article_that_comes_back_is_the_version_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    script = Script(articles=(article(1),))
    account = connected(monkeypatch, script)
    for listed in ((article(1),), (), (article(1),)):
        script.articles = listed
        sync(account)
    assert current() == {"1": (1, "Article 1")}


def test_a_help_centre_that_cannot_be_read_withdraws_nothing_and_keeps_no_other_waiting(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    script = Script(articles=(article(1),))
    account = connected(monkeypatch, script)
    sync_all()
    script.articles = TryLater("The help centre is away.")
    sync_all()
    assert (row().knowledge_trouble, list(current())) == ("The help centre is away.", ["1"])
    script.articles = (article(1), article(2))
    sync_all()
    assert (row().knowledge_trouble, list(current()), source_of(account)) == ("", ["1", "2"], "words:acme-words")


# Which comments are klark's own


def test_what_klark_wrote_is_known_by_what_left_and_by_nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    account = connected(monkeypatch, Script())
    left = {"sending_at": MOMENT, "state": "sent"}
    rows.delivery(account, 7, text="Sent.", comment_id="55", **left)
    rows.delivery(account, 8, text="On another ticket.", comment_id="56", **left)
    draft = rows.draft(account, 7, turn="2")
    rows.delivery(account, 7, draft=draft, text="Not sent yet.")
    with within(account.tenant_id):
        own = own_comments(account, "7")
    assert own == OwnComments(frozenset({KLARK.id}), frozenset({"55"}), frozenset({"sent"}))


OWN = OwnComments(frozenset({KLARK.id}), frozenset({"55"}), frozenset({letters_of("It takes 3 days.")}))
WROTE = (
    (comment(55, ALEX, "whatever"), True), (comment(56, KLARK, "It takes 3 days."), True),
    (comment(56, KLARK, "IT TAKES\n3 days !"), True), (comment(56, KLARK, "It takes 4 days."), False),
    (comment(56, KLARK, ""), False), (comment(56, ALEX, "It takes 3 days."), False),
    (comment(56, CAMILLE, "It takes 3 days."), False), (comment(56, ALEX, marker="m"), True),
    (comment(56, KLARK, "It takes 3 days. Ask me for more."), False),
)  # fmt: skip


@pytest.mark.parametrize(("said", "own"), WROTE)
def test_a_comment_is_klarks_by_marker_by_id_or_by_seat_and_words(said: Any, own: bool) -> None:
    assert OWN.wrote(said) is own
