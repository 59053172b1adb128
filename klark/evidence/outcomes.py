"""The definitions of outcomes: what became of each draft and ticket, one formula each, the same for every helpdesk. Values in,
values out; docs/evidence.md says the same in words. Nothing is guessed: what nobody saw is UNKNOWN or None.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from klark.models.draft import APPROVALS
from klark.models.ticket.aftermath import FOLLOWED


class Ending(StrEnum):
    """What became of a draft. A value stands in addresses and files, so none is ever renamed."""

    UNCHANGED = "unchanged"
    EDITED = "edited"
    REJECTED = "rejected"
    HANDED_OVER = "handed_over"
    COPIED = "copied"
    OTHER_WORDS = "other_words"
    IGNORED = "ignored"
    OPEN = "open"
    UNKNOWN = "unknown"


KNOWN = frozenset(Ending) - {Ending.OPEN, Ending.UNKNOWN}
STALE = frozenset({"overtaken", "replaced", "gone"})


@dataclass(frozen=True, slots=True)
class Turn:
    """A draft with what people and klark did with it. `ticket`: the connection's id and the ticket's; `week`: the Monday, in the
    tenant's time zone, of the week in which it was drafted; `live`: it was not drafted anew. `acts`: kinds of klark's `Outcome`;
    `edit_kept`: of an edit, the share of words kept. `sent_at`: when the reply was sent, if it was; `handover_sent`: whether a
    handover note was; `is_open`: whether something of it waits, is due or parked. The rest is as in `Aftermath`."""

    draft_id: int
    ticket: tuple[str, str]
    asked_at: datetime
    drafted_at: datetime
    week: date
    topic: str = ""
    language: str = ""
    desk: str = ""
    live: bool = True
    cost: Decimal = Decimal(0)
    acts: frozenset[str] = frozenset()
    edit_kept: float | None = None
    sent_at: datetime | None = None
    handover_sent: bool = False
    is_open: bool = False
    agent_at: datetime | None = None
    agent_kept: float | None = None
    reopened_at: datetime | None = None
    is_over: bool | None = None
    satisfaction: str = ""
    read_at: datetime | None = None


def ending(turn: Turn) -> Ending:
    """Returns what became of the draft: the first that holds."""
    if turn.sent_at:
        return Ending.EDITED if "edited" in turn.acts else Ending.UNCHANGED
    if "rejected" in turn.acts:
        return Ending.REJECTED
    if turn.handover_sent:
        return Ending.HANDED_OVER
    if turn.agent_at and turn.agent_at <= turn.drafted_at + FOLLOWED:
        return Ending.COPIED if turn.agent_kept == 1.0 else Ending.OTHER_WORDS
    if turn.acts & STALE or turn.is_over:
        return Ending.IGNORED
    return Ending.OPEN if turn.is_open else Ending.UNKNOWN


def sent_alone(turn: Turn) -> bool:
    """Returns whether the reply was sent without a person's approval."""
    return turn.sent_at is not None and turn.acts.isdisjoint(APPROVALS)


def resolved_alone(turns: Sequence[Turn], now: datetime) -> bool | None:
    """Returns whether a ticket was resolved without a person, `turns` being its drafts in order: every reply was sent alone,
    nobody on our side wrote in public until seven days after the last one, and the ticket was solved or closed when klark read
    it after that. None if nobody knows, and for whatever is not seven days old: *no* would be known sooner than *yes*."""
    last = turns[-1]
    if last.drafted_at + FOLLOWED > now or any(ending(turn) not in KNOWN for turn in turns):
        return None
    if last.sent_at is None or not all(map(sent_alone, turns)):
        return False
    end = last.sent_at + FOLLOWED
    if any(turn.agent_at and turn.agent_at <= end for turn in turns):
        return False
    return last.is_over if last.read_at and last.read_at >= end else None


def reopened(turn: Turn, now: datetime) -> bool | None:
    """Returns whether the ticket was solved or closed and then open again within seven days of the reply; None where no reply was
    sent seven days ago, or klark has not read the ticket since."""
    if turn.sent_at is None or turn.sent_at + FOLLOWED > now:
        return None
    if turn.reopened_at and turn.reopened_at <= turn.sent_at + FOLLOWED:
        return True
    return False if turn.read_at and turn.read_at >= turn.sent_at + FOLLOWED else None


def satisfied(turns: Sequence[Turn]) -> bool | None:
    """Returns whether the customer rated a ticket on which a reply of klark's was sent as good; None without a rating."""
    rating = turns[-1].satisfaction if any(turn.sent_at for turn in turns) else ""
    return rating == "good" if rating else None


def first_response_s(turns: Sequence[Turn]) -> float | None:
    """Returns the seconds from the customer's comment to the first public reply, klark's or a colleague's; None if there is
    none."""
    replies = [at for turn in turns for at in (turn.sent_at, turn.agent_at) if at]
    return (min(replies) - turns[0].asked_at).total_seconds() if replies else None
