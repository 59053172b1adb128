"""What a source is read into, without Django: documents are read in a process of their own (klark.sources.apart)."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

LONGEST_KEY = 200


@dataclass(frozen=True, slots=True)
class Sheet:
    """One article as a document gives it. `part` tells it from others of the same document; "" where it is the whole.

    `title` "" leaves it to the document's name; `html` may hold hidden text, which is taken out and reported later.
    """

    title: str
    html: str
    part: str = ""
    language: str = ""
    url: str = ""
    updated_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A document, or a part of one, that was left out; one line says why. `meant`: no reader sees it, so what it held
    before goes as well; otherwise that stays until it can be read again."""

    key: str
    why: str
    meant: bool = False


class BadDocument(ValueError):
    """A document that cannot be read as a whole; the sentence goes on from its name, as in "is encrypted"."""


class Vanished(Exception):
    """A source that is not there, or not whole: nothing may be concluded from what it lacks."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One document of a source. `sign` changes when the document does ("" where nobody can tell); `read` may raise
    BadDocument, OSError and the errors of integrations."""

    key: str
    sign: str
    read: Callable[[], Iterable[Sheet | Unreadable]]


@dataclass(frozen=True, slots=True)
class Listing:
    """All of a source's documents at one moment. `still_there` says afterwards whether the source is."""

    entries: Sequence[Entry]
    still_there: Callable[[], bool]


def key_of(*parts: str) -> str:
    """A key that fits its column and is no other's: "guide.csv#Red kite"."""
    key = "#".join(part for part in parts if part).replace("\0", "")
    if len(key) <= LONGEST_KEY:
        return key
    return f"{key[: LONGEST_KEY - 17]}~{sha256(key.encode(errors='replace')).hexdigest()[:16]}"
