"""What is recalled on a ticket: earlier tickets of the requester, and how agents answered similar tickets."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from guardrails.untrusted.clean import looks_like_instruction


@dataclass(frozen=True, slots=True)
class Before:
    """An earlier ticket of the same requester. `promised`: those of our sentences that commit us to something."""

    ticket_id: str
    subject: str
    asked_at: datetime | None
    open: bool
    asked: str
    answered: str
    promised: tuple[str, ...]
    language: str


@dataclass(frozen=True, slots=True)
class Alike:
    """How an agent answered a similar ticket, masked: guidance for an agent, and a source only through
    klark.context.colleagues."""

    ticket_id: str
    asked: str
    answered: str
    answered_at: datetime | None


@dataclass(frozen=True, slots=True)
class Memory:
    """What is recalled on a ticket."""

    before: tuple[Before, ...] = ()
    alike: tuple[Alike, ...] = ()


NOTHING = Memory()


def as_context(before: Sequence[Before]) -> str:
    """Returns earlier tickets as text for a drafter, newest first; those that give orders to a machine are left out.

    It is data, and nothing that may be cited.
    """
    return "\n\n".join(told for told in map(_told, before) if not looks_like_instruction(told))


def _told(each: Before) -> str:
    state = "still open" if each.open else "closed"
    lines = [f"Earlier ticket #{each.ticket_id}, {_day(each.asked_at)}, {state}", f"Customer: {each.asked}"]
    return "\n".join([*lines, *([f"Support: {each.answered}"] if each.answered else [])])


def _day(when: datetime | None) -> str:
    return f"{when:%Y-%m-%d}" if when else "-"
