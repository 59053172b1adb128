"""`manage.py knowledge`: a folder in, a question's ranking out; a file that cannot be read loses nothing."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from klark.models import Article
from klark.sources.folder import Unreadable, read
from klark.steps.answerable import Signs, answerable, signs
from klark.steps.find import Ranked
from klark.steps.learn import NewArticle
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


def test_a_folder_is_read_file_by_file_and_row_by_row(shelf: Path) -> None:
    read_ = list(read(shelf))
    assert [(one.key, one.title) for one in read_ if isinstance(one, NewArticle)] == [
        ("delivery.md", "Delivery"), ("fr/retours.html", "Retours"), ("prices.csv#Red kite", "Red kite"),
        ("prices.csv#Blue kite", "Blue kite")]  # fmt: skip
    assert [one for one in read_ if isinstance(one, Unreadable)] == [
        Unreadable("broken.md", "is not a text"), Unreadable("prices.csv:3", "has 1 columns, not 2")]  # fmt: skip


@pytest.mark.django_db
def test_what_was_added_is_found_and_its_ranking_explained(shelf: Path) -> None:
    rows.tenant()
    assert "4 articles read, 4 changed, 0 withdrawn, 2 left out" in knowledge("add", str(shelf))
    said = knowledge("search", "How long does delivery to Belgium take?")
    assert "Delivery" in said
    assert "grams" in said
    assert "folder:shelf" in knowledge("status")
    assert "Nothing was found" in knowledge("search", "xylophones", "--language", "en")


@pytest.mark.django_db
def test_nothing_is_withdrawn_while_a_file_cannot_be_read(shelf: Path) -> None:
    rows.tenant()
    knowledge("add", str(shelf))
    (shelf / "delivery.md").unlink()
    assert "0 withdrawn" in knowledge("add", str(shelf))
    (shelf / "broken.md").unlink()
    (shelf / "prices.csv").write_text("name;price\nRed kite;12.50 €\n")
    assert "2 articles read, 0 changed, 2 withdrawn" in knowledge("add", str(shelf))
    assert rows.count(Article, current=True) == 2


@pytest.mark.django_db
def test_what_does_not_exist_is_named(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="no tenant 'acme'"):
        knowledge("status")
    rows.tenant()
    with pytest.raises(CommandError, match="no folder"):
        knowledge("add", str(tmp_path / "none"))


def near(meaning: float | None) -> Ranked:
    return Ranked(1, 1, 0.0, {"stems": 1.0, "grams": 1.0, "meaning": meaning, "title": meaning})


def test_a_nearer_passage_makes_an_answer_likelier() -> None:
    chances = [answerable(Signs(nearest, 0.86, 1.0)) for nearest in (0.75, 0.85, 0.95)]
    assert chances == sorted(chances)
    assert chances[0] < 0.2 < 0.8 < chances[2]


def test_the_best_passage_speaks_for_all_and_none_for_nobody() -> None:
    assert signs([near(0.8), near(0.9)], 0.5) == Signs(0.9, 0.9, 0.5)
    assert signs([near(None)], 0.5) is None
    assert signs([], 0.5) == Signs(0.0, 0.0, 0.5)
