"""Reads Markdown (CommonMark with tables) as HTML. HTML in it is taken as plain text, and line breaks are kept."""

from collections.abc import Iterator

from markdown_it import MarkdownIt

from klark.sources.base import Sheet
from klark.sources.text import whole
from klark.sources.webpage import title_of

_READER = MarkdownIt("commonmark", {"html": False, "breaks": True}).enable("table")


def as_html(text: str) -> str:
    """Returns Markdown as HTML. Never raises; the parser itself limits deep nesting."""
    return str(_READER.render(text))


def read(raw: bytes) -> Iterator[Sheet]:
    """Yields one article, titled by its first heading; front matter is left out. Raises BadDocument."""
    html = as_html(_after_front_matter(whole(raw)))
    yield Sheet(title_of(html), html)


def _after_front_matter(text: str) -> str:
    """Returns the text without the settings between "---" lines that Jekyll, Hugo and others put first and never show."""
    if not text.startswith("---\n"):
        return text
    _, mark, rest = text[4:].partition("\n---\n")
    return rest if mark else text
