"""Typed values in a text: numbers, dates, times, durations, money, percentages, quantities, codes.

`find_values("sous 24 h")` has one value with the readings {86400 s, midnight}; "un jour" and "24 heures" share the
first. A value *stands in* others if they have a reading in common. Links, e-mails, phones and IBANs are not values:
see `guardrails.text.contacts`. The input is cut at `READ` characters; all patterns are bounded.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from guardrails.text.contacts import blank_contacts
from guardrails.text.dates import DATES, FoundDate, Key, found, listed_months
from guardrails.text.numbers import digits_for_words, readings
from guardrails.text.units import CURRENCIES, MEASURES, RATES, SPANS, WORKING
from guardrails.text.vocabulary import any_of
from guardrails.text.words import as_matched

READ = 60_000
"""Maximum number of characters that are read."""
RIVALS = frozenset({"money", "percentage", "duration", "quantity", "time", "date"})
"""Kinds of values of which another one is a contradiction; a number or a code more may be about another thing."""


@dataclass(frozen=True, slots=True)
class Value:
    """A value: its kind ("time", "date", "code", "money", "percentage", "duration", "quantity" or "number"), its
    words, and every reading that it may have."""

    kind: str
    text: str
    keys: frozenset[Key]

    @property
    def units(self) -> frozenset[str]:
        """The unit of each reading: a currency, seconds, "date" …"""
        return frozenset(str(key[0]) for key in self.keys)


_NUMBER = r"(?:\d{1,3}(?:[ .,']\d{3}(?!\d)){1,5}(?:[.,]\d{1,6})?|\d{1,18}(?:[.,]\d{1,6})?)"
_START = r"(?<![\w.,])"
_LINK = r" ?(?:-|à|to|and|et|ou|or|/) ?"
_SIGN = r"(?:US\$|[€$£¥]|\b(?:EUR|USD|GBP|CHF|CAD)\b)"
_IN_ASCII = {
    **dict.fromkeys("\u00a0\u202f\u2009\u2007\u2002\u2003\u3000\t\n\r", " "), **dict.fromkeys("‐‑‒–—−", "-"), "’": "'",
}  # fmt: skip
_NOT_PLAIN = re.compile(r"[\t\n\r\u0080-\U0010ffff]")
_AGED = re.compile(r"\b(under|over)[- ](\d{1,3})s\b", re.IGNORECASE)
_STEP = re.compile(r"^\s{0,9}(?:step |étape )?\(?\d{1,3} ?[.):] ", re.IGNORECASE)


def _measured(unit: str) -> re.Pattern[str]:
    return re.compile(
        rf"{_START}(?:(?P<low>{_NUMBER}){_LINK})?(?P<number>{_NUMBER})[ -]?(?P<unit>{unit})(?!\w)", re.IGNORECASE
    )


_ALWAYS = re.compile(
    rf"{_START}(?:24 ?h?(?:eures)? ?(?:/|sur) ?24|24 ?/ ?7|7 ?j?(?:ours)? ?(?:/|sur) ?7)(?!\w)", re.IGNORECASE
)
_SIGN_FIRST = re.compile(
    rf"(?<!\w)(?P<unit>{_SIGN}) ?(?P<number>{_NUMBER})(?P<scale> ?(?:million|k|m)\b)?", re.IGNORECASE
)
_SIGN_LAST = re.compile(
    rf"{_START}(?:(?P<low>{_NUMBER}){_LINK})?(?P<number>{_NUMBER}) ?(?P<scale>k|M|millions?(?: d'| de)?)? ?"
    rf"(?P<unit>{any_of(CURRENCIES)})(?:(?!\w)|(?<=€)(?=\d\d(?!\d)))(?: ?(?P<cents>\d\d)(?!\d))?",
    re.IGNORECASE,
)
_PERCENT = re.compile(
    rf"{_START}(?:(?P<low>{_NUMBER}){_LINK})?(?P<number>{_NUMBER}) ?(?:%|per ?cent\b|pour ?(?:cents?|100)\b|pct\b)",
    re.IGNORECASE,
)
_WORKDAY = re.compile(
    rf"{_START}(?:(?P<low>{_NUMBER}){_LINK})?(?P<number>{_NUMBER})[ -]?"
    rf"(?:(?:jours?|j) (?P<unit>{any_of(WORKING)})|(?:business|working|work)[ -]days?)(?!\w)",
    re.IGNORECASE,
)
_SPAN = _measured(any_of(SPANS))
_MEASURE = _measured(any_of(MEASURES))
_RATE = re.compile(
    rf"(?<=[\w\x00])(?<!mbit)(?:(?:/| ?/ | (?:par|per|each|chaque) )(?P<each>{any_of(SPANS)})"
    rf"|(?<=\x00) (?:a|an) (?P<one>day|week|month|year|hour)|[ -](?P<often>{any_of(RATES)}))(?!\w)",
    re.IGNORECASE,
)
_EACH = re.compile(
    rf"(?<!\w)(?:(?:every|each|chaque|tous les|toutes les) (?P<unit>{any_of(SPANS)})|7 (?:days a week|jours sur 7))(?!\w)",
    re.IGNORECASE,
)
_HASH = re.compile(r"(?<!\w)(?:#|n° ?|nº ?|no\. ?)(?P<code>\d[\d-]{0,20})(?!\w)", re.IGNORECASE)
_VERSION = re.compile(r"(?<![\w.])v?(?P<code>\d{1,5}(?:\.\d{1,5}){2,4})(?![\w.]*\w)", re.IGNORECASE)
_CODE = re.compile(r"(?<![\w-])(?=[^\W\d]{0,12}[-_/]?\d)(?P<code>[^\W_]{1,30}(?:[-_/][^\W_]{1,30}){0,6})(?![\w-])")
_PLAIN = re.compile(rf"(?<![\w,])-?(?P<number>{_NUMBER})(?:st|nd|rd|th|er|ère|e|ème)?(?!\w)", re.IGNORECASE)
_SCALE = {"k": 1_000, "m": 1_000_000, "million": 1_000_000, "millions": 1_000_000}


def _amounts(hit: re.Match[str], dimension: str, factor: float = 1) -> frozenset[Key]:
    """Returns the readings of a measured number; the low end of a range is a value of its own (see `_lows`)."""
    return frozenset((dimension, round(number * factor, 6)) for number in readings(hit["number"]))


def _always(hit: re.Match[str], _: str) -> frozenset[Key]:
    return frozenset({("always", None)})


def _money(hit: re.Match[str], _: str) -> frozenset[Key]:
    currency = CURRENCIES[as_matched(hit["unit"])]
    words = as_matched(hit["scale"] or "")
    scale = _SCALE.get(words.split(" ")[0].strip() or words.strip(), 1)
    cents = int(hit.groupdict().get("cents") or 0) / 100
    return frozenset((currency, round(number * scale + cents, 6)) for number in readings(hit["number"]))


def _percent(hit: re.Match[str], _: str) -> frozenset[Key]:
    return _amounts(hit, "%")


def _workday(hit: re.Match[str], _: str) -> frozenset[Key]:
    return _amounts(hit, WORKING[as_matched(hit["unit"] or "ouvré")])


def _span(hit: re.Match[str], _: str) -> frozenset[Key]:
    """ "9 h" is nine o'clock as well as nine hours: both readings are kept."""
    unit = as_matched(hit["unit"])
    dimension, factor = SPANS[unit]
    keys = _amounts(hit, dimension, factor)
    hour = readings(hit["number"])[0]
    return keys | {("time", hour * 60)} if factor == 3600 and hour < 24 else keys


