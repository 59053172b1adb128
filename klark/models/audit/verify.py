"""Walks an audit chain and says where it breaks. Without an anchor, a link noted outside of the database, nobody can tell a
chain that was rewritten as a whole, or cut at its end, from one that was not."""

from collections.abc import Iterator
from dataclasses import dataclass

import structlog

from klark.models.audit.entry import AuditDetail, AuditEntry, chain
from klark.models.base import AT_ONCE
from klark.models.tenancy import EVERY_TENANT, within
from klark.models.tenant import Tenant

log = structlog.get_logger(__name__)
MOST_TOLD = 20
"""How many breaks are told; who rewrites a table breaks thousands."""


@dataclass(frozen=True, slots=True)
class Anchor:
    """The number and the link of an entry, as they stood in a log line or in `audit head`."""

    number: int
    link: str


@dataclass(frozen=True, slots=True)
class Verified:
    """How many entries there are, the last one, how many have lost their details, and where the chain breaks, in sentences."""

    entries: int
    head: Anchor
    without_details: int
    breaks: tuple[str, ...]


def head(tenant_id: int | None) -> Anchor:
    """Returns the last entry's number and link; 0 and "" where there is none. Opens its own transaction."""
    with within(EVERY_TENANT if tenant_id is None else tenant_id):
        last = chain(tenant_id).last()
    return Anchor(last.number, last.link) if last else Anchor(0, "")


def tell_head(tenant_id: int | None) -> Anchor:
    """Logs and returns a chain's head. Opens its own transaction."""
    end = head(tenant_id)
    with within(EVERY_TENANT):
        slug = Tenant.objects.filter(pk=tenant_id or 0).values_list("slug", flat=True).first()
    log.info("audit head", tenant=slug, number=end.number, link=end.link)
    return end


def verify(tenant_id: int | None, anchor: Anchor | None = None) -> Verified:
    """Checks a tenant's chain, or with None the installation's. Opens its own transaction."""
    with within(EVERY_TENANT if tenant_id is None else tenant_id):
        walk = _Walk(tenant_id)
        breaks = [*walk.breaks(), *(walk.against(anchor) if anchor else ())]
    last = Anchor(walk.last.number, walk.last.link) if walk.last else Anchor(0, "")
    return Verified(walk.entries, last, walk.without_details, tuple(breaks[:MOST_TOLD]))


class _Walk:
    """One walk along a chain: what was seen so far."""

    def __init__(self, tenant_id: int | None) -> None:
        self.tenant_id = tenant_id
        self.last: AuditEntry | None = None
        self.link: str | None = ""  # what the next entry must name as the one before; None where that is not known
        self.entries = self.without_details = self.changed = 0
        self.most = chain(tenant_id).count() + 1

    def breaks(self) -> Iterator[str]:
        """Yields a sentence for each break, in order."""
        for some in self._batches():
            details = AuditDetail.objects.in_bulk([one.pk for one in some], field_name="entry_id")
            for entry in some:
                yield from self._broken(entry)
                yield from self._other_details(entry, details.get(entry.pk))
                self.last, self.entries = entry, self.entries + 1

    def against(self, anchor: Anchor) -> Iterator[str]:
        """Yields how the chain departs from the anchor."""
        ends = self.last.number if self.last else 0
        named = chain(self.tenant_id).filter(number=anchor.number).first()
        if named is None and anchor.number > ends:
            yield f"The chain ends with entry {ends}, but the anchor is entry {anchor.number}: its tail is missing."
        elif named is not None and named.link != anchor.link:
            yield f"Entry {anchor.number} is not the one of the anchor: the chain was rewritten there or before."

    def _batches(self) -> Iterator[list[AuditEntry]]:
        rows, last = chain(self.tenant_id), -1
        while some := list(rows.filter(number__gt=last)[:AT_ONCE]):
            yield some
            last = some[-1].number

    def _broken(self, entry: AuditEntry) -> Iterator[str]:
        before, link = self.last.number if self.last else 0, self.link
        self.link = entry.link
        missing = range(before + 1, entry.number)
        if len(missing) == 1:
            yield f"Entry {missing[0]} is missing."
        elif missing:
            yield f"Entries {missing[0]} to {missing[-1]} are missing."
        if entry.link_as(entry.number) != entry.link:
            yield self._changed(entry)
        elif not missing and link is not None and entry.previous != link:
            yield f"Entry {entry.number} does not follow the entry {before} that stands here: that one was rewritten."

    def _changed(self, entry: AuditEntry) -> str:
        self.changed += 1
        numbers = range(1, self.most + 1) if self.changed <= MOST_TOLD else ()  # the others are not told
        was = next((number for number in numbers if entry.link_as(number) == entry.link), None)
        if was is None:
            return f"Entry {entry.number} was changed: it does not say what its link stands for."
        self.link = None
        return f"Entry {entry.number} stands in the wrong place: it was entry {was}."

    def _other_details(self, entry: AuditEntry, detail: AuditDetail | None) -> Iterator[str]:
        self.without_details += detail is None
        if detail and detail.digest() != entry.digest:
            yield f"The details of entry {entry.number} were changed."
