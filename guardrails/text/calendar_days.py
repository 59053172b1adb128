"""Calendar arithmetic: months, working days, and the day that a date without a year means."""

from calendar import day_name, monthrange
from collections.abc import Iterator
from datetime import date, timedelta

from guardrails.text.dates import Key

_FIRST, _LAST = date(1900, 1, 1), date(2199, 12, 31)
MOST_DAYS = 40_000
"""Maximum number of days that are added at once."""
MOST_WORKING = 400
"""Maximum number of working days that are added at once, since they are counted one by one."""
SATURDAY = 6


def spelled(day: date) -> str:
    """Returns a day for people: "6 December 2026"."""
    return f"{day.day} {day:%B %Y}"


def weekday_name(number: int) -> str:
    """Returns the English name of an ISO weekday: "Monday" for 1."""
    return day_name[number - 1]


def made(year: int, month: int, day: int) -> date | None:
    """Returns a date from its parts, or `None` if there is no such day or it is outside of 1900 to 2199."""
    try:
        found = date(year, month, day)
    except ValueError:
        return None
    return found if _FIRST <= found <= _LAST else None


def plus_days(day: date, days: int) -> date | None:
    """Returns the day `days` later (earlier if negative), or `None` if that is over `MOST_DAYS` away or outside of
    1900 to 2199."""
    if abs(days) > MOST_DAYS:
        return None
    moved = day + timedelta(days=days)
    return moved if _FIRST <= moved <= _LAST else None


def plus_months(day: date, months: int) -> date | None:
    """Returns the same day of the month `months` later (the last day of a shorter month), or `None` if that is over
    1,200 months away or outside of 1900 to 2199."""
    if abs(months) > 1200:
        return None
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if not _FIRST.year <= year <= _LAST.year:
        return None
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def plus_working(day: date, count: int, week: int = 5) -> date | None:
    """Returns the day `count` working days later, or earlier if negative: Monday to Friday, or to Saturday if `week`
    is 6. `None` if `count` exceeds `MOST_WORKING`."""
    if abs(count) > MOST_WORKING:
        return None
    step, left = (1 if count > 0 else -1), abs(count)
    while left:
        day += timedelta(days=step)
        left -= day.isoweekday() <= week
    return day


def next_weekday(day: date, weekday: int, step: int = 1) -> date:
    """Returns the first such ISO weekday after a day, or before it if `step` is -1; never the day itself."""
    days = (weekday - day.isoweekday()) * step % 7 or 7
    return day + timedelta(days=days * step)


def first_of_next(day: date) -> date:
    """Returns the first day of the following month."""
    return date(day.year + day.month // 12, day.month % 12 + 1, 1)


def months_between(one: date, other: date) -> tuple[int, int]:
    """Returns the whole months between two days, and the same number rounded up if days are left over."""
    first, last = sorted((one, other))
    whole = (last.year - first.year) * 12 + last.month - first.month - (last.day < first.day)
    exact = plus_months(first, whole) == last
    return whole, whole if exact else whole + 1


def meant(key: Key, today: date | None) -> tuple[date, ...]:
    """Returns the days that a date key with a day in it may mean, the likeliest first: without a year, the nearest
    past and coming ones; without a month ("the 15th"), those of this month and its neighbours."""
    if key[0] != "date" or not isinstance(key[3], int):
        return ()
    years = (key[1],) if key[1] else _years(today)
    months = (key[2],) if key[2] else tuple(range(1, 13))
    days = (made(int(year or 0), int(month or 0), key[3]) for year in years for month in months)
    found = [day for day in days if day is not None]
    if today is None or key[1]:
        return tuple(found)
    near = sorted(found, key=lambda day: abs((day - today).days))
    return tuple(near[: 2 if key[2] else 3])


def _years(today: date | None) -> tuple[int, ...]:
    return (today.year - 1, today.year, today.year + 1) if today else ()


def fits(key: Key, day: date) -> bool:
    """Returns whether a date or weekday key may mean this day."""
    if key[0] == "weekday":
        return key[1] == day.isoweekday()
    if key[0] != "date":
        return False
    return all(own in (None, its) for own, its in zip(key[1:], (day.year, day.month, day.day), strict=True))


def related(word: str | float | None, today: date) -> Iterator[date]:
    """Yields the day that "today", "tomorrow" or "yesterday" means; nothing for other words."""
    step = {"today": 0, "tomorrow": 1, "yesterday": -1}.get(str(word))
    if step is not None:
        yield today + timedelta(days=step)
