"""Calendar dates and times of day in a text, French and English.

A date is (year, month, day) with `None` for missing parts; a weekday or "tomorrow" is a date of its own kind; a time
is minutes since midnight. Only spans that a pattern here matched are parsed: a general date parser reads "48 heures,
vendredi" as the year 2048.
"""

import re
from collections.abc import Callable, Iterator

from guardrails.text.vocabulary import any_of, word_set
from guardrails.text.words import as_matched, fold

Key = tuple[str | float | None, ...]
"""One reading of a value: its dimension ("date", "s", "EUR", …), then its parts."""

_MONTHS = {
    word: number
    for number, words in enumerate(
        (
            "january jan janvier janv",
            "february feb février fevrier févr fév",
            "march mar mars",
            "april apr avril avr",
            "may mai",
            "june jun juin",
            "july jul juillet juil",
            "august aug août aout",
            "september sept sep septembre",
            "october oct octobre",
            "november nov novembre",
            "december dec décembre decembre déc",
        ),
        start=1,
    )
    for word in words.split()
}
MONTH_NUMBERS = {fold(word): number for word, number in _MONTHS.items()}
"""The names and abbreviations of months, folded, with 1 to 12."""
_WEEKDAYS = {
    word: number
    for number, words in enumerate(
        (
            "monday lundi",
            "tuesday mardi",
            "wednesday mercredi",
            "thursday jeudi",
            "friday vendredi",
            "saturday samedi",
            "sunday dimanche",
        ),
        start=1,
    )
    for word in words.split()
}
WEEKDAYS = frozenset(f"{name}{plural}" for name in _WEEKDAYS for plural in ("", "s"))
"""The names of weekdays in lower case, singular and plural."""
_RELATIVE = {
    "today": "today",
    "tonight": "today",
    "aujourd'hui": "today",
    "aujourd’hui": "today",
    "tomorrow": "tomorrow",
    "demain": "tomorrow",
    "yesterday": "yesterday",
    "hier": "yesterday",
}
_NOON = {"noon": 720, "midday": 720, "midi": 720, "midnight": 0, "minuit": 0}


_MONTH = rf"(?P<month>{any_of(_MONTHS)})\.?"
_SHORT_MONTHS = word_set("mars juin mai june july août aout may")
_FULL_MONTH = any_of(word for word in _MONTHS if len(word) > 4 or word in _SHORT_MONTHS)
_DAY = r"(?P<day>[0-3]?\d)(?:st|nd|rd|th|er|ère)?"
_YEAR = r"(?:,? (?P<year>(?:19|20)\d\d)(?!\d))"


def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w-])(?:{text})(?!\w)", re.IGNORECASE)


_ISO = _pattern(r"(?P<year>(?:19|20)\d\d)-(?P<month>[01]\d)-(?P<day>[0-3]\d)")
_SLASHED = _pattern(r"(?P<one>[0-3]?\d)(?P<mark>[/.-])(?P<two>[0-3]?\d)(?P=mark)(?P<year>(?:19|20)\d\d|\d\d)")
_SHORT = re.compile(r"(?<=\b(?:le|au|du) )(?P<day>[0-3]?\d)/(?P<month>[01]?\d)(?![\w/])", re.IGNORECASE)
_DAY_MONTH = _pattern(rf"(?:the )?{_DAY}(?: (?:of|de))? {_MONTH}{_YEAR}?")
_MONTH_DAY = _pattern(rf"{_MONTH} (?:the )?{_DAY}{_YEAR}?")
_MONTH_YEAR = _pattern(rf"{_MONTH}{_YEAR}")
_IN_MONTH = re.compile(
    rf"(?<=\b(?:en|de|in|of|by) )(?:early |late |mid-)?(?P<month>{_FULL_MONTH})(?!\w)|(?<=\bfin )(?P<ending>{_FULL_MONTH})(?!\w)",
    re.IGNORECASE,
)
_LISTED_MONTH = re.compile(rf"(?:\b(?:and|or|et|ou)|,) (?P<month>{_FULL_MONTH})(?!\w)", re.IGNORECASE)
_WEEKDAY = _pattern(rf"(?P<name>{any_of(_WEEKDAYS)})s?")
_RELATED = _pattern(rf"(?P<name>{any_of(_RELATIVE)})")
_CLOCK = _pattern(r"(?P<hour>[0-2]?\d)(?::(?P<minute>[0-5]\d))?(?::[0-5]\d)? ?(?P<half>[ap])\.?m\b\.?")
_COLON = _pattern(r"(?P<hour>[0-2]?\d):(?P<minute>[0-5]\d)(?: ?h)?")
_HOURS = _pattern(r"(?P<hour>\d{1,2}) ?h(?:eures?)? ?(?P<minute>[0-5]\d)(?: ?min)?(?! ?(?:jours|€|%))")
_OCLOCK = _pattern(r"(?P<hour>[01]?\d) o'clock")
_NOONS = _pattern(rf"(?:à |at |until |before |after |from |jusqu'à |avant |après |de )(?P<name>{any_of(_NOON)})")

