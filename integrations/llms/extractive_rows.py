"""A row of a table as a sentence that can be sent.

klark.steps.cut writes a row as "Country: Belgium; Up to 2 kg: 6.90 €."; it is sent as "Belgium – up to 2 kg: 6.90 €.".
"""

import re
from collections.abc import Collection

from integrations.llms.extractive_question import Asked
from integrations.llms.extractive_words import words

_CELL = re.compile(r"^(?P<name>[^:;]{1,60}): (?P<said>.+)$")
_BOUNDS = re.compile(
    r"\b(?:min|max|at least|at most|up to|from|under|over|until|less|more|jusqu|à partir|dès|au moins|au plus|moins|plus)",
    re.I,
)
_PARTED = {"en": (": ", ", ", "; "), "fr": (" : ", ", ", " ; ")}


def is_row(text: str) -> bool:
    """Whether a sentence is a row with its header."""
    cells = _cells(text)
    return len(cells) > 1 and all(_CELL.match(cell) for cell in cells[1:])


def columns(text: str, asked: Asked, language: str) -> frozenset[int]:
    """The columns of a row, from 1, that a question asks for: by their name, else by the kind of fact, else all."""
    cells = list(enumerate(_cells(text)))[1:]
    wanted = {term.word.concept for term in asked.terms}
    named = {n for n, cell in cells if wanted & {word.concept for word in words(cell.partition(": ")[0], language)}}
    fitting = {n for n, cell in cells if asked.want is not None and asked.want.met.search(cell)}
    every = frozenset(n for n, _ in cells)
    wanted_columns = frozenset(named or fitting or every)
    # "Minimum term: 6 months" may bound what the other columns say: it is not left out.
    bounded = any(_BOUNDS.search(cell) for n, cell in cells if n not in wanted_columns)
    return every if bounded else wanted_columns


def sentence(row: str, wanted: Collection[int], language: str) -> str:
    """The row with the columns wanted, and without the name of its first column, which says what the others are of."""
    first, *others = _cells(row)
    named = _CELL.match(first)
    mark, comma, semicolon = _PARTED[language]
    said = [_said(other, mark) for n, other in enumerate(others, 1) if n in wanted]
    between = semicolon if any("," in cell for cell in said) else comma
    return f"{named['said'] if named else first} – {between.join(said)}."


def _cells(row: str) -> list[str]:
    return [cell.strip() for cell in row.removesuffix(".").split("; ")]


def _said(cell: str, mark: str) -> str:
    name, _, said = cell.partition(": ")
    return f"{name if name[1:2].isupper() else name[:1].lower() + name[1:]}{mark}{said}"
