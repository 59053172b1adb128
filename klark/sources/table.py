"""Reads a table with a header row: each further row becomes one article. CSV is read here, Excel in workbook.py.

The title is taken from the column called "title" (or "question", "name", "product" …), else from the first column. Columns
called "language", "url" or "id" are used as such. Cells of a column called "answer" (or "text" …) become plain text; short
cells of the others become sentences of facts, with the figures unchanged.
"""

import csv
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from itertools import islice

from guardrails.text.words import fold
from klark.sources.base import BadDocument, Sheet, Unreadable
from klark.sources.refusals import Refusal
from klark.sources.text import by_line

NAMED: Mapping[str, frozenset[str]] = {
    "title": frozenset({"title", "titre", "question", "name", "nom", "product", "produit", "subject", "sujet"}),
    "language": frozenset({"language", "langue", "lang", "locale"}),
    "url": frozenset({"url", "link", "lien"}),
    "key": frozenset({"id", "sku", "ref", "reference", "key"}),
}
ANSWERS = frozenset({"answer", "reponse", "text", "texte", "body", "contenu", "content"})
SHORT = 80
"""The most characters of a cell that shares a sentence with others."""
TOGETHER = 5
"""The most short cells in one sentence."""
MOST_LINES = 200
"""The most lines of one row, whose cells may span several."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row. `place` tells a person where it is: a line, or a sheet and a row. A `hidden` row is seen by no reader."""

    place: str
    cells: Sequence[str]
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class _Columns:
    names: Sequence[str]
    title: int
    others: Mapping[str, int]

    def of(self, kind: str, cells: Sequence[str]) -> str:
        """Returns the row's "language", "url" or "key", or "" if the table has no such column."""
        return cells[self.others[kind]].strip() if kind in self.others else ""


def read(raw: bytes) -> Iterator[Sheet | Unreadable]:
    """Yields the articles of a CSV file with commas, semicolons, tabs or bars as separators.

    A row that cannot be read is yielded as Unreadable, and the others are still read. Raises BadDocument.
    """
    decoded = by_line(raw)
    yield from (Unreadable(f"line {bad.key}", bad.why) for bad in decoded.bad)
    found = list(_rows(decoded.text))
    yield from (each for each in found if isinstance(each, Unreadable))
    rows = [each for each in found if isinstance(each, Row)]
    if not rows:
        raise BadDocument(Refusal.EMPTY)
    yield from sheets(rows[0].cells, rows[1:])


def _rows(text: str) -> Iterator[Row | Unreadable]:
    """Reads row by row, so that an unclosed quote loses its own line only."""
    lines = [f"{line}\n" for line in text.split("\n")]
    separator, at, width = max(";,\t|", key=lines[0].count), 0, 0
    while at < len(lines):
        reader = csv.reader(islice(lines, at, at + MOST_LINES), delimiter=separator, strict=True)
        try:
            cells = next(reader)
        except csv.Error as error:
            yield Unreadable(f"line {at + 1}", Refusal.BAD_ROW % {"error": error})
            at += 1
            continue
        swallowed = bool(width) and len(cells) != width and reader.line_num > 1
        if any(cell.strip() for cell in cells):
            width = width or len(cells)
            yield (Unreadable(f"line {at + 1}", Refusal.OPEN_QUOTE) if swallowed else Row(f"line {at + 1}", cells))
        at += 1 if swallowed else reader.line_num


def sheets(header: Sequence[str], rows: Sequence[Row]) -> Iterator[Sheet | Unreadable]:
    """Yields each row as an article; a row that is hidden or does not fit the header is yielded as Unreadable."""
    columns = _columns([name.strip() for name in header])
    seen = Counter[str]()
    for row in rows:
        cells = [*row.cells, *[""] * (len(header) - len(row.cells))] if row.hidden else row.cells
        if why := _fault(row, columns, cells):
            yield Unreadable(row.place, why, meant=row.hidden)
            continue
        part = columns.of("key", cells) or cells[columns.title].strip()
        seen[part] += 1
        part = part if seen[part] == 1 else f"{part} ({seen[part]})"
        yield Sheet(cells[columns.title].strip(), _html(columns, cells), part, columns.of("language", cells)[:10],
                    columns.of("url", cells))  # fmt: skip


def _columns(names: Sequence[str]) -> _Columns:
    found = {kind: next((n for n, name in enumerate(names) if fold(name) in called), None)
             for kind, called in NAMED.items()}  # fmt: skip
    title = found.pop("title")
    others = {kind: place for kind, place in found.items() if place is not None}
    first = next((n for n in range(len(names)) if n not in others.values()), 0)
    return _Columns(names, first if title is None else title, others)


def _fault(row: Row, columns: _Columns, cells: Sequence[str]) -> str:
    if row.hidden:
        return Refusal.HIDDEN
    if len(cells) != len(columns.names):
        return Refusal.COLUMNS % {"found": len(cells), "wanted": len(columns.names)}
    return (
        "" if cells[columns.title].strip() else Refusal.NO_TITLE % {"column": columns.names[columns.title] or "title"}
    )


def _html(columns: _Columns, cells: Sequence[str]) -> str:
    kept = [(name, cell.strip()) for place, (name, cell) in enumerate(zip(columns.names, cells, strict=True))
            if cell.strip() and place != columns.title and place not in columns.others.values()]  # fmt: skip
    short = [pair for pair in kept if len(pair[1]) <= SHORT and "\n" not in pair[1] and fold(pair[0]) not in ANSWERS]
    title = (columns.names[columns.title], cells[columns.title].strip())
    tables = [_facts([title, *short[at : at + TOGETHER]]) for at in range(0, len(short), TOGETHER)]
    return "".join([*tables, *(_long(name, cell) for name, cell in kept if (name, cell) not in short)])


def _facts(pairs: Sequence[tuple[str, str]]) -> str:
    """Returns an HTML table of one row. Indexing turns it into one sentence, which names its subject by the title."""
    names = "".join(f"<th>{escape(name)}</th>" for name, _ in pairs)
    cells = "".join(f"<td>{escape(cell)}</td>" for _, cell in pairs)
    return f"<table><tr>{names}</tr><tr>{cells}</tr></table>"


def _long(name: str, cell: str) -> str:
    text = "".join(f"<p>{escape(line)}</p>" for line in cell.splitlines() if line.strip())
    return text if fold(name) in ANSWERS or not name else f"<h3>{escape(name)}</h3>{text}"
