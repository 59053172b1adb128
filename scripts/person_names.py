#!/usr/bin/env python3
"""Writes guardrails/pii/names.txt (given and family names of many countries) and guardrails/pii/ordinary.txt (ordinary words).

    apt-get install wamerican wbritish wfrench
    uv run --no-project --with faker --with names --with wordfreq --with simplemma --with japanese-personal-name-dataset \\
        python scripts/person_names.py

Given and family names come from Faker's lists of some eighty countries and from the United States census of 1990, as the
package `names` has it. Each is folded: lower case, unaccented. A name that a dictionary has as an ordinary word, or that is
a place or a brand too (guardrails/pii/not_names.txt), goes into a section of its own: it counts only with other evidence
beside it.

Ordinary words are those of the dictionaries that simplemma does not know without their accents; rare ones, by wordfreq's
counts, are left out.
"""

import importlib
import pkgutil
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from types import ModuleType

import faker.providers.person as people
import japanese_personal_name_dataset
import names
import simplemma
from wordfreq import zipf_frequency

HERE = Path(__file__).resolve().parent.parent / "guardrails" / "pii"
DICTIONARIES = {"american-english": "en", "british-english": "en", "french": "fr"}
CENSUS = Path(names.__file__).parent
FAMILIES = 30_000
"""How many of the census's family names are used, the most common first; rarer ones are often words of other languages."""
SHORTEST = 5
"""Letters that a Japanese name has at least."""
SEEN = 1.5
"""Zipf frequency from which an ordinary word is kept: three in a hundred million words."""
_ORDINARY_HEAD = """\
# Ordinary English and French words that simplemma does not know without their accents. Written by scripts/person_names.py from
# Debian's wamerican and wbritish (SCOWL, copyright Kevin Atkinson and others: free to use, copy, modify, distribute and sell,
# provided that this notice is kept; without warranty) and wfrench (copyright Paul Leyland and contributors, GPL-3.0-or-later).
"""
_HEAD = """\
# Names by section; those of [given with a capital] are words in lower case, those of [given too] and [family too] are
# everyday words as well, [elsewhere] are places or brands. Written by scripts/person_names.py from Faker (copyright Daniele
# Faraglia and contributors, MIT licence: free to use, copy, modify and distribute, provided that this notice is kept; without
# warranty), from the package `names` (copyright Trey Hunner, MIT licence), whose lists are the United States Census Bureau's
# (public domain), from japanese-personal-name-dataset (copyright shuheilocale, MIT licence), and from this project's own lists.
"""
_LETTERS = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ß": "s", "æ": "a", "œ": "o", "ð": "d", "þ": "t", "ı": "i"})


def folded(name: str) -> str:
    """Folds as `guardrails.pii.words.fold` does: letter for letter, so that positions in a text stay the same."""
    plain = unicodedata.normalize("NFD", name.lower().translate(_LETTERS))
    return "".join(sign for sign in plain if not unicodedata.combining(sign))


def words(found: Iterable[str]) -> set[str]:
    """Returns the words of names, folded; Latin letters only."""
    return {word for name in found for word in re.findall(r"[a-z]{2,}", folded(name))}


def provided(package: ModuleType, wanted: str) -> Iterator[str]:
    """Yields all strings in the lists whose name matches `wanted`, of all countries."""
    for module in pkgutil.iter_modules(package.__path__):
        provider = importlib.import_module(f"{package.__name__}.{module.name}").Provider
        for name in dir(provider):
            if re.search(wanted, name) and "format" not in name:
                yield from strings(vars(provider).get(name))


def strings(listed: object) -> Iterator[str]:
    """Yields the strings in a list, a table, or a list of pairs."""
    if isinstance(listed, str) and "{" not in listed:
        yield listed
    elif isinstance(listed, dict):
        yield from (key for key in listed if isinstance(key, str))
    elif isinstance(listed, list | tuple | set):
        for each in listed:
            yield from strings(each)


def census(kind: str, first: int | None = None) -> set[str]:
    """Returns the names in one census file, or the `first` (most common) ones."""
    lines = (CENSUS / f"dist.{kind}").read_text(encoding="utf-8").splitlines()
    return {line.split()[0].lower() for line in lines[:first]}


def japanese(name: str, column: int) -> set[str]:
    """Returns Japanese names in Latin letters; short ones are left out, being a typo away from too many words."""
    path = Path(japanese_personal_name_dataset.__file__).parent / "dataset" / f"{name}.csv"
    found = (
        line.split(",")[column] for line in path.read_text(encoding="utf-8").splitlines() if line.count(",") >= column
    )
    return {one for one in found if re.fullmatch(f"[a-z]{{{SHORTEST},}}", one)}


def ordinary() -> dict[str, float]:
    """Returns the words that dictionaries write in lower case, folded, and how often they are used as they are written."""
    found: dict[str, float] = {}
    for name, language in DICTIONARIES.items():
        lines = Path("/usr/share/dict", name).read_text(encoding="utf-8").splitlines()
        for line in filter(str.islower, lines):
            found[folded(line)] = max(found.get(folded(line), 0.0), zipf_frequency(line, language))
    return found


def own(name: str) -> set[str]:
    """Returns one of this project's own lists; lines that begin with "#" are notes."""
    lines = (HERE / name).read_text(encoding="utf-8").splitlines()
    return {word for line in lines if not line.startswith("#") for word in line.split()}


def unknown(common: Mapping[str, float]) -> set[str]:
    """Returns the ordinary words that simplemma does not know and that are not too rare to matter."""
    plain = (word for word, seen in common.items() if seen >= SEEN and re.fullmatch("[a-z]{2,}", word))
    return {word for word in plain if not simplemma.is_known(word, lang=("en", "fr"))}


def main() -> None:
    """Writes both lists."""
    sure, common = own("sure.txt"), ordinary()
    given = words(provided(people, "first_name")) | census("female.first") | census("male.first") | sure
    family = words(provided(people, "last_name|surname")) | census("all.last", FAMILIES)
    given, family = (
        given | japanese("first_name_man_opti", 1) | japanese("first_name_woman_opti", 1),
        family | japanese("last_name_org", 3),
    )
    elsewhere = own("not_names.txt") - sure
    spoken = {name for name in sure & common.keys() if simplemma.is_known(name, lang=("en", "fr"))}
    too = (common.keys() - sure) | {name for name in given | family if len(name) < 3}
    sections = {
        "given": given - too - elsewhere - spoken,
        "given with a capital": spoken,
        "family": family - given - too - elsewhere,
        "given too": (given & too) - elsewhere,
        "family too": ((family - given) & too) - elsewhere,
        "elsewhere": (given | family) & elsewhere,
    }
    text = "".join(f"[{title}]\n{_lines(found)}" for title, found in sections.items())
    (HERE / "names.txt").write_text(_HEAD + text, encoding="utf-8")
    left = unknown(common) - sure
    (HERE / "ordinary.txt").write_text(_ORDINARY_HEAD + _lines(left), encoding="utf-8")
    print({title: len(found) for title, found in sections.items()}, len(left))


def _lines(found: Iterable[str]) -> str:
    return "".join(f"{name}\n" for name in sorted(found))


if __name__ == "__main__":
    main()
