"""Tables as CSV files, safe to open in a spreadsheet."""

import csv
from collections.abc import Iterable, Sequence
from io import StringIO
from typing import Any

from django.http import HttpResponse


def csv_headers(filename: str) -> dict[str, str]:
    """Returns the headers of an HTTP answer that is a table: its type, and what it is saved as."""
    return {"Content-Type": "text/csv; charset=utf-8", "Content-Disposition": f'attachment; filename="{filename}"'}


def csv_file(filename: str, lines: Iterable[Sequence[Any]]) -> HttpResponse:
    """Returns a small table as an HTTP answer, whole."""
    return HttpResponse("".join(map(line, lines)), headers=csv_headers(filename))


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
