"""Small documents of each kind, and broken ones."""

import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from pypdf import PdfReader, PdfWriter
from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject

WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
TYPES = (
    '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="xml" ContentType="application/xml"/>'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Override PartName="/word/document.xml" ContentType='
    '"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'
)
RELATIONS = (
    '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"'
    ' Target="word/document.xml"/></Relationships>'
)
STYLE = '<w:style w:type="paragraph" w:styleId="T1"><w:name w:val="heading 1"/></w:style>'
HEADINGS = f'<w:styles xmlns:w="{WORD}">{STYLE}</w:styles>'


def written(text: str, y: int = 700, size: int = 12, before: str = "", x: int = 72) -> str:
    """A line of a PDF's content."""
    return f"BT {before} /F1 {size} Tf {x} {y} Td ({text}) Tj ET\n"


def pdf(path: Path, pages: Sequence[str], password: str = "", outline: Mapping[str, int] | None = None,
        title: str = "", picture: bool = False) -> Path:  # fmt: skip
    """A PDF with these contents; `outline` leads to pages from 0."""
    writer = PdfWriter()
    for content in pages:
        page = writer.add_blank_page(612, 792)
        kinds = {"/Type": "/Font", "/Subtype": "/Type1", "/BaseFont": "/Helvetica", "/Encoding": "/WinAnsiEncoding"}
        font = DictionaryObject({NameObject(name): NameObject(value) for name, value in kinds.items()})
        resources = DictionaryObject({NameObject("/Font"): DictionaryObject({NameObject("/F1"): font})})
        if picture:
            drawn = DecodedStreamObject()
            drawn.update({NameObject("/Subtype"): NameObject("/Image")})
            added = writer._add_object(drawn)
            resources[NameObject("/XObject")] = DictionaryObject({NameObject("/I1"): added})
        page[NameObject("/Resources")] = resources
        stream = DecodedStreamObject()
        stream.set_data(content.encode("cp1252"))
        page[NameObject("/Contents")] = writer._add_object(stream)
    for heading, number in (outline or {}).items():
        writer.add_outline_item(title=heading, page_number=number)
    if title:
        writer.add_metadata({"/Title": title})
    if password:
        writer.encrypt(password, algorithm="RC4-128")
    writer.write(path)
    return path


def pages_of(path: Path) -> int:
    return len(PdfReader(path).pages)


def run(text: str, properties: str = "") -> str:
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def paragraph(*runs: str, properties: str = "") -> str:
    return f"<w:p><w:pPr>{properties}</w:pPr>{''.join(runs)}</w:p>"


def word(path: Path, body: str, more: Mapping[str, str | bytes] | None = None, head: str = "") -> Path:
    """A DOCX with this body. `more` are parts beside it, or instead of it."""
    document = f'{head}<w:document xmlns:w="{WORD}"><w:body>{body}</w:body></w:document>'
    parts = {"[Content_Types].xml": TYPES, "_rels/.rels": RELATIONS, "word/document.xml": document,
             "word/styles.xml": HEADINGS, **(more or {})}  # fmt: skip
    return packed(path, parts)


def packed(path: Path, parts: Mapping[str, str | bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed_:
        for name, content in parts.items():
            packed_.writestr(name, content)
    return path


def workbook(
    path: Path, sheets: Mapping[str, Sequence[Sequence[Any]]], formats: Mapping[str, str] | None = None
) -> Path:
    """An XLSX with these rows; `formats` by cell, of the first sheet."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    for cell, code in (formats or {}).items():
        book.worksheets[0][cell].number_format = code
    book.save(path)
    return path
