"""Numbers in running text, as digits or as words, French or English.

`readings("1 000,50")` is `(1000.5,)`; `readings("1,500")` is `(1500.0, 1.5)`, since the meaning depends on the
country. `digits_for_words("trente et un jours", "fr")` is the same text with the number words written as digits, plus
the origin of each character, so that a value can be shown as it was written.
"""

import re
from dataclasses import dataclass

from text_to_num import text2num

from guardrails.text.vocabulary import word_set
from guardrails.text.words import as_matched

_FR = word_set(
    """zéro deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize vingt vingts trente
    quarante cinquante soixante septante huitante octante nonante cent cents mille"""
)
_EN = word_set(
    """zero two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen
    eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred thousand"""
)
_WORD = {"fr": _FR | {"un", "une", "et"}, "en": _EN | {"one", "a", "and"}}
_RUN = {
    code: re.compile(
        r"(?<![\w'])(?:" + "|".join(sorted(words, key=len, reverse=True)) + r")"
        r"(?:[ -](?:" + "|".join(sorted(words, key=len, reverse=True)) + r")){0,9}(?!\w)",
        re.IGNORECASE,
    )
    for code, words in _WORD.items()
}
_EDGE = word_set("et and a un une one")

# An article is a number only where something is measured with it: "dans un jour", "within a week".
_MEASURE = {
    "fr": re.compile(
        r"(?<![\w'])(sous|dans|pendant|après|avant|dure|durant|prend|jusqu'à|moins d'|plus d'|de|d'|en|à) ?"
        r"(une?)(?= (?:jour|heure|minute|semaine|mois|trimestre|semestre|an|année)s?\b)",
        re.IGNORECASE,
    ),
    "en": re.compile(
        r"(?<!\w)(within|in|after|for|takes?|under|up to|than|lasts?|least|most|next) "
        r"(an?|one)(?= (?:day|hour|minute|week|month|year|business|working)\b)",
        re.IGNORECASE,
    ),
}
_ONE = {
    "fr": re.compile(
        r"(?<![\w'])(?:une?)(?= (?:jour|heure|minute|semaine|mois|trimestre|semestre|an|année|euro|dollar)s?\b)",
        re.IGNORECASE,
    ),
    "en": re.compile(
        r"(?<!\w)one(?=[ -](?:day|hour|minute|week|month|year|business|working|euro|dollar|pound)\b)", re.IGNORECASE
    ),
}
# "5 hundred" and "30 mille" are one number; "40 cents" is not four thousand, but money.
_SCALED = {
    "fr": re.compile(r"(?<![\w.,])(\d{1,3}(?:[.,]\d)?) (mille)(?!\w)", re.IGNORECASE),
    "en": re.compile(r"(?<![\w.,])(\d{1,3}(?:[.,]\d)?) (hundred|thousand)(?!\w)", re.IGNORECASE),
}
_TIMES = {"hundred": 100, "thousand": 1000, "mille": 1000}
_CENTS = re.compile(r"cents?(?!\w)", re.IGNORECASE)
_BEHIND_FIGURE = re.compile(r"(?<=\d )cents?(?!\w)", re.IGNORECASE)
_SINGLE_GROUP = re.compile(r"(\d{1,3})[.,](\d{3})")


@dataclass(frozen=True, slots=True)
class Digits:
    """A text with number words as digits; `origin[i]` is the (start, end) in the original text of character i."""

    text: str
    origin: tuple[tuple[int, int], ...]


def readings(digits: str) -> tuple[float, ...]:
    """Returns the numbers that digits with separators may stand for, the likeliest first."""
    plain = re.sub(r"[ '’_]", "", digits)
    if single := _SINGLE_GROUP.fullmatch(plain):
        whole, part = single.groups()
        return (float(whole + part), float(f"{whole}.{part}"))
    head, mark, tail = _last_mark(plain)
    if mark and len(tail) == 3 and plain.count(mark) > 1:
        return (float(re.sub(r"\D", "", plain)),)
    return (float(f"{re.sub(r'[.,]', '', head) or '0'}.{tail or '0'}"),)


def _last_mark(plain: str) -> tuple[str, str, str]:
    place = max(plain.rfind("."), plain.rfind(","))
    return (plain, "", "") if place < 0 else (plain[:place], plain[place], plain[place + 1 :])


def digits_for_words(text: str, language: str) -> Digits:
    """Returns the text with number words as digits; words of both languages if `language` is neither "fr" nor "en"."""
    spans: dict[int, tuple[int, str]] = {}
    for code in (language,) if language in _RUN else ("fr", "en"):
        for start, end, value in _found(text, code):
            spans.setdefault(start, (end, value))
    return _replaced(text, spans)


def _found(text: str, code: str) -> list[tuple[int, int, str]]:
    articles = [(hit.start(2), hit.end(2), "1") for hit in _MEASURE[code].finditer(text)]
    ones = [(hit.start(), hit.end(), "1") for hit in _ONE[code].finditer(text)]
    scaled = [(hit.start(), hit.end(), _scaled(hit)) for hit in _SCALED[code].finditer(text)]
    runs = (hit for hit in _RUN[code].finditer(text) if not _BEHIND_FIGURE.match(text, hit.start()))
    return [*articles, *ones, *scaled, *(run for hit in runs for run in _run(hit, code))]


def _scaled(hit: re.Match[str]) -> str:
    return str(round(float(hit[1].replace(",", ".")) * _TIMES[as_matched(hit[2])]))


def _run(hit: re.Match[str], code: str) -> list[tuple[int, int, str]]:
    """Returns the numbers in a run of number words, the longest first, so that "two and three" gives both."""
    pieces = [(hit.start() + piece.start(), hit.start() + piece.end()) for piece in re.finditer(r"[^ -]+", hit.group())]
    numbers: list[tuple[int, int, str]] = []
    while pieces:
        taken = _longest(hit.string, pieces, code)
        if taken and not (numbers and _CENTS.match(hit.string, pieces[0][0])):
            numbers.append((pieces[0][0], pieces[taken - 1][1], _value(hit.string, pieces[:taken], code)))
        pieces = pieces[max(1, taken) :]
    return numbers


def _longest(text: str, pieces: list[tuple[int, int]], code: str) -> int:
    ends = (count for count in range(len(pieces), 0, -1) if _value(text, pieces[:count], code))
    return next(ends, 0)


def _value(text: str, pieces: list[tuple[int, int]], code: str) -> str:
    words = text[pieces[0][0] : pieces[-1][1]].lower()
    first, last = text[slice(*pieces[0])].lower(), text[slice(*pieces[-1])].lower()
    if last in {"et", "and", "a"} or first in {"et", "and"} or (len(pieces) == 1 and last in _EDGE):
        return ""
    words = "one" + words[1:] if code == "en" and first == "a" else words
    try:
        return str(int(text2num(words, code)))
    except ValueError:
        return ""


def _replaced(text: str, spans: dict[int, tuple[int, str]]) -> Digits:
    signs: list[str] = []
    origin: list[tuple[int, int]] = []
    place = 0
    for start, (end, value) in sorted(spans.items()):
        if start < place:
            continue
        signs += [*text[place:start], *value]
        origin += [(at, at + 1) for at in range(place, start)]
        origin += [(start, end)] * len(value)
        place = end
    signs += text[place:]
    origin += [(at, at + 1) for at in range(place, len(text))]
    return Digits("".join(signs), tuple(origin))
