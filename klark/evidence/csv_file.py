"""A small table as a CSV file, for the admin and the API."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.http import HttpResponse

from klark.values.csv_lines import TYPE, line


def as_file(filename: str, lines: Iterable[Sequence[Any]]) -> HttpResponse:
    """Returns a small table as a whole."""
    headers = {"Content-Disposition": f'attachment; filename="{filename}"'}
    return HttpResponse("".join(map(line, lines)), content_type=TYPE, headers=headers)
