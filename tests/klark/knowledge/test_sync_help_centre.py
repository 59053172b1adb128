"""A help centre becomes the tenant's knowledge, and what is withdrawn there is withdrawn here."""

from datetime import timedelta
from typing import Any

import pytest

from integrations.errors import Refused, TryLater
from integrations.helpdesks.freshdesk import solutions as freshdesk_solutions
from integrations.helpdesks.zendesk import guide as zendesk_guide
from integrations.helpdesks.zendesk import pages as zendesk_pages
from integrations.sandbox.client import DeskName, Sandbox
from klark.knowledge import sync_help_centre as reading
from klark.knowledge.sync_help_centre import source_of, sync, sync_all
from klark.models import Article, Connection, within
from tests.klark import rows

pytestmark = pytest.mark.django_db

PAGES = [
    {"id": "one", "title": "Delivery", "body_html": "<p>Delivery takes 3 days.</p>", "language": "en"},
    {"id": "two", "title": "Returns", "body_html": "<p>Returns are free.</p>", "language": "en"},
]


def connected(sandbox: Sandbox, desk: DeskName, account: str = "") -> Connection:
    sandbox.articles(desk, PAGES)
    return rows.connection(rows.tenant(), desk, sandbox, **({"account": account} if account else {}))


def titles(row: Connection) -> list[str]:
    with within(row.tenant_id):
        current = Article.of(row.tenant_id).filter(current=True, source=source_of(row))
        return sorted(current.values_list("title", flat=True))


@pytest.mark.parametrize("desk", rows.DESKS)
def test_every_published_article_is_learnt_once(sandbox: Sandbox, desk: DeskName) -> None:
    row = connected(sandbox, desk)
    assert (sync(row), titles(row)) == (2, ["Delivery", "Returns"])
    assert sync(row) == 0


def test_an_article_that_is_gone_is_withdrawn_and_its_old_version_stays(sandbox: Sandbox) -> None:
    ids = sandbox.articles("zendesk", PAGES)
    row = rows.connection(rows.tenant(), "zendesk", sandbox)
    sync(row)
    sandbox.drop_article("zendesk", ids[1])
    assert (sync(row), titles(row)) == (1, ["Delivery"])
    assert rows.count(Article, title="Returns", current=False) == 1


def test_a_listing_that_fails_withdraws_nothing_and_says_so(sandbox: Sandbox) -> None:
    row = connected(sandbox, "zendesk")
    sync(row)
    sandbox.fault("status", desk="zendesk", path="articles", status=500, times=9)
    sync_all()
    assert titles(row) == ["Delivery", "Returns"]
    assert rows.get(Connection).knowledge_trouble != ""
    sandbox.clear_faults()
    sync_all()
    assert rows.get(Connection).knowledge_trouble == ""


def test_one_failing_help_centre_does_not_keep_the_next_from_being_read(sandbox: Sandbox) -> None:
    first = connected(sandbox, "zendesk")
    second = rows.connection(rows.tenant("other"), "freshdesk", sandbox)
    sandbox.articles("freshdesk", PAGES)
    sandbox.fault("status", desk="zendesk", path="articles|locales", status=500, times=9)
    sync_all()
    assert (titles(first), titles(second)) == ([], ["Delivery", "Returns"])


