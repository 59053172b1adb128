"""Articles in a folder: Markdown, HTML and CSV files, read one by one. A file that cannot be read is named and left out.

`guide/fr/delivery.md` is the article "guide/fr/delivery.md"; its title is its first heading, else its name. A CSV has
one article a row: its first column is the title, the others are "column: value" lines, their figures as they stand.
"""

import csv
import io
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from html import escape
from pathlib import Path

from lxml import html as lxml_html
from lxml.etree import ParserError

from klark.sources.markdown import as_html
from klark.steps.learn import NewArticle

LARGEST = 20_000_000
"""Bytes of a file that is read."""
ENCODINGS = ("utf-8-sig", "cp1252")


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A file, or a row of one, that was left out; one line says why."""

    key: str
    why: str


def read(folder: Path) -> Iterator[NewArticle | Unreadable]:
    """Every article of a folder, in the order of its names; links are not followed. Raises OSError without a folder."""
    for path in sorted(path for path in folder.rglob("*") if path.suffix.lower() in READERS and not path.is_symlink()):
        key = path.relative_to(folder).as_posix()
        try:
            yield from READERS[path.suffix.lower()](key, _text(path))
        except (OSError, ValueError, csv.Error) as error:
            yield Unreadable(key, str(error))


def _text(path: Path) -> str:
    if path.stat().st_size > LARGEST:
        raise ValueError(f"is larger than {LARGEST // 1_000_000} MB")
    raw = path.read_bytes()
    if b"\0" in raw:
        raise ValueError("is not a text")
    for encoding in ENCODINGS:
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise ValueError("is in no encoding that is known here: UTF-8 and Windows-1252 are")


def _markdown(key: str, text: str) -> Iterator[NewArticle]:
    return _html(key, as_html(text))


def _html(key: str, text: str) -> Iterator[NewArticle]:
    yield NewArticle(key[:200], _title(text) or Path(key).stem.replace("-", " ").replace("_", " "), text)


def _title(text: str) -> str:
    try:
        root = lxml_html.fromstring(text)
    except (ParserError, ValueError):
        return ""
    found = next(root.iter("h1"), None)
    found = next(root.iter("title"), None) if found is None else found
    return "" if found is None else " ".join(" ".join(map(str, found.itertext())).split())


def _csv(key: str, text: str) -> Iterator[NewArticle | Unreadable]:
    sample = text[:4_000]
    separator = max(";,\t", key=sample.partition("\n")[0].count)
    header, *rows = list(csv.reader(io.StringIO(text), delimiter=separator)) or [[]]
    for number, row in enumerate(rows, 2):
        if not any(cell.strip() for cell in row):
            continue
        if len(row) != len(header):
            yield Unreadable(f"{key}:{number}", f"has {len(row)} columns, not {len(header)}")
            continue
        lines = [
            f"<p>{escape(name)}: {escape(cell)}</p>"
            for name, cell in zip(header[1:], row[1:], strict=True)
            if cell.strip()
        ]
        yield NewArticle(
            f"{key[:180]}#{row[0].strip()[:19] or number}", row[0].strip() or f"{key} {number}", "".join(lines)
        )


READERS: Mapping[str, Callable[[str, str], Iterator[NewArticle | Unreadable]]] = {
    ".md": _markdown, ".markdown": _markdown, ".html": _html, ".htm": _html, ".csv": _csv,
}  # fmt: skip
