"""Counts what docs/evidence.md defines under "What became of drafts", from plain dicts: no SQL, and nothing of klark's code."""

from collections import Counter
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

DEFINITIONS = 2
SEVEN_DAYS = timedelta(days=7)
NAMES = ("unchanged", "edited", "rejected", "handed_over", "copied", "other_words", "ignored", "open", "unknown")
WHAT = ("topic", "priority", "language")
NO_END = ("open", "unknown")
Turn = Mapping[str, Any]


def count(tickets: list[Any], since: datetime, until: datetime, zone: str, minutes: int) -> dict[str, Any]:
    """Returns each figure, over everything and by topic, language, desk and week."""
    inside = []
    for ticket in tickets:
        every = sorted(ticket["turns"], key=lambda one: one["drafted"])
        later = [[each["drafted"] for each in every[place:] if not each["anew"]] for place in range(1, len(every) + 1)]
        every = [{**one, "later": after} for one, after in zip(every, later, strict=True)]
        turns = [one for one in every if since <= one["drafted"] < until]
        if any(not one["anew"] for one in turns):
            inside.append({"desk": ticket["desk"], "all": turns, "turns": [one for one in turns if not one["anew"]]})
    keys: dict[str, Callable[[Any, Turn], str]] = {
        "topic": lambda ticket, turn: turn["topic"], "language": lambda ticket, turn: turn["language"],
        "desk": lambda ticket, turn: ticket["desk"], "week": lambda ticket, turn: str(week(turn["drafted"], zone)),
    }  # fmt: skip
    found = {"all": figures(inside, [turn for ticket in inside for turn in ticket["turns"]], until, minutes)}
    for name, key in keys.items():
        groups = sorted({key(ticket, turn) for ticket in inside for turn in ticket["turns"]})
        found[name] = {group: _of_group(inside, key, group, until, minutes) for group in groups}
    found["confusions"] = {
        what: confused([turn for ticket in inside for turn in ticket["turns"]], what) for what in WHAT
    }
    return found


def confused(turns: list[Turn], what: str) -> list[Any]:
    """What klark took for what: the most frequent first, then by name."""
    pairs = [turn["said"][what] for turn in turns if what in turn["said"]]
    wrong = {tuple(pair): pairs.count(pair) for pair in pairs if pair[0] != pair[1]}
    return [[*pair, times] for times, pair in sorted(((times, pair) for pair, times in wrong.items()), key=_most_first)]


def _most_first(one: tuple[int, Any]) -> tuple[int, Any]:
    return -one[0], one[1]


def right(turn: Turn, what: str) -> bool | None:
    """Whether klark had classified it as people say."""
    if what in turn["said"]:
        was, now = turn["said"][what]
        return bool(was == now)
    return True if what == "topic" and did(turn, "approved", "edited", "rejected") else None


def _of_group(
    inside: list[Any], key: Callable[[Any, Turn], str], group: str, until: datetime, minutes: int
) -> dict[str, Any]:  # fmt: skip
    tickets = [ticket for ticket in inside if key(ticket, ticket["turns"][-1]) == group]
    turns = [turn for ticket in inside for turn in ticket["turns"] if key(ticket, turn) == group]
    return figures(tickets, turns, until, minutes)


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
        "other_words": in_time and not any(drafted < colleague for drafted in turn["later"]),
        "ignored": in_time or did(turn, "overtaken", "replaced", "gone") or seen.get("over") is True,
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


def took_nobody(turns: list[Turn], until: datetime) -> bool | None:
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
    return None if not seen or seen["read"] - reply < SEVEN_DAYS or seen["over"] is None else True


def resolved_alone(turns: list[Turn], until: datetime) -> bool | None:
    """Whether that was the end of it."""
    alone = took_nobody(turns, until)
    return alone if not alone else turns[-1]["seen"]["over"] is True


def by_klark(turn: Turn) -> bool:
    """Whether klark itself handed it over."""
    return end(turn) == "handed_over" and not did(turn, "escalated")


