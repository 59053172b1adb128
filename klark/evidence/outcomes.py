"""The definitions of outcomes: what became of each draft and ticket, one formula each, the same for every helpdesk. Values in,
values out; docs/evidence.md says the same in words. Nothing is guessed: what nobody saw is UNKNOWN or None.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from klark.models.draft import APPROVALS, AgainstDraft
from klark.models.ticket.aftermath import FOLLOWED

DEFINITIONS = 2
"""The version of these formulas and of those in klark.evidence.kpis: raise it with each that changes. Weeks that are kept say by
which version they were counted (klark.evidence.kept_figures)."""


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
TOLD = frozenset(AgainstDraft) - {AgainstDraft.UNTOLD}
STALE = frozenset({"overtaken", "replaced", "gone"})
REVIEWED = frozenset({"approved", "edited", "rejected"})
BY_HAND = frozenset({"rejected", "escalated"})
"""How a reviewer leaves a draft's ticket to a person."""


@dataclass(frozen=True, slots=True)
class Turn:
    """A draft with what people and klark did with it. `ticket`: the connection's id and the ticket's; `week`: the Monday, in the
    tenant's time zone, of the week in which it was drafted; `live`: it was not drafted anew. `acts`: kinds of klark's `Outcome`;
    `edit_kept`: of an edit, the share of words kept; `edit_verdict`, `values_changed`: of it, as in `Outcome`; `checked`: how
    many of how many sentences held, where a person looked; `said`: what klark took the ticket for and what people say it is, as
    (what, was, now). `sent_at`: when the reply was sent, if it was; `handover_sent`: whether a handover note was; `is_open`:
    whether something of it waits, is due or parked. `is_later`: whether the colleague's
    answer is the first one after a later turn of the ticket as well. The rest is as in `Aftermath`."""

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
    edit_verdict: str = ""
    values_changed: bool | None = None
    checked: tuple[int, int] | None = None
    said: frozenset[tuple[str, str, str]] = frozenset()
    sent_at: datetime | None = None
    handover_sent: bool = False
    is_open: bool = False
    is_later: bool = False
    agent_at: datetime | None = None
    agent_kept: float | None = None
    agent_verdict: str = ""
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
        return _by_colleague(turn)
    if turn.acts & STALE or turn.is_over:
        return Ending.IGNORED
    return Ending.OPEN if turn.is_open else Ending.UNKNOWN


def _by_colleague(turn: Turn) -> Ending:
    """Returns what a colleague's answer makes of the draft. Other words are the answer to one draft: the last before them."""
    if turn.agent_kept == 1.0:
        return Ending.COPIED
    return Ending.IGNORED if turn.is_later else Ending.OTHER_WORDS


def answered(turn: Turn) -> AgainstDraft | None:
    """Returns how what a colleague answered in other words compares with the draft; None where nobody could tell."""
    told = ending(turn) == Ending.OTHER_WORDS and turn.agent_verdict in TOLD
    return AgainstDraft(turn.agent_verdict) if told else None


def values_changed(turn: Turn) -> bool | None:
    """Returns whether a number, date, link or address of an edited reply was changed, left out or added; None where the texts
    were not there."""
    return turn.values_changed if ending(turn) == Ending.EDITED else None


def facts_changed(turn: Turn) -> bool | None:
    """Returns whether an edited reply says otherwise than the draft, or says a fact more; None where no judge could tell."""
    if ending(turn) != Ending.EDITED or turn.edit_verdict not in TOLD - {AgainstDraft.BESIDE}:
        return None
    return turn.edit_verdict != AgainstDraft.SAME or turn.values_changed is True


def sent_alone(turn: Turn) -> bool:
    """Returns whether the reply was sent without a person's approval."""
    return turn.sent_at is not None and turn.acts.isdisjoint(APPROVALS)


def deflected(turns: Sequence[Turn], now: datetime) -> bool | None:
    """Returns whether a ticket took no person's work, `turns` being its drafts in order: every reply was sent alone, and nobody
    on our side wrote in public until seven days after the last one, when klark read it. None if nobody knows, and for whatever
    is not seven days old: *no* would be known sooner than *yes*."""
    last = turns[-1]
    if last.drafted_at + FOLLOWED > now or any(ending(turn) not in KNOWN for turn in turns):
        return None
    if last.sent_at is None or not all(map(sent_alone, turns)):
        return False
    end = last.sent_at + FOLLOWED
    if any(turn.agent_at and turn.agent_at <= end for turn in turns):
        return False
    return True if last.is_over is not None and last.read_at and last.read_at >= end else None


def resolved_alone(turns: Sequence[Turn], now: datetime) -> bool | None:
    """Returns whether a ticket was resolved without a person: it took no person's work, and was solved or closed when klark
    read it after seven days."""
    return deflected(turns, now) and turns[-1].is_over


def classified_right(turn: Turn, what: str) -> bool | None:
    """Returns whether klark took the ticket for what a person says that it is: its "topic", "priority" or "language". Who
    reviewed the draft and left the topic as it was says so too. None if nobody said anything."""
    said = [was == now for each, was, now in turn.said if each == what]
    return said[0] if said else (True if what == "topic" and turn.acts & REVIEWED else None)


def handed_over_alone(turn: Turn) -> bool:
    """Returns whether klark handed the ticket over, and not a reviewer."""
    return ending(turn) == Ending.HANDED_OVER and "escalated" not in turn.acts


def needed_person(turn: Turn, now: datetime) -> bool | None:
    """Returns whether a person had to answer: a reviewer left the ticket to one, or a colleague wrote within seven days (of
    the reply, else of the draft) anything but the draft. None if nobody knows, and for whatever is not seven days old."""
    end = (turn.sent_at or turn.drafted_at) + FOLLOWED
    if end > now:
        return None
    if turn.sent_at is None and turn.acts & BY_HAND:
        return True
    if turn.agent_at and turn.agent_at <= end:
        return turn.sent_at is not None or turn.agent_kept != 1.0
    if turn.read_at is None or turn.read_at < end:
        return None
    if turn.sent_at is None and not (turn.handover_sent and turn.is_over):
        return None
    return False


def reopened(turn: Turn, now: datetime) -> bool | None:
    """Returns whether the ticket was solved or closed and then open again within seven days of the reply; None where no reply was
    sent seven days ago, or klark has not read the ticket since."""
    if turn.sent_at is None or turn.sent_at + FOLLOWED > now:
        return None
    if turn.reopened_at and turn.reopened_at <= turn.sent_at + FOLLOWED:
        return True
    return False if turn.read_at and turn.read_at >= turn.sent_at + FOLLOWED else None


def satisfied(turns: Sequence[Turn], *, with_klark: bool = True) -> bool | None:
    """Returns whether the customer rated the help on a ticket as good; None without a rating. `with_klark`: of tickets on which a
    reply of klark's was sent, or of the others."""
    rating = turns[-1].satisfaction if any(turn.sent_at for turn in turns) == with_klark else ""
    return rating == "good" if rating else None


def first_response_s(turns: Sequence[Turn]) -> float | None:
    """Returns the seconds from the customer's comment to the first public reply, klark's or a colleague's; None if there is
    none."""
    replies = [at for turn in turns for at in (turn.sent_at, turn.agent_at) if at]
    return (min(replies) - turns[0].asked_at).total_seconds() if replies else None
