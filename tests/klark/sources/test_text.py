"""Bytes as text: what can be read is, what cannot is named by its line."""

import pytest

from klark.sources.base import LONGEST_KEY, BadDocument, Unreadable, key_of
from klark.sources.text import by_line, whole


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_common_encodings_are_read_alike(encoding: str) -> None:
    assert whole("Délai : 3 à 5 jours, 12,50 €".encode(encoding)) == "Délai : 3 à 5 jours, 12,50 €"


def test_a_line_in_another_encoding_is_named_and_the_rest_goes_on() -> None:
    raw = "Un café\n".encode() + "Une thé\n".encode("cp1252") + "Deux thés".encode()
    assert by_line(raw).text == "Un café\n\nDeux thés"
    assert by_line(raw).bad == (Unreadable("2", "is not UTF-8, as the other lines are"),)
    with pytest.raises(BadDocument, match="line 2 is not UTF-8"):
        whole(raw)


def test_accents_that_were_broken_before_are_named() -> None:
    broken = "Délai réparé : 5 €".encode().decode("cp1252")
    assert by_line(f"ok\n{broken}\nok".encode()).bad == (
        Unreadable("2", "was saved in a wrong encoding: its accents are broken"),)  # fmt: skip


@pytest.mark.parametrize(
    "innocent", ["À bientôt", "Âge : 12 ans", "Ã", "São Paulo", "Â mon avis", "prix : 5 €", "naïve"]
)
def test_ordinary_accents_are_not_taken_for_broken_ones(innocent: str) -> None:
    assert by_line(innocent.encode()).bad == ()


@pytest.mark.parametrize(("raw", "why"), [
    (b"a\0b", "is not a text"),
    (b"\xff\xfea", "begins as UTF-16 and is not"),
    (b"caf\x81 \x8f", "in no encoding that is known"),
])  # fmt: skip
def test_what_is_no_text_is_refused(raw: bytes, why: str) -> None:
    with pytest.raises(BadDocument, match=why):
        whole(raw)


def test_a_key_fits_its_column_and_stays_its_own() -> None:
    assert key_of("guide.csv", "Red kite") == "guide.csv#Red kite"
    assert key_of("guide.md", "") == "guide.md"
    first, second = key_of("a" * 300, "1"), key_of("a" * 300, "2")
    assert (len(first), first == second) == (LONGEST_KEY, False)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_lines_end_alike_in_every_encoding(encoding: str) -> None:
    assert whole("Délai\r\n3 jours\r\n".encode(encoding)) == "Délai\n3 jours\n"
