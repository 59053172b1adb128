"""The facts that a derivation may use: days and amounts with the words that state them, typed by dimension."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache

from guardrails.base import Sentence
from guardrails.text.calendar_days import meant, next_weekday, related, spelled
from guardrails.text.dates import MONTH_NUMBERS, Key
from guardrails.text.units import RATES, SPANS
from guardrails.text.value_positions import is_weekday, placed
from guardrails.text.values import Value, bare_values, find_values, plain
from guardrails.text.weekdays import beside
from guardrails.text.words import fold
from guardrails.untrusted.planted_instructions import AROUND

MOST = 60
"""Maximum number of values of one text that are read for combining."""
DAYS, TERMS = 14, 24
"""Maximum numbers of days and of amounts that are combined."""
_NO_AMOUNT = frozenset({"date", "weekday", "relative", "per", "always", "code"})
_EUROS = re.compile(r"(?<=\d)(?<!\de)(?:e|eu|balles?)(?!\w)", re.IGNORECASE)
_RANGE = re.compile(
    r"([^\W\d_]{3,9}) ?(?:à|au|to|until|till|through|-) ?(?:(?:the )?end of |fin |late )?([^\W\d_]{3,9})", re.IGNORECASE
)
_WORD = re.compile(r"[^\W\d_]+")
_PARTS = {
    word: number
    for number, words in {2: "half halves moitie demi double twice", 3: "third tiers triple", 4: "quart"}.items()
    for word in words.split()
}
_DAY_AFTER = re.compile(
    r"\b(?:day (?:after|following)|following day|next day|lendemain|jour suivant|surlendemain)\b", re.IGNORECASE
)
_LESS = re.compile(r"\b(?:less than|fewer than|under|before|moins de|avant)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Term:
    """An amount: its unit as in `find_values` ("EUR", "s", "month", "workday", "%", …; "count" for a bare number,
    "times" for "half" and the like), its number, and its words."""

    unit: str
    number: float
    words: str


@dataclass(frozen=True, slots=True)
class Day:
    """A day and the words that state it."""

    day: date
    words: str


@dataclass(frozen=True, slots=True)
class Ground:
    """What may be combined: days, amounts, and the weekdays that are named. `shifted` and `shortened`: see `Known`."""

    days: tuple[Day, ...] = ()
    terms: tuple[Term, ...] = ()
    weekdays: tuple[int, ...] = ()
    today: date | None = None
    shifted: bool = False
    shortened: bool = False


@dataclass(frozen=True, slots=True)
class Known:
    """The facts behind one sentence. `text`: the cited sentences and the sentence itself; `ticket`: what the customer
    wrote; both folded. `cited`, `around`, `customer`: the values of the cited sentences, of the passages around them,
    and of the ticket. `weekdays`: weekdays in the ticket that have no date beside them.

    `shifted`: a period is said to begin the day after; `shortened`: it must be less than a length, so it ends a day
    sooner.
    """

    text: str
    ticket: str
    cited: tuple[Value, ...]
    around: tuple[Value, ...]
    customer: tuple[Value, ...]
    weekdays: tuple[Value, ...]
    cited_periods: frozenset[Key]
    customer_periods: frozenset[Key]
    today: date | None
    shifted: bool
    shortened: bool


def known(sentence: Sentence, ticket_text: str, language: str, today: date | None) -> Known:
    """Returns the facts that a sentence of a reply may use."""
    sources = sentence.sources
    near = tuple(dict.fromkeys(text for one in sources for text in (one.title, one.around)))
    return Known(
        "\n".join(fold(text[:AROUND]) for text in (*(one.text for one in sources), sentence.text)),
        fold(ticket_text[:AROUND]),
        _values((one.text for one in sources), language),
        _values(near, language),
        *_customers(ticket_text[:AROUND], language),
        frozenset(key for one in sources for text in (one.text, one.around) for key in _periods(text[:AROUND])),
        _periods(ticket_text[:AROUND]),
        today,
        any(_DAY_AFTER.search(plain(text[:AROUND])) for text in (sentence.text, *(one.text for one in sources))),
        any(_LESS.search(plain(text[:AROUND])) for text in (sentence.text, *(one.text for one in sources))),
    )


def _values(texts: Iterable[str], language: str) -> tuple[Value, ...]:
    """Reads each text by itself: two texts joined could form a number that neither contains."""
    return tuple(value for text in texts for value in _read(text[:AROUND], language))


@lru_cache(maxsize=256)
def _read(text: str, language: str) -> tuple[Value, ...]:
    return (*find_values(text, language), *bare_values(text), *_months(text))


@lru_cache(maxsize=256)
def _customers(text: str, language: str) -> tuple[tuple[Value, ...], tuple[Value, ...]]:
    """Returns the values of a customer's text ("430e" is money, "le 13" a day), and its weekdays without a date beside them."""
    euros = plain(_EUROS.sub(" €", text))
    found = placed(euros, language)
    lone = (at for at, one in enumerate(found) if is_weekday(one.value) and beside(at, found, euros) is None)
    values = (*(one.value for one in found), *bare_values(euros), *_months(euros))
    return values, tuple(found[at].value for at in lone)


