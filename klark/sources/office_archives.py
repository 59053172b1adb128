"""Opens Word and Excel files, which are zips of XML, after checking that unpacking them is safe (zip bombs, entities)."""

import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from klark.sources.base import BadDocument
from klark.sources.refusals import Refusal

MOST_BYTES = 400_000_000
MOST_OF_ONE = 250_000_000
MOST_TIMES = 150
"""The highest compression ratio of a part larger than a megabyte; text usually compresses to about a tenth."""
MOST_PARTS = 5_000
OLD_OFFICE = b"\xd0\xcf\x11\xe0"


@contextmanager
def opened(path: Path, part: str) -> Iterator[zipfile.ZipFile]:
    """Opens a zip, and checks that it is safe to unpack and contains `part`. Raises BadDocument.

    The sizes that the zip states can be relied on, because zipfile reads no part beyond its stated size.
    """
    try:
        with path.open("rb") as raw:
            _check_start(raw.read(4))
        with zipfile.ZipFile(path) as packed:
            _check(packed, part)
            yield packed
    except (zipfile.BadZipFile, NotImplementedError, EOFError) as error:
        raise BadDocument(Refusal.DAMAGED % {"error": error}) from error


def _check_start(start: bytes) -> None:
    if start == OLD_OFFICE:
        raise BadDocument(Refusal.OLD_OR_ENCRYPTED)


def _check(packed: zipfile.ZipFile, part: str) -> None:
    parts = packed.infolist()
    if len(parts) > MOST_PARTS or sum(each.file_size for each in parts) > MOST_BYTES:
        raise BadDocument(Refusal.BOMB)
    if any(map(_is_bomb, parts)):
        raise BadDocument(Refusal.BOMB_INSIDE)
    if any(each.flag_bits & 1 for each in parts):
        raise BadDocument(Refusal.ENCRYPTED)
    if part not in packed.namelist():
        raise BadDocument(Refusal.MISNAMED)
    _check_entities(packed)


def _is_bomb(part: zipfile.ZipInfo) -> bool:
    if part.file_size > MOST_OF_ONE:
        return True
    return part.file_size > 1_000_000 and part.file_size > MOST_TIMES * max(part.compress_size, 1)


def _check_entities(packed: zipfile.ZipFile) -> None:
    """Refuses XML with a DOCTYPE. Office files have none; one that does would expand entities or read other files."""
    for name in packed.namelist():
        if name.endswith((".xml", ".rels")):
            with packed.open(name) as part:
                start = part.read(4_096)
            if b"<!DOCTYPE" in start or b"<!ENTITY" in start or start.startswith((b"\xff\xfe", b"\xfe\xff")):
                raise BadDocument(Refusal.ENTITIES)
