"""Lists the documents that somebody put in by a browser as a source, and refuses at once what can be no document.

They are kept in the database, because a worker may run on another machine than the web server.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path, PurePath
from tempfile import TemporaryDirectory

from klark.models import Source, Upload, within
from klark.sources.base import BadDocument, Entry, Listing, Sheet, Unreadable
from klark.sources.formats import format_of, read
from klark.sources.office_archives import OLD_OFFICE, opened
from klark.sources.refusals import Refusal
from klark.sources.text import by_line

MAIN_PARTS = {".docx": "word/document.xml", ".xlsx": "xl/workbook.xml", ".xlsm": "xl/workbook.xml"}
OFFICE_STARTS = (b"PK", OLD_OFFICE)
PDF_START, PDF_WITHIN = b"%PDF-", 1024
"""Readers allow other bytes before it: ISO 32000-1, annex H, note 13."""


def listing(source: Source) -> Listing:
    """Returns the source's documents, by their names."""
    with within(source.tenant_id):
        kept = list(Upload.of(source.tenant_id).filter(source=source).values_list("pk", "name", "digest"))
    return Listing(
        [Entry(name, digest, partial(_read, source.tenant_id, pk)) for pk, name, digest in kept], lambda: True
    )


def check(name: str, content: bytes) -> None:
    """Raises BadDocument for what shows without reading on: format, size, the first bytes, and what a zip says of itself."""
    with _file(name, content) as path:
        format_of(path)
        if path.suffix in MAIN_PARTS:
            _check_start(content.startswith(OFFICE_STARTS))
            with opened(path, MAIN_PARTS[path.suffix]):
                return
        if path.suffix == ".pdf":
            _check_start(PDF_START in content[:PDF_WITHIN])
        else:
            by_line(content)


def _check_start(is_right: bool) -> None:
    if not is_right:
        raise BadDocument(Refusal.MISNAMED)


def _read(tenant_id: int, pk: int) -> Iterator[Sheet | Unreadable]:
    with within(tenant_id):
        kept = Upload.of(tenant_id).filter(pk=pk).first()
    if kept is None:  # removed since it was listed
        return
    with _file(kept.name, bytes(kept.content)) as path:
        yield from read(path)


@contextmanager
def _file(name: str, content: bytes) -> Iterator[Path]:
    """Yields a file of its own, of which only the suffix is the document's: its name is a stranger's."""
    with TemporaryDirectory() as folder:
        path = Path(folder, "document").with_suffix(PurePath(name).suffix.lower()[:10])
        path.write_bytes(content)
        yield path
