"""The values that sources are read into. Without Django, because some documents are read in a separate process (`isolated`)."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

LONGEST_KEY = 200


@dataclass(frozen=True, slots=True)
class Sheet:
    """One article read from a document.

    `part` distinguishes it from other articles of the same document; it is "" for the whole document. If `title` is "",
    the document's name becomes the title. `html` may contain hidden text, which is removed and reported later.
    """

    title: str
    html: str
    part: str = ""
    language: str = ""
    url: str = ""
    updated_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A document, or a part of one, that was left out, with one line that says why (klark.sources.refusals).

    If `meant`, it was left out on purpose because no reader sees it, so the articles made from it before are withdrawn.
    Otherwise they stay until it can be read again.
    """

    key: str
    why: str
    meant: bool = False


class BadDocument(ValueError):
    """A document cannot be read at all. The message continues a sentence that starts with its name, as in "is encrypted"."""


class Vanished(Exception):
    """A source is missing or incomplete, so articles must not be withdrawn because they are not in it."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One document of a source. `sign` changes when the document does; "" if that cannot be known.

    `read` may raise BadDocument, OSError and the errors of `integrations.errors`.
    """

    key: str
    sign: str
    read: Callable[[], Iterable[Sheet | Unreadable]]


@dataclass(frozen=True, slots=True)
class Listing:
    """All documents of a source at one moment. `still_there` tells afterwards whether the source still exists."""

    entries: Sequence[Entry]
    still_there: Callable[[], bool]


def key_of(*parts: str) -> str:
    """Returns the parts joined into a unique key of at most `LONGEST_KEY` characters, as in "guide.csv#Red kite"."""
    key = "#".join(part for part in parts if part).replace("\0", "")
    if len(key) <= LONGEST_KEY:
        return key
    return f"{key[: LONGEST_KEY - 17]}~{sha256(key.encode(errors='replace')).hexdigest()[:16]}"
