"""Documents are read in a process of their own: what kills or stalls it costs one document."""

from pathlib import Path

import pytest

from klark.sources import apart
from klark.sources.base import BadDocument, Sheet, Unreadable
from tests.klark.sources.papers import pdf, workbook, written


def test_what_the_child_reads_arrives_as_it_was(tmp_path: Path) -> None:
    path = workbook(tmp_path / "é à.xlsx", {"S": [["name", "prix"], ["Café – thé", "1 €"], [None, 2]]})
    found = list(apart.apart(".xlsx")(path))
    assert [(one.title, "1 €" in one.html) for one in found if isinstance(one, Sheet)] == [("Café – thé", True)]
    assert [one for one in found if isinstance(one, Unreadable)] == [Unreadable("sheet 'S', row 3", "has no name")]


def test_a_name_that_looks_like_an_option_is_a_path(tmp_path: Path) -> None:
    assert [type(one) for one in apart.apart(".pdf")(pdf(tmp_path / "-c.pdf", [written("Text.")]))] == [Sheet]


def test_a_reader_that_takes_too_long_is_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apart, "SECONDS", 0.01)
    with pytest.raises(BadDocument, match="took longer than"):
        list(apart.apart(".pdf")(tmp_path / "a.pdf"))


def test_a_reader_that_dies_says_how(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(BadDocument, match=r"is damaged, or more than can be read: KeyError: '\.odd'"):
        list(apart.apart(".odd")(tmp_path / "a.odd"))
    monkeypatch.setattr(apart, "CHILD", "this")
    with pytest.raises(BadDocument, match="is damaged, or more than can be read"):
        list(apart.apart(".pdf")(tmp_path / "a.pdf"))
