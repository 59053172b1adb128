"""Decodes files: UTF-8, UTF-16 with a byte order mark, or Windows-1252. Reports lines in a wrong encoding by their number."""

import codecs
import re
from dataclasses import dataclass

from klark.sources.base import BadDocument, Unreadable
from klark.sources.refusals import Refusal

_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
# UTF-8 that was once read as Windows-1252: "Ã©" for "é", "â‚¬" for "€", "Â°" for "°".
_MANGLED = re.compile(r"Ã[\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]|â(?:€|‚)[\u0080-\u00bf™œžš¬“”¦]|Â[\u00a0-\u00bf]")


@dataclass(frozen=True, slots=True)
class Decoded:
    """A text, and its lines that could not be read. They are numbered from 1, and empty in the text."""

    text: str
    bad: tuple[Unreadable, ...] = ()


def whole(raw: bytes) -> str:
    """Decodes a file whose every line can be read. Raises BadDocument otherwise."""
    decoded = by_line(raw)
    if decoded.bad:
        raise BadDocument(Refusal.BAD_LINE % {"line": decoded.bad[0].key, "why": decoded.bad[0].why})
    return decoded.text


def by_line(raw: bytes) -> Decoded:
    """Decodes a file and leaves out the lines that cannot be read. Raises BadDocument if it is not text at all."""
    text = _utf16(raw) if raw.startswith(_UTF16) else _eight_bits(raw)
    if isinstance(text, Decoded):
        return text
    bad = [number for number, line in enumerate(text.split("\n"), 1) if _MANGLED.search(line)]
    return _without(text.split("\n"), bad, Refusal.MANGLED)


def _utf16(raw: bytes) -> str:
    try:
        return raw.decode("utf-16").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        raise BadDocument(Refusal.NOT_UTF16) from error


def _eight_bits(raw: bytes) -> str | Decoded:
    if b"\0" in raw:
        raise BadDocument(Refusal.NO_TEXT_FILE)
    raw = raw.replace(b"\r\n", b"\n")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        lines = raw.removeprefix(codecs.BOM_UTF8).split(b"\n")
    bad = [number for number, line in enumerate(lines, 1) if not _is_utf8(line)]
    if any(not line.isascii() for number, line in enumerate(lines, 1) if number not in set(bad)):
        return _without([line.decode(errors="replace") for line in lines], bad, Refusal.NOT_UTF8)
    try:
        return raw.decode("cp1252")
    except UnicodeDecodeError as error:
        raise BadDocument(Refusal.NO_ENCODING) from error


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode()
    except UnicodeDecodeError:
        return False
    return True


def _without(lines: list[str], bad: list[int], why: str) -> Decoded:
    out = set(bad)
    kept = ("" if number in out else line for number, line in enumerate(lines, 1))
    return Decoded("\n".join(kept), tuple(Unreadable(str(number), why) for number in bad))