def needed(turn: Turn, until: datetime) -> bool | None:
    """Whether a person had to answer."""
    reply, answer, seen = sent(turn), answered(turn), turn["seen"]
    begun = reply or turn["drafted"]
    if until - begun < SEVEN_DAYS:
        return None
    if not reply and did(turn, "rejected", "escalated"):
        return True
    if answer and answer - begun <= SEVEN_DAYS:
        return bool(reply) or words_kept(turn["text"], seen["colleague"]["text"]) != 1
    if not seen or seen["read"] - begun < SEVEN_DAYS:
        return None
    if reply or (sent(turn, "handover") and seen["over"]):
        return False
    return None


def compared(turns: list[Turn]) -> dict[str, Any]:
    """How what colleagues answered in other words compares with the drafts, and what edits changed."""
    answers = [one["compared"]["answer"] for one in turns if end(one) == "other_words"]
    told = [verdict for verdict in answers if verdict not in ("", "untold")]
    edits = [one["compared"] for one in turns if end(one) == "edited"]
    judged = [one for one in edits if one["edit"] in ("same", "partly", "contradicts")]
    return {
        **{f"answer_{each}": share(told.count(each), len(told)) for each in ("same", "partly", "contradicts", "beside")},
        "values_changed": of_known([one["values"] for one in edits]),
        "facts_changed": share(sum(one["edit"] != "same" or bool(one["values"]) for one in judged), len(judged)),
    }  # fmt: skip


def held(turn: Turn) -> tuple[int, int] | None:
    """How many of how many sentences held, where a person looked."""
    every, looked = len(turn["sentences"]), None
    if not sent(turn) or not every:
        return None
    for act in turn["acts"]:
        if act["kind"] == "approved":
            looked = every
        if act["kind"] == "edited":
            looked = sum(f" {each} ".lower() in f" {act['text']} ".lower() for each in turn["sentences"])
    audit = turn["audit"]
    if audit and audit["via"] == "audit" and audit["drawn"] and audit["verdict"]:
        looked = every if audit["verdict"] == "right" else 0
    return None if looked is None else (looked, every)


def reopened(turn: Turn, until: datetime) -> bool | None:
    """Whether klark saw the ticket open again within seven days of the reply."""
    reply, seen = sent(turn), turn["seen"]
    if not reply or not seen or until - reply < SEVEN_DAYS:
        return None
    if seen["opened_again"] and seen["opened_again"] - reply <= SEVEN_DAYS:
        return True
    return None if seen["read"] - reply < SEVEN_DAYS else False


def satisfied(turns: list[Turn], *, by_klark: bool) -> bool | None:
    """Whether the help was rated good."""
    seen = turns[-1]["seen"]
    if any(map(sent, turns)) is not by_klark or not seen or not seen["rating"]:
        return None
    return bool(seen["rating"] == "good")


def first_response(turns: list[Turn]) -> float | None:
    """Seconds until the first reply or answer."""
    moments = [moment for turn in turns for moment in (sent(turn), answered(turn)) if moment]
    return (min(moments) - turns[0]["asked"]).total_seconds() if moments else None


def share(hits: int, of: int, bunches: int | None = None) -> dict[str, Any]:
    """Wilson's interval, as the formula stands on the page; z = 1.96."""
    if of == 0:
        return {"hits": hits, "of": 0, "share": None, "low": None, "high": None}
    p, z2, n = hits / of, 1.96**2, bunches or of
    root = 1.96 * (p * (1 - p) / n + z2 / (4 * n**2)) ** 0.5
    low, high = ((p + z2 / (2 * n) + sign * root) / (1 + z2 / n) for sign in (-1, 1))
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


def figure(value: Any, of: int, low: Any = None, high: Any = None) -> dict[str, Any]:
    """A figure that is no share."""
    return {"value": value, "of": of, "low": low, "high": high}


