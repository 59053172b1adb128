"""Reads HTML: a page's title, its language, and its main content without the navigation around it."""

from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree
from lxml import html as lxml_html
from lxml.etree import ParserError
from lxml.html import HtmlElement

from klark.sources.base import BadDocument, Sheet
from klark.sources.refusals import Refusal
from klark.sources.text import whole

_AROUND = ("nav", "header", "footer", "aside", "form", "script", "noscript", "template", "svg", "iframe", "dialog")


@dataclass(frozen=True, slots=True)
class Page:
    """A page of a site. `indexed` is false if its mark-up asks robots not to index it."""

    title: str
    html: str
    language: str
    indexed: bool = True


def read(raw: bytes) -> Iterator[Sheet]:
    """Yields a file of HTML as one article. All of it is kept, since files in a folder have no menus around them.

    Raises BadDocument.
    """
    text = whole(raw)
    root = _parsed(text)
    yield Sheet(title_of(text), text, language="" if root is None else root.get("lang", "")[:10])


def title_of(text: str) -> str:
    """Returns the first main heading (h1), else the title, else ""."""
    root = _parsed(text)
    return "" if root is None else _title(root)


def page(text: str) -> Page:
    """Reads a page of a site. Raises BadDocument if it has no text."""
    root = _parsed(text)
    if root is None:
        raise BadDocument(Refusal.NO_TEXT)
    styles = "".join(_markup(style) for style in root.iter("style"))  # they may say what is hidden
    return Page(_title(root), styles + _markup(_own(root)), root.get("lang", "")[:10], _indexed(root))


def _parsed(text: str) -> HtmlElement | None:
    try:
        return lxml_html.document_fromstring(
            text.encode(errors="replace"), parser=lxml_html.HTMLParser(encoding="utf-8")
        )
    except (ParserError, ValueError):
        return None


def _title(root: HtmlElement) -> str:
    named = (next(root.iter(tag), None) for tag in ("h1", "title"))
    texts = (" ".join(" ".join(map(str, each.itertext())).split()) for each in named if each is not None)
    return next(filter(None, texts), "")


def _own(root: HtmlElement) -> HtmlElement:
    for around in list(root.iter(*_AROUND)):
        if around.getparent() is not None:
            around.drop_tree()
    found = (next(root.iter(tag), None) for tag in ("main", "article", "body"))
    return next((each for each in found if each is not None), root)


def _markup(element: HtmlElement) -> str:
    return str(etree.tostring(element, encoding="unicode", method="html", with_tail=False))


def _indexed(root: HtmlElement) -> bool:
    metas = (meta for meta in root.iter("meta") if meta.get("name", "").strip().lower() == "robots")
    return not any("noindex" in meta.get("content", "").lower() or meta.get("content", "").strip().lower() == "none"
                   for meta in metas)  # fmt: skip
