"""Reads DOCX as HTML with mammoth: headings, lists, tables, notes.

Text that no reader of the page sees is first marked as hidden, because mammoth does not distinguish it. When the article is
added to the knowledge, hidden text is left out and reported.
"""

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path
from xml.parsers.expat import ExpatError

import mammoth
from lxml import etree

from klark.sources.base import BadDocument, Sheet
from klark.sources.office_archives import opened
from klark.sources.refusals import Refusal
from klark.sources.webpage import title_of
from klark.sources.word_hidden_text import Styles, W, is_unseen, styles_in

_BODY = "word/document.xml"
_STRICT = b"http://purl.oclc.org/ooxml/wordprocessingml/main"  # the same namespace in ISO 29500 Strict
_BEFORE_XML = b"\xef\xbb\xbf \t\r\n"
_HIDDEN = "klarkhidden"
_STYLES = f"r.{_HIDDEN} => span.{_HIDDEN}"
_SHEET = f"<style>.{_HIDDEN} {{display:none}}</style>"


def read(path: Path) -> Iterator[Sheet]:
    """Yields one article, titled by its first heading or else by the document's properties. Raises BadDocument."""
    with opened(path, _BODY) as packed:
        try:
            html = mammoth.convert_to_html(_marked(packed), style_map=_STYLES, convert_image=_no_picture).value
        except (KeyError, ValueError, AttributeError, TypeError, IndexError, SyntaxError, ExpatError) as error:
            raise BadDocument(Refusal.DAMAGED % {"error": error}) from error
        title = title_of(html) or _own_title(packed)
    if not html.strip():
        raise BadDocument(Refusal.NO_TEXT)
    yield Sheet(title, (_SHEET if _HIDDEN in html else "") + html)


def _no_picture(image: object) -> list[object]:
    return []


def _marked(packed: zipfile.ZipFile) -> io.BytesIO:
    """Returns a copy of the document with its unseen runs in a style of their own.

    Any part of the file may be the text or the styles, since other parts say which are; so all of them are examined.
    """
    names = [
        name for name in packed.namelist() if not name.startswith("word/media/")
    ]  # pictures are most of a document
    parts = {name: packed.read(name).replace(_STRICT, W[1:-1].encode()) for name in names}
    trees = {name: tree for name, raw in parts.items() if (tree := _tree(name, raw)) is not None}
    styles = styles_in([tree for tree in trees.values() if tree.tag == f"{W}styles"])
    copy = io.BytesIO()
    with zipfile.ZipFile(copy, "w") as written:
        for name, raw in parts.items():
            written.writestr(name, _mark(trees[name], raw, styles) if name in trees else raw)
    copy.seek(0)
    return copy


def _tree(name: str, raw: bytes) -> etree._Element | None:
    """Parses a part as XML. Returns None if it is something else, whatever its name says."""
    if not raw.lstrip(_BEFORE_XML).startswith(b"<"):
        return None
    try:
        return etree.fromstring(raw, etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True))
    except etree.XMLSyntaxError:
        if name.endswith(".xml"):
            raise
        return None  # an embedded HTML page or drawing


def _mark(tree: etree._Element, raw: bytes, styles: Styles) -> bytes:
    unseen = [run for run in tree.iter(f"{W}r") if is_unseen(run, styles)]
    for run in unseen:
        _hide(run)
    return etree.tostring(tree, xml_declaration=True, encoding="UTF-8", standalone=True) if unseen else raw


def _hide(run: etree._Element) -> None:
    properties = run.find(f"{W}rPr")
    if properties is None:
        properties = etree.Element(f"{W}rPr")
        run.insert(0, properties)
    for style in properties.findall(f"{W}rStyle"):
        properties.remove(style)
    properties.insert(0, etree.Element(f"{W}rStyle", {f"{W}val": _HIDDEN}))


def _own_title(packed: zipfile.ZipFile) -> str:
    try:
        root = etree.fromstring(
            packed.read("docProps/core.xml"), etree.XMLParser(resolve_entities=False, no_network=True)
        )
    except (KeyError, etree.XMLSyntaxError):
        return ""
    found = root.find("{http://purl.org/dc/elements/1.1/}title")
    return " ".join((found.text or "").split()) if found is not None else ""
