"""A source is read: learnt document by document, and nothing is withdrawn that may still be there."""

import shutil
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from klark import tasks
from klark.knowledge import refresh_source as refreshing
from klark.knowledge.ingest import take_out
from klark.knowledge.overview import overview
from klark.knowledge.refresh_source import Tally, refresh, refresh_all, remove
from klark.models import EVERY_TENANT, Article, Passage, Source, within
from klark.sources.base import Entry, Listing, Sheet, Unreadable
from klark.sources.kinds import KINDS, Kind
from tests.klark import rows
from tests.klark.sources.web import Answer, Web, web

pytestmark = pytest.mark.django_db


@pytest.fixture
def shelf(tmp_path: Path) -> Path:
    folder = tmp_path / "shelf"
    folder.mkdir()
    (folder / "delivery.md").write_text("# Delivery\n\nIt takes 3 days to Belgium.")
    (folder / "returns.md").write_text("# Returns\n\nWithin 30 days.")
    (folder / "prices.csv").write_text("name;price\nRed kite;12.50 €\nBlue kite;13 €\n")
    return folder


@pytest.fixture
def source(shelf: Path) -> Source:
    return made(rows.tenant(), "folder", str(shelf))


@pytest.fixture
def site() -> Iterator[Web]:
    with web() as one:
        one.maps("/delivery", changed="2026-11-01")
        one.answers["/delivery"] = Answer("<html lang=en><h1>Delivery</h1><p>It takes 3 days.</p></html>")
        yield one


def made(tenant_id: int, kind: str, address: str, name: str = "handbook") -> Source:
    with within(tenant_id):
        return Source.objects.create(tenant_id=tenant_id, name=name, kind=kind, address=address)


def again(source: Source) -> Tally:
    with within(EVERY_TENANT):
        source.refresh_from_db()
    return refresh(source)


def titles(source: Source) -> list[str]:
    with within(source.tenant_id):
        return list(Article.of(source.tenant_id).filter(current=True).order_by("key").values_list("title", flat=True))


def row(source: Source) -> Source:
    with within(source.tenant_id):
        return Source.of(source.tenant_id).get(pk=source.pk)


def test_a_folder_is_learnt_and_its_row_tells(source: Source) -> None:
    assert refresh(source) == Tally(documents=3, changed=4)
    assert titles(source) == ["Delivery", "Blue kite", "Red kite", "Returns"]
    kept = row(source)
    assert (kept.documents, kept.changed, kept.withdrawn, kept.left_out, kept.trouble, kept.reading_until) == (
        3, 4, 0, 0, "", None)  # fmt: skip
    assert kept.read_at is not None


def test_what_did_not_change_is_not_read_again(source: Source, monkeypatch: pytest.MonkeyPatch) -> None:
    refresh(source)
    monkeypatch.setattr(refreshing, "ingest", None)
    assert again(source) == Tally(documents=3)


def test_a_change_is_a_new_version_and_a_deletion_is_deleted_at_once(source: Source, shelf: Path) -> None:
    refresh(source)
    (shelf / "delivery.md").write_text("# Delivery\n\nIt takes 4 days to Belgium now.")
    (shelf / "returns.md").unlink()
    (shelf / "prices.csv").write_text("name;price\nRed kite;12.50 €\n")
    assert again(source) == Tally(documents=2, changed=1, withdrawn=2)
    assert titles(source) == ["Delivery", "Red kite"]
    with within(source.tenant_id):
        gone = Passage.of(source.tenant_id).filter(article__current=False)
        assert [passage.sentences for passage in gone.filter(title="Returns")] == [["Within 30 days."]]
        assert gone.exclude(words=None, stems=None, grams=None).count() == 0


def test_what_comes_back_is_there_again(source: Source, shelf: Path) -> None:
    refresh(source)
    text = (shelf / "returns.md").read_text()
    (shelf / "returns.md").unlink()
    again(source)
    (shelf / "returns.md").write_text(text)
    assert again(source).changed == 1
    assert "Returns" in titles(source)


