"""Counts what docs/evidence.md defines under "What became of drafts", from plain dicts: no SQL, and nothing of klark's code."""

from collections import Counter
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

SEVEN_DAYS = timedelta(days=7)
NAMES = ("unchanged", "edited", "rejected", "handed_over", "copied", "other_words", "ignored", "open", "unknown")
NO_END = ("open", "unknown")
Turn = Mapping[str, Any]


def count(tickets: list[Any], since: datetime, until: datetime, zone: str) -> dict[str, Any]:
    """Returns each figure, over everything and by topic, language, desk and week."""
    inside = []
    for ticket in tickets:
        turns = sorted(
            (one for one in ticket["turns"] if since <= one["drafted"] < until), key=lambda one: one["drafted"]
        )
        if any(not one["anew"] for one in turns):
            inside.append({"desk": ticket["desk"], "all": turns, "turns": [one for one in turns if not one["anew"]]})
    keys: dict[str, Callable[[Any, Turn], str]] = {
        "topic": lambda ticket, turn: turn["topic"], "language": lambda ticket, turn: turn["language"],
        "desk": lambda ticket, turn: ticket["desk"], "week": lambda ticket, turn: str(week(turn["drafted"], zone)),
    }  # fmt: skip
    found = {"all": figures(inside, [turn for ticket in inside for turn in ticket["turns"]], until)}
    for name, key in keys.items():
        groups = sorted({key(ticket, turn) for ticket in inside for turn in ticket["turns"]})
        found[name] = {group: _of_group(inside, key, group, until) for group in groups}
    return found


def _of_group(inside: list[Any], key: Callable[[Any, Turn], str], group: str, until: datetime) -> dict[str, Any]:
    tickets = [ticket for ticket in inside if key(ticket, ticket["turns"][-1]) == group]
    turns = [turn for ticket in inside for turn in ticket["turns"] if key(ticket, turn) == group]
    return figures(tickets, turns, until)


def week(moment: datetime, zone: str) -> date:
    """The Monday of the week that a moment is in."""
    day = moment.astimezone(ZoneInfo(zone)).date()
    while day.weekday() != 0:
        day -= timedelta(days=1)
    return day


def sent(turn: Turn, kind: str = "reply") -> datetime | None:
    """When the reply (or a handover note) was sent."""
    for write in turn["writes"]:
        if write["kind"] == kind and write["state"] == "sent":
            return write["left"] or write["ended"]  # type: ignore[no-any-return]  # a moment
    return None


def did(turn: Turn, *kinds: str) -> bool:
    """Whether somebody did one of these with the draft."""
    return any(act["kind"] in kinds for act in turn["acts"])


def answered(turn: Turn) -> datetime | None:
    """When a colleague answered."""
    return turn["seen"]["colleague"]["at"] if turn["seen"] and turn["seen"]["colleague"] else None  # type: ignore[no-any-return]


def end(turn: Turn) -> str:
    """The row of the first table that holds."""
    seen, colleague = turn["seen"] or {}, answered(turn)
    in_time = colleague is not None and colleague - turn["drafted"] <= SEVEN_DAYS
    rows = {
        "edited": sent(turn) and did(turn, "edited"),
        "unchanged": sent(turn),
        "rejected": did(turn, "rejected"),
        "handed_over": sent(turn, "handover"),
        "copied": in_time and words_kept(turn["text"], seen["colleague"]["text"]) == 1,
        "other_words": in_time,
        "ignored": did(turn, "overtaken", "replaced", "gone") or seen.get("over") is True,
        "open": any(write["state"] in ("waiting", "due", "sending", "parked") for write in turn["writes"]),
    }
    return next((name for name, holds in rows.items() if holds), "unknown")


def words_kept(draft: str, text: str) -> Fraction:
    """The share of the draft's words that stand in the text, each as often."""
    left, kept = text.lower().split(), 0
    for word in draft.lower().split():
        if word in left:
            left.remove(word)
            kept += 1
    return Fraction(kept, len(draft.split()))


