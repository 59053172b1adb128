"""Markdown as HTML: CommonMark with tables; HTML inside is text, a line break stays one."""

from collections.abc import Iterator

from markdown_it import MarkdownIt

from klark.sources.base import Sheet
from klark.sources.text import whole
from klark.sources.webpage import title_of

_READER = MarkdownIt("commonmark", {"html": False, "breaks": True}).enable("table")


def as_html(text: str) -> str:
    """Never raises; deep nesting is cut by the reader itself."""
    return str(_READER.render(text))


def read(raw: bytes) -> Iterator[Sheet]:
    """One article, titled by its first heading; what a front matter says of itself is left out."""
    html = as_html(_after_front_matter(whole(raw)))
    yield Sheet(title_of(html), html)


def _after_front_matter(text: str) -> str:
    """Jekyll, Hugo and the like put "---" lines around settings at the start; a reader never sees them."""
    if not text.startswith("---\n"):
        return text
    _, mark, rest = text[4:].partition("\n---\n")
    return rest if mark else text
