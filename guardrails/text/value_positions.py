"""The values of a sentence in its order, with their positions. Bare days of a month are read as dates; values that
are really ordinary words (French "neuf", "new") are dropped."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from guardrails.text.numbers import readings
from guardrails.text.values import READ, Value, find_values, plain

_ORDINAL = re.compile(r"(?P<day>[0-3]?\d)(?:st|nd|rd|th|er)?", re.IGNORECASE)
_NEW = re.compile(r"neufs?(?! [^\W\d]{1,30}[sx]\b)", re.IGNORECASE)
"""French for "new", unless something is counted with it."""
# What makes a bare number a day of a month: a weekday or an article before it, or a list that ends in a date.
_ARTICLE = re.compile(r"(?:^|[\s('])(?:le|du|au|les|des|aux|the|on)\s$", re.IGNORECASE)
_LIST = re.compile(r"(?:\s?(?:,|and|et|to|au|or|ou|-|&)\s?(?:le |the )?){1,2}", re.IGNORECASE)
_AFTER = re.compile(r"\s?(?:$|[.,;:!?)]|(?:et|and|ou|or|at|à|in|instead|du mois|of)\b)", re.IGNORECASE)

_GAPS = (" ", ", ", " le ", " the ")


@dataclass(frozen=True, slots=True)
class Placed:
    """A value of a sentence and its position in characters; (-1, -1) if the position is unknown."""

    value: Value
    start: int
    end: int


def placed(text: str, language: str) -> tuple[Placed, ...]:
    """Returns the values of a sentence in its order."""
    text = plain(text[:READ])
    found = sorted(_found(text, language), key=lambda one: one.start)
    found = [_without_to(one) for one in found] if language == "en" else found
    kept = [one for one in found if one.start < 0 or not _NEW.match(text, one.start)]
    return tuple(_days(kept, text))


def _found(text: str, language: str) -> Iterator[Placed]:
    """Yields the values with positions: each takes the first occurrence of its words that no earlier value has taken."""
    nexts: dict[str, int] = {}
    for value in find_values(text, language):
        start = text.find(value.text, nexts.get(value.text, 0))
        nexts[value.text] = start + 1 if start >= 0 else len(text)
        words = value.text.rstrip(".") if value.kind in ("date", "number") else value.text
        yield Placed(replace(value, text=words), start, start + len(words) if start >= 0 else -1)


def _without_to(one: Placed) -> Placed:
    """ "From 2017 to" is no number of terabytes ("to" in French) in an English text."""
    if not one.value.text.endswith(" to"):
        return one
    digits = one.value.text.removesuffix(" to")
    keys = frozenset(("number", number) for number in readings(digits))
    return Placed(Value("number", digits, keys), one.start, one.end - len(" to"))


def _days(found: list[Placed], text: str) -> Iterator[Placed]:
    """Reads bare numbers as days if the list that they are in ends in a date, or a weekday or an article precedes them."""
    later: list[Placed] = []
    for at in reversed(range(len(found))):
        one, before = found[at], found[at - 1] if at else None
        later.append(_as_day(one, later[-1] if later else None, before, text))
    return reversed(later)


def _as_day(one: Placed, after: Placed | None, before: Placed | None, text: str) -> Placed:
    hit = _ORDINAL.fullmatch(one.value.text)
    if one.value.kind not in ("number", "code") or not hit or not 1 <= int(hit["day"]) <= 31 or one.start < 0:
        return one
    month, listed = _listed(one, after, text)
    if not (listed or _named(one, before, text)):
        return one
    keys = one.value.keys | {("date", None, month, int(hit["day"])), ("number", float(hit["day"]))}
    return replace(one, value=Value("date", one.value.text, keys))


def _listed(one: Placed, after: Placed | None, text: str) -> tuple[int | None, bool]:
    """Returns the month of the list of days that a number is part of, and whether there is such a list."""
    if after is None or not _LIST.fullmatch(text[one.end : after.start]):
        return None, False
    key = next((key for key in after.value.keys if key[0] == "date" and isinstance(key[3], int)), None)
    if key is None:
        return None, False
    return (key[2] if isinstance(key[2], int) else None), True


def _named(one: Placed, before: Placed | None, text: str) -> bool:
    if not one.value.text.isdecimal():
        return True
    if before is not None and is_weekday(before.value) and text[before.end : one.start] in _GAPS:
        return True
    return bool(_AFTER.match(text, one.end) and _ARTICLE.search(text[max(0, one.start - 8) : one.start]))


def is_weekday(value: Value) -> bool:
    """Returns whether a value is the name of a weekday."""
    return any(key[0] == "weekday" for key in value.keys)
