"""DOCX as HTML, by mammoth: headings, lists, tables, notes. Text that Word hides, or that is white or tiny, is marked as
hidden first, since mammoth does not look; who reads the article later leaves it out and reports it."""

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path
from xml.parsers.expat import ExpatError

import mammoth
from lxml import etree

from klark.sources.base import BadDocument, Sheet
from klark.sources.packed import opened
from klark.sources.webpage import title_of

_BODY = "word/document.xml"
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_HIDDEN = "klarkhidden"
_STYLES = f"r.{_HIDDEN} => span.{_HIDDEN}"
_SHEET = f"<style>.{_HIDDEN} {{display:none}}</style>"
_TINY = 3  # half points
_PARTS = ("word/document", "word/footnotes", "word/endnotes")


def read(path: Path) -> Iterator[Sheet]:
    """One article, titled by its first heading or the document's own title. Raises BadDocument."""
    with opened(path, _BODY) as packed:
        try:
            html = mammoth.convert_to_html(_marked(packed), style_map=_STYLES, convert_image=_no_picture).value
        except (KeyError, ValueError, AttributeError, TypeError, IndexError, SyntaxError, ExpatError) as error:
            raise BadDocument(f"is damaged: {error}") from error
        title = title_of(html) or _own_title(packed)
    if not html.strip():
        raise BadDocument("has no text")
    yield Sheet(title, (_SHEET if _HIDDEN in html else "") + html)


def _no_picture(image: object) -> list[object]:
    return []


def _marked(packed: zipfile.ZipFile) -> io.BytesIO:
    """The same document, its hidden runs in a style of their own."""
    copy = io.BytesIO()
    with zipfile.ZipFile(copy, "w") as written:
        for part in packed.infolist():
            if part.filename.startswith("word/media/"):
                continue  # pictures are not read, and are most of a document
            raw = packed.read(part)
            written.writestr(part.filename, _mark(raw) if part.filename.startswith(_PARTS) else raw)
    copy.seek(0)
    return copy


def _mark(raw: bytes) -> bytes:
    root = etree.fromstring(raw, etree.XMLParser(resolve_entities=False, no_network=True))
    for properties in root.iter(f"{_W}rPr"):
        if _is_hidden(properties):
            for style in properties.findall(f"{_W}rStyle"):
                properties.remove(style)
            properties.insert(0, etree.Element(f"{_W}rStyle", {f"{_W}val": _HIDDEN}))
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


def _is_hidden(properties: etree._Element) -> bool:
    vanish, colour, size = (properties.find(f"{_W}{name}") for name in ("vanish", "color", "sz"))
    if vanish is not None and vanish.get(f"{_W}val", "true") not in ("0", "false", "off"):
        return True
    if size is not None and size.get(f"{_W}val", "").isdecimal() and int(size.get(f"{_W}val", "")) <= _TINY:
        return True
    shaded = any(properties.find(f"{_W}{name}") is not None for name in ("shd", "highlight"))
    return (
        colour is not None
        and colour.get(f"{_W}val", "").upper() == "FFFFFF"
        and not shaded
        and not _in_shade(properties)
    )


def _in_shade(properties: etree._Element) -> bool:
    """White letters on a coloured paragraph or cell are what designers do."""
    return any(node.find(f"{_W}{kind}Pr/{_W}shd") is not None
               for kind, tag in (("p", "p"), ("tc", "tc")) for node in properties.iterancestors(f"{_W}{tag}"))  # fmt: skip


def _own_title(packed: zipfile.ZipFile) -> str:
    try:
        root = etree.fromstring(
            packed.read("docProps/core.xml"), etree.XMLParser(resolve_entities=False, no_network=True)
        )
    except (KeyError, etree.XMLSyntaxError):
        return ""
    found = root.find("{http://purl.org/dc/elements/1.1/}title")
    return " ".join((found.text or "").split()) if found is not None else ""
