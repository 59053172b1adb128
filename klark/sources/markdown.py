"""Markdown as HTML: CommonMark with tables; HTML inside is text, a line break stays one."""

from markdown_it import MarkdownIt

_READER = MarkdownIt("commonmark", {"html": False, "breaks": True}).enable("table")


def as_html(text: str) -> str:
    """Never raises; deep nesting is cut by the reader itself."""
    return str(_READER.render(text))
