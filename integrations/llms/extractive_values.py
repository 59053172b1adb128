"""Ages, times of day, lengths, weights and marks: those a customer names, and the ranges in which a sentence speaks of them.

"I am 17" is an age of 17; "from 12 to 17" and "under 18" hold it, "at least 18 years old" speaks of it and does not.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from math import inf
from re import Match, Pattern

_I = re.IGNORECASE
_NUMBER = r"(\d{1,6}(?:[.,]\d{1,2})?)"
_CLOCK = (
    r"(?:(?P<hour2>\d{1,2}) ?h ?(?P<minute2>\d{2})\b"
    r"|(?P<hour>\d{1,2})(?:[:.](?P<minute>\d{2}))?(?: ?(?P<half>[ap])\.?m\b| ?h\b| o'clock)|\b(?P<word>noon|midday"
    r"|midnight|midi|minuit)\b)"
)
_NAMED_HOURS = {"noon": 12.0, "midday": 12.0, "midi": 12.0, "midnight": 24.0, "minuit": 24.0}
_DAYS = {
    "monday": 1, "tuesday": 2, "wednesday": 3, "thursday": 4, "friday": 5, "saturday": 6, "sunday": 7,
    "lundi": 1, "mardi": 2, "mercredi": 3, "jeudi": 4, "vendredi": 5, "samedi": 6, "dimanche": 7,
}  # fmt: skip
_DAY = rf"(?P<day>{'|'.join(_DAYS)})s?"
_EVERY_DAY = re.compile(r"\b(?:every day|daily|7 days a week|24/7|tous les jours|chaque jour|7 jours sur 7|7j)", _I)
_TO_METRES = {"km": 1000.0, "m": 1.0, "metre": 1.0, "mètre": 1.0, "cm": 0.01, "mm": 0.001}
_LENGTH = r"(?P<unit>km|cm|mm|m|metre|mètre)s?\b(?!²)"
_AREA = r"(?:m²|m2\b|sqm\b|square met)"
_UP_TO = r"(?: ?(?:to|and|à|et|[-–—]) ?\d{1,6}(?:[.,]\d{1,2})?)?"  # "from 23 to 32 kg": both are weights
_AT_LEAST = (
    r"from|after|over|above|at least|more than|minimum(?: of)?|older than|starting at|à partir (?:de|du)|dès|depuis|plus de"
    r"|au moins|minimum(?: de)?|après|supérieure? à|au-delà de"
)
_AT_MOST = (
    r"until|till|before|by|up to|at most|under|below|less than|maximum(?: \w+)?(?: is| of)?|younger than|no later than"
    r"|jusqu['’](?:à|au)|avant|moins de|au plus|maximum(?: de)?|inférieure? à|au-dessous de"
)
_LOW = re.compile(rf"\b(?:{_AT_LEAST}) ?(?:the |l['’]âge de )?[€$£]?$", _I)
_HIGH = re.compile(rf"\b(?:{_AT_MOST}) ?(?:the |l['’]âge de )?[€$£]?$", _I)
_PAIR = re.compile(r"^ ?(?:to|and|until|till|through|à|au|et|jusqu['’]à|[-–—]) ?$", _I)
_OPEN_ABOVE = re.compile(
    r"^ ?(?:(?:years?|ans) )?(?:(?:old )?(?:or|and) (?:older|over|above|more)|et plus|ou plus|minimum)", _I
)


@dataclass(frozen=True, slots=True)
class Value:
    """A value that the customer names; `kind` is a key of `KINDS`. `until`: the end of a range, "10 to 12 m"."""

    kind: str
    amount: float
    until: float | None = None


@dataclass(frozen=True, slots=True)
class Kind:
    """`named` finds such a value in a question, `said` in a sentence; `about` is what else shows that a sentence
    speaks of it. `fields` makes a match an amount."""

    named: Pattern[str]
    said: Pattern[str]
    about: Pattern[str]


_NEVER = re.compile(r"(?!)")
_AGE_SAID = re.compile(
    rf"(?<![\d€$£.,]){_NUMBER}(?= ?(?:years?|ans)\b|(?: ?(?:to|à|and|et|[-–]) ?\d{{1,2}})?(?: ?(?:years?|ans)\b| can\b| may\b)"
    r"|[,.;)]|$)",
    _I,
)
KINDS = {
    "age": Kind(
        re.compile(
            r"\b(?:i am|i['’]?m|(?:he|she|who)(?: is|['’]s)|(?:my|our) (?:\w+ ){1,2}is"
            r"|aged?)(?: only)? (\d{1,2})(?! ?[\w%€$£/.:]*\d)"
            r"(?! (?!years?\b|and\b|but\b|so\b|can\b|now\b|or\b)\w)|\b(\d{1,2})[ -]?(?:(?:years?|yrs?)[ -]old|yo)\b"
            r"|\b(?:(?:mon|ma|mes|notre|nos) [\w-]+ )?(?:ai|as|a|avons|ont|aura|âgée?s? de|(?:fils|fille|enfants?"
            r"|garçon|bébé|ado|personne) de) (\d{1,2}) ans\b(?: et demi)?",
            _I,
        ),
        _AGE_SAID,
        re.compile(
            r"\b(?:under|over|aged?|from|until|least) \d{1,2}\b(?! ?(?:[ap]\.?m|km|kg|cm|m|€|%|days?|min|hours?"
            r"|weeks?|months?|€))"
            r"|\b(?:years? (?:old|of age)|adults?|minors?|children|child|parents?|guardian|seniors?)\b"
            r"|\b(?:majeure?s?|mineure?s?|enfants?|adultes?|parents?|âgée?s?|âge)\b"
            r"|\b(?:à partir de|dès|moins de|plus de|au moins|avant|jusqu['’]à|entre) \d{1,2} (?:et \d{1,2} )?ans\b"
            r"|\bde \d{1,2} à \d{1,2} ans\b|\b\d{1,2} ans (?:et|ou) plus\b",
            _I,
        ),
    ),
    "clock": Kind(re.compile(rf"\b(?:around |about |vers |environ )?{_CLOCK}", _I), re.compile(_CLOCK, _I), _NEVER),
    "day": Kind(re.compile(rf"\b(?:on |le )?{_DAY}\b", _I), re.compile(rf"\b{_DAY}\b", _I), _EVERY_DAY),
    "length": Kind(
        re.compile(rf"\b{_NUMBER} ?{_LENGTH}(?: (?:high|tall|wide|long|away|de (?:haut|long|large)))?", _I),
        re.compile(rf"\b{_NUMBER}(?={_UP_TO} ?{_LENGTH})", _I),
        _NEVER,
    ),
    "weight": Kind(
        re.compile(rf"\b{_NUMBER} ?(?:kg|kilos?)\b", _I),
        re.compile(rf"\b{_NUMBER}(?={_UP_TO} ?(?:kg|kilos?)\b)", _I),
        _NEVER,
    ),
    "area": Kind(
        re.compile(rf"\b{_NUMBER} ?{_AREA}", _I), re.compile(rf"\b{_NUMBER}(?={_UP_TO} ?{_AREA})", _I), _NEVER
    ),
    "mark": Kind(
        re.compile(r"\b(\d{1,2}(?:[.,]\d)?) ?(?:out of|sur|/) ?\d{2,3}\b"),
        re.compile(r"\b(\d{1,2}(?:[.,]\d)?) ?(?:out of|sur|/) ?\d{2,3}\b"),
        _NEVER,
    ),
}


_MEASURES = frozenset({"length", "weight", "area"})
_BEGUN = re.compile(r"\b\d{1,6}(?:[.,]\d{1,2})? ?(?:to|and|à|et|[-–—]) ?(?=\d)", _I)


def named(question: str) -> tuple[Value, ...]:
    """The first value of each kind that a customer names; a day of the week is a word like others (see `day`)."""
    found = ((name, kind.named.search(question)) for name, kind in KINDS.items() if name != "day")
    return tuple(_range(question, name) or Value(name, _amount(match)) for name, match in found if match is not None)


def _range(question: str, kind: str) -> Value | None:
    if kind not in _MEASURES:
        return None
    closed = ((low, high) for low, high in ranges(question, kind) if -inf < low < high < inf)
    return next((Value(kind, low, high) for low, high in closed), None)


def day(word: str) -> Value | None:
    """The day of the week that a word names: "Monday to Friday" holds a Tuesday."""
    number = _DAYS.get(word) or _DAYS.get(word.removesuffix("s"))
    return Value("day", number) if number else None


def without(question: str, values: Sequence[Value]) -> str:
    """The question without such values; they are no words that a sentence must have."""
    for value in values:
        question = _BEGUN.sub("", question) if value.until is not None else question
        question = KINDS[value.kind].named.sub(_subject, question)
    return question


def _subject(match: Match[str]) -> str:
    """What stands before the number: "My dog is 11 years old" says that it is about a dog."""
    return f" {re.split(r'[0-9]', match[0])[0]} "


def speaks(sentence: str, kind: str) -> bool:
    """Whether a sentence speaks of this kind of value."""
    rules = KINDS[kind]
    return bool(rules.about.search(sentence)) or (kind != "age" and bool(rules.said.search(sentence)))


def holds(sentence: str, value: Value) -> bool:
    """Whether one of the ranges of a sentence has the value in it."""
    if value.kind == "day" and _EVERY_DAY.search(sentence):
        return True
    return any(_meets(value, low, high) for low, high in ranges(sentence, value.kind))


def _meets(value: Value, low: float, high: float) -> bool:
    """A range has to share more than its end: of "10 to 12 m" nothing is "12 to 15 m"."""
    if value.until is None or low == high:
        return low <= value.amount <= high if value.until is None else value.amount <= low <= value.until
    return max(low, value.amount) < min(high, value.until)


def ranges(sentence: str, kind: str) -> Iterator[tuple[float, float]]:
    """What a sentence sets bounds to: "from 8 to 15" is (8, 15), "under 12" (-inf, 12), "16 cm" (16, 16)."""
    matches = list(KINDS[kind].said.finditer(sentence))
    skip = False
    for match, following in zip_longest(matches, matches[1:]):
        if skip:
            skip = False
        elif following is not None and _PAIR.match(_between(sentence, match, following)):
            skip = True
            yield _amount(match), _amount(following)
        else:
            yield _bounded(sentence, match)


def _between(sentence: str, match: Match[str], following: Match[str]) -> str:
    return re.sub(r"^ ?(?:years?|ans)\b", "", sentence[match.end() : following.start()], flags=_I)


def _bounded(sentence: str, match: Match[str]) -> tuple[float, float]:
    amount, before, after = (
        _amount(match),
        sentence[max(0, match.start() - 40) : match.start()],
        sentence[match.end() :],
    )
    if _HIGH.search(before):
        return -inf, amount
    if _LOW.search(before) or _OPEN_ABOVE.match(after):
        return amount, inf
    return amount, amount


def _amount(match: Match[str]) -> float:
    parts = match.groupdict()
    if parts.get("day"):
        return _DAYS[match["day"].lower()]
    if "hour" in parts:
        return _hour(parts)
    number = float(next(group for group in match.groups() if group).replace(",", "."))
    return number * _TO_METRES.get((parts.get("unit") or "").lower(), 1.0)


def _hour(parts: dict[str, str | None]) -> float:
    if parts["word"]:
        return _NAMED_HOURS[parts["word"].lower()]
    hour = int(parts["hour"] or parts["hour2"] or 0) + int(parts["minute"] or parts["minute2"] or 0) / 60
    half = (parts["half"] or "").lower()
    return hour % 12 + 12 if half == "p" else hour % 12 if half == "a" else hour
