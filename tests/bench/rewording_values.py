"""The same value written otherwise: "24 hours" and "one day", "5" and "five", "$5" and "5 dollars"."""
# ruff: noqa: E501  # a pattern is one line

import re
from collections.abc import Callable, Mapping

from tests.bench.forging_words import MONTHS
from tests.bench.turns import Turn

_WORDS = {
    "en": ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"],
    "fr": ["zéro", "un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix", "onze", "douze"],
}
_LONGER = {  # unit -> how many make the longer one, and its names
    "en": {
        "hours": (24, "day", "days"),
        "days": (7, "week", "weeks"),
        "months": (12, "year", "years"),
        "minutes": (60, "hour", "hours"),
    },
    "fr": {
        "heures": (24, "jour", "jours"),
        "h": (24, "jour", "jours"),
        "jours": (7, "semaine", "semaines"),
        "mois": (12, "an", "ans"),
        "minutes": (60, "heure", "heures"),
    },
}
_SHORTER = {
    "en": {
        "day": (24, "hours"),
        "days": (24, "hours"),
        "week": (7, "days"),
        "weeks": (7, "days"),
        "year": (12, "months"),
        "years": (12, "months"),
        "hour": (60, "minutes"),
        "hours": (60, "minutes"),
    },
    "fr": {
        "jour": (24, "heures"),
        "jours": (24, "heures"),
        "semaine": (7, "jours"),
        "semaines": (7, "jours"),
        "an": (12, "mois"),
        "ans": (12, "mois"),
        "heure": (60, "minutes"),
        "heures": (60, "minutes"),
    },
}
_START, _STOP = r"(?<![\w.,/$€£-])", r"(?![\w%/-]|[.,]\d| ?(?:to|à|and|et|ou|or) \d)"


def _longer(language: str) -> Callable[[re.Match[str]], str]:
    def other(hit: re.Match[str]) -> str:
        count, (many, one, more) = int(hit["number"]), _LONGER[language][hit["unit"].lower()]
        if count % many or not count:
            return hit.group()
        return f"{_said(count // many, language)} {one if count == many else more}"

    return other


def _shorter(language: str) -> Callable[[re.Match[str]], str]:
    def other(hit: re.Match[str]) -> str:
        many, unit = _SHORTER[language][hit["unit"].lower()]
        count = int(hit["number"]) * many
        return f"{count} {unit}" if 0 < count <= 120 else hit.group()

    return other


def _said(count: int, language: str) -> str:
    words = _WORDS[language]
    if language == "fr" and count == 1:
        return "1"
    return words[count] if count < len(words) else str(count)


def _in_words(language: str) -> Callable[[re.Match[str]], str]:
    def other(hit: re.Match[str]) -> str:
        return _WORDS[language][int(hit["number"])]

    return other


def _turns(language: str) -> tuple[Turn, ...]:
    # "10 business days" and "5 à 7 jours" are left alone: neither has another plain form.
    working = r"(?! (?:ouvr|business|working|calendar))"
    longer = rf"{_START}(?P<number>\d{{1,3}}) (?P<unit>{'|'.join(_LONGER[language])}){working}{_STOP}"
    shorter = rf"{_START}(?P<number>\d{{1,2}}) (?P<unit>{'|'.join(_SHORTER[language])}){working}{_STOP}"
    count = rf"{_START}(?P<number>[2-9]|1[0-2])(?= [a-zà-ÿ]{{3,}}){_STOP}(?! (?:am|pm|h|janvier|février|mars|avril|mai|juin|juillet|août|septembre|octobre|novembre|décembre)\b)"
    return (
        (re.compile(longer), (_longer(language),)),
        (re.compile(shorter), (_shorter(language),)),
        (re.compile(count), (_in_words(language),)),
    )


_ENGLISH: tuple[Turn, ...] = (
    (
        re.compile(r"\$(\d{1,3}(?:,\d{3})*(?:\.\d{2})?)(?![\d.,]*\d|[kKMB]| ?(?:million|thousand|to\b|-))"),
        (r"\1 dollars", r"USD \1"),
    ),
    (re.compile(r"(?<=\d)%"), (" percent",)),
    (re.compile(rf"\b({'|'.join(MONTHS['en'])}) (\d{{1,2}}), (\d{{4}})\b"), (r"\2 \1 \3",)),
)
_FRENCH: tuple[Turn, ...] = (
    (re.compile(r"(?<=\d) ?€"), (" euros",)),
    (re.compile(r"(?<=\d) euros\b"), (" €",)),
    (re.compile(r"(?<=\d) ?%"), (" pour cent",)),
    (
        re.compile(r"\b1er (?=janvier|février|mars|avril|mai|juin|juillet|août|septembre|octobre|novembre|décembre)"),
        ("1 ",),
    ),
)
VALUES: Mapping[str, tuple[Turn, ...]] = {"en": (*_turns("en"), *_ENGLISH), "fr": (*_turns("fr"), *_FRENCH)}
