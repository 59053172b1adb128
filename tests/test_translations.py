"""The French catalogue is whole and compiled, and the check would tell if it were not."""

import shutil
from pathlib import Path

import pytest

from scripts import translations

pytestmark = pytest.mark.skipif(not shutil.which("msgfmt"), reason="GNU gettext is not installed")

PO = """msgid ""
msgstr "Content-Type: text/plain; charset=UTF-8\\n"

msgid "draft"
msgstr "{draft}"
{more}"""


def catalogue(folder: Path, draft: str = "brouillon", more: str = "") -> Path:
    path = folder / "django.po"
    path.write_text(PO.format(draft=draft, more=more), encoding="utf-8")
    return path


def test_every_text_is_translated_and_compiled() -> None:
    assert translations.complaints() == []


def test_a_text_without_a_translation_is_counted(tmp_path: Path) -> None:
    assert translations.unfinished(catalogue(tmp_path)) == 0
    assert translations.unfinished(catalogue(tmp_path, draft="")) == 1


def test_a_doubtful_translation_is_counted(tmp_path: Path) -> None:
    more = '\n#, fuzzy\nmsgid "queue"\nmsgstr "queue"\n'
    assert translations.unfinished(catalogue(tmp_path, more=more)) == 1


def test_the_date_of_collecting_makes_no_difference(tmp_path: Path) -> None:
    plain = catalogue(tmp_path)
    before = translations.entries(plain)
    plain.write_text(plain.read_text(encoding="utf-8") + '"POT-Creation-Date: 2026-11-25\\n"\n', encoding="utf-8")
    assert translations.entries(plain) == before


def test_what_is_compiled_depends_on_the_translation(tmp_path: Path) -> None:
    first = translations.compiled(catalogue(tmp_path))
    assert translations.compiled(catalogue(tmp_path)) == first
    assert translations.compiled(catalogue(tmp_path, draft="ébauche")) != first


def test_french_has_its_no_break_spaces_and_english_none(tmp_path: Path) -> None:
    more = '\nmsgid "Why ?"\nmsgstr "Pourquoi : « 5 % » ?"\n'
    plain = catalogue(tmp_path, more=more)
    plain.write_text(translations.spaced(plain), encoding="utf-8")
    told = plain.read_text(encoding="utf-8")
    assert ("Why ?" in told, "Pourquoi\u00a0: «\u00a05\u202f%\u00a0»\u202f?" in told) == (True, True)
    assert translations.spaced(plain) == told