FoundDate = tuple[int, int, str, frozenset[Key]]
"""A match: its start, its end, its words, and its readings."""
_Parse = Callable[[re.Match[str], str], frozenset[Key]]


def _keys(*keys: Key) -> frozenset[Key]:
    return frozenset(keys)


def _number(hit: re.Match[str], name: str) -> int | None:
    written = hit.groupdict().get(name)
    return int(written) if written else None


def _numeric(hit: re.Match[str], _: str) -> frozenset[Key]:
    return _keys(("date", _number(hit, "year"), _number(hit, "month"), _number(hit, "day")))


def _slashed(hit: re.Match[str], language: str) -> frozenset[Key]:
    one, two, year = int(hit["one"]), int(hit["two"]), int(hit["year"])
    year = year + 2000 if year < 100 else year
    orders = ((two, one), (one, two)) if language != "fr" else ((two, one),)
    return frozenset(("date", year, month, day) for month, day in orders if 1 <= month <= 12 and 1 <= day <= 31)


def _named(hit: re.Match[str], _: str) -> frozenset[Key]:
    month = hit["month"] or hit.groupdict().get("ending") or ""
    return _keys(("date", _number(hit, "year"), _MONTHS[as_matched(month)], _number(hit, "day")))


def _weekday(hit: re.Match[str], _: str) -> frozenset[Key]:
    return _keys(("weekday", _WEEKDAYS[as_matched(hit["name"])]))


def _related(hit: re.Match[str], _: str) -> frozenset[Key]:
    return _keys(("relative", _RELATIVE[as_matched(hit["name"])]))


def _clock(hit: re.Match[str], _: str) -> frozenset[Key]:
    hour = int(hit["hour"]) % 12 + (12 if hit["half"].lower() == "p" else 0)
    return _keys(("time", hour * 60 + (_number(hit, "minute") or 0)))


def _colon(hit: re.Match[str], _: str) -> frozenset[Key]:
    return _keys(("time", int(hit["hour"]) * 60 + int(hit["minute"])))


def _hours(hit: re.Match[str], _: str) -> frozenset[Key]:
    """ "1h30" is half past one, or an hour and a half."""
    minutes = int(hit["hour"]) * 60 + int(hit["minute"])
    return _keys(("time", minutes), ("s", minutes * 60))


def _oclock(hit: re.Match[str], _: str) -> frozenset[Key]:
    return _keys(("time", int(hit["hour"]) * 60), ("time", (int(hit["hour"]) % 12 + 12) * 60))


def _noon(hit: re.Match[str], _: str) -> frozenset[Key]:
    return _keys(("time", _NOON[as_matched(hit["name"])]))


def listed_months(text: str) -> Iterator[FoundDate]:
    """Yields months that continue a list: "in January and September"; not "or may"."""
    return (one for one in found(_LISTED_MONTH, _named, text, "") if not one[2].endswith("may"))


# In this order: what an earlier row has matched, a later one does not see.
DATES: tuple[tuple[str, re.Pattern[str], _Parse], ...] = (
    ("date", _ISO, _numeric),
    ("date", _SLASHED, _slashed),
    ("date", _SHORT, _numeric),
    ("date", _DAY_MONTH, _named),
    ("date", _MONTH_DAY, _named),
    ("date", _MONTH_YEAR, _named),
    ("date", _IN_MONTH, _named),
    ("date", _WEEKDAY, _weekday),
    ("date", _RELATED, _related),
    ("time", _CLOCK, _clock),
    ("time", _COLON, _colon),
    ("time", _HOURS, _hours),
    ("time", _OCLOCK, _oclock),
    ("time", _NOONS, _noon),
)


def found(pattern: re.Pattern[str], parse: _Parse, text: str, language: str) -> Iterator[FoundDate]:
    """Yields the matches of one row of the table: start, end, words and readings; nonsense ("32/13/2024") is left out."""
    for hit in pattern.finditer(text):
        if keys := parse(hit, language):
            yield hit.start(), hit.end(), hit.group(), keys
