"""Which files are read, and how: one row a format. `apart` reads in a process of its own."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from klark.sources import markdown, table, webpage
from klark.sources.apart import apart
from klark.sources.base import BadDocument, Sheet, Unreadable

MB = 1_000_000


@dataclass(frozen=True, slots=True)
class Format:
    """`largest` is in bytes."""

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
    ".pdf": Format(apart(".pdf"), 100 * MB),
    ".docx": Format(apart(".docx"), 50 * MB),
    ".xlsx": Format(apart(".xlsx"), 50 * MB),
    ".xlsm": Format(apart(".xlsm"), 50 * MB),
}
INSTEAD: Mapping[str, str] = {
    ".doc": "DOCX or PDF", ".odt": "DOCX or PDF", ".rtf": "DOCX or PDF", ".ppt": "PDF", ".pptx": "PDF",
    ".odp": "PDF", ".xls": "XLSX or CSV", ".ods": "XLSX or CSV", ".xlsb": "XLSX or CSV",
}  # fmt: skip
"""Documents that are not read, and what to save them as."""


def read(path: Path) -> Iterable[Sheet | Unreadable]:
    """A file's articles. Raises BadDocument and OSError."""
    suffix = path.suffix.lower()
    if suffix in INSTEAD:
        raise BadDocument(f"is in a format that is not read here: save it as {INSTEAD[suffix]}")
    size, largest = path.stat().st_size, FORMATS[suffix].largest
    if size > largest:
        raise BadDocument(f"is larger than {largest // MB} MB")
    if not size:
        raise BadDocument("is empty")
    return FORMATS[suffix].read(path)
