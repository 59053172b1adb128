"""The KPIs: shares with their intervals, a median, and costs, over all turns and by topic, language, helpdesk and week."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from math import fsum
from statistics import median
from typing import Any

from klark.evidence.intervals import Share, share
from klark.evidence.outcomes import (
    KNOWN,
    Ending,
    Turn,
    ending,
    first_response_s,
    reopened,
    resolved_alone,
    satisfied,
)

GROUPS: Mapping[str, Callable[[Turn], str]] = {
    "topic": lambda turn: turn.topic,
    "language": lambda turn: turn.language,
    "desk": lambda turn: turn.desk,
    "week": lambda turn: turn.week.isoformat(),
}
SHARES = tuple(each.value for each in Ending if each in KNOWN)
Ticket = Sequence[Turn]
"""The turns of one ticket in order, those drafted anew included: they cost, and nothing else of them counts."""


def tickets_of(turns: Iterable[Turn]) -> list[Ticket]:
    """Returns the turns by ticket, each ticket's in the order in which they were drafted."""
    found = defaultdict(list)
    for turn in sorted(turns, key=lambda each: (each.drafted_at, each.draft_id)):
        found[turn.ticket].append(turn)
    return list(found.values())


def kpis(turns: Iterable[Turn], now: datetime) -> dict[str, Any]:
    """Returns all KPIs as JSON, as they are `now`: "all", and of each of GROUPS its values in order. A turn counts in its own
    group; what is counted by ticket counts in that of the ticket's last turn."""
    turns = list(turns)
    tickets = [ticket for ticket in tickets_of(turns) if any(turn.live for turn in ticket)]
    return {
        "all": _figures(turns, tickets, now),
        **{name: _by(key, turns, tickets, now) for name, key in GROUPS.items()},
    }


def _by(
    key: Callable[[Turn], str], turns: Sequence[Turn], tickets: Sequence[Ticket], now: datetime
) -> dict[str, Any]:  # fmt: skip
    of_turns, of_tickets = defaultdict(list), defaultdict(list)
    for turn in turns:
        of_turns[key(turn)].append(turn)
    for ticket in tickets:
        of_tickets[key(_live(ticket)[-1])].append(ticket)
    names = sorted({*of_tickets, *(key(turn) for turn in turns if turn.live)})
    return {name: _figures(of_turns[name], of_tickets[name], now) for name in names}


def _figures(turns: Sequence[Turn], tickets: Sequence[Ticket], now: datetime) -> dict[str, Any]:
    ends = Counter(ending(turn) for turn in turns if turn.live)
    known = sum(ends[each] for each in KNOWN)
    live = [_live(ticket) for ticket in tickets]
    resolved = [resolved_alone(each, now) for each in live]
    cost = sum((turn.cost for ticket in tickets for turn in ticket), Decimal(0))
    waits = [seconds for each in live if (seconds := first_response_s(each)) is not None]
    kept = [turn.edit_kept for turn in turns if turn.live and _was_edited(turn) and turn.edit_kept is not None]
    return {
        "tickets": len(tickets), "turns": ends.total(), "endings": {each.value: ends[each] for each in Ending},
        "resolved_alone": _share(resolved), **{name: share(ends[Ending(name)], known) for name in SHARES},
        "reopened": _share([reopened(turn, now) for turn in turns if turn.live]),
        "satisfied": _share([satisfied(each) for each in live]),
        "words_kept": {"mean": round(fsum(kept) / len(kept), 4) if kept else None, "of": len(kept)},
        "first_response": {"median_s": median(waits) if waits else None, "of": len(waits)},
        "cost": cost, "cost_per_ticket": _each(cost, len(tickets)),
        "cost_per_resolution": _each(cost, resolved.count(True)),
    }  # fmt: skip


def _live(ticket: Ticket) -> list[Turn]:
    return [turn for turn in ticket if turn.live]


def _was_edited(turn: Turn) -> bool:
    return ending(turn) == Ending.EDITED


def _share(known: Sequence[bool | None]) -> Share:
    """Returns the share of True among what is known."""
    return share(known.count(True), len(known) - known.count(None))


def _each(cost: Decimal, of: int) -> Decimal | None:
    return round(cost / of, 6) if of else None
