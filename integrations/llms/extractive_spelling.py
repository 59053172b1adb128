"""Which known word a misspelt one means: few edits away, or the same by ear."""

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from itertools import pairwise

import simplemma

from integrations.llms.extractive_lexicon import COUNTRIES
from integrations.llms.extractive_words import Word

# What sounds alike in French is written alike by whoever writes by ear ("livrezon").
_SOUNDS = (
    ("eau", "o"),
    ("au", "o"),
    ("ai", "e"),
    ("ei", "e"),
    ("ph", "f"),
    ("qu", "k"),
    ("c", "k"),
    ("z", "s"),
    ("y", "i"),
)


_MOST_LIKE = 600


def by_sound(vocabulary: Iterable[Word]) -> dict[str, tuple[Word, ...]]:
    """Each word once, under its first sound: a misspelling keeps that, as a rule."""
    table: dict[str, dict[str, Word]] = {}
    for word in vocabulary:
        table.setdefault(_sound(word.folded)[:1], {}).setdefault(word.folded, word)
    return {sound: tuple(found.values())[:_MOST_LIKE] for sound, found in table.items()}


def nearest(word: Word, vocabulary: Mapping[str, Sequence[Word]], language: str) -> Word | None:
    """The word of `vocabulary` (see `by_sound`) that `word` misspells. Known words, countries and codes are meant as written."""
    if len(word.folded) < 5 or word.folded in COUNTRIES or not word.folded.isalpha():
        return None
    if simplemma.is_known(word.folded, lang=language):
        return None
    near = [
        (_far(word, other), other)
        for other in vocabulary.get(_sound(word.folded)[:1], ())
        if _comparable(word.folded, other.folded)
    ]
    allowed = 1 if len(word.folded) < 8 else 2
    distance, found = min(near, key=lambda pair: pair[0], default=(99, word))
    return found if distance <= allowed else None


def _comparable(left: str, right: str) -> bool:
    """A cheap look before distances are counted: enough neighbouring letters in common."""
    if len(right) < 4 or abs(len(left) - len(right)) > 5:
        return False
    one, two = _letter_pairs(left), _letter_pairs(right)
    return right.isalpha() and 3 * len(one & two) >= min(len(one), len(two))


@lru_cache(maxsize=50_000)
def _letter_pairs(word: str) -> frozenset[tuple[str, str]]:
    return frozenset(pairwise(_sound(word)))


def _far(left: Word, right: Word) -> int:
    heard = (_sound(left.folded), _sound(right.folded))
    if heard[0] == heard[1]:
        return 0
    stems = distance(left.stem, right.stem) if min(len(left.stem), len(right.stem)) >= 6 else 9
    return min(distance(left.folded, right.folded), distance(*heard), stems + (stems > 1))


@lru_cache(maxsize=50_000)
def _sound(word: str) -> str:
    for written, heard in _SOUNDS:
        word = word.replace(written, heard)
    return re.sub(r"(.)\1+", r"\1", word)


def distance(left: str, right: str) -> int:
    """Edits between two words; two neighbours swapped are one."""
    before: list[int] = []
    row = list(range(len(right) + 1))
    for i, a in enumerate(left, 1):
        after = [i]
        for j, b in enumerate(right, 1):
            cost = min(row[j] + 1, after[j - 1] + 1, row[j - 1] + (a != b))
            if i > 1 and j > 1 and a == right[j - 2] and left[i - 2] == b:
                cost = min(cost, before[j - 2] + 1)
            after.append(cost)
        before, row = row, after
    return row[-1]
