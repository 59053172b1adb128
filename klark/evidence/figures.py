"""What a backtest comes to: counts, and shares of what could be compared, each with its interval."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from guardrails.triage.classify import DIALS
from klark.evidence.intervals import share
from klark.values.reasons import Reason
from klark.values.wording import percent_of

Tried = Mapping[str, Any]
"""What came of one ticket: see klark.evidence.backtests.backtest.tried."""
HELD = ("WAIT", "NOTE")
DRAFTED = ("REPLY", *HELD)
ANSWERED = ("", "other_language")
"""What `nothing_to_compare` is of a ticket that an agent answered in public, in words."""
VERDICTS = ("right", "incomplete", "wrong")
MINIMA = (0, 60, 70, 80, 90)
"""Lowest confidences that are tried beside the policy's own, in percent."""
WORST = 10


def figures(rows: Sequence[Tried], minutes: int = 0, minimum: int = 0) -> dict[str, Any]:
    """Returns all figures of a backtest, as JSON: over all tickets, by topic, without the drafts that rest on an article
    edited later, by position of the dial, by lowest confidence, what it costs and what it saves. `minutes`: that a sent draft
    saves by the policy, 0 if nobody has said so; `minimum`: the policy's lowest confidence, in percent."""
    topics, every = sorted({row["topic"] for row in rows}), group(rows)
    return {
        "all": every, "by_topic": {topic: group([row for row in rows if row["topic"] == topic]) for topic in topics},
        "without_edited_later": group([row for row in rows if not row["edited_later"]]), "dial": dial(rows),
        "minima": [lowest(rows, each) for each in sorted({*MINIMA, minimum})],
        "model_silent": sum(row["model_silent"] for row in rows), "cost": _sum(rows, "cost"),
        "cost_of_comparing": _sum(rows, "cost_of_comparing"),
        "cost_per_ticket": str(round(Decimal(_sum(rows, "cost")) / len(rows), 6)) if rows else None,
        "minutes_saved": minutes * every["of_sent"]["right"]["hits"] if minutes else None,
    }  # fmt: skip


def group(rows: Sequence[Tried]) -> dict[str, Any]:
    """Returns the figures of some tickets. "right" and the like are shares of the drafts that could be compared; `not_compared`:
    why the others were not; `drafted_where_answered`: for how many of the tickets that an agent answered klark has a draft."""
    ends = Counter(row["decision"] for row in rows)
    sent, held = [[row for row in rows if row["decision"] in kinds] for kinds in (("REPLY",), HELD)]
    answered = Counter(row["decision"] in DRAFTED for row in rows if row["nothing_to_compare"] in ANSWERED)
    return {
        "tickets": len(rows), "sent": share(len(sent), len(rows)), "held": share(len(held), len(rows)),
        "handed_over": share(ends["ESCALATE"], len(rows)), "left_alone": share(ends["SKIP"], len(rows)),
        "of_sent": _verdicts(sent), "of_held": _verdicts(held),
        "drafted_where_answered": share(answered[True], answered.total()),
        "not_compared": counted(
            row["nothing_to_compare"] or "untold" for row in (*sent, *held) if row["verdict"] not in VERDICTS
        ),
    }  # fmt: skip


def counted(names: Iterable[str]) -> dict[str, int]:
    """Returns how often each name occurs, in the order of the alphabet."""
    return dict(sorted(Counter(names).items()))


def _verdicts(rows: Sequence[Tried]) -> dict[str, Any]:
    told = Counter(row["verdict"] for row in rows if row["verdict"])
    of = sum(told[name] for name in VERDICTS)
    return {**{name: share(told[name], of) for name in VERDICTS}, "not_compared": len(rows) - of}


def dial(rows: Sequence[Tried]) -> dict[str, Any]:
    """Returns what each position would have come to, and the best: the fewest wrong replies sent, then the most right drafts.
    `best` is None where no position is better than another by that."""
    at = {name: _position([row["dial"][name] for row in rows]) for name in DIALS}
    worth = {name: (-one["sent_wrong"], one["right_drafts"]) for name, one in at.items()}
    best = max(worth.values())
    ahead = [name for name, value in worth.items() if value == best]
    return {"positions": at, "best": ahead[0] if len(ahead) == 1 else None, "as_good": ahead if len(ahead) > 1 else []}


def _position(ends: Sequence[Mapping[str, Any]]) -> dict[str, int]:
    return {
        "handed_over_as_sensitive": sum(one["decision"] == "ESCALATE" and one["reason"] == "sensitive" for one in ends),
        "sent": sum(one["decision"] == "REPLY" for one in ends),
        "sent_wrong": sum(one["decision"] == "REPLY" and one["verdict"] == "wrong" for one in ends),
        "right_drafts": sum(one["verdict"] == "right" for one in ends),
    }


def lowest(rows: Sequence[Tried], minimum: int) -> dict[str, int]:
    """Returns what would have been sent with this lowest confidence. Nothing is run again for it: it is looked at last."""
    told = Counter(row["verdict"] for row in rows if _is_sure(row, minimum))
    return {"minimum": minimum, "sent": told.total(), "sent_wrong": told["wrong"], "sent_right": told["right"]}


def _is_sure(row: Tried, minimum: int) -> bool:
    if row["decision"] != "REPLY" and row["reason"] != Reason.LOW_CONFIDENCE:
        return False
    if row["confidence"] is None:
        return minimum == 0 or row["reason"] == Reason.SECTIONS_BY_POLICY
    return percent_of(row["confidence"]) >= minimum


def worst(rows: Sequence[Tried]) -> list[Tried]:
    """Returns the worst drafts: those that contradict the agent, what would have been sent first, then those that lack most."""
    bad = [row for row in rows if row["verdict"] in ("wrong", "incomplete")]
    return sorted(bad, key=_badness)[:WORST]


def _badness(row: Tried) -> tuple[Any, ...]:
    sent = row["decision"] == "REPLY"
    return row["verdict"] != "wrong", not sent, -len(row["contradicting"]), -len(row["missing"])


def _sum(rows: Sequence[Tried], name: str) -> str:
    return str(sum((Decimal(row[name]) for row in rows), Decimal(0)))
