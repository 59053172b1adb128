"""Checks a weekday against the date beside it: "Tuesday 24 November", "28 November is a Saturday"."""

import re
from collections.abc import Sequence
from datetime import date

from guardrails.text.calendar_days import fits, meant, spelled, weekday_name
from guardrails.text.value_positions import Placed, is_weekday
from guardrails.text.values import Value

_BEFORE = re.compile(r"(?: |, | le |, le | the |, the )")
_AFTER = re.compile(
    r" \(|,? (?:which )?(?:is|was|falls on|fell on|will be|est|était|sera|tombe|tombait)(?: on)?(?: an?| une?)? ",
    re.IGNORECASE,
)
_SURE = 40
"""The weekday of a date without a year is only judged if the date is at most this many days away."""


def beside(at: int, said: Sequence[Placed], text: str) -> int | None:
    """Returns the index of the date that the weekday at this index belongs to, or `None`."""
    if not is_weekday(said[at].value) or said[at].value.text.lower().endswith("days"):
        return None
    for other, gap in ((at + 1, _BEFORE), (at - 1, _AFTER)):
        if not 0 <= other < len(said) or said[other].value.kind != "date" or is_weekday(said[other].value):
            continue
        first, last = (said[at], said[other]) if other > at else (said[other], said[at])
        if first.end >= 0 and gap.fullmatch(text[first.end : last.start]):
            return other
    return None


def weekday_of(weekday: Value, dated: Value, today: date | None) -> str:
    """Returns an explanation such as "24 November 2026 is a Tuesday" if the weekday is right; else ""."""
    day = next((day for day in _days(dated, today) if any(fits(key, day) for key in weekday.keys)), None)
    return f"{spelled(day)} is a {weekday_name(day.isoweekday())}" if day else ""


def wrong_weekday(weekday: Value, dated: Value, today: date | None) -> str:
    """Returns the date's real weekday as an explanation if it is certain and another one is stated; else ""."""
    days = _days(dated, today)
    if not days or any(fits(key, day) for day in days for key in weekday.keys):
        return ""
    sure = any(key[0] == "date" and key[2] and (key[1] or _is_near(days[0], today)) for key in dated.keys)
    return f"{spelled(days[0])} is a {weekday_name(days[0].isoweekday())}" if sure else ""


def _is_near(day: date, today: date | None) -> bool:
    return today is not None and abs((day - today).days) <= _SURE


def _days(dated: Value, today: date | None) -> list[date]:
    """Returns the days that a date may mean: only those near today if there are any, else all."""
    days = [day for key in sorted(dated.keys, key=str) for day in meant(key, today)]
    near = [day for day in days if _is_near(day, today)]
    return near or days
