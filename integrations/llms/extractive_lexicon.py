"""The words that the drafter without a model knows, by language: extractive_en.txt, extractive_fr.txt and the countries.

A language without a file is not drafted in.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

_FOLDER = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Lexicon:
    """The sections of a language's file, each explained there."""

    stop: frozenset[str]
    light: frozenset[str]
    short: Mapping[str, str]
    phrases: Mapping[str, str]
    concepts: tuple[tuple[str, ...], ...]
    kinds: Mapping[str, frozenset[str]]
    permits: frozenset[str]
    opposites: tuple[tuple[str, ...], ...]
    dealings: frozenset[str]


def _lexicon(language: str) -> Lexicon:
    found = _sections((_FOLDER / f"extractive_{language}.txt").read_text(encoding="utf-8"))
    return Lexicon(
        stop=_words(found["stop"]),
        light=_words(found["light"]),
        short=_pairs(found["short"]),
        phrases=_pairs(found["phrases"]),
        concepts=tuple(tuple(line.split()) for line in found["concepts"]),
        kinds={name: frozenset(each.split()) for name, each in (line.split(": ") for line in found["kinds"])},
        permits=_words(found["permits"]),
        opposites=tuple(tuple(line.split()) for line in found["opposites"]),
        dealings=_words(found["dealings"]),
    )


def _sections(text: str) -> dict[str, list[str]]:
    """Section name -> its lines; what stands behind "#" is for readers."""
    found: dict[str, list[str]] = {}
    lines: list[str] = []
    for line in _lines(text):
        if line.startswith("["):
            lines = found.setdefault(line.strip("[]"), [])
        else:
            lines.append(line)
    return found


def _lines(text: str) -> Iterator[str]:
    return (line.strip() for line in text.splitlines() if line.strip() and not line.startswith("#"))


def _words(lines: list[str]) -> frozenset[str]:
    return frozenset(word for line in lines for word in line.split())


def _pairs(lines: list[str]) -> dict[str, str]:
    """From lines "these, or these = that"."""
    parts = [line.partition("=") for line in lines]
    return {left.strip(): right.strip() for lefts, _, right in parts for left in lefts.split(",")}


LANGUAGES = frozenset({"en", "fr"})
LEXICON: Mapping[str, Lexicon] = {language: _lexicon(language) for language in sorted(LANGUAGES)}
COUNTRIES = _words(list(_lines((_FOLDER / "extractive_countries.txt").read_text(encoding="utf-8"))))
