"""Everyday words that can say the same. `synonyms(stem("buy", "en"), "en")` has the stem of "purchase".

The table is synonyms.txt: its head says where it comes from. It is read once a language, and only when first asked for.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

from guardrails.words import stem

_TABLE = Path(__file__).with_name("synonyms.txt")


def synonyms(stem_: str, language: str) -> frozenset[str]:
    """The stems that can say the same as a stem; English unless the language is French."""
    return _near("fr" if language == "fr" else "en").get(stem_, frozenset())


def widened(stems: Iterable[str], language: str) -> frozenset[str]:
    """Stems with all that can say the same."""
    return frozenset().union(*(synonyms(stem_, language) | {stem_} for stem_ in stems))


@cache
def _near(language: str) -> Mapping[str, frozenset[str]]:
    near: dict[str, set[str]] = defaultdict(set)
    for line in _lines(language):
        first, *others = (stem(word, language) for word in line.split())
        # A French line is a word with its synonyms, which need not be each other's; an English one is a sense.
        group = {first, *others}
        for one in group if language == "en" else {first}:
            near[one] |= group - {one}
        for other in others if language == "fr" else ():
            near[other].add(first)
    return {word: frozenset(found - {word}) for word, found in near.items()}


def _lines(language: str) -> list[str]:
    text = _TABLE.read_text(encoding="utf-8").partition(f"\n[{language}]\n")[2]
    return text.partition("\n[")[0].splitlines()
