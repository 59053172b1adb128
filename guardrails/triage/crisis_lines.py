"""Crisis lines and emergency numbers by country: public national numbers. They seldom change; review them once a year."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytz

FILE = Path(__file__).with_suffix(".txt")
EMERGENCY = "112"
"""Used if the country is unknown: reaches help in all of Europe, and from mobile phones nearly everywhere."""


@dataclass(frozen=True, slots=True)
class Help:
    """A country's crisis line and emergency number, and which of the languages of klark's notes are spoken there."""

    line: str
    emergency: str
    languages: frozenset[str]


def _read() -> dict[str, Help]:
    rows = (row.split("\t") for row in FILE.read_text(encoding="utf-8").splitlines() if row and not row.startswith("#"))
    return {country: Help(line, emergency, frozenset(spoken.split())) for country, line, emergency, spoken in rows}


HELP: Mapping[str, Help] = _read()
"""By ISO 3166 country code."""


def help_line(country: str, language: str) -> str:
    """Returns the country's crisis line; if the country is unknown, those of all countries that speak the language,
    each named."""
    if country in HELP:
        return HELP[country].line
    near = [(where, known.line) for where, known in HELP.items() if language in known.languages]
    named: dict[str, list[str]] = {}
    for where, line in near:
        named.setdefault(line, []).append(where)
    return " · ".join(f"{', '.join(places)}: {line}" for line, places in named.items())


def with_numbers(text: str, country: str, language: str) -> str:
    """Returns a text for agents with `{help_line}` and `{emergency}` replaced by the country's numbers; other braces
    are left alone."""
    emergency = HELP[country].emergency if country in HELP else EMERGENCY
    return text.replace("{help_line}", help_line(country, language)).replace("{emergency}", emergency)


@cache
def country_of(time_zone: str) -> str:
    """Returns the ISO 3166 code of the only country that uses this time zone; "" if there is none, or more than one."""
    keepers = [country for country, zones in pytz.country_timezones.items() if time_zone in zones]
    return keepers[0] if len(keepers) == 1 else ""
