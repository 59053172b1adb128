"""Brings the content of a source into the tenant's knowledge, and withdraws what the source no longer has.

Each document is ingested in a transaction of its own and marked as read, so that a reading that was killed, or whose time was
up, goes on where it was. Only a complete listing, of a source that is still there at the end, withdraws anything; a document that
cannot be read keeps the articles that it had.
"""

import math
import time
import uuid
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import PurePath
from typing import Any

import structlog
from django.db.models import Q
from django.db.models.functions import Now

from integrations.errors import IntegrationError
from klark import __version__
from klark.knowledge.ingest import NewArticle, forget, ingest
from klark.models import COMMAND_LINE, EVERY_TENANT, Article, AuditAct, Source, record, within
from klark.runtime.per_tenant import tried
from klark.sources.base import BadDocument, Entry, Sheet, Unreadable, Vanished, key_of
from klark.sources.kinds import KINDS
from klark.values.storable_text import clip, storable

log = structlog.get_logger(__name__)

LEASE = timedelta(minutes=10)
"""Longer than any one document may take."""
KEPT_EVERY = 25
"""Documents after which the marks are stored."""

MOST_S = 300.0
"""Seconds of one tenant's turn, if no document takes longer: then the others' sources are read before the rest of its own."""
BEGUN = "begun"
"""In a document's mark: its sign when it was read in a reading that has not come to its end, which reads it once."""

Mark = dict[str, Any]
Tell = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Tally:
    """The result of one reading."""

    documents: int = 0
    changed: int = 0
    withdrawn: int = 0
    left: tuple[Unreadable, ...] = ()
    trouble: str = ""


@dataclass(slots=True)
class _Reading:
    source: Source
    tell: Tell
    reader: uuid.UUID
    seconds: float
    marks: dict[str, Mark] = field(default_factory=dict)
    changed: int = 0


class _TimeUp(Exception):
    """Raised when a reading must give way to others."""


class _Lost(Exception):
    """Raised when another reader has this source by now."""


def refresh(source: Source, tell: Tell = lambda done, of: None, seconds: float = math.inf) -> Tally:
    """Reads a source once; what went wrong is in the tally and in the row. Opens its own transactions.

    Calls `tell(done, of)` after each document. After so many `seconds` it stops, and the source is wanted again, to go on there.
    """
    reading = _Reading(source, tell, uuid.uuid4(), seconds)
    if not _claim(reading):
        return Tally(trouble="It is being read just now.")
    try:
        tally = _read(reading)
    except (Vanished, IntegrationError) as error:
        tally = Tally(len(source.marks), reading.changed, trouble=f"Nothing was withdrawn: {error}.")
    except _TimeUp:
        _update(reading, marks=storable(reading.marks), wanted=True, reading_until=None)
        return Tally(changed=reading.changed)
    except _Lost:
        return Tally(trouble="It is being read just now.")
    _keep(reading, tally)
    return tally


def refresh_all() -> None:
    """Reads every active source; one that fails says so in its row, and the others are read all the same."""
    with within(EVERY_TENANT):
        sources = list(Source.objects.filter(active=True).order_by("?"))
    _take_turns(sources, _refresh_and_warn)


def _refresh_and_warn(source: Source, seconds: float) -> None:
    if trouble := refresh(source, seconds=seconds).trouble:
        log.warning("a source could not be read whole", source=source.label, tenant=source.tenant_id, why=trouble)


def refresh_wanted() -> None:
    """Reads the sources that a person wants read. A request made while a source is being read has it read again afterwards."""
    with within(EVERY_TENANT):
        sources = list(Source.objects.filter(active=True, wanted=True).order_by("?"))
    _take_turns(sources, refresh)


def _take_turns(sources: Iterable[Source], read: Callable[..., object]) -> None:
    """Reads the sources, those of one tenant for MOST_S together; what is left of them is wanted, for its next turn."""
    left = defaultdict[int, float](lambda: MOST_S)
    for source in sources:
        began = time.monotonic()
        if left[source.tenant_id] > 0:
            tried("a source could not be read", read, source, seconds=left[source.tenant_id])
            left[source.tenant_id] -= time.monotonic() - began
        else:
            with within(source.tenant_id):
                Source.of(source.tenant_id).filter(pk=source.pk).update(wanted=True)


def remove(source: Source) -> int:
    """Removes a source and withdraws all its articles at once; returns how many. What was quoted from them stays readable."""
    with within(source.tenant_id):
        gone = forget(source.tenant_id, source.label, [])
        Source.of(source.tenant_id).filter(pk=source.pk).delete()
        record(source.tenant_id, COMMAND_LINE, AuditAct.SOURCE, source, done="removed")
    return gone


