"""Recognises towns, regions and countries, which count as names of people only beside other evidence."""

from collections.abc import Iterator, Sequence
from pathlib import Path

_SAME = {"st": "saint", "ste": "sainte", "au": "le", "du": "le", "aux": "les"}
_LINES = (Path(__file__).parent / "towns.txt").read_text(encoding="utf-8").splitlines()
TOWNS = frozenset(tuple(line.split()) for line in _LINES if not line.startswith("#"))
_LONGEST = max(map(len, TOWNS))
_FIRST = frozenset(town[0] for town in TOWNS)


def in_towns(plain: Sequence[str]) -> frozenset[int]:
    """Returns the indices of those of these folded words that are a place name, or part of one of several words."""
    words = [_SAME.get(word, word) for word in plain]
    return frozenset(place for start, word in enumerate(words) if word in _FIRST for place in _town(words, start))


def _town(words: Sequence[str], start: int) -> Iterator[int]:
    for length in range(min(_LONGEST, len(words) - start), 0, -1):
        if tuple(words[start : start + length]) in TOWNS:
            yield from range(start, start + length)
            return
