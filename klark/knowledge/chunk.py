"""Cuts an article into passages that stand on their own, along its structure: headings, paragraphs, lists, table rows."""

from collections.abc import Iterator
from dataclasses import dataclass

from lxml import html as lxml_html
from lxml.etree import ParserError
from lxml.html import HtmlElement

from guardrails.text.sentences import split_sentences
from integrations.helpdesks.text import html_to_text

HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6"}
BLOCKS = HEADINGS | {"p", "li", "blockquote", "pre", "dd", "dt", "figcaption", "caption", "table", "br", "hr"}
MOST_WORDS = 120  # a passage ends after the block that exceeds this
LONGEST = 200  # words of a passage, unless a single sentence is longer
BELOW = " › "
"""Separates the parts of a title path."""
LIMIT = 1_000_000  # characters of HTML that are read


@dataclass(frozen=True, slots=True)
class Chunk:
    """A passage: its title path, as in "Delivery › Belgium", and its sentences. It never joins two sections: text under
    another heading is about something else, and blurs a passage's meaning."""

    title: str
    sentences: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Section:
    heading: str
    sentences: tuple[str, ...]


def chunk(title: str, body_html: str, language: str) -> tuple[Chunk, ...]:
    """Returns the passages of an article, in order; () for an article without text."""
    sections = _sections(body_html, language)
    return tuple(Chunk(below(title, each.heading), each.sentences) for each in sections if each.sentences)


def _sections(body_html: str, language: str) -> Iterator[_Section]:
    heading, sentences, words = "", list[str](), 0
    for kind, text in _blocks(body_html[:LIMIT]):
        if kind == "heading" or words > MOST_WORDS:
            yield _Section(heading, tuple(sentences))
            sentences, words = [], 0
        if kind == "heading":
            heading = text
            continue
        for sentence in [text] if kind == "row" else split_sentences(text, language):
            more = sentence.count(" ") + 1
            if sentences and words + more > LONGEST:
                yield _Section(heading, tuple(sentences))
                sentences, words = [], 0
            sentences.append(sentence)
            words += more
    yield _Section(heading, tuple(sentences))


def below(title: str, heading: str) -> str:
    """Returns the title path of text under a heading."""
    return f"{title}{BELOW}{heading}" if heading not in {"", title} else title


def _blocks(body_html: str) -> Iterator[tuple[str, str]]:
    """Yields ("heading" | "row" | "text", its text) in reading order."""
    try:
        root = lxml_html.fragment_fromstring(body_html, create_parent="div")
    except (ParserError, ValueError):
        yield from (("text", line) for line in html_to_text(body_html).splitlines() if line.strip())
        return
    yield from _walk(root)


def _walk(element: HtmlElement) -> Iterator[tuple[str, str]]:
    loose = [element.text or ""]
    for child in element.iterchildren(tag="*") if _has_blocks(element) else ():
        if child.tag in BLOCKS or _has_blocks(child):
            yield from _text(" ".join(loose))
            yield from _block(child)
            loose = []
        else:
            loose.append(_inline(child))
        loose.append(child.tail or "")
    yield from _text(" ".join(loose) if _has_blocks(element) else _inline(element))


def _block(element: HtmlElement) -> Iterator[tuple[str, str]]:
    if element.tag in HEADINGS:
        yield "heading", _inline(element)
    elif element.tag == "table":
        yield from (("row", row) for row in _rows(element))
    else:
        yield from _walk(element)


def _has_blocks(element: HtmlElement) -> bool:
    return any(inner is not element for inner in element.iter(*BLOCKS))


def _text(text: str) -> Iterator[tuple[str, str]]:
    if flat := " ".join(text.split()):
        yield "text", flat


def _inline(element: HtmlElement) -> str:
    return " ".join("".join(element.itertext()).split())


def _rows(table: HtmlElement) -> Iterator[str]:
    """Yields each row with its header, so that it stands on its own: "Country: Belgium; up to 2 kg: 6.90 €."."""
    rows = [[_inline(cell) for cell in row.iter("th", "td")] for row in table.iter("tr")]
    headed = bool(rows) and next(table.iter("th"), None) is not None
    header = rows[0] if headed else []
    for row in rows[1:] if headed else rows:
        named = [
            f"{name}: {cell}" if name else cell
            for name, cell in zip(header or [""] * len(row), row, strict=False)
            if cell
        ]
        if named:
            yield "; ".join(named) + "."