def test_what_a_person_took_out_stays_out(source: Source, shelf: Path) -> None:
    refresh(source)
    with within(source.tenant_id):
        take_out(Article.of(source.tenant_id).get(title="Returns"))
    (shelf / "returns.md").touch()
    again(source)
    assert "Returns" not in titles(source)


def test_a_file_that_cannot_be_read_keeps_what_it_said_and_stops_no_deletion(source: Source, shelf: Path) -> None:
    refresh(source)
    (shelf / "delivery.md").write_bytes(b"a\0b")
    (shelf / "returns.md").unlink()
    tally = again(source)
    assert (tally.left, tally.withdrawn, tally.trouble) == ((Unreadable("delivery.md", "is not a text"),), 1, "")
    assert titles(source) == ["Delivery", "Blue kite", "Red kite"]
    assert row(source).left == [["delivery.md", "is not a text"]]
    (shelf / "delivery.md").unlink()
    assert again(source).withdrawn == 1


def test_a_row_that_cannot_be_read_is_not_a_row_that_is_gone(source: Source, shelf: Path) -> None:
    refresh(source)
    (shelf / "prices.csv").write_text("name;price\nRed kite;12.50 €\nBlue kite;13 €;?\n")
    assert again(source).left == (Unreadable("prices.csv, line 3", "has 3 columns, not 2"),)
    assert "Blue kite" in titles(source)
    (shelf / "prices.csv").write_text("name;price\nRed kite;12.50 €\n")
    again(source)
    assert "Blue kite" not in titles(source)


def test_a_folder_that_is_gone_withdraws_nothing(source: Source, shelf: Path) -> None:
    refresh(source)
    shutil.rmtree(shelf)
    assert again(source).trouble == f"Nothing was withdrawn: there is no folder {shelf}."
    assert len(titles(source)) == 4
    assert row(source).trouble == f"Nothing was withdrawn: there is no folder {shelf}."
    assert row(source).documents == 3


def test_an_empty_folder_where_articles_were_withdraws_nothing(source: Source, shelf: Path) -> None:
    refresh(source)
    shutil.rmtree(shelf)
    shelf.mkdir()
    assert "there is nothing in it any more" in again(source).trouble
    assert len(titles(source)) == 4


