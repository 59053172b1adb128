"""The file formats that are read, one row per suffix. Those with `isolated` are read in a separate process."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from klark.sources import isolated, markdown, table, webpage
from klark.sources.base import BadDocument, Sheet, Unreadable

MB = 1_000_000


@dataclass(frozen=True, slots=True)
class Format:
    """How a format is read, and the size in bytes of the largest file that is accepted."""

    read: Callable[[Path], Iterable[Sheet | Unreadable]]
    largest: int


def _whole(read: Callable[[bytes], Iterable[Sheet | Unreadable]]) -> Callable[[Path], Iterable[Sheet | Unreadable]]:
    return lambda path: read(path.read_bytes())


_MARKDOWN = Format(_whole(markdown.read), 20 * MB)
_HTML = Format(_whole(webpage.read), 20 * MB)
_TABLE = Format(_whole(table.read), 20 * MB)

FORMATS: Mapping[str, Format] = {
    ".md": _MARKDOWN,
    ".markdown": _MARKDOWN,
    ".html": _HTML,
    ".htm": _HTML,
    ".csv": _TABLE,
    ".tsv": _TABLE,
    ".pdf": Format(isolated.read, 100 * MB),
    ".docx": Format(isolated.read, 50 * MB),
    ".xlsx": Format(isolated.read, 50 * MB),
    ".xlsm": Format(isolated.read, 50 * MB),
}
INSTEAD: Mapping[str, str] = {
    ".doc": "DOCX or PDF", ".odt": "DOCX or PDF", ".rtf": "DOCX or PDF", ".ppt": "PDF", ".pptx": "PDF",
    ".odp": "PDF", ".xls": "XLSX or CSV", ".ods": "XLSX or CSV", ".xlsb": "XLSX or CSV",
}  # fmt: skip
"""Formats that are not read, and the formats to save such documents in instead."""


def read(path: Path) -> Iterable[Sheet | Unreadable]:
    """Returns a file's articles and the parts of it that were left out. Raises BadDocument and OSError."""
    return format_of(path).read(path)


def format_of(path: Path) -> Format:
    """Returns how a file is read. Raises BadDocument for one in another format, too large or empty, and OSError."""
    suffix = path.suffix.lower()
    if suffix not in FORMATS:
        instead = f": save it as {INSTEAD[suffix]}" if suffix in INSTEAD else ""
        raise BadDocument(f"is in a format that is not read here{instead}")
    size, largest = path.stat().st_size, FORMATS[suffix].largest
    if size > largest:
        raise BadDocument(f"is larger than {largest // MB} MB")
    if not size:
        raise BadDocument("is empty")
    return FORMATS[suffix]
