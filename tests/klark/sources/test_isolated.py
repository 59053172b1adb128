"""Documents are read in a process of their own: what kills or stalls it costs one document."""

import subprocess
from pathlib import Path

import pytest

from klark.sources import isolated
from klark.sources.base import BadDocument, Sheet, Unreadable
from tests.klark.sources.papers import pdf, workbook, written


def test_what_the_child_reads_arrives_as_it_was(tmp_path: Path) -> None:
    path = workbook(tmp_path / "é à.xlsx", {"S": [["name", "prix"], ["Café – thé", "1 €"], [None, 2]]})
    found = list(isolated.read(path))
    assert [(one.title, "1 €" in one.html) for one in found if isinstance(one, Sheet)] == [("Café – thé", True)]
    assert [one for one in found if isinstance(one, Unreadable)] == [Unreadable("sheet 'S', row 3", "has no name")]


def test_a_name_that_looks_like_an_option_is_a_path(tmp_path: Path) -> None:
    assert [type(one) for one in isolated.read(pdf(tmp_path / "-c.pdf", [written("Text.")]))] == [Sheet]


def test_a_reader_that_takes_too_long_is_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(isolated, "SECONDS", 0.01)
    with pytest.raises(BadDocument, match="took longer than"):
        list(isolated.read(tmp_path / "a.pdf"))


def test_a_reader_that_dies_says_how(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(BadDocument, match=r"is damaged, or more than can be read: KeyError: '\.odd'"):
        list(isolated.read(tmp_path / "a.odd"))
    monkeypatch.setattr(isolated, "CHILD", "this")
    with pytest.raises(BadDocument, match="is damaged, or more than can be read"):
        list(isolated.read(tmp_path / "a.pdf"))


# What the child says, and how it ends


def done(stdout: bytes = b"", code: int = 0, stderr: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    return subprocess.CompletedProcess(["child"], code, stdout, stderr)


def test_everything_that_a_child_writes_is_read_back() -> None:
    told: list[Sheet | Unreadable] = [
        Sheet("Délai\n“3”", "<p>é</p>\n", "part", "fr", "https://shop.example/"),
        Sheet("", ""),
        Unreadable("row 3", "has no name"),
        Unreadable("sheet 'S'", "is hidden", meant=True),
    ]
    lines = [*map(isolated.written, told), '"end"']
    assert isolated._told(done("\n".join(lines).encode())) == told
    assert isolated._told(done(b'"end"\n')) == []


def test_a_child_that_stops_half_way_is_not_believed() -> None:
    line = isolated.written(Sheet("A", "<p>a</p>")).encode()
    for ended in (
        done(line),
        done(b""),
        done(line + b'\n"end"', code=1),
        done(line + b'\n"end"\n' + line),
        done(b'"end', 0),
    ):
        with pytest.raises(BadDocument, match="is damaged, or more than can be read"):
            isolated._told(ended)


def test_how_a_child_ended_is_told_in_one_short_line() -> None:
    ends = {
        "its own sentence": (done(code=isolated.BAD, stderr=b"noise\nis encrypted\n"), "is encrypted"),
        "a crash": (done(code=1, stderr=b"Traceback\n  x\nKeyError: 'x'"), "is damaged, or more than can be read: KeyError: 'x'"),
        "killed": (done(code=-9), "is damaged, or more than can be read: ended with -9"),
        "not utf-8": (done(code=1, stderr=b"\xff"), "is damaged, or more than can be read: \ufffd"),
        "silent": (done(code=isolated.BAD), "ended with 3"),
    }  # fmt: skip
    assert {name: isolated._complaint(ended) for name, (ended, _) in ends.items()} == {
        name: told for name, (_, told) in ends.items()
    }
    assert len(isolated._complaint(done(code=isolated.BAD, stderr=b"x" * 9_999))) == isolated.SHOWN