def _rate(hit: re.Match[str], _: str) -> frozenset[Key]:
    """Returns the period that a price is for: "29 € par mois", "$29 a month", "29 € mensuels"."""
    unit = as_matched(hit["each"] or hit["one"] or RATES.get(as_matched(hit["often"] or ""), ""))
    return frozenset({("per", *SPANS[unit])})


def _measure(hit: re.Match[str], _: str) -> frozenset[Key]:
    return _amounts(hit, *MEASURES[as_matched(hit["unit"])])


def _code(hit: re.Match[str], _: str) -> frozenset[Key]:
    code = hit["code"].upper()
    if not any(sign.isdigit() for sign in code):
        return frozenset()
    return frozenset({("code", code)}) | ({("number", float(code))} if code.isdecimal() else frozenset())


def _mixed(hit: re.Match[str], language: str) -> frozenset[Key]:
    return _code(hit, language) if any(sign.isalpha() for sign in hit["code"]) else frozenset()


def _number(hit: re.Match[str], _: str) -> frozenset[Key]:
    keys: frozenset[Key] = frozenset(("number", number) for number in readings(hit["number"]))
    return keys | {("code", hit["number"])} if len(hit["number"]) >= 4 and hit["number"].isdecimal() else keys


_Parse = Callable[[re.Match[str], str], frozenset[Key]]

