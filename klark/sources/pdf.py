"""Reads the visible text of a PDF, page by page. A document becomes one article, or several if it is very long.

Titles of the outline become headings where they occur on their page. A PDF has no paragraphs, so lines are joined until a
sentence ends. `pdf_hidden_text` decides which text is visible.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any

from pypdf import PageObject, PdfReader
from pypdf.errors import PyPdfError
from pypdf.generic import ContentStream, NameObject

from klark.sources.base import BadDocument, Sheet, Unreadable
from klark.sources.pdf_hidden_text import Box, Split, split
from klark.sources.refusals import Refusal

MOST_CHARACTERS = 300_000
"""The most characters of one article."""
MOST_PAGES = 5_000
_FAULTS = (
    PyPdfError,
    ValueError,
    KeyError,
    TypeError,
    AttributeError,
    IndexError,
    ArithmeticError,
    NotImplementedError,
)
_ENDS = re.compile(r"[.!?:;…»\"”)]$")
_BULLET = re.compile(r"^(?:[•▪‣·●○–*-]|\(?\d{1,2}[.)])\s+")
_BROKEN_WORD = re.compile(r"(?<=[^\W\d_])[-\u00ad\u2010]$")
_FILE_NAME = re.compile(
    r"\.(?:docx?|xlsx?|pptx?|indd|pdf|odt)$|^(?:Microsoft Word - |untitled|sans titre)", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class _Page:
    number: int
    lines: Sequence[str]
    hidden: str = ""
    picture: bool = False


def read(path: Path) -> Iterator[Sheet | Unreadable]:
    """Yields a PDF's articles and the pages that were left out. Raises BadDocument if it is encrypted, damaged or textless."""
    try:
        reader = PdfReader(path)
        if reader.is_encrypted and not reader.decrypt(""):
            raise BadDocument(Refusal.HAS_PASSWORD)
        count = len(reader.pages)
    except _FAULTS as error:
        raise error if isinstance(error, BadDocument) else BadDocument(Refusal.DAMAGED % {"error": error}) from error
    found = [_page(reader, number) for number in range(1, min(count, MOST_PAGES) + 1)]
    pages = [page for page in found if isinstance(page, _Page)]
    if not any(page.lines for page in pages):
        raise BadDocument(Refusal.SCAN)
    yield from (page for page in found if isinstance(page, Unreadable))
    yield from _without_text(pages)
    if count > MOST_PAGES:
        yield Unreadable(f"pages {MOST_PAGES + 1} to {count}", Refusal.TOO_MANY_PAGES)
    yield from _sheets(_title(reader), _plain(pages), _outline(reader))


def _page(reader: PdfReader, number: int) -> _Page | Unreadable:
    try:
        page = reader.pages[number - 1]
        picture = any(each.get("/Subtype") == "/Image" for each in _drawn(page))
        parts = _filtered(page, picture)
        seen = page.extract_text()
        hidden = _again(page, parts.unseen) if parts.unseen else ""
    except (*_FAULTS, RecursionError) as error:
        return Unreadable(f"page {number}", Refusal.DAMAGED % {"error": error})
    lines = [" ".join(line.split()) for line in seen.splitlines() if line.strip()]
    return _Page(number, lines, " ".join(hidden.split()), picture)


def _filtered(page: PageObject, picture: bool) -> Split:
    """Removes the unseen text from the page, and returns its operations, split into seen and unseen."""
    content = page.get_contents()
    operations = content.operations if content is not None else []
    left, bottom, right, top = (float(side) for side in page.mediabox)
    box: Box = (min(left, right), min(bottom, top), max(left, right), max(bottom, top))
    parts = split(operations, box)
    if parts.uninked and picture:  # the recognized text of a scan
        return Split(list(operations), [], uninked=True)
    if parts.unseen and content is not None:
        content.operations = parts.seen
        page[NameObject("/Contents")] = content
    _filter_forms(page)
    return parts


def _filter_forms(page: PageObject) -> None:
    """Removes the unseen text from the page's forms, separate objects that are drawn into it and have their own text."""
    for form in _drawn(page):
        if form.get("/Subtype") == "/Form":
            content = ContentStream(form, None)
            parts = split(content.operations, None)
            if parts.unseen:
                content.operations = parts.seen
                form.set_data(content.get_data())


