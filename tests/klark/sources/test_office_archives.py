"""Zips: what would unpack to more than can be read is refused before it is unpacked."""

import zipfile
from pathlib import Path

import pytest

from klark.sources import office_archives as bounds
from klark.sources.base import BadDocument
from klark.sources.office_archives import opened
from tests.klark.sources.papers import packed


def refused(path: Path, part: str = "a.xml") -> str:
    with pytest.raises(BadDocument) as told, opened(path, part):
        pass
    return str(told.value)


def test_a_sound_zip_is_opened(tmp_path: Path) -> None:
    with opened(packed(tmp_path / "z", {"a.xml": "<a/>"}), "a.xml") as zipped:
        assert zipped.read("a.xml") == b"<a/>"


def test_a_part_that_packs_too_well_is_a_bomb(tmp_path: Path) -> None:
    assert "zip bomb" in refused(packed(tmp_path / "z", {"a.xml": b"<a/>" + b" " * 5_000_000}))


def test_many_parts_that_are_much_together_are_a_bomb(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bounds, "MOST_BYTES", 1_000)
    assert "zip bomb" in refused(packed(tmp_path / "z", {f"{n}.xml": b"x" * 300 for n in range(4)}))
    monkeypatch.setattr(bounds, "MOST_PARTS", 2)
    assert "zip bomb" in refused(packed(tmp_path / "y", {f"{n}.xml": b"x" for n in range(4)}))


def test_a_part_that_understates_its_size_is_not_read_beyond_it(tmp_path: Path) -> None:
    path = packed(tmp_path / "z", {"a.xml": b"<a/>" + b" " * 100_000})
    raw = path.read_bytes()
    size = (100_004).to_bytes(4, "little")
    path.write_bytes(raw.replace(size, (4).to_bytes(4, "little")))
    with zipfile.ZipFile(path) as zipped:
        assert zipped.infolist()[0].file_size == 4
    assert "is damaged" in refused(path)


@pytest.mark.parametrize(("raw", "why"), [
    (b"no zip at all", "is damaged"),
    (b"", "is damaged"),
    (b"\xd0\xcf\x11\xe0 and more", "is encrypted, or in an old format"),
])  # fmt: skip
def test_what_is_no_zip_is_refused(tmp_path: Path, raw: bytes, why: str) -> None:
    (tmp_path / "z").write_bytes(raw)
    assert why in refused(tmp_path / "z")


def test_a_zip_of_something_else_is_refused(tmp_path: Path) -> None:
    assert refused(packed(tmp_path / "z", {"b.xml": "<a/>"})) == "is not what its name says"


@pytest.mark.parametrize(
    "start", ['<!DOCTYPE a [<!ENTITY b "c">]><a/>', '<?xml version="1.0"?><!DOCTYPE a SYSTEM "file:///x"><a/>']
)
def test_xml_that_declares_entities_is_refused(tmp_path: Path, start: str) -> None:
    assert refused(packed(tmp_path / "z", {"a.xml": start})) == "holds XML that wants entities expanded"
    assert (
        refused(packed(tmp_path / "y", {"a.xml": start.encode("utf-16")})) == "holds XML that wants entities expanded"
    )
