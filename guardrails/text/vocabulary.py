"""Tables of French and English words that carry no meaning, or little. All are in lower case without accents, as
`words.fold` leaves them; the long ones are text files in this folder, `words_*.txt`."""

import re
from collections.abc import Iterable
from pathlib import Path

_HERE = Path(__file__).parent


def word_set(text: str) -> frozenset[str]:
    """Returns the words of a table that is written as running text."""
    return frozenset(text.split())


def any_of(words: Iterable[str]) -> str:
    """Returns a pattern that matches any of these words, the longest first."""
    return "|".join(sorted(map(re.escape, words), key=len, reverse=True))


def _text(name: str) -> str:
    return (_HERE / f"{name}.txt").read_text(encoding="utf-8").strip()


# Words that are never evidence, whether both texts have them or not; pronouns and opinion words above all.
EMPTY = word_set(_text("words_empty"))

# Light words: a source may lack them without making a claim unfounded.
LIGHT = word_set(_text("words_light"))