def _months(text: str) -> Iterator[Value]:
    """Yields month names anywhere in a text. Names of up to three letters ("may") are skipped, since they are
    ordinary words too."""
    for hit in _WORD.finditer(plain(text)):
        month = MONTH_NUMBERS.get(fold(hit.group()))
        if month and len(hit.group()) > 3:
            yield Value("date", hit.group(), frozenset({("date", None, month, None)}))


@lru_cache(maxsize=256)
def _periods(text: str) -> frozenset[Key]:
    """Returns the periods that a text names in any form: "monthly", "a month", "mois"."""
    words = (word.lower() for word in _WORD.findall(plain(text)))
    named = (RATES.get(word, word) for word in words if len(word) > 1)
    return frozenset(("per", *SPANS[word]) for word in named if word in SPANS)


@lru_cache(maxsize=4096)
def terms(value: Value) -> tuple[Term, ...]:
    """Returns the amounts that a value may be."""
    return tuple(
        Term("count" if key[0] == "number" else str(key[0]), float(key[1]), value.text)
        for key in sorted(value.keys, key=str)
        if key[0] not in _NO_AMOUNT and isinstance(key[1], (int, float))
    )


@lru_cache(maxsize=4096)
def days(value: Value, today: date | None) -> tuple[Day, ...]:
    """Returns the days that a value may mean."""
    return tuple(_days(value, today)) if value.kind in ("date", "code", "number") else ()


def _days(value: Value, today: date | None) -> Iterator[Day]:
    for key in sorted(value.keys, key=str):
        for day in meant(key, today):
            yield Day(day, value.text if spelled(day) == value.text else f"{value.text} ({spelled(day)})")
        if today and key[0] == "relative":
            yield from (Day(day, value.text) for day in related(key[1], today))


def _named(value: Value, today: date | None) -> Iterator[Day]:
    """Yields, for a weekday that the customer names, the last and the next one."""
    numbers = [int(key[1] or 0) for key in value.keys if key[0] == "weekday"]
    yield from (Day(next_weekday(today, number, step), value.text) for number in numbers for step in (-1, 1) if today)


def given(known: Known) -> Ground:
    """Returns everything that the sources, the customer and today's date provide. A weekday that the customer names
    is a day; one in a source is a rule for any week."""
    customers, cited, today = known.customer[:MOST], known.cited[:MOST], known.today
    told = [day for value in customers for day in days(value, today)]
    named = [day for value in known.weekdays[:MOST] for day in _named(value, today)]
    fixed = [day for value in cited for day in days(value, today)]
    return Ground(
        (*([Day(today, "today")] if today else []), *told, *named, *fixed),
        (*(term for value in (*cited, *customers) for term in terms(value)), *_parts(known.text)),
        _weekdays((*cited, *customers)),
        today,
        known.shifted,
        known.shortened,
    )


def _parts(text: str) -> Iterator[Term]:
    """Yields divisors: "half the fare" is the fare divided by two."""
    for word in dict.fromkeys(_WORD.findall(text)):
        if word in _PARTS:
            yield Term("times", _PARTS[word], word)


def _weekdays(values: Iterable[Value]) -> tuple[int, ...]:
    return tuple(sorted({int(key[1] or 0) for value in values for key in value.keys if key[0] == "weekday"}))


def ground(given: Ground, said: Sequence[Value]) -> Ground:
    """Returns `given` together with the values that the sentence itself states, the days nearest to today first."""
    today = given.today
    near = [*given.days, *(day for value in said for day in days(value, today))]
    near.sort(key=lambda one: _far(one, today))
    first = {one.day: one for one in reversed(near)}
    amounts = [*(term for value in said for term in terms(value)), *given.terms]
    known = {(term.unit, term.number): term for term in reversed(amounts)}
    return replace(
        given,
        days=tuple(first.values())[::-1][:DAYS],
        terms=tuple(known.values())[::-1][:TERMS],
        weekdays=tuple(sorted({*given.weekdays, *_weekdays(said)})),
    )


def _far(one: Day, today: date | None) -> int:
    """Returns how many months away a day is, so that the nearer of two days that a date may mean is tried first."""
    return abs((one.day - today).days) // 31 if today else 0


def month_ranges(text: str) -> Iterator[Term]:
    """Yields the lengths of ranges of months: "January to March" is three months."""
    for hit in _RANGE.finditer(plain(text)):
        first, last = (MONTH_NUMBERS.get(fold(word)) for word in hit.groups())
        if first and last:
            yield Term("month", (last - first) % 12 + 1, hit.group())
