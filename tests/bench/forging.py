"""One thing forged in a faithful sentence. A forger gives the false sentence, or `None` where it finds nothing to work on.

What a forger puts in stands nowhere in the cited document, so that a forgery is false and not merely moved.
"""
# ruff: noqa: E501  # a pattern is one line

import random
import re
from collections.abc import Callable, Mapping, Sequence

from tests.bench.faithful import Faithful
from tests.bench.forging_words import ADDED, CONDITIONS, CONTACTS, LINKS, MONTHS, NAMES, NEGATIONS, POLICIES

Forger = Callable[[Faithful, random.Random], str | None]
_COUNTS = {
    "en": ["two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"],
    "fr": ["deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix", "onze", "douze"],
}
_MONTH = "|".join((*MONTHS["en"], *MONTHS["fr"]))
_UNIT = r"(?:seconds?|minutes?|hours?|days?|weeks?|months?|years?|secondes?|heures?|jours?|semaines?|mois|ans?|années?|business days?)"
_DATE = re.compile(
    rf"\b(?P<a>\d{{1,2}})(?:er)? (?:{_MONTH})(?: \d{{4}})?\b|\b(?:{_MONTH}) (?P<b>\d{{1,2}})(?:, \d{{4}})?\b",
    re.IGNORECASE,
)
_PRICE = re.compile(
    r"(?:[$€£]|USD |EUR )(?P<a>\d[\d,]*(?:\.\d+)?)|(?P<b>\d[\d,]*(?:\.\d+)?)(?= ?(?:€|euros?\b|dollars?\b|USD\b|EUR\b))"
)
_DURATION = re.compile(
    rf"\b(?P<a>\d{{1,3}}|{'|'.join((*_COUNTS['en'], *_COUNTS['fr']))})(?=[ -]{_UNIT}\b)", re.IGNORECASE
)
_NUMBER = re.compile(r"(?<![\w.,/$€£:-])(?P<a>\d{1,6})(?![\w/:-]|[.,]\d)")
_NAME = re.compile(r"(?<=[a-zà-ÿ,] )[A-ZÀ-Ý][a-zà-ÿ]{2,}(?:[ -][A-ZÀ-Ý][a-zà-ÿ]{2,}){0,2}(?![\w-])")


def _changed(pattern: re.Pattern[str], one: Faithful, draw: random.Random) -> str | None:
    """The claim with one figure that a pattern finds changed to another."""
    hits = list(pattern.finditer(one.claim))
    if not hits:
        return None
    hit = draw.choice(hits)
    group = next(name for name, text in hit.groupdict().items() if text)
    other = _other(hit[group], one, draw)
    return other and one.claim[: hit.start(group)] + other + one.claim[hit.end(group) :]


def _other(figure: str, one: Faithful, draw: random.Random) -> str | None:
    known = set(re.findall(r"\w+", one.source.around.lower()))
    words = _COUNTS[one.language]
    if figure.lower() in words:
        left = [word for place, word in enumerate(words) if not {word, str(place + 2)} & known]
        return draw.choice(left) if left else None
    whole = figure.replace(",", "").partition(".")[0]
    near = [int(whole) + step for step in (1, 2, 3, 5, 7, 10, 11, 23, 37, 50)]
    near = [number for number in near if str(number) not in known and not _is_word(number, known)]
    return str(draw.choice(near)) if near else None


def _is_word(number: int, known: set[str]) -> bool:
    return 2 <= number <= 12 and any(words[number - 2] in known for words in _COUNTS.values())


def _figure(kind: str, pattern: re.Pattern[str]) -> Forger:
    def forge(one: Faithful, draw: random.Random) -> str | None:
        return _changed(pattern, one, draw) or _added(kind, one, draw)

    return forge


def _number(one: Faithful, draw: random.Random) -> str | None:
    # What another kind would change is not a plain number.
    rest = Faithful(one.claim, one.source, one.language)
    taken = any(pattern.search(one.claim) for pattern in (_DATE, _PRICE, _DURATION))
    return (None if taken else _changed(_NUMBER, rest, draw)) or _added("number", one, draw)


def _added(kind: str, one: Faithful, draw: random.Random) -> str | None:
    """The claim with a figure put in at its end."""
    number, day = draw.randint(13, 29), draw.randint(2, 28)
    if str(number) in one.source.around or str(day) in one.source.around:
        return None
    month = draw.choice(MONTHS[one.language])
    more = draw.choice(ADDED[one.language][kind]).format(number=number, day=day, month=month)
    return f"{one.claim.rstrip('. ')}{more}."


def _name(one: Faithful, draw: random.Random) -> str | None:
    other = draw.choice([name for name in NAMES if name not in one.source.around])
    hits = list(_NAME.finditer(one.claim))
    if hits and draw.random() < 0.7:
        hit = draw.choice(hits)
        return one.claim[: hit.start()] + other + one.claim[hit.end() :]
    return f"{one.claim.rstrip('. ')}{draw.choice(ADDED[one.language]['name']).format(name=other)}."


def _end(table: Mapping[str, Sequence[str]]) -> Forger:
    def forge(one: Faithful, draw: random.Random) -> str | None:
        return f"{one.claim} {draw.choice(table[one.language])}"

    return forge


def _replaced(table: Mapping[str, Sequence[tuple[str, str]]]) -> Forger:
    """The first rows that fit, one of them drawn, in one place."""

    def forge(one: Faithful, draw: random.Random) -> str | None:
        rows = [(re.search(old, one.claim), new) for old, new in table[one.language]]
        fitting = [(hit, new) for hit, new in rows if hit]
        if not fitting:
            return None
        hit, new = draw.choice(fitting)
        text = re.sub(r"\s+", " ", one.claim[: hit.start()] + hit.expand(new) + one.claim[hit.end() :])
        text = re.sub(r" ([.,])|,(?=\.)", r"\1", text).strip()
        return text[:1].upper() + text[1:]

    return forge


FORGERS: Mapping[str, Forger] = {
    "number": _number,
    "date": _figure("date", _DATE),
    "price": _figure("price", _PRICE),
    "duration": _figure("duration", _DURATION),
    "link": _end(LINKS),
    "contact": _end(CONTACTS),
    "name": _name,
    "negation": _replaced(NEGATIONS),
    "dropped condition": _replaced(CONDITIONS),
    "invented policy": _end(POLICIES),
}
