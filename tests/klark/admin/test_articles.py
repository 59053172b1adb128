"""`manage.py knowledge`: a folder in, a question's ranking out; a file that cannot be read loses nothing."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.utils import timezone

from klark.models import Article
from tests.klark import rows


def knowledge(*words: str) -> str:
    out = StringIO()
    call_command("knowledge", "--tenant", "acme", *words, stdout=out)
    return out.getvalue()


@pytest.fixture
def shelf(tmp_path: Path) -> Path:
    folder = tmp_path / "shelf"
    (folder / "fr").mkdir(parents=True)
    (folder / "delivery.md").write_text(
        "# Delivery\n\nIt takes 3 days to Belgium.\n\n| kg | price |\n|---|---|\n| 2 | 6.90 € |\n"
    )
    (folder / "fr" / "retours.html").write_bytes(
        "<title>Retours</title><p>Le retour est gratuit pendant trente jours.</p>".encode("cp1252")
    )
    (folder / "prices.csv").write_text("name;price\nRed kite;12.50 €\nbroken\nBlue kite;13 €\n")
    (folder / "photo.jpg").write_bytes(b"\xff\xd8")
    (folder / "broken.md").write_bytes(b"a\0b")
    return folder


@pytest.mark.django_db
def test_what_was_added_is_found_and_its_ranking_explained(shelf: Path) -> None:
    rows.tenant()
    said = knowledge("add", "shelf", str(shelf))
    assert "folder:shelf: 4 documents, 4 articles changed, 0 withdrawn, 2 left out" in said
    assert "broken.md is not a text" in said
    assert "prices.csv, line 3 has 1 columns, not 2" in said
    said = knowledge("search", "How long does delivery to Belgium take?")
    assert "Delivery" in said
    assert "grams" in said
    assert "Looked for: How long does delivery to Belgium take?" in said
    assert "of its words" in said
    assert "folder:shelf" in knowledge("status")
    assert "Nothing was found" in knowledge("search", "xylophones", "--language", "en")


@pytest.mark.django_db
def test_status_says_when_a_source_was_read_and_what_was_left_out(shelf: Path) -> None:
    rows.tenant()
    knowledge("add", "shelf", str(shelf))
    said = knowledge("status")
    assert "folder:shelf: broken.md is not a text" in said
    assert "│ folder:shelf │" in said
    assert f"{timezone.now():%Y-%m-%d}" in said


@pytest.mark.django_db
def test_a_source_is_synced_by_its_name_and_removed_with_all_it_said(shelf: Path) -> None:
    rows.tenant()
    knowledge("add", "shelf", str(shelf))
    (shelf / "delivery.md").unlink()
    assert "0 articles changed, 1 withdrawn, 2 left out" in knowledge("sync", "shelf")
    assert "folder:shelf: 3 documents" in knowledge("sync")
    assert "3 articles withdrawn" in knowledge("remove", "shelf")
    assert rows.count(Article, current=True) == 0


@pytest.mark.django_db
def test_a_name_is_one_sources(shelf: Path, tmp_path: Path) -> None:
    rows.tenant()
    knowledge("add", "shelf", str(shelf))
    knowledge("add", "shelf", str(shelf))
    with pytest.raises(CommandError, match=r"is .*shelf already"):
        knowledge("add", "shelf", str(tmp_path))
    with pytest.raises(CommandError, match="is no name"):
        knowledge("add", "My Shelf", str(shelf))


@pytest.mark.django_db
def test_what_does_not_exist_is_named(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="no tenant 'acme'"):
        knowledge("status")
    rows.tenant()
    with pytest.raises(CommandError, match="no folder"):
        knowledge("add", "shelf", str(tmp_path / "none"))
    for part in ("sync", "remove"):
        with pytest.raises(CommandError, match="no source 'none'"):
            knowledge(part, "none")


@pytest.mark.django_db
def test_a_site_that_cannot_be_reached_says_so_and_is_kept_for_later() -> None:
    rows.tenant()
    out = StringIO()
    with pytest.raises(SystemExit):
        call_command("knowledge", "--tenant", "acme", "add", "site", "https://127.0.0.1:1/sitemap.xml", stdout=out)
    assert "Nothing was withdrawn" in out.getvalue()
    assert "site:site: Nothing was withdrawn" in knowledge("status")


@pytest.mark.django_db
def test_articles_that_deny_each_other_are_listed(tmp_path: Path) -> None:
    rows.tenant()
    assert "No article says what another says" in knowledge("check")
    for name, days in (("old", 3), ("new", 5)):
        (tmp_path / f"{name}.md").write_text(f"# {name}\n\nStandard delivery to Belgium takes {days} working days.\n")
    knowledge("add", "shelf", str(tmp_path))
    said = " ".join(knowledge("check").split())
    assert "says" in said
    assert "otherwise" in said


@pytest.mark.django_db
@pytest.mark.parametrize("typed", [("add", "site", "http://127.0.0.1:9"), ("sync", "site"), ("sync",)])
def test_a_source_that_cannot_be_read_ends_with_a_status_that_says_so(typed: tuple[str, ...]) -> None:
    rows.tenant()
    if typed[0] == "sync":
        with pytest.raises(SystemExit):
            knowledge("add", "site", "http://127.0.0.1:9")
    with pytest.raises(SystemExit) as ended:
        knowledge(*typed)
    assert ended.value.code == 1
