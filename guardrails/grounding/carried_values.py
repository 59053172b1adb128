"""Compares the values of a text with those of its translation or summary: nothing may be lost, and nothing added.

French and English are read as typed values (3 days, 14.50 €, 2 March). Of other languages only the figures are compared, since
their units and months are not known here. What `text` has in words alone ("deux fois", "twice") is not compared.
"""

import re
from collections.abc import Sequence

from guardrails.text.contacts import find_links, find_mails, find_phones
from guardrails.text.numbers import readings
from guardrails.text.values import Value, bare_values, find_values, plain, stands_in

TYPED = frozenset({"en", "fr"})
READ = 60_000
_FIGURES = re.compile(r"\d(?:[.,' ]?\d)*")
_RANGE = r"\w{0,3} ?(?:-|à|au|to|and|et|or|ou) ?\d"
_FULL_HOUR = re.compile(r"(?<=\d):00(?!\d)")


def not_carried(text: str, language: str, other: str, other_language: str) -> tuple[str, ...]:
    """Returns the numbers, dates, amounts, links, mail addresses and phone numbers of `text`, as written there, that `other`
    does not have."""
    typed = {language, other_language} <= TYPED
    missing = _missing_values(text, language, other, other_language) if typed else _missing_figures(text, other)
    return tuple(dict.fromkeys((*missing, *_missing_contacts(text, other))))


def _missing_values(text: str, language: str, other: str, other_language: str) -> Sequence[str]:
    theirs = (*find_values(other, other_language), *bare_values(other))
    ours: dict[str, list[Value]] = {}
    for value in filter(lambda each: _figures(each.text), find_values(text, language)):
        ours.setdefault(value.text.rstrip(" .,;:"), []).append(value)
    lost = [words for words, values in ours.items() if not any(stands_in(each, theirs) for each in values)]
    return [words for words in lost if not (_begins_a_range(words, text) and not _missing_figures(words, other))]


def _begins_a_range(words: str, text: str) -> bool:
    """Returns whether a value is the "2" of "2 to 3 days", which the two languages read with and without its unit."""
    figures = _figures(words)
    return len(figures) == 1 and re.search(rf"(?<!\d){re.escape(figures[0])}{_RANGE}", plain(text[:READ])) is not None


def _missing_figures(text: str, other: str) -> Sequence[str]:
    theirs = {number for figure in _figures(other) for number in readings(figure)}
    return [figure for figure in _figures(text) if not theirs & {*readings(figure)}]


def _figures(text: str) -> list[str]:
    return _FIGURES.findall(_FULL_HOUR.sub("", plain(text[:READ])))


def _missing_contacts(text: str, other: str) -> Sequence[str]:
    links, mails = {each.key for each in find_links(other)}, {*find_mails(other)}
    phones = {each.key for each in find_phones(other)}
    return [
        *(each.text for each in find_links(text) if each.key not in links),
        *(each for each in find_mails(text) if each not in mails),
        *(each.text for each in find_phones(text) if each.key not in phones),
    ]
