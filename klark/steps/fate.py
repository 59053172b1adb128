"""What became of a draft since it was made: compared by the comment ids seen, never by clocks."""

from collections.abc import Collection
from typing import Literal

from integrations.helpdesks.base import Comment, Ticket
from klark.steps.mine import Mine

Fate = Literal["fits", "overtaken", "replaced"]
OVER = frozenset({"solved", "closed", "deleted"})


def fate(ticket: Ticket, seen: Collection[str], assignee_seen: str, mine: Mine) -> Fate:
    """`overtaken` by a person, `replaced` because the customer wrote again, or it still `fits`.

    System and trigger comments, tags and klark itself change nothing.
    """
    fresh = [comment for comment in ticket.comments if comment.id not in seen and not mine.wrote(comment)]
    if ticket.status in OVER or any(_by_agent(comment) for comment in fresh):
        return "overtaken"
    if _newly_led(ticket, assignee_seen, mine):
        return "overtaken"
    return "replaced" if any(_by_customer(comment) for comment in fresh) else "fits"


def _by_agent(comment: Comment) -> bool:
    return not comment.from_customer and not comment.automatic


def _by_customer(comment: Comment) -> bool:
    return comment.from_customer and comment.public and not comment.automatic


def _newly_led(ticket: Ticket, assignee_seen: str, mine: Mine) -> bool:
    assignee = ticket.assignee_id or ""
    return bool(assignee) and assignee not in mine.own_ids and assignee != assignee_seen
