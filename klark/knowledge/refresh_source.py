"""Brings the content of a source into the tenant's knowledge, and withdraws what the source no longer has.

Each document is ingested in a transaction of its own and marked as read, so that a reader that was killed is resumed
where it was. Only a complete listing, of a source that is still there at the end, withdraws anything; a document that
cannot be read keeps the articles that it had.
"""

import uuid
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
    marks: dict[str, Mark] = field(default_factory=dict)
    changed: int = 0


class _Lost(Exception):
    """Raised when another reader has this source by now."""


def refresh(source: Source, tell: Tell = lambda done, of: None) -> Tally:
    """Reads a source once; what went wrong is in the tally and in the row. Opens its own transactions.

    Calls `tell(done, of)` after each document.
    """
    reading = _Reading(source, tell, uuid.uuid4(), dict(source.marks))
    if not _claim(reading):
        return Tally(trouble="It is being read just now.")
    try:
        tally = _read(reading)
    except (Vanished, IntegrationError) as error:
        tally = Tally(len(source.marks), reading.changed, trouble=f"Nothing was withdrawn: {error}.")
    except _Lost:
        return Tally(trouble="It is being read just now.")
    _keep(reading, tally)
    return tally


def refresh_all() -> None:
    """Reads every active source; one that fails says so in its row, and the others are read all the same."""
    with within(EVERY_TENANT):
        sources = list(Source.objects.filter(active=True))
    for source in sources:
        tried("a source could not be read", _refresh_and_warn, source)


def _refresh_and_warn(source: Source) -> None:
    if trouble := refresh(source).trouble:
        log.warning("a source could not be read whole", source=source.label, tenant=source.tenant_id, why=trouble)


def refresh_wanted() -> None:
    """Reads the sources that a person wants read. A request made while a source is being read has it read again afterwards."""
    with within(EVERY_TENANT):
        sources = list(Source.objects.filter(active=True, wanted=True))
    for source in sources:
        tried("a source could not be read", refresh, source)


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
    for number, entry in enumerate(listing.entries, 1):
        reading.marks[entry.key] = _document(reading, entry)
        reading.tell(number, len(listing.entries))
        if number % KEPT_EVERY == 0:
            _renew(reading)
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
        return bool(free.update(reading_until=Now() + LEASE, reader=reading.reader, wanted=False))


def _renew(reading: _Reading) -> None:
    """Stores what was read, and extends the lease. Raises _Lost."""
    if not _update(reading, marks=storable(reading.marks), reading_until=Now() + LEASE):
        raise _Lost


def _keep(reading: _Reading, tally: Tally) -> None:
    done: Mapping[str, Any] = {} if tally.trouble else {
        "documents": tally.documents, "changed": tally.changed, "withdrawn": tally.withdrawn, "read_at": Now(),
        "left": _shown(tally.left), "left_out": len(tally.left),
    }  # fmt: skip
    _update(reading, marks=storable(reading.marks), trouble=clip(tally.trouble, 300), reading_until=None, **done)


def _shown(left: Sequence[Unreadable]) -> list[list[str]]:
    return [[clip(one.key, 300), clip(one.why, 300)] for one in left[: Source.MOST_LEFT]]


def _update(reading: _Reading, **values: Any) -> int:
    source = reading.source
    with within(source.tenant_id):
        return Source.of(source.tenant_id).filter(pk=source.pk, reader=reading.reader).update(**values)
