"""Does what a sentence says hold today?

G132 has ended            hit: "Until 31 January 2025, delivery is free." miss: "Until 31 January 2999, delivery is free."
G133 has not begun        hit: "Returns take 60 days." from "From 1 March 2999, returns take 60 days." miss: that sentence whole.

A date counts that the sentence or what it cites bounds itself by, with its year; what was "ordered before" a day that is
over may well hold still. Without `Options.today` nothing is compared.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from guardrails.base import Finding, Level, Options, Reply, Sentence
from guardrails.dates import DATES, Found, Key, found

ENDED, TO_COME = "klark.G132", "klark.G133"

_NEAR = 45  # characters before a date that say what it bounds
_ENDS = re.compile(
    r"(?<!\w)(?:until|till|through|up to|up until|before|ends?(?: on)?|ended(?: on)?|expires?(?: on)?|no later than|by"
    r"|jusqu['’]au|jusqu['’]en|jusqu['’]à|avant|au plus tard|prend fin|se termine|expire"
    r"|(?:from|between|du|entre(?: le)?)\s[^.;!?]{1,30}?\s?(?:to|until|and|au|et|-|–))(?: and including)?(?: the| le| en)?\s*$",
    re.IGNORECASE,
)  # fmt: skip
_BEGINS = re.compile(
    r"(?<!\w)(?:from|starting(?: on| from)?|beginning(?: on)?|as of|as from|effective"
    r"|à partir du|à partir de|à compter du|dès le|dès)"
    r"(?: the| le)?\s*$",
    re.IGNORECASE,
)  # fmt: skip
# "Orders placed before 31 January 2025 keep the old terms": the day is of the order, not of the rule.
_OF_A_DEED = re.compile(
    r"(?:placed|bought|made|purchased|ordered|opened|created|signed|sold|delivered|born|booked|registered|paid|passée?s?|achetée?s?"
    r"|effectuée?s?|commandée?s?|souscrite?s?|créée?s?|livrée?s?|signée?s?|née?s?|vendue?s?|réservée?s?|payée?s?)"
    r"\s(?:\w+\s)?(?:until|up to|before|by|through|jusqu['’]\w+|avant|between|from|entre|du)\b[^.;!?]*$",
    re.IGNORECASE,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Bound:
    """A day that a text bounds itself by: its last one, or else its first. `words` are the date as written."""

    day: date
    last: bool
    words: str


def dated(reply: Reply, options: Options) -> list[Finding]:
    """A HOLD for each sentence that does not hold today; what it cites counts where the sentence leaves the date out."""
    if options.today is None:
        return []
    return [
        finding
        for place, sentence in enumerate(reply.sentences)
        if (finding := _fault(place, sentence, options.today, reply.language))
    ]


def _fault(place: int, sentence: Sentence, today: date, language: str) -> Finding | None:
    for text in (sentence.text, *(source.text for source in sentence.sources)):
        bounds = list(bounds_in(text, language))
        if over := ended(bounds, today):
            return Finding(ENDED, Level.HOLD, f"what it says ended on {over.day}", place, over.words)
        begins = to_come(bounds, today)
        if begins and begins.day not in {each.day for each in bounds_in(sentence.text, language)}:
            return Finding(TO_COME, Level.HOLD, f"what it says begins on {begins.day}", place, begins.words)
    return None


def ended(bounds: list[Bound], today: date) -> Bound | None:
    """The last day of what is over; `None` where something that came after it may hold."""
    last = max((each for each in bounds if each.last), key=lambda each: each.day, default=None)
    if last is None or last.day >= today or any(each.day > last.day for each in bounds if not each.last):
        return None
    return last


def to_come(bounds: list[Bound], today: date) -> Bound | None:
    """The first day of what has not begun; `None` where something holds until then."""
    first = min((each for each in bounds if not each.last), key=lambda each: each.day, default=None)
    if first is None or first.day <= today or any(each.day <= first.day for each in bounds if each.last):
        return None
    return first


def bounds_in(text: str, language: str) -> Iterator[Bound]:
    """The days with a year that a text begins or ends with."""
    taken: list[tuple[int, int]] = []
    for start, end, words, keys in _dates(text, language):
        if any(start < other_end and other < end for other, other_end in taken):
            continue
        taken.append((start, end))
        before = text[max(0, start - _NEAR) : start]
        last = bool(_ENDS.search(before))
        day = _day(keys, latest=last)
        if day and (last or _BEGINS.search(before)) and not _OF_A_DEED.search(before):
            yield Bound(day, last, words)


def _dates(text: str, language: str) -> Iterator[Found]:
    for kind, pattern, parse in DATES:
        if kind == "date":
            yield from found(pattern, parse, text, language)


def _day(keys: frozenset[Key], latest: bool) -> date | None:
    """The day that is meant, of several or of a month the one that is kinder to the text; `None` without a year."""
    days = [day for key in keys if key[0] == "date" and key[1] and (day := _as_date(key, latest))]
    return (max(days) if latest else min(days)) if days else None


def _as_date(key: Key, latest: bool) -> date | None:
    year, month, day = (int(part) if part else None for part in key[1:4])
    try:
        first = date(year or 0, month or 1, day or 1)
    except ValueError:
        return None
    if day or not latest:
        return first
    return date(first.year + first.month // 12, first.month % 12 + 1, 1) - timedelta(days=1)
