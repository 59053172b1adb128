"""Reads XLSX: each sheet is a table with a header, and each row below it becomes an article.

Hidden sheets, rows and columns are left out and reported, because no reader sees them. Numbers are taken as displayed,
formulas as last computed.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zipfile import ZipFile

from lxml import etree
from openpyxl import load_workbook
from openpyxl.utils import get_column_letter

from klark.sources.base import BadDocument, Sheet, Unreadable
from klark.sources.number_format import displayed
from klark.sources.office_archives import opened
from klark.sources.refusals import Refusal
from klark.sources.table import Row, sheets

_SPACE = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


@dataclass(frozen=True, slots=True)
class _Unseen:
    rows: frozenset[int]
    columns: frozenset[int]
    formulas: frozenset[str]


def read(path: Path) -> Iterator[Sheet | Unreadable]:
    """Yields the articles of every visible sheet, and what was left out. Raises BadDocument."""
    with opened(path, "xl/workbook.xml") as packed:
        try:
            book = load_workbook(path, read_only=True, data_only=True, keep_links=False)
        except (KeyError, ValueError, TypeError, AttributeError, IndexError, SyntaxError, OSError) as error:
            raise BadDocument(Refusal.DAMAGED % {"error": error}) from error
        for sheet in book.worksheets:
            if sheet.sheet_state != "visible":
                yield Unreadable(f"sheet {sheet.title!r}", Refusal.HIDDEN, meant=True)
                continue
            yield from _sheet(sheet, packed)


def _sheet(sheet: Any, packed: ZipFile) -> Iterator[Sheet | Unreadable]:
    try:
        unseen = _unseen(sheet, packed)
        kept = [column for column in range(1, (sheet.max_column or 0) + 1) if column not in unseen.columns]
        found = list(_rows(sheet, unseen, set(kept)))
    except (KeyError, ValueError, TypeError, AttributeError, IndexError, SyntaxError) as error:
        yield Unreadable(f"sheet {sheet.title!r}", Refusal.DAMAGED % {"error": error})
        return
    if unseen.columns:
        named = ", ".join(get_column_letter(column) for column in sorted(unseen.columns))
        yield Unreadable(f"sheet {sheet.title!r}", Refusal.HIDDEN_COLUMNS % {"columns": named}, meant=True)
    yield from (each for each in found if isinstance(each, Unreadable))
    rows = [each for each in found if isinstance(each, Row)]
    header = next((row for row in rows if not row.hidden), None)
    if header is not None:
        width = max(n for n, cell in enumerate(header.cells, 1) if cell)
        yield from sheets(header.cells[:width], [_cut(row, width) for row in rows if row is not header])


def _cut(row: Row, width: int) -> Row:
    """Cuts off empty cells beyond the header. A row with text there is kept whole, so that it is reported as not fitting."""
    rest = row.cells[width:]
    return Row(row.place, row.cells if any(rest) else row.cells[:width], row.hidden)


def _rows(sheet: Any, unseen: _Unseen, kept: set[int]) -> Iterator[Row | Unreadable]:
    width = sheet.max_column or 0
    for number, cells in enumerate(sheet.iter_rows(), sheet.min_row or 1):
        place, shown = f"sheet {sheet.title!r}, row {number}", [""] * width
        fault = ""
        for column, cell in enumerate(cells, sheet.min_column or 1):
            name = f"{get_column_letter(column)}{number}"
            if cell.value is None and name not in unseen.formulas:
                continue
            shown[column - 1], wrong = _text(cell)
            fault = fault or (Refusal.BAD_CELL % {"cell": name, "why": wrong} if wrong else "")
        texts = [text for column, text in enumerate(shown, 1) if column in kept]
        if fault:
            yield Unreadable(place, fault)
        elif any(text.strip() for text in texts):
            yield Row(place, texts, number in unseen.rows)


def _text(cell: Any) -> tuple[str, str]:
    """Returns the cell's text as displayed, and what is wrong with it ("" if nothing is)."""
    if cell.data_type == "e":
        return "", Refusal.SHOWS_ERROR % {"error": cell.value}
    if cell.value is None:
        return "", Refusal.NOT_COMPUTED
    text = displayed(cell.value, cell.number_format or "General")
    return (text, "") if text is not None else ("", Refusal.NUMBER_FORMAT % {"format": cell.number_format})


def _unseen(sheet: Any, packed: ZipFile) -> _Unseen:
    """Finds the hidden rows and columns, and the formulas without a value, which openpyxl omits in read-only mode."""
    rows, columns, formulas = set[int](), set[int](), set[str]()
    with packed.open(sheet._worksheet_path) as raw:  # only this private attribute names a sheet's part
        for _, node in etree.iterparse(
            raw, tag=[f"{_SPACE}{tag}" for tag in ("row", "col", "c")], resolve_entities=False
        ):
            if node.tag == f"{_SPACE}c":
                if node.find(f"{_SPACE}f") is not None and not node.findtext(f"{_SPACE}v"):
                    formulas.add(node.get("r", ""))
                continue
            if node.get("hidden") in ("1", "true") and node.tag == f"{_SPACE}row":
                rows.add(int(node.get("r", "0")))
            elif node.get("hidden") in ("1", "true"):
                columns.update(range(int(node.get("min", "0")), min(int(node.get("max", "0")), 16_384) + 1))
            node.clear()
    return _Unseen(frozenset(rows), frozenset(columns), frozenset(formulas))