def middle(values: list[float]) -> dict[str, Any]:
    """The median; its interval goes from the value of rank n/2 - .98 √n, rounded down, to that as far from the other end."""
    ordered, n = sorted(values), len(values)
    if not n:
        return figure(None, 0)
    median = ordered[n // 2] if n % 2 else (ordered[n // 2 - 1] + ordered[n // 2]) / 2
    rank = int(n / 2 - 0.98 * n**0.5)
    return figure(median, n, ordered[rank - 1], ordered[-rank]) if rank >= 1 else figure(median, n)


def each(tops: list[Any], counts: list[int], places: int) -> dict[str, Any]:
    """The sum of the tops by the sum of the counts, with the interval of a ratio of sums; z = 1.96."""
    n, of = len(tops), sum(counts)
    if not of:
        return figure(None, 0)
    ratio = Fraction(sum(map(Fraction, tops))) / of
    value = round(float(ratio), places)
    if n == 1:
        return figure(value, of)
    squares = sum((Fraction(top) - ratio * count) ** 2 for top, count in zip(tops, counts, strict=True)) / (n - 1)
    reach = 1.96 * float(squares / n) ** 0.5 / (of / n)
    return figure(value, of, round(max(float(ratio) - reach, 0.0), places), round(float(ratio) + reach, places))


def paid(costs: list[Decimal], counts: list[int]) -> dict[str, Any]:
    """What each cost, as money."""
    found = each(costs, counts, 6)
    money = {name: None if found[name] is None else Decimal(f"{found[name]:.6f}") for name in ("value", "low", "high")}
    if sum(counts):
        money["value"] = round(sum(costs, Decimal(0)) / sum(counts), 6)
    return {**found, **money}


def figures(tickets: list[Any], turns: list[Turn], until: datetime, minutes: int) -> dict[str, Any]:
    """Returns the figures of some tickets and turns."""
    ends = Counter(map(end, turns))
    ended = len(turns) - ends["open"] - ends["unknown"]
    edits = [words_kept(one["text"], act["text"]) for one in turns if end(one) == "edited"
             for act in one["acts"] if act["kind"] == "edited"]  # fmt: skip
    waits = [wait for one in tickets if (wait := first_response(one["turns"])) is not None]
    resolved = [resolved_alone(one["turns"], until) for one in tickets]
    costs = [sum((Decimal(turn["cost"]) for turn in one["all"]), Decimal(0)) for one in tickets]
    looked = [pair for pair in map(held, turns) if pair]
    saved = [minutes * sum(bool(sent(turn)) for turn in one["turns"]) for one in tickets]
    return {
        "definitions": DEFINITIONS, "tickets": len(tickets), "turns": len(turns),
        "endings": {name: ends[name] for name in NAMES}, "resolved_alone": of_known(resolved),
        "deflected": of_known([took_nobody(one["turns"], until) for one in tickets]),
        **{name: share(ends[name], ended) for name in NAMES if name not in NO_END},
        "precision": share(sum(pair[0] for pair in looked), sum(pair[1] for pair in looked), len(looked)),
        **compared(turns),
        "handover_precision": of_known([needed(turn, until) for turn in turns if by_klark(turn)]),
        "handover_recall": of_known([by_klark(turn) for turn in turns if needed(turn, until)]),
        "reopened": of_known([reopened(turn, until) for turn in turns]),
        **{f"{what}_right": of_known([right(turn, what) for turn in turns]) for what in WHAT},
        "satisfied": of_known([satisfied(one["turns"], by_klark=True) for one in tickets]),
        "satisfied_without": of_known([satisfied(one["turns"], by_klark=False) for one in tickets]),
        "words_kept": each(edits, [1] * len(edits), 4), "first_response": middle(waits),
        "minutes_saved": each(saved, [1] * len(saved), 4), "cost": sum(costs, Decimal(0)),
        "cost_per_ticket": paid(costs, [1] * len(costs)),
        "cost_per_resolution": paid(costs, [one is True for one in resolved]),
    }  # fmt: skip
