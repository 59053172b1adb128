"""Decides whether a draft still fits its ticket.

Compares the ids of the comments seen, and who would read the reply, with the ticket of now. Clocks are never compared.
"""

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Literal

from integrations.helpdesks.base import Comment, Ticket
from klark.models import Delivery, Draft, Outcome, Recall
from klark.values.own_comments import OwnComments

Staleness = Literal["fits", "overtaken", "replaced", "other_readers"]
OVER = frozenset({"solved", "closed", "deleted"})
"""Statuses of a ticket that nobody works on any more."""
ENDS: Mapping[Staleness, Outcome.Kind] = {
    "overtaken": Outcome.Kind.OVERTAKEN,
    "replaced": Outcome.Kind.REPLACED,
    "other_readers": Outcome.Kind.OTHER_READERS,
}
"""The outcome to record for a draft that no longer fits."""
DRAFTED_ANEW = (Outcome.Kind.OTHER_READERS, Outcome.Kind.SOURCE_CHANGED)


@dataclass(frozen=True, slots=True)
class SeenTicket:
    """The ticket as it was when a write was prepared: its comments' ids, its assignee, and who would get a public reply.

    `readers` is a digest (see the function `readers`), or None for a note, which only agents read. `corrects`: whether what is
    written corrects an answer, which solved tickets need too.
    """

    comments: Collection[str]
    assignee: str = ""
    readers: str | None = None
    corrects: bool = False


def seen_by(row: Delivery) -> SeenTicket:
    """Returns the ticket that a delivery was prepared on. A reply whose readers were not recorded never fits; an addition fits a
    ticket that the reply before it has solved."""
    readers_seen = row.readers_seen if row.kind == Delivery.Kind.REPLY else None
    solved = row.adds and row.changes.get("status") == "solved"
    return SeenTicket(row.seen, row.assignee_seen, readers_seen, row.corrects or solved)


def readers(ticket: Ticket) -> str:
    """Returns a digest of who gets a public reply: the requester and everyone in copy, in any order, by the helpdesk's ids."""
    copied = sorted((person.id or person.email).casefold() for person in ticket.cc)
    return hashlib.sha256(repr((ticket.requester.id, copied)).encode()).hexdigest()


def staleness_of(ticket: Ticket, seen: SeenTicket, own: OwnComments) -> Staleness:
    """Compares a ticket with what was seen when a draft was made, and returns what became of the draft.

    overtaken      a person answered, took the ticket, or closed it
    replaced       the customer wrote again
    other_readers  the reply would reach other people than it was made for
    fits           it can still be sent

    System and trigger comments, tags and klark's own comments (`own`) change nothing.
    """
    fresh = [comment for comment in ticket.comments if comment.id not in seen.comments and not own.wrote(comment)]
    if ticket.status in (OVER - {"solved"} if seen.corrects else OVER) or any(_by_agent(comment) for comment in fresh):
        return "overtaken"
    if _newly_led(ticket, seen.assignee, own):
        return "overtaken"
    if any(_by_customer(comment) for comment in fresh):
        return "replaced"
    return "fits" if seen.readers in (None, readers(ticket)) else "other_readers"


def note_end(row: Delivery, kind: Outcome.Kind) -> None:
    """Records what became of the draft of a retired delivery. Call inside `within(tenant_id)`.

    What is drafted anew is no longer live, so that the same turn can have another draft. Where it corrected an answer, a person
    decides about that answer again.
    """
    Outcome.objects.create(tenant_id=row.tenant_id, draft_id=row.draft_id, kind=kind)
    if kind in DRAFTED_ANEW:
        Draft.of(row.tenant_id).filter(pk=row.draft_id).update(live=False)
    if row.corrects:
        Recall.reopen(row.tenant_id, event__decision__draft=row.draft_id)


def _by_agent(comment: Comment) -> bool:
    return not comment.from_customer and not comment.automatic


def _by_customer(comment: Comment) -> bool:
    return comment.from_customer and comment.public and not comment.automatic


def _newly_led(ticket: Ticket, assignee_seen: str, own: OwnComments) -> bool:
    assignee = ticket.assignee_id or ""
    return bool(assignee) and assignee not in own.own_ids and assignee != assignee_seen