def resolved_alone(turns: list[Turn], until: datetime) -> bool | None:
    """Whether nobody but klark took part."""
    if until - turns[-1]["drafted"] < SEVEN_DAYS:
        return None
    if any(end(turn) in NO_END for turn in turns):
        return None
    if any(not sent(turn) or did(turn, "approved", "edited") for turn in turns):
        return False
    reply, seen = sent(turns[-1]), turns[-1]["seen"]
    assert reply
    if any(answer - reply <= SEVEN_DAYS for answer in map(answered, turns) if answer):
        return False
    return None if not seen or seen["read"] - reply < SEVEN_DAYS else seen["over"]


def reopened(turn: Turn, until: datetime) -> bool | None:
    """Whether klark saw the ticket open again within seven days of the reply."""
    reply, seen = sent(turn), turn["seen"]
    if not reply or not seen or until - reply < SEVEN_DAYS:
        return None
    if seen["opened_again"] and seen["opened_again"] - reply <= SEVEN_DAYS:
        return True
    return None if seen["read"] - reply < SEVEN_DAYS else False


def satisfied(turns: list[Turn]) -> bool | None:
    """Whether the help was rated good."""
    seen = turns[-1]["seen"]
    if not any(map(sent, turns)) or not seen or not seen["rating"]:
        return None
    return bool(seen["rating"] == "good")


def first_response(turns: list[Turn]) -> float | None:
    """Seconds until the first reply or answer."""
    moments = [moment for turn in turns for moment in (sent(turn), answered(turn)) if moment]
    return (min(moments) - turns[0]["asked"]).total_seconds() if moments else None


def share(hits: int, of: int) -> dict[str, Any]:
    """Wilson's interval, as the formula stands on the page; z = 1.96."""
    if of == 0:
        return {"hits": hits, "of": 0, "share": None, "low": None, "high": None}
    p, z2 = hits / of, 1.96**2
    root = 1.96 * (p * (1 - p) / of + z2 / (4 * of**2)) ** 0.5
    low, high = ((p + z2 / (2 * of) + sign * root) / (1 + z2 / of) for sign in (-1, 1))
    return {
        "hits": hits,
        "of": of,
        "share": round(p, 4),
        "low": round(max(low, 0.0), 4),
        "high": round(min(high, 1.0), 4),
    }


def of_known(values: list[bool | None]) -> dict[str, Any]:
    """The share of yes among yes and no."""
    return share(sum(value is True for value in values), sum(value is not None for value in values))


def middle(values: list[float]) -> float | None:
    """The median."""
    ordered, half = sorted(values), len(values) // 2
    if not ordered:
        return None
    return ordered[half] if len(ordered) % 2 else (ordered[half - 1] + ordered[half]) / 2


def figures(tickets: list[Any], turns: list[Turn], until: datetime) -> dict[str, Any]:
    """Returns the figures of some tickets and turns."""
    ends = Counter(map(end, turns))
    ended = len(turns) - ends["open"] - ends["unknown"]
    edits = [words_kept(one["text"], act["text"]) for one in turns if end(one) == "edited"
             for act in one["acts"] if act["kind"] == "edited"]  # fmt: skip
    waits = [wait for one in tickets if (wait := first_response(one["turns"])) is not None]
    resolved = [resolved_alone(one["turns"], until) for one in tickets]
    cost = sum((Decimal(turn["cost"]) for one in tickets for turn in one["all"]), Decimal(0))
    alone = sum(one is True for one in resolved)
    return {
        "tickets": len(tickets), "turns": len(turns), "endings": {name: ends[name] for name in NAMES},
        "resolved_alone": of_known(resolved), **{name: share(ends[name], ended) for name in NAMES if name not in NO_END},
        "reopened": of_known([reopened(turn, until) for turn in turns]),
        "satisfied": of_known([satisfied(one["turns"]) for one in tickets]),
        "words_kept": {"mean": round(float(sum(edits) / len(edits)), 4) if edits else None, "of": len(edits)},
        "first_response": {"median_s": middle(waits), "of": len(waits)},
        "cost": cost, "cost_per_ticket": round(cost / len(tickets), 6) if tickets else None,
        "cost_per_resolution": round(cost / alone, 6) if alone else None,
    }  # fmt: skip