# In this order: what an earlier row has matched, a later one does not see.
SCANNERS: tuple[tuple[str, re.Pattern[str], _Parse], ...] = (
    ("time", _ALWAYS, _always),
    *DATES,
    ("code", _HASH, _code),
    ("code", _VERSION, _code),
    ("money", _SIGN_FIRST, _money),
    ("money", _SIGN_LAST, _money),
    ("percentage", _PERCENT, _percent),
    ("duration", _RATE, _rate),
    ("duration", _WORKDAY, _workday),
    ("duration", _SPAN, _span),
    ("quantity", _MEASURE, _measure),
    ("code", _CODE, _mixed),
    ("number", _PLAIN, _number),
)


@lru_cache(maxsize=256)
def find_values(text: str, language: str = "") -> tuple[Value, ...]:
    """Returns a text's values, in the order of the table. `language` decides how 03/04/2024 and number words read."""
    original = blank_contacts(_AGED.sub(r"\1 \2", _STEP.sub("", plain(text[:READ]))))
    digits = digits_for_words(original, language)
    rest, values = digits.text, []
    for kind, pattern, parse in SCANNERS:
        hits = tuple(found(pattern, parse, rest, language))
        for start, end, _, keys in hits:
            words = original[digits.origin[start][0] : digits.origin[end - 1][1]]
            values.append(Value(kind, words.strip(), keys))
        values += _lows(kind, pattern, parse, rest, hits)
        rest = _without(rest, hits)
    return tuple(values)


@lru_cache(maxsize=256)
def bare_values(text: str) -> tuple[Value, ...]:
    """Returns values that a source states without a figure, in words too common to need a source in a reply: "every
    day", "and May"."""
    rest = plain(text[:READ])
    each = (Value("duration", hit.group(), frozenset({("per", *_period(hit))})) for hit in _EACH.finditer(rest))
    return (*each, *(Value("date", words, keys) for _, _, words, keys in listed_months(rest)))


def _period(hit: re.Match[str]) -> tuple[str, float]:
    return SPANS[as_matched(hit["unit"] or "day")]


def _lows(kind: str, pattern: re.Pattern[str], parse: _Parse, text: str, hits: Iterable[FoundDate]) -> Iterator[Value]:
    """Yields the low ends of ranges: "3 to 5 days" is also "3 days"."""
    if "low" not in pattern.groupindex:
        return
    for start, end, _, _ in hits:
        hit = pattern.fullmatch(text, start, end)
        if hit is None or not hit["low"]:
            continue
        low = pattern.fullmatch(f"{hit['low']}{text[hit.end('number') : end]}")
        if low is not None:
            yield Value(kind, low.group(), parse(low, ""))


def _without(text: str, hits: Iterable[FoundDate]) -> str:
    pieces, place = [], 0
    for start, end, _, _ in hits:
        pieces += [text[place:start], "\x00" * (end - start)]
        place = end
    return "".join((*pieces, text[place:]))


def plain(text: str) -> str:
    """Returns the text with plain spaces, hyphens, apostrophes and ASCII digits, character by character, so that
    offsets stay valid."""
    for sign in set(_NOT_PLAIN.findall(text)):
        text = text.replace(sign, _in_ascii(sign))
    return text


def _in_ascii(sign: str) -> str:
    return _IN_ASCII.get(sign) or (str(int(sign)) if sign.isdecimal() else sign)


def stands_in(value: Value, others: Iterable[Value]) -> bool:
    """Returns whether one of the others says the same; a date may say more ("3 March" stands in "3 March 2024")."""
    return any(_covers(theirs, ours) for other in others for theirs in other.keys for ours in value.keys)


def _covers(theirs: Key, ours: Key) -> bool:
    if theirs == ours:
        return True
    if theirs[0] != "date":
        return False
    if ours[0] == "number":
        return ours[1] == theirs[1]
    return ours[0] == "date" and all(own in (None, other) for own, other in zip(ours, theirs, strict=True))


def rival(value: Value, others: Iterable[Value]) -> Value | None:
    """Returns the first value of the same kind in `others`, to show a person what the source has instead, or `None`."""
    return next((other for other in others if other.kind == value.kind), None)
