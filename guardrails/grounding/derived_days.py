"""Derives days and spans from known ones: an end from a start and a length, a length from two days."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import combinations, product

from guardrails.grounding.known_facts import Day, Ground, Term
from guardrails.text.calendar_days import (
    SATURDAY,
    first_of_next,
    fits,
    months_between,
    next_weekday,
    plus_days,
    plus_months,
    plus_working,
    spelled,
    weekday_name,
)
from guardrails.text.dates import WEEKDAYS, Key
from guardrails.text.words import fold

_DAY = 86_400
_WEEKS = {"workday": 5, "day but Sunday": 6}
_YEARS = (1, 2)
_NEAR = 62
_SIGNS = ((1, "+"), (-1, "-"))


def moved(day: date, span: Term, sign: int) -> date | None:
    """Returns a day plus or minus (`sign`) a span of whole days, weeks, months or working days; `None` for hours and
    other units."""
    if span.unit == "month" and span.number == int(span.number):
        return plus_months(day, sign * int(span.number))
    if span.unit in _WEEKS and span.number == int(span.number):
        return plus_working(day, sign * int(span.number), _WEEKS[span.unit])
    if span.unit == "s" and span.number % _DAY == 0 and span.number:
        return plus_days(day, sign * int(span.number // _DAY))
    return None


def derived_day(keys: frozenset[Key], ground: Ground) -> str:
    """Returns how a date or weekday follows from what is known, the simplest way first; "" if it does not."""
    wanted = [key for key in sorted(keys, key=str) if key[0] in ("date", "weekday", "relative")]
    found = ((day, how) for day, how in reached(ground) if any(_is(key, day, ground.today) for key in wanted))
    return next((f"{spelled(day)} = {how}" for day, how in found), "")


def _is(key: Key, day: date, today: date | None) -> bool:
    """Returns whether a key means this day. A weekday, or a day without its month, only counts if it is near today."""
    if key[0] == "relative" and today:
        return (day - today).days == {"today": 0, "tomorrow": 1, "yesterday": -1}.get(str(key[1]))
    near = today is None or abs((day - today).days) < _NEAR
    return fits(key, day) and (near or (key[0] == "date" and key[2] is not None))


def reached(ground: Ground) -> Iterator[tuple[date, str]]:
    """Yields the days that can be derived, the simplest first, each with an explanation."""
    later = _anniversaries(ground)
    for days in _sure_first(ground.days):
        yield from ((one.day, one.words) for one in days)
        yield from _spanned(days, ground)
    yield from _neighbours(ground)
    yield from ((one.day, one.words) for one in later)
    yield from _spanned(later, ground)
    yield from _rolled(ground)


def _sure_first(days: Sequence[Day]) -> tuple[list[Day], list[Day]]:
    """Separates dates from weekdays: "Saturday" may be the last one or the next."""
    return [one for one in days if not is_vague(one)], [one for one in days if is_vague(one)]


def is_vague(one: Day) -> bool:
    """Returns whether a day is named by its weekday only."""
    return fold(one.words) in WEEKDAYS


def _neighbours(ground: Ground) -> Iterator[tuple[date, str]]:
    for one in ground.days:
        yield first_of_next(one.day), f"first of the month after {one.words}"
        if ground.shifted and (day := plus_days(one.day, 1)):
            yield day, f"the day after {one.words}"
        for weekday in ground.weekdays:
            yield next_weekday(one.day, weekday), f"{weekday_name(weekday)} after {one.words}"


def _spanned(days: Iterable[Day], ground: Ground) -> Iterator[tuple[date, str]]:
    for one, span, (sign, word) in product(days, ground.terms, _SIGNS):
        if (day := moved(one.day, span, sign)) is not None:
            yield day, f"{one.words} {word} {span.words}"


def _rolled(ground: Ground) -> Iterator[tuple[date, str]]:
    """Yields ends moved from a weekend to Monday, and the day before an end: "less than 30 days" ends a day before
    the thirtieth."""
    for one, span in product(ground.days, ground.terms):
        if span.unit == "month" and (day := moved(one.day, span, 1)) and (last := plus_days(day, -1)):
            yield last, f"last day of {span.words} from {one.words}"
    for day, how in _spanned(ground.days, ground):
        if day.isoweekday() >= SATURDAY:
            yield next_weekday(day, 1), f"{how}, then Monday"
        if ground.shortened and (before := plus_days(day, -1)):
            yield before, f"the day before {how}"
    for one in ground.days:
        if one.day.isoweekday() >= SATURDAY:
            yield next_weekday(one.day, 1), f"Monday after {one.words}"


def _anniversaries(ground: Ground) -> tuple[Day, ...]:
    return tuple(
        Day(day, f"{one.words} + {years} year{'s' * (years > 1)}")
        for one, years in product(ground.days, _YEARS)
        if one.words != "today" and (day := plus_months(one.day, 12 * years)) is not None
    )


def spans_between(ground: Ground) -> Iterator[Term]:
    """Yields the lengths between any two known days in days, weeks, months and years."""
    pairs = [(one, other, f"from {one.words} to {other.words}") for one, other in combinations(ground.days, 2)]
    for one, other, words in pairs:
        yield Term("s", abs((one.day - other.day).days) * _DAY, words)
    for one, other, words in pairs:
        whole, begun = months_between(one.day, other.day)
        first, last = sorted((one.day, other.day))
        named = (last.year - first.year) * 12 + last.month - first.month
        yield from (Term("month", months, words) for months in (whole, begun, named, whole // 12 * 12) if months)
        if (weeks := abs((one.day - other.day).days) // 7) > 1:
            yield Term("s", weeks * 7 * _DAY, words)
