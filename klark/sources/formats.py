"""The file formats that are read, one row per suffix. Those with `isolated` are read in a separate process."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from klark.sources import isolated, markdown, table, webpage
from klark.sources.base import BadDocument, Sheet, Unreadable
from klark.sources.refusals import Refusal

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
INSTEAD: Mapping[str, Refusal] = {
    **dict.fromkeys((".doc", ".odt", ".rtf"), Refusal.AS_DOCX_OR_PDF),
    **dict.fromkeys((".ppt", ".pptx", ".odp"), Refusal.AS_PDF),
    **dict.fromkeys((".xls", ".ods", ".xlsb"), Refusal.AS_XLSX_OR_CSV),
}
"""Formats that are not read, and what is said of them."""


def read(path: Path) -> Iterable[Sheet | Unreadable]:
    """Returns a file's articles and the parts of it that were left out. Raises BadDocument and OSError."""
    return format_of(path).read(path)


def format_of(path: Path) -> Format:
    """Returns how a file is read. Raises BadDocument for one in another format, too large or empty, and OSError."""
    suffix = path.suffix.lower()
    if suffix not in FORMATS:
        raise BadDocument(INSTEAD.get(suffix, Refusal.UNKNOWN_FORMAT))
    size, largest = path.stat().st_size, FORMATS[suffix].largest
    if size > largest:
        raise BadDocument(Refusal.TOO_LARGE % {"most": largest // MB})
    if not size:
        raise BadDocument(Refusal.EMPTY)
    return FORMATS[suffix]
