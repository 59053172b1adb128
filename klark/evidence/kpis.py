"""The KPIs: shares, means and a median with their intervals, over all turns and by topic, language, helpdesk and week."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from klark.evidence.intervals import Figure, Share, cost_per, mean, median, share
from klark.evidence.outcomes import (
    DEFINITIONS,
    KNOWN,
    TOLD,
    Ending,
    Turn,
    answered,
    classified_right,
    deflected,
    ending,
    facts_changed,
    first_response_s,
    handed_over_alone,
    needed_person,
    reopened,
    resolved_alone,
    satisfied,
    values_changed,
)
from klark.models import AgainstDraft

GROUPS: Mapping[str, Callable[[Turn], str]] = {
    "topic": lambda turn: turn.topic,
    "language": lambda turn: turn.language,
    "desk": lambda turn: turn.desk,
    "week": lambda turn: turn.week.isoformat(),
}
CLASSIFIED = ("topic", "priority", "language")
SHARES = tuple(each.value for each in Ending if each in KNOWN)
ANSWERS = {f"answer_{each}": each for each in AgainstDraft if each in TOLD}
TicketTurns = Sequence[Turn]
"""The turns of one ticket in order, those drafted anew included: they cost, and nothing else of them counts."""


@dataclass(frozen=True, slots=True)
class JudgedTurn:
    """A live turn with what the definitions say of it, so that each is asked once, however many groups it counts in."""

    turn: Turn
    end: Ending
    reopened: bool | None
    handed_over: bool
    needed_person: bool | None
    answered: AgainstDraft | None
    values_changed: bool | None
    facts_changed: bool | None


@dataclass(frozen=True, slots=True)
class JudgedTicket:
    """A ticket with what the definitions say of it. `last`: its last turn; `sent`: how many of its turns' replies were."""

    last: Turn
    deflected: bool | None
    resolved: bool | None
    satisfied: bool | None
    satisfied_without: bool | None
    wait_s: float | None
    sent: int
    cost: Decimal


def tickets_of(turns: Iterable[Turn]) -> list[TicketTurns]:
    """Returns the turns by ticket, each ticket's in the order in which they were drafted."""
    found = defaultdict(list)
    for turn in sorted(turns, key=lambda each: (each.drafted_at, each.draft_id)):
        found[turn.ticket].append(turn)
    return list(found.values())


def kpis(turns: Iterable[Turn], now: datetime, minutes: int = 0) -> dict[str, Any]:
    """Returns all KPIs, as they are `now`: "all", and of each of GROUPS its values in order, and "confusions". A turn counts in
    its own group; what is counted by ticket counts in that of the ticket's last turn. `minutes`: what a sent draft saves; 0:
    nobody has said."""
    turns = list(turns)
    judged = [_judged(turn, now) for turn in turns if turn.live]
    tickets = [_judged_ticket(each, now) for each in tickets_of(turns) if any(turn.live for turn in each)]
    return {
        "all": _figures(judged, tickets, minutes),
        **{name: _by(key, judged, tickets, minutes) for name, key in GROUPS.items()},
        "confusions": {what: _confusions(judged, what) for what in CLASSIFIED},
    }


def _confusions(judged: Sequence[JudgedTurn], what: str) -> list[list[Any]]:
    """Returns what klark took for what, and how often: [was, now, count], the most frequent first."""
    pairs = Counter((was, now) for one in judged for each, was, now in one.turn.said if each == what and was != now)
    return [[*pair, count] for pair, count in sorted(pairs.items(), key=lambda each: (-each[1], each[0]))]


def _judged(turn: Turn, now: datetime) -> JudgedTurn:
    return JudgedTurn(
        turn, ending(turn), reopened(turn, now), handed_over_alone(turn), needed_person(turn, now), answered(turn),
        values_changed(turn), facts_changed(turn),
    )  # fmt: skip


def _judged_ticket(ticket: TicketTurns, now: datetime) -> JudgedTicket:
    live = [turn for turn in ticket if turn.live]
    return JudgedTicket(
        live[-1], deflected(live, now), resolved_alone(live, now), satisfied(live), satisfied(live, with_klark=False),
        first_response_s(live), sum(turn.sent_at is not None for turn in live), sum((turn.cost for turn in ticket), Decimal(0)),
    )  # fmt: skip


def _by(
    key: Callable[[Turn], str], judged: Sequence[JudgedTurn], tickets: Sequence[JudgedTicket], minutes: int
) -> dict[str, Any]:  # fmt: skip
    of_turns, of_tickets = defaultdict(list), defaultdict(list)
    for one in judged:
        of_turns[key(one.turn)].append(one)
    for ticket in tickets:
        of_tickets[key(ticket.last)].append(ticket)
    return {name: _figures(of_turns[name], of_tickets[name], minutes) for name in sorted(of_turns)}


def _figures(judged: Sequence[JudgedTurn], tickets: Sequence[JudgedTicket], minutes: int) -> dict[str, Any]:
    ends = Counter(one.end for one in judged)
    known = sum(ends[each] for each in KNOWN)
    answers = Counter(one.answered for one in judged if one.answered)
    edited = [one.turn.edit_kept for one in judged if one.end == Ending.EDITED and one.turn.edit_kept is not None]
    costs = [each.cost for each in tickets]
    return {
        "definitions": DEFINITIONS, "tickets": len(tickets), "turns": ends.total(),
        "endings": {each.value: ends[each] for each in Ending},
        "resolved_alone": _share([each.resolved for each in tickets]),
        "deflected": _share([each.deflected for each in tickets]),
        **{name: share(ends[Ending(name)], known) for name in SHARES}, "precision": _precision(judged),
        **{name: share(answers[each], answers.total()) for name, each in ANSWERS.items()},
        "values_changed": _share([one.values_changed for one in judged]),
        "facts_changed": _share([one.facts_changed for one in judged]),
        "handover_precision": _share([one.needed_person for one in judged if one.handed_over]),
        "handover_recall": _share([one.handed_over for one in judged if one.needed_person]),
        "reopened": _share([one.reopened for one in judged]),
        **{f"{what}_right": _share([classified_right(one.turn, what) for one in judged]) for what in CLASSIFIED},
        "satisfied": _share([each.satisfied for each in tickets]),
        "satisfied_without": _share([each.satisfied_without for each in tickets]),
        "words_kept": mean(edited), "first_response": median([each.wait_s for each in tickets if each.wait_s is not None]),
        "minutes_saved": _minutes(tickets, minutes), "cost": sum(costs, Decimal(0)),
        "cost_per_ticket": cost_per(costs, [1] * len(costs)),
        "cost_per_resolution": cost_per(costs, [each.resolved is True for each in tickets]),
    }  # fmt: skip


def _precision(judged: Sequence[JudgedTurn]) -> Share:
    """Returns the share of sentences that held, of replies that a person looked at. Those of a reply stand and fall together."""
    checked = [one.turn.checked for one in judged if one.turn.sent_at and one.turn.checked]
    return share(sum(held for held, _ in checked), sum(of for _, of in checked), len(checked))


def _minutes(tickets: Sequence[JudgedTicket], minutes: int) -> Figure:
    """Returns the minutes saved per ticket, as far as somebody has said what a sent draft saves."""
    return mean([minutes * each.sent for each in tickets] if minutes else [])


def _share(known: Sequence[bool | None]) -> Share:
    """Returns the share of True among what is known."""
    return share(known.count(True), len(known) - known.count(None))
