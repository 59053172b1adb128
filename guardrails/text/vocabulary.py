"""Tables of words, French and English: which say nothing, which say little. All are written without accents and in lower case, as
`words.fold` leaves them; the long ones are text files beside this one, `words_*.txt`."""

from pathlib import Path

_HERE = Path(__file__).parent


def word_set(text: str) -> frozenset[str]:
    """The words of a table written as running text."""
    return frozenset(text.split())


STOPS = word_set(", ; : . ! ? ( ) —")
"""Tokens that end a clause."""


def _text(name: str) -> str:
    return (_HERE / f"{name}.txt").read_text(encoding="utf-8").strip()


# Words that are evidence of nothing, whether both texts have them or not; pronouns and opinion words above all.
EMPTY = word_set(_text("words_empty"))

# Light words: they may be missing from a source without making a claim unfounded.
LIGHT = word_set(_text("words_light"))