def _again(page: PageObject, operations: Sequence[Any]) -> str:
    content = page.get_contents()
    if content is None:
        return ""
    content.operations = list(operations)
    page[NameObject("/Contents")] = content
    return page.extract_text()


def _drawn(page: PageObject) -> list[Any]:
    resources = page.get("/Resources")
    drawn = resources.get_object().get("/XObject") if resources is not None else None
    return [each.get_object() for each in drawn.get_object().values()] if drawn is not None else []


def _without_text(pages: Sequence[_Page]) -> Iterator[Unreadable]:
    bare = [str(page.number) for page in pages if page.picture and not page.lines]
    if bare:
        yield Unreadable(f"page {', '.join(bare)}", Refusal.PICTURE)


def _plain(pages: Sequence[_Page]) -> list[_Page]:
    """Removes running headers and footers: lines at the top or bottom of most pages that differ only in their numbers."""
    edges = Counter(_unnumbered(line) for page in pages for line in {*page.lines[:2], *page.lines[-2:]})
    often = {line for line, count in edges.items() if len(pages) >= 4 and count > 0.6 * len(pages)}
    return [_Page(page.number, _inner(page.lines, often), page.hidden) for page in pages]


def _inner(lines: Sequence[str], often: set[str]) -> list[str]:
    last = len(lines) - 2
    return [line for n, line in enumerate(lines) if 2 <= n < last or _unnumbered(line) not in often]


def _unnumbered(line: str) -> str:
    return re.sub(r"\d+", "0", line)


def _sheets(title: str, pages: Sequence[_Page], outline: Mapping[int, frozenset[str]]) -> Iterator[Sheet]:
    groups: list[list[_Page]] = [[]]
    size = 0
    for page in pages:
        length = sum(map(len, page.lines))
        if groups[-1] and size + length > MOST_CHARACTERS:
            groups.append([])
            size = 0
        groups[-1].append(page)
        size += length
    for group in groups:
        part = f"pages {group[0].number}-{group[-1].number}" if len(groups) > 1 else ""
        yield Sheet(title, "".join(_blocks(group, outline)) + _hidden(group), part)


def _hidden(pages: Sequence[_Page]) -> str:
    """Returns the pages' unseen text as a hidden element. It is reported with the article and never becomes a passage."""
    text = " ".join(page.hidden for page in pages if page.hidden)
    return f"<div hidden>{escape(text)}</div>" if text else ""


def _blocks(pages: Sequence[_Page], outline: Mapping[int, frozenset[str]]) -> Iterator[str]:
    text = ""
    for page in pages:
        titles = outline.get(page.number, frozenset())
        for line in page.lines:
            heading = line.casefold() in titles
            if text and (heading or bool(_ENDS.search(text)) or bool(_BULLET.match(line))):
                yield f"<p>{escape(text)}</p>"
                text = ""
            if heading:
                yield f"<h2>{escape(line)}</h2>"
            else:
                text = _joined(text, line)
    if text:
        yield f"<p>{escape(text)}</p>"


def _joined(text: str, line: str) -> str:
    if _BROKEN_WORD.search(text) and line[:1].islower():
        return text[:-1] + line
    return f"{text} {line}".strip()


def _title(reader: PdfReader) -> str:
    try:
        title = (reader.metadata.title if reader.metadata else "") or ""
    except _FAULTS:
        return ""
    title = " ".join(str(title).split())
    return "" if _FILE_NAME.search(title) else title[:300]


def _outline(reader: PdfReader) -> Mapping[int, frozenset[str]]:
    """Returns the outline's titles, case-folded, by the number of the page they point to."""
    found: dict[int, set[str]] = {}
    try:
        stack: list[Any] = list(reader.outline)
        while stack:
            each = stack.pop()
            if isinstance(each, list):
                stack.extend(each)
                continue
            number = reader.get_destination_page_number(each)
            found.setdefault((number or 0) + 1, set()).add(" ".join(str(each.title).split()).casefold())
    except (*_FAULTS, RecursionError):
        return {}
    return {number: frozenset(titles) for number, titles in found.items()}