def test_a_bug_in_reading_one_help_centre_is_told_there_and_the_next_is_read(
    sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = connected(sandbox, "zendesk")
    second = rows.connection(rows.tenant("other"), "freshdesk", sandbox)
    sandbox.articles("freshdesk", PAGES)
    real = reading.open_desk

    def broken(row: Connection, *given: Any) -> Any:
        return 1 / 0 if row.pk == first.pk else real(row, *given)

    with monkeypatch.context() as patched:
        patched.setattr(reading, "open_desk", broken)
        sync_all()
    assert (titles(first), titles(second)) == ([], ["Delivery", "Returns"])
    assert [rows.get(Connection, pk=row.pk).knowledge_trouble for row in (first, second)] == [reading.BROKE, ""]
    sync_all()
    assert (titles(first), rows.get(Connection, pk=first.pk).knowledge_trouble) == (["Delivery", "Returns"], "")


def test_languages_that_freshdesk_hides_all_at_once_withdraw_nothing_and_say_so(sandbox: Sandbox) -> None:
    french = {"id": "one", "title": "Livraison", "body_html": "<p>La livraison prend 3 jours.</p>", "language": "fr"}
    row = connected(sandbox, "freshdesk")
    sandbox.articles("freshdesk", [french])
    sync(row)
    before = titles(row)
    sandbox.fault("status", desk="freshdesk", path="settings/helpdesk", status=403, times=9)
    sync_all()
    assert ("Livraison" in before, titles(row)) == (True, before)
    assert rows.get(Connection).knowledge_trouble == reading.HIDDEN.format("languages")
    sandbox.clear_faults()
    sync_all()
    assert (titles(row), rows.get(Connection).knowledge_trouble) == (before, "")


def test_an_account_that_never_showed_its_languages_is_read_in_its_own(sandbox: Sandbox) -> None:
    row = connected(sandbox, "freshdesk")
    sandbox.fault("status", desk="freshdesk", path="settings/helpdesk", status=403, times=9)
    assert [sync(row), sync(row)] == [2, 0]
    assert titles(row) == ["Delivery", "Returns"]


LAMP = "<p>La lampe se charge en trois heures avec le câble fourni. Ne la laissez pas au soleil pendant la charge.</p>"


def test_an_article_without_a_translation_is_not_listed_under_the_portals_language_as_well(sandbox: Sandbox) -> None:
    """A portal whose own language is English shows the French text in both lists."""
    sandbox.articles("freshdesk", [{"id": "lamp", "title": "Charger une lampe", "body_html": LAMP, "language": "fr"}])
    row = rows.connection(rows.tenant(), "freshdesk", sandbox)
    assert [sync(row), sync(row)] == [1, 0]
    with within(row.tenant_id):
        current = list(Article.of(row.tenant_id).filter(current=True).values_list("title", "language"))
    assert current == [("Charger une lampe", "fr")]


def test_two_accounts_whose_long_names_begin_alike_keep_their_articles_apart(sandbox: Sandbox) -> None:
    alike = "the-workshop-for-bicycles-and-cargo-bikes"
    row = connected(sandbox, "zendesk", f"{alike}-north")
    sync(row)
    other = rows.connection(row.tenant_id, "zendesk", sandbox, account=f"{alike}-south")
    with within(row.tenant_id):
        known = Article.of(row.tenant_id).get(title="Returns").key.partition(":")[0]
    sandbox.drop_article("zendesk", int(known))
    sync(other)
    assert (titles(row), titles(other)) == (["Delivery", "Returns"], ["Delivery"])
    assert {len(source_of(each)) for each in (row, other)} == {40}


def test_a_short_account_name_is_its_articles_source_as_it_is() -> None:
    shortest, longest = "acme", "a" * 32
    assert [source_of(Connection(helpdesk="zendesk", account=name)) for name in (shortest, longest)] == [
        f"zendesk:{shortest}", f"zendesk:{longest}",
    ]  # fmt: skip


# Page by page: killed, gone on with, and what is gone


class Killed(BaseException):
    """The worker's process is gone."""


@pytest.fixture
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two entries a page."""
    monkeypatch.setattr(zendesk_guide, "FIRST", {"page[size]": "2"})
    monkeypatch.setattr(zendesk_pages, "PAGE", 2)
    monkeypatch.setattr(freshdesk_solutions, "PAGE", 2)


def many(sandbox: Sandbox, desk: DeskName, count: int = 3) -> Connection:
    """More than a page of articles."""
    sandbox.articles(desk, [{"id": str(1000 + n), "title": f"Page {n}", "body_html": f"<p>Text {n}.</p>", "language": "en",
                             "updated": "2026-10-01T08:00:00Z"} for n in range(count)])  # fmt: skip
    return rows.connection(rows.tenant(), desk, sandbox)


def asked(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch, row: Connection, dies_at: int = 0) -> list[str]:
    """The cursors that are read at; the worker dies before the page of that number."""
    seen: list[str] = []
    desk = reading.open_desk(row, reading.background(row))
    real = desk.shelf

    def shelf(cursor: str = "") -> Any:
        seen.append(cursor)
        if len(seen) == dies_at:
            raise Killed
        return real(cursor)

    monkeypatch.setattr(desk, "shelf", shelf)
    monkeypatch.setattr(reading, "open_desk", lambda *_: desk)
    return seen


@pytest.mark.usefixtures("short")
@pytest.mark.parametrize("desk", rows.DESKS)
def test_a_worker_that_is_killed_is_gone_on_from_where_it_was(
    sandbox: Sandbox, desk: DeskName, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = many(sandbox, desk)
    pages = 2 if desk == "zendesk" else 4
    with monkeypatch.context() as patched:
        asked(sandbox, patched, row, dies_at=pages)
        with pytest.raises(Killed):
            sync(row)
    kept = rows.get(Connection).knowledge_cursor
    assert (len(titles(row)), bool(kept)) == (2, True)
    with monkeypatch.context() as patched:
        seen = asked(sandbox, patched, row)
        assert sync(row) == 1
    assert (seen, len(titles(row)), rows.get(Connection).walk_at) == ([kept], 3, None)


@pytest.mark.usefixtures("short")
def test_what_went_while_a_walk_was_broken_off_is_withdrawn_by_the_next(
    sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = many(sandbox, "zendesk")
    with monkeypatch.context() as patched:
        asked(sandbox, patched, row, dies_at=2)
        with pytest.raises(Killed):
            sync(row)
    sandbox.drop_article("zendesk", 1000)
    sync(row)
    assert "Page 0" in titles(row)
    sync(row)
    assert ("Page 0" in titles(row), len(titles(row))) == (False, 2)


@pytest.mark.parametrize("desk", rows.DESKS)
@pytest.mark.parametrize("change", [{"draft": True}, {"user_segment_id": 7}], ids=["a draft again", "for some only"])
def test_what_is_unpublished_is_withdrawn(sandbox: Sandbox, desk: DeskName, change: dict[str, Any]) -> None:
    ids = sandbox.articles(desk, PAGES)
    row = rows.connection(rows.tenant(), desk, sandbox)
    sync(row)
    if desk == "freshdesk" and "user_segment_id" in change:
        change = {**change, "section": "Members"}  # there it is the folder that is not everyone's
    sandbox.change_article(desk, ids[1], **change)
    assert (sync(row), titles(row)) == (1, ["Delivery"])


def test_what_is_published_again_is_quoted_again_as_the_same_version(sandbox: Sandbox) -> None:
    ids = sandbox.articles("zendesk", PAGES)
    row = rows.connection(rows.tenant(), "zendesk", sandbox)
    for draft in (False, True, False):
        sandbox.change_article("zendesk", ids[1], draft=draft)
        sync(row)
    assert (titles(row), rows.count(Article)) == (["Delivery", "Returns"], 2)


# A large help centre: what changed, between two walks


@pytest.fixture
def large(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> Connection:
    """One that was walked through a moment ago, and is not for a day."""
    monkeypatch.setattr(reading, "MANY_PAGES", 1)
    row = connected(sandbox, "zendesk")
    sync(row)
    return row


def paths(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Where the help centre is asked, from now on."""
    seen: list[str] = []
    real = reading.open_desk

    def watched(*given: Any) -> Any:
        desk = real(*given)
        ask = desk._ask
        monkeypatch.setattr(desk, "_ask", lambda path, **options: seen.append(path) or ask(path, **options))
        return desk

    monkeypatch.setattr(reading, "open_desk", watched)
    return seen


def test_between_two_walks_only_changes_are_asked_for(
    large: Connection, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = paths(sandbox, monkeypatch)
    sandbox.articles("zendesk", [{"id": "3", "title": "Refunds", "body_html": "<p>In 5 days.</p>", "language": "en"}])
    sync(large)
    assert titles(large) == ["Delivery", "Refunds", "Returns"]
    assert seen[0] == "/help_center/incremental/articles.json"
    assert [path for path in seen if path.endswith("/articles.json") and "incremental" not in path] == []


def test_a_change_that_unpublishes_withdraws_in_every_language(large: Connection, sandbox: Sandbox) -> None:
    with within(large.tenant_id):
        known = Article.of(large.tenant_id).get(title="Returns").key.partition(":")[0]
    sandbox.change_article("zendesk", int(known), draft=True)
    assert (sync(large), titles(large)) == (1, ["Delivery"])


def test_after_a_day_it_is_walked_through_again(large: Connection, sandbox: Sandbox) -> None:
    with within(large.tenant_id):
        known = Article.of(large.tenant_id).get(title="Returns").key.partition(":")[0]
    sandbox.drop_article("zendesk", int(known))
    assert (sync(large), titles(large)) == (0, ["Delivery", "Returns"])  # nobody tells of a deletion
    rows.change(Connection, walked_at=rows.datetime.now(rows.UTC) - timedelta(days=2))
    assert (sync(large), titles(large)) == (1, ["Delivery"])


def test_a_cursor_that_is_not_taken_any_more_begins_anew(large: Connection, sandbox: Sandbox) -> None:
    sandbox.fault("status", desk="zendesk", path="incremental/articles", status=400, body={"error": "InvalidStartTime"})
    with pytest.raises(Refused):
        sync(large)
    assert rows.get(Connection).knowledge_cursor == ""
    assert (sync(large), titles(large)) == (0, ["Delivery", "Returns"])


def test_a_wait_keeps_the_cursor(large: Connection, sandbox: Sandbox) -> None:
    before = rows.get(Connection).knowledge_cursor
    sandbox.fault("status", desk="zendesk", path="incremental/articles", status=503)
    with pytest.raises(TryLater):
        sync(large)
    assert rows.get(Connection).knowledge_cursor == before


# Saved replies


@pytest.mark.parametrize(("desk", "title"), [("zendesk", "Close and redirect to topics"), ("freshdesk", "Thanks")])
def test_saved_replies_are_learnt_only_where_the_connection_says_so_and_go_again(
    sandbox: Sandbox, desk: DeskName, title: str
) -> None:
    row = connected(sandbox, desk)
    assert (sync(row), title in titles(row)) == (2, False)
    rows.change(Connection, saved_replies=True)
    assert (sync(rows.get(Connection)), title in titles(row)) == (1, True)
    rows.change(Connection, saved_replies=False)
    assert (sync(rows.get(Connection)), title in titles(row)) == (1, False)


def test_two_readings_side_by_side_withdraw_nothing_that_either_saw(sandbox: Sandbox) -> None:
    row = connected(sandbox, "zendesk")
    sync(row)
    later = rows.datetime.now(rows.UTC) + timedelta(minutes=1)
    rows.change(Article, walked_at=later)
    sync(row)
    assert set(_walked(row)) == {later}


def _walked(row: Connection) -> list[Any]:
    with within(row.tenant_id):
        return list(Article.of(row.tenant_id).values_list("walked_at", flat=True))
