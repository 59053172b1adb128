"""A row of a table as a sentence that can be sent.

klark.steps.cut writes a row as "Country: Belgium; Up to 2 kg: 6.90 €."; it is sent as "Belgium – up to 2 kg: 6.90 €.".
"""

import re

_CELL = re.compile(r"^(?P<name>[^:;]{1,60}): (?P<said>.+)$")


def is_row(text: str) -> bool:
    """Whether a sentence is a row with its header."""
    cells = text.removesuffix(".").split("; ")
    return len(cells) > 1 and all(_CELL.match(cell) for cell in cells[1:])


def sentence(row: str, language: str) -> str:
    """The row without the name of its first column, which says what the others are of."""
    first, *others = (cell.strip() for cell in row.removesuffix(".").split("; "))
    named = _CELL.match(first)
    mark = " : " if language == "fr" else ": "
    parts = "; ".join(_cell(other, mark) for other in others)
    return f"{named['said'] if named else first} – {parts}."


def _cell(cell: str, mark: str) -> str:
    name, _, said = cell.partition(": ")
    return f"{name if name[1:2].isupper() else name[:1].lower() + name[1:]}{mark}{said}"
