"""What became of a draft since it was made: compared by the comment ids seen and by who would read it, never by clocks."""

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Literal

from integrations.helpdesks.base import Comment, Ticket
from klark.models import Delivery, Draft, Outcome
from klark.values.own_comments import OwnComments

Staleness = Literal["fits", "overtaken", "replaced", "other_readers"]
OVER = frozenset({"solved", "closed", "deleted"})
ENDS: Mapping[Staleness, Outcome.Kind] = {
    "overtaken": Outcome.Kind.OVERTAKEN,
    "replaced": Outcome.Kind.REPLACED,
    "other_readers": Outcome.Kind.OTHER_READERS,
}
"""What is noted on a draft that no longer fits."""


@dataclass(frozen=True, slots=True)
class SeenTicket:
    """The ticket that a write was made on: its comments' ids, who led it, and who gets what is written in public (see
    `readers`); `None` for a note, which agents alone read."""

    comments: Collection[str]
    assignee: str = ""
    readers: str | None = None


def seen_by(row: Delivery) -> SeenTicket:
    """What a delivery was made on. A reply whose readers nobody kept has none that still fit."""
    return SeenTicket(row.seen, row.assignee_seen, row.readers_seen if row.kind == Delivery.Kind.REPLY else None)


def readers(ticket: Ticket) -> str:
    """A digest of who gets a public reply: the requester, and everyone in copy in any order. Ids as the helpdesk's own."""
    copied = sorted((person.id or person.email).casefold() for person in ticket.cc)
    return hashlib.sha256(repr((ticket.requester.id, copied)).encode()).hexdigest()


def staleness_of(ticket: Ticket, seen: SeenTicket, mine: OwnComments) -> Staleness:
    """`overtaken` by a person, `replaced` because the customer wrote again, for `other_readers` than it was made for, or it
    still `fits`.

    System and trigger comments, tags and klark itself change nothing.
    """
    fresh = [comment for comment in ticket.comments if comment.id not in seen.comments and not mine.wrote(comment)]
    if ticket.status in OVER or any(_by_agent(comment) for comment in fresh):
        return "overtaken"
    if _newly_led(ticket, seen.assignee, mine):
        return "overtaken"
    if any(_by_customer(comment) for comment in fresh):
        return "replaced"
    return "fits" if seen.readers in (None, readers(ticket)) else "other_readers"


def note_end(row: Delivery, kind: Outcome.Kind) -> None:
    """Keep what became of a retired write's draft. One for other readers makes room for another on the same turn. Inside
    `within`."""
    Outcome.objects.create(tenant_id=row.tenant_id, draft_id=row.draft_id, kind=kind)
    if kind == Outcome.Kind.OTHER_READERS:
        Draft.of(row.tenant_id).filter(pk=row.draft_id).update(live=False)


def _by_agent(comment: Comment) -> bool:
    return not comment.from_customer and not comment.automatic


def _by_customer(comment: Comment) -> bool:
    return comment.from_customer and comment.public and not comment.automatic


def _newly_led(ticket: Ticket, assignee_seen: str, mine: OwnComments) -> bool:
    assignee = ticket.assignee_id or ""
    return bool(assignee) and assignee not in mine.own_ids and assignee != assignee_seen
