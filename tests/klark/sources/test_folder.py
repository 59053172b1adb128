"""A folder: which files are read, each by its own format, and that a part that cannot be seen is not a part that is gone."""

import os
from pathlib import Path

import pytest

from klark.sources import formats
from klark.sources.base import BadDocument, Sheet, Unreadable, Vanished
from klark.sources.folder import listing
from tests.klark.sources.papers import paragraph, pdf, run, word, workbook, written


def keys(folder: Path) -> list[str]:
    return [entry.key for entry in listing(str(folder)).entries]


def read(folder: Path) -> list[Sheet | Unreadable]:
    return [one for entry in listing(str(folder)).entries for one in entry.read()]


def why(folder: Path) -> str:
    with pytest.raises(BadDocument) as told:
        read(folder)
    return str(told.value)


def test_every_kind_of_file_is_read(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("# Markdown\n\nText.")
    (tmp_path / "b.HTML").write_text("<html lang='fr'><title>Page</title><p>Texte.</p></html>")
    (tmp_path / "c.csv").write_text("name;price\nRow;1\n")
    pdf(tmp_path / "d.pdf", [written("Text.")], title="A PDF")
    word(tmp_path / "e.docx", paragraph(run("Text.")))
    workbook(tmp_path / "f.xlsx", {"S": [["name", "price"], ["Cell", 1]]})
    assert [(one.title, one.language) for one in read(tmp_path) if isinstance(one, Sheet)] == [
        ("Markdown", ""), ("Page", "fr"), ("Row", ""), ("A PDF", ""), ("", ""), ("Cell", "")]  # fmt: skip


def test_only_documents_are_listed_and_links_and_dotted_names_are_not_followed(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "secret.md").write_text("secret")
    shelf = tmp_path / "shelf"
    (shelf / ".git").mkdir(parents=True)
    (shelf / "sub").mkdir()
    for name in (".git/x.md", "sub/b.md", "a.md", "photo.jpg", ".hidden.md", "~$lock.docx"):
        (shelf / name).write_text("x")
    (shelf / "link.md").symlink_to(outside / "secret.md")
    (shelf / "linked").symlink_to(outside, target_is_directory=True)
    os.mkfifo(shelf / "pipe.md")
    assert keys(shelf) == ["a.md", "sub/b.md"]


def test_a_change_changes_the_sign(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("one")
    before = listing(str(tmp_path)).entries[0].sign
    (tmp_path / "a.md").write_text("other")
    assert listing(str(tmp_path)).entries[0].sign != before


def test_a_folder_that_is_not_there_is_not_empty(tmp_path: Path) -> None:
    with pytest.raises(Vanished, match="there is no folder"):
        listing(str(tmp_path / "none"))
    assert listing(str(tmp_path)).still_there()


def test_a_part_that_cannot_be_looked_into_makes_no_listing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "shut").mkdir()
    scandir = os.scandir

    def refusing(path: str) -> object:
        if str(path).endswith("shut"):
            raise PermissionError(13, "Permission denied", str(path))
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refusing)
    with pytest.raises(Vanished, match="shut cannot be looked into: Permission denied"):
        listing(str(tmp_path))


def test_what_lies_around_a_file_is_left_out(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("---\ntitle: settings\ndraft: true\n---\n# Title\n\nText.")
    (one,) = read(tmp_path)
    assert isinstance(one, Sheet)
    assert (one.title, "settings" in one.html) == ("Title", False)


@pytest.mark.parametrize(("name", "raw", "told"), [
    ("a.doc", b"x", "save it as DOCX or PDF"),
    ("a.xls", b"x", "save it as XLSX or CSV"),
    ("a.pptx", b"x", "save it as PDF"),
    ("a.md", b"", "is empty"),
    ("a.md", b"a\0b", "is not a text"),
    ("a.pdf", b"not a pdf", "is damaged"),
    ("a.docx", b"no zip", "is damaged"),
    ("a.xlsx", b"\xd0\xcf\x11\xe0", "is encrypted, or in an old format"),
])  # fmt: skip
def test_what_cannot_be_read_says_why(tmp_path: Path, name: str, raw: bytes, told: str) -> None:
    (tmp_path / name).write_bytes(raw)
    assert told in why(tmp_path)


@pytest.mark.parametrize(
    ("name", "told"), [("a.pdf", "100 MB"), ("a.docx", "50 MB"), ("a.md", "20 MB"), ("a.csv", "20 MB")]
)
def test_what_is_too_large_is_refused_before_it_is_read(tmp_path: Path, name: str, told: str) -> None:
    with (tmp_path / name).open("wb") as hole:
        hole.truncate(101 * formats.MB)
    assert why(tmp_path) == f"is larger than {told}"
