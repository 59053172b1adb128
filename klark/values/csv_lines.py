"""Lines of a table as CSV, safe to open in a spreadsheet."""

import csv
from collections.abc import Sequence
from io import StringIO
from typing import Any

TYPE = "text/csv; charset=utf-8"


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
