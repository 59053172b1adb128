"""Finds a start, a length and an end in one sentence that do not match: "14 days from 3 November, so until 20
November".

An end is judged only if a word says that it follows ("so until", "donc au plus tard le"), the sentence has one length
and the sources state it, there is one start (in the sentence, else in what the customer wrote), and no other cited
length, anniversary or calendar step leads to the end.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import product

from guardrails.grounding.derived_days import moved
from guardrails.grounding.known_facts import Known, Term, terms
from guardrails.text.calendar_days import (
    SATURDAY,
    first_of_next,
    made,
    meant,
    next_weekday,
    plus_days,
    related,
    spelled,
)
from guardrails.text.dates import Key
from guardrails.text.value_positions import Placed, is_weekday
from guardrails.text.values import Value
from guardrails.text.weekdays import beside

Origins = Mapping[int, tuple[str, str] | None]

# Words that say that a date follows from what precedes it; at most a few words and no other value lie between.
_FOLLOWS = re.compile(
    r"\b(?:so|donc|soit|means?|takes?|brings?|gives?|leaves?|laisse|m[èe]ne|porte|am[èe]ne|i\.e\.|hence|thus|therefore|which|"
    r"c'est-à-dire|that is|ce qui)\b[^;:.]{0,50}$",
    re.IGNORECASE,
)
_LOOSE = re.compile(r"\b(?:before|after|since|avant|après|depuis)(?: le| the)? (?:\w+ )?$", re.IGNORECASE)
"""After these words the date is only a bound: the end may be well before or after it."""
_AT = re.compile(r"(?:à|at|dès|vers|from|until|jusqu'à|avant|après|,) ?$", re.IGNORECASE)
_HOURS = re.compile(r"\d ?h|hour|heure", re.IGNORECASE)
_LENGTHS = frozenset({"s", "month", "workday", "day but Sunday"})


def _has_length(one: Placed, text: str) -> bool:
    """Returns whether a value is a length of time; "monthly" is not, nor is "at 20 h"."""
    lengths = one.value.kind == "duration" and any(term.unit in _LENGTHS for term in terms(one.value))
    timed = any(key[0] == "time" for key in one.value.keys) and _AT.search(text[max(0, one.start - 12) : one.start])
    return lengths and not timed


def wrong_ends(said: Sequence[Placed], text: str, facts: Known, origins: Origins) -> Iterator[tuple[int, str]]:
    """Yields the index of each end that does not follow from its start and length, with the right result."""
    if facts.today is None:
        return
    lengths = [at for at, one in enumerate(said) if _has_length(one, text)]
    ends = [at for at, one in enumerate(said) if _is_end(one, said, text)]
    if len(lengths) != 1 or len(ends) != 1 or not _is_rule(origins.get(lengths[0])):
        return
    if said[ends[0]].start < said[lengths[0]].start:
        return  # an end that stands before the length does not follow from it
    span = next((term for term in terms(said[lengths[0]].value) if moved(facts.today, term, 1)), None)
    starts, stated = _starts(ends[0], said, text, facts)
    finish = _dates(said[ends[0]].value, facts.today)
    if span is None or not starts or not finish or _stands(ends[0], origins):
        return
    if not stated and origins.get(ends[0]) and facts.today not in finish:
        return
    strict = facts.shifted or bool(_HOURS.search(span.words))
    if not (_meet(starts, span, finish, strict=strict) or _otherwise(starts, span, finish, facts, stated=stated)):
        yield ends[0], _right(starts, span, finish[0], said[ends[0]].value.text)


def _right(starts: Sequence[date], span: Term, finish: date, words: str) -> str:
    start = min(starts, key=lambda day: abs((day - finish).days))
    sign, mark = (1, "+") if finish >= start else (-1, "-")
    right = moved(start, span, sign)
    return f"{spelled(start)} {mark} {span.words} = {spelled(right)}, not {words}" if right else f"{words} is wrong"


def _is_rule(origin: tuple[str, str] | None) -> bool:
    return origin is not None and origin[0] == "source"


def _is_end(one: Placed, said: Sequence[Placed], text: str) -> bool:
    if not _is_dated(one.value) or one.start < 0:
        return False
    before = text[max(0, one.start - 90) : one.start]
    hit = None if _LOOSE.search(before) else _FOLLOWS.search(before)
    start = one.start - (len(hit.group()) if hit else 0)
    return hit is not None and not any(
        start <= other.start < one.start and not _is_named(other.value) for other in said if other is not one
    )


def _is_named(value: Value) -> bool:
    """Returns whether a value is a weekday, or "today" and the like: it may stand beside the date that it means."""
    return any(key[0] in ("weekday", "relative") for key in value.keys)


def _is_dated(value: Value) -> bool:
    return any(key[0] == "date" and isinstance(key[3], int) and key[2] for key in value.keys)


def _dates(value: Value, today: date) -> list[date]:
    days = [day for key in sorted(value.keys, key=str) for day in meant(key, today)]
    days += [day for key in value.keys if key[0] == "date" and key[2] is None for day in _every_month(key, today)]
    return days + [day for key in value.keys if key[0] == "relative" for day in related(key[1], today)]


def _every_month(key: Key, today: date) -> Iterator[date]:
    """Yields the days that a day without a month may mean ("the 20th"): one for each month of this year and the next."""
    for month in range(24):
        if isinstance(key[3], int) and (day := made(today.year + month // 12, month % 12 + 1, key[3])):
            yield day


def _starts(end: int, said: Sequence[Placed], text: str, facts: Known) -> tuple[list[date], bool]:
    """Returns the days that the single start may mean, and whether the sentence states it; no days if there are
    several starts."""
    today = facts.today or date.min
    others = [one.value for at, one in enumerate(said) if at != end and beside(at, said, text) is None]
    finish = _dates(said[end].value, today)[:1]
    others = [value for value in others if _dates(value, today)[:1] != finish or not finish]
    for stated, values in ((True, others), (False, facts.customer)):
        groups = _apart({tuple(days) for value in values if (days := _dates(value, today))})
        near = {min(group, key=lambda day: abs((day - today).days)): group for group in groups}
        if not stated:  # what the customer asks about began before today
            near.pop(today, None)
        if near:
            return ([day for group in near.values() for day in group] if len(near) == 1 else []), stated
        if stated and any(is_weekday(value) for value in values):
            return [], True
    return [], False


def _apart(groups: set[tuple[date, ...]]) -> list[tuple[date, ...]]:
    """Drops readings that another value states more clearly: "Sunday 8" and "8 November"."""
    return [
        group for group in groups if not any(len(other) < len(group) and set(other) & set(group) for other in groups)
    ]


def _stands(end: int, origins: Origins) -> bool:
    """Returns whether the sources or the customer state the end, so that it is no result of this sentence."""
    origin = origins.get(end)
    return origin is not None and origin[0] in ("source", "customer")


def _meet(starts: Sequence[date], span: Term, finish: Sequence[date], *, strict: bool) -> bool:
    reached = {day for start in starts for sign in (1, -1) if (day := moved(start, span, sign))}
    if not strict:
        reached |= {near for day in reached for step in (1, -1) if (near := plus_days(day, step))}
    return any(day in finish for each in reached for day in _with_weekend(each))


def _with_weekend(day: date) -> tuple[date, ...]:
    """Returns a day and, if it falls on a weekend, the working days around it."""
    return (day, next_weekday(day, 1), next_weekday(day, 5, -1)) if day.isoweekday() >= SATURDAY else (day,)


def _otherwise(starts: Sequence[date], span: Term, finish: Sequence[date], facts: Known, *, stated: bool) -> bool:
    """Returns whether anything else leads to the end: another cited length, a year, the first of a month, a named weekday."""
    others = [
        term for value in facts.cited for term in terms(value) if (term.unit, term.number) != (span.unit, span.number)
    ]
    years = [Term("month", count * 12, "") for count in (1, 2, 3)]
    now = [] if stated or facts.today is None else [facts.today]
    pairs = (*product(starts, (*others, *years)), *product(now, (*others, span)))
    ends = [day for start, one in pairs for sign in (1, -1) if (day := moved(start, one, sign))]
    after = [day for start in starts for sign in (1, -1) if (day := moved(start, span, sign))]
    ends += [first_of_next(day) for day in (*starts, *after)]
    weekdays = [int(key[1] or 0) for value in facts.cited for key in value.keys if key[0] == "weekday"]
    ends += [next_weekday(day, weekday) for day in (*starts, *after) for weekday in weekdays]
    return any(day in finish for each in ends for day in _with_weekend(each))