def _read(reading: _Reading) -> Tally:
    source = reading.source
    kind = KINDS[source.kind]
    listing = kind.listing(source)
    if not listing.entries and not kind.may_be_empty and _has_articles(source):
        raise Vanished("there is nothing in it any more; if that is so, remove the source")
    until = time.monotonic() + reading.seconds
    for number, entry in enumerate(listing.entries, 1):
        new = reading.marks.get(entry.key, {}).get(BEGUN) != entry.sign
        if new:
            reading.marks[entry.key] = {**_document(reading, entry), BEGUN: entry.sign}
        reading.tell(number, len(listing.entries))
        if number % KEPT_EVERY == 0:
            _renew(reading)
        if new and number < len(listing.entries) and time.monotonic() > until:
            raise _TimeUp
    reading.marks = {entry.key: reading.marks[entry.key] for entry in listing.entries}
    if not listing.still_there():
        raise Vanished("it disappeared while it was read")
    _renew(reading)
    keys = [key for mark in reading.marks.values() for key in mark["keys"]]
    with within(source.tenant_id):
        gone = forget(source.tenant_id, source.label, keys)
    left = [Unreadable(*pair) for mark in reading.marks.values() for pair in mark["left"]]
    return Tally(len(listing.entries), reading.changed, gone, tuple(left))


def _document(reading: _Reading, entry: Entry) -> Mark:
    """Returns the document's mark: the old one if nothing changed."""
    old = reading.marks.get(entry.key)
    sign = f"{__version__} {entry.sign}" if entry.sign else ""
    if old and sign and old["sign"] == sign:
        return old
    try:
        found = list(entry.read())
    except (BadDocument, OSError, IntegrationError) as error:
        # Unreadable does not mean gone: the old articles stay until it can be read again, which each reading tries.
        return {"sign": "", "keys": old["keys"] if old else [], "left": [[entry.key, str(error)]]}
    keys = _learn(reading, entry, found)
    doubtful = any(isinstance(one, Unreadable) and not one.meant for one in found)
    kept = old["keys"] if old and doubtful else []  # the unreadable row may be any of the old ones
    return {"sign": sign, "keys": list(dict.fromkeys([*keys, *kept])), "left": _left(entry, found)}


def _learn(reading: _Reading, entry: Entry, found: Iterable[Sheet | Unreadable]) -> list[str]:
    tenant_id, label, keys = reading.source.tenant_id, reading.source.label, list[str]()
    for sheet in found:
        if isinstance(sheet, Sheet):
            new = _article(entry, sheet)
            keys.append(new.key)
            with within(tenant_id):
                reading.changed += ingest(tenant_id, label, new)
    return keys


def _left(entry: Entry, found: Iterable[Sheet | Unreadable]) -> list[list[str]]:
    return [[f"{entry.key}, {one.key}", one.why] for one in found if isinstance(one, Unreadable)]


def _article(entry: Entry, sheet: Sheet) -> NewArticle:
    named = PurePath(entry.key).stem.replace("-", " ").replace("_", " ")
    title = sheet.title or (f"{named}, {sheet.part}" if sheet.part else named)
    return NewArticle(key_of(entry.key, sheet.part), title, sheet.html, sheet.language, sheet.url, sheet.updated_at)


def _has_articles(source: Source) -> bool:
    with within(source.tenant_id):
        return Article.of(source.tenant_id).filter(source=source.label, current=True).exists()


def _claim(reading: _Reading) -> bool:
    source = reading.source
    with within(source.tenant_id):
        free = Source.of(source.tenant_id).filter(Q(reading_until=None) | Q(reading_until__lt=Now()), pk=source.pk)
        if not free.update(reading_until=Now() + LEASE, reader=reading.reader, wanted=False):
            return False
        reading.marks = Source.of(source.tenant_id).values_list("marks", flat=True).get(pk=source.pk)
        return True


def _renew(reading: _Reading) -> None:
    """Stores what was read, and extends the lease. Raises _Lost."""
    if not _update(reading, marks=storable(reading.marks), reading_until=Now() + LEASE):
        raise _Lost


def _keep(reading: _Reading, tally: Tally) -> None:
    done: Mapping[str, Any] = {} if tally.trouble else {
        "documents": tally.documents, "changed": tally.changed, "withdrawn": tally.withdrawn, "read_at": Now(),
        "left": _shown(tally.left), "left_out": len(tally.left),
    }  # fmt: skip
    for mark in reading.marks.values():
        mark.pop(BEGUN, None)
    _update(reading, marks=storable(reading.marks), trouble=clip(tally.trouble, 300), reading_until=None, **done)


def _shown(left: Sequence[Unreadable]) -> list[list[str]]:
    return [[clip(one.key, 300), clip(one.why, 300)] for one in left[: Source.MOST_LEFT]]


def _update(reading: _Reading, **values: Any) -> int:
    source = reading.source
    with within(source.tenant_id):
        return Source.of(source.tenant_id).filter(pk=source.pk, reader=reading.reader).update(**values)
