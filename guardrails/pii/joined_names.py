"""Extends names to lists of names: a word joined to a name by a comma or "and" is a name too."""

import re

from guardrails.pii.lexicon import COMMON_FAMILY, ELSEWHERE, FAMILY, GIVEN
from guardrails.pii.name_extent import Words, is_unknown, might_name

_JOINER = re.compile(
    r"[ \u00a0]?,[ \u00a0]?(?:(?:and|et|or|ou|und|y)[ \u00a0])?|[ \u00a0](?:and|et|or|ou|und|y)[ \u00a0]",
    re.IGNORECASE,
)
_JOINING = frozenset({"and", "et", "or", "ou", "und", "y"})


def joined(words: Words, sure: set[int]) -> set[int]:
    """Returns the indices in `sure`, and those of the words listed with them: "Kovalev, Lee and Phillips"."""
    forward, backward = range(len(words.places)), range(len(words.places) - 1, -1, -1)
    found = set(sure)
    for order, step in ((forward, 1), (backward, -1)):
        for index in order:
            beside = _beside(words, index, step) if index in found and index not in words.towns else None
            if beside is not None and _may_join(words, beside):
                found.add(beside)
    return found


def _may_join(words: Words, index: int) -> bool:
    plain = words.plain[index]
    if words.is_capital(index):
        strange = words.strangers or not is_unknown(plain)
        return plain in GIVEN or plain in FAMILY or (strange and might_name(words, index) and plain not in ELSEWHERE)
    return plain in COMMON_FAMILY or plain in FAMILY


def _beside(words: Words, index: int, step: int) -> int | None:
    """Returns the index of the word that a comma, "and" or "et" joins to this one, or `None`."""
    beside = index + step
    if 0 <= beside < len(words.places) and words.plain[beside] in _JOINING:
        beside += step
    if not 0 <= beside < len(words.places):
        return None
    left, right = sorted((index, beside))
    between = words.text[words.places[left][1] : words.places[right][0]]
    return beside if _JOINER.fullmatch(between) else None
