"""Figures with their unit, of any kind: "16 amps" in a question is "16 A" in a sentence, and not "16 days"."""

import re

Figure = tuple[str, str]
_FIGURE = re.compile(r"(?<![\d.,€$£])(\d{1,6}) ?([^\W\d_]+)")
_SHORT = 2


def figures_of(text: str) -> frozenset[Figure]:
    """Each number with the word that follows it."""
    return frozenset((match[1], match[2]) for match in _FIGURE.finditer(text))


def told(sentence: str, figure: Figure) -> bool:
    """Whether a sentence gives the figure, its unit in full or as a symbol."""
    number, unit = figure
    return any(number == other and _same(unit, theirs) for other, theirs in figures_of(sentence))


def _same(asked: str, said: str) -> bool:
    one, other = asked.lower().rstrip("s"), said.lower().rstrip("s")
    symbol = len(said) <= _SHORT and said[0].isupper() and asked.lower().startswith(said.lower())
    return one == other or symbol