def test_a_folder_that_disappears_half_way_withdraws_nothing(
    source: Source, shelf: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    refresh(source)
    learn = refreshing.ingest
    (shelf / "delivery.md").write_text("# Delivery\n\nIt takes 9 days.")

    def vanishing(*told: object) -> bool:
        shutil.rmtree(shelf)
        return bool(learn(*told))  # type: ignore[arg-type]  # handed through

    monkeypatch.setattr(refreshing, "ingest", vanishing)
    tally = again(source)
    assert tally.trouble == "Nothing was withdrawn: it disappeared while it was read."
    assert (tally.changed, titles(source)) == (1, ["Delivery", "Blue kite", "Red kite", "Returns"])


def test_a_reader_that_was_killed_is_gone_on_from_where_it_was(source: Source, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(refreshing, "KEPT_EVERY", 1)
    read: list[str] = []
    monkeypatch.setitem(KINDS, "folder", Kind(lambda address: counted(read, dies_at="c"), everywhere=False))  # type: ignore[arg-type]  # a table
    with pytest.raises(KeyboardInterrupt):
        refresh(source)
    monkeypatch.setitem(KINDS, "folder", Kind(lambda address: counted(read), everywhere=False))  # type: ignore[arg-type]  # a table
    assert again(source).trouble == "It is being read just now."
    with within(source.tenant_id):
        Source.of(source.tenant_id).update(reading_until=timezone.now() - timedelta(seconds=1))
    assert again(source).documents == 4
    assert read == ["a", "b", "c", "c", "d"]


def test_a_slow_source_gives_way_to_other_tenants_and_goes_on_where_it_stopped(
    source: Source, monkeypatch: pytest.MonkeyPatch
) -> None:
    other, read = made(rows.tenant("zeta"), "folder", "other"), {"slow": list[str](), "other": list[str]()}
    with within(EVERY_TENANT):
        Source.objects.filter(pk=source.pk).update(address="slow")
        Source.objects.update(wanted=True)
    listed = Kind(lambda one: counted(read[one.address], sign=""), everywhere=False)
    monkeypatch.setitem(KINDS, "folder", listed)  # type: ignore[arg-type]  # a table
    monkeypatch.setattr(refreshing, "MOST_S", 1e-9)
    for done in range(1, 4):
        tasks.read()
        assert {name: len(each) for name, each in read.items()} == {"slow": done, "other": done}
        assert (wanted(source), wanted(other), row(source).read_at) == (True, True, None)
    tasks.read()
    assert (read["slow"], wanted(source), row(source).documents) == (["a", "b", "c", "d"], False, 4)
    refresh_all()
    assert read["slow"] == ["a", "b", "c", "d", "a"]


def counted(read: list[str], dies_at: str = "", sign: str = "1") -> Listing:
    def entry(name: str) -> Entry:
        def sheets() -> list[Sheet]:
            read.append(name)
            if name == dies_at:
                raise KeyboardInterrupt
            return [Sheet(name, f"<p>Text of {name}.</p>")]

        return Entry(name, sign, sheets)

    return Listing([entry(name) for name in "abcd"], lambda: True)


def test_who_lost_the_lease_keeps_nothing_more(source: Source, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(refreshing, "KEPT_EVERY", 1)

    def taken(done: int, of: int) -> None:
        with within(source.tenant_id):
            Source.of(source.tenant_id).update(reader="00000000-0000-0000-0000-000000000001")

    assert refresh(source, taken).trouble == "It is being read just now."
    assert row(source).marks == {}


def test_a_removed_source_takes_its_articles_along_and_no_others(source: Source, shelf: Path) -> None:
    refresh(source)
    other = made(source.tenant_id, "folder", str(shelf), "other")
    refresh(other)
    assert remove(row(source)) == 4
    assert len(titles(other)) == 4
    with within(source.tenant_id):
        assert [each.name for each in Source.of(source.tenant_id)] == ["other"]


def test_no_tenant_sees_anothers_sources(source: Source, shelf: Path) -> None:
    refresh(source)
    other = made(rows.tenant("zeta"), "folder", str(shelf))
    with within(other.tenant_id):
        assert [each.pk for each in Source.objects.all()] == [other.pk]
    assert overview(other.tenant_id)[0].articles == 0
    assert overview(source.tenant_id)[0].articles == 4


def test_beat_keeps_sources_fresh_and_one_that_fails_stops_no_other(
    source: Source, shelf: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made(source.tenant_id, "folder", str(tmp_path / "none"), "a-lost-one")
    asleep = made(source.tenant_id, "folder", str(shelf), "asleep")
    with within(source.tenant_id):
        Source.of(source.tenant_id).filter(pk=asleep.pk).update(active=False)
    monkeypatch.setattr(tasks.sync_help_centre, "sync_all", lambda: None)
    tasks.housekeeping()
    assert (row(source).documents, row(asleep).documents) == (3, 0)
    refresh_all()


@pytest.mark.parametrize("every", [refreshing.refresh_all, refreshing.refresh_wanted])
def test_a_bug_in_reading_one_source_keeps_no_other_from_being_read(
    source: Source, shelf: Path, monkeypatch: pytest.MonkeyPatch, every: Callable[[], None]
) -> None:
    later = made(source.tenant_id, "folder", str(shelf), "later")
    with within(source.tenant_id):
        Source.of(source.tenant_id).filter(pk=source.pk).update(address="broken")
        Source.of(source.tenant_id).update(wanted=True)
    real = KINDS["folder"].listing
    kind = Kind(lambda source: 1 / 0 if source.address == "broken" else real(source), everywhere=False)  # type: ignore[arg-type, return-value]  # breaks
    monkeypatch.setitem(KINDS, "folder", kind)  # type: ignore[arg-type]  # a table
    every()
    assert (row(source).documents, row(later).documents) == (0, 3)


def test_a_site_is_read_and_unchanged_pages_are_not_fetched_again(site: Web, settings: object) -> None:
    settings.KLARK_PRIVATE_HOSTS = (site.host,)  # type: ignore[attr-defined]  # pytest-django's
    source = made(rows.tenant(), "site", site.home)
    assert refresh(source) == Tally(documents=1, changed=1)
    with within(source.tenant_id):
        article = Article.of(source.tenant_id).get()
        assert (article.title, article.url, article.language) == ("Delivery", f"{site.home}/delivery", "en")
    again(source)
    assert site.asked.count("/delivery") == 1
    site.maps("/delivery", changed="2026-11-02")
    site.answers["/delivery"] = Answer("", 503)
    assert again(source).left[0].why.endswith("is not available just now (503)")
    assert titles(source) == ["Delivery"]
    site.answers["/delivery"] = Answer("", 404)
    assert again(source).withdrawn == 1


def test_a_site_that_does_not_answer_or_names_nothing_withdraws_nothing(site: Web, settings: object) -> None:
    settings.KLARK_PRIVATE_HOSTS = (site.host,)  # type: ignore[attr-defined]  # pytest-django's
    source = made(rows.tenant(), "site", site.home)
    refresh(source)
    site.answers["/robots.txt"] = Answer("", 500)
    assert "is not available just now" in again(source).trouble
    site.answers["/robots.txt"] = Answer("User-agent: *\nDisallow: /")
    assert "names no page" in again(source).trouble
    site.answers.pop("/robots.txt")
    site.answers["/sitemap.xml"] = Answer("", 302, headers={"Location": "https://elsewhere.example"})
    assert "follows no redirect" in again(source).trouble
    assert titles(source) == ["Delivery"]


def test_a_site_at_home_is_refused_unless_the_operator_lists_it(site: Web) -> None:
    assert "not on the public internet" in refresh(made(rows.tenant(), "site", site.home)).trouble


def wanted(source: Source, *, value: bool | None = None) -> bool:
    with within(source.tenant_id):
        if value is not None:
            Source.objects.filter(pk=source.pk).update(wanted=value)
        return Source.objects.values_list("wanted", flat=True).get(pk=source.pk)


def test_a_source_that_a_person_asked_for_is_read_once(source: Source) -> None:
    tasks.read()
    assert titles(source) == []
    wanted(source, value=True)
    tasks.read()
    assert ("Delivery" in titles(source), wanted(source)) == (True, False)


def test_whoever_asks_while_it_is_read_has_it_read_again(source: Source, monkeypatch: pytest.MonkeyPatch) -> None:
    listing = KINDS["folder"].listing
    seen: list[str] = []

    def asked_meanwhile(address: str) -> Listing:
        seen.append(address)
        wanted(source, value=len(seen) == 1)
        return listing(address)

    monkeypatch.setitem(KINDS, "folder", Kind(asked_meanwhile, everywhere=False))  # type: ignore[arg-type]  # a table
    wanted(source, value=True)
    tasks.read()
    assert (len(seen), wanted(source)) == (1, True)
    tasks.read()
    assert (len(seen), wanted(source)) == (2, False)


def test_a_paused_source_is_not_read_and_one_in_reading_waits(source: Source) -> None:
    wanted(source, value=True)
    with within(source.tenant_id):
        Source.objects.filter(pk=source.pk).update(active=False)
    tasks.read()
    with within(source.tenant_id):
        Source.objects.filter(pk=source.pk).update(active=True, reading_until=timezone.now() + timedelta(minutes=5))
    tasks.read()
    assert (titles(source), wanted(source)) == ([], True)


def test_a_site_that_cannot_be_read_says_so_and_is_not_asked_for_ever(site: Web) -> None:
    one = made(rows.tenant(), "site", "http://127.0.0.1:1/", "website")
    wanted(one, value=True)
    tasks.read()
    with within(one.tenant_id):
        one.refresh_from_db()
    assert (one.trouble.startswith("Nothing was withdrawn"), one.wanted) == (True, False)
