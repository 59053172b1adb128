"""Lines of a table as CSV, safe to open in a spreadsheet."""

import csv
from collections.abc import Iterable, Sequence
from io import StringIO
from typing import Any


def csv_file(filename: str) -> dict[str, Any]:
    """Returns what an HTTP answer that is a table says of itself: its type, and what it is saved as."""
    headers = {"Content-Disposition": f'attachment; filename="{filename}"'}
    return {"content_type": "text/csv; charset=utf-8", "headers": headers}


def table(lines: Iterable[Sequence[Any]]) -> str:
    """Returns a small table as a whole."""
    return "".join(map(line, lines))


def line(cells: Sequence[Any]) -> str:
    """Returns a line of a table."""
    written = StringIO()
    csv.writer(written).writerow(map(_cell, cells))
    return written.getvalue()


def _cell(value: Any) -> str:
    """Returns a value as text. A spreadsheet takes a text that begins with one of these signs for a formula, and would run it:
    https://owasp.org/www-community/attacks/CSV_Injection"""
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text
