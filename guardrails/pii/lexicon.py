"""The word lists that names are recognised by, read once. All words are folded: lower case, without accents.

`GIVEN` (capitalised; `GIVEN_SMALL` in lower case too) and `FAMILY` are hardly ever anything but names; `GIVEN_TOO`
and `FAMILY_TOO` are everyday words as well, and `ELSEWHERE` are places or brands too, so these count only beside
other evidence (see `witness`). `COMMON_FAMILY` count in lower case too if a given name stands before them.
"""

from pathlib import Path

_HERE = Path(__file__).parent


def _lines(name: str) -> list[str]:
    lines = (_HERE / name).read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]


def _sections(name: str) -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    title = ""
    for line in _lines(name):
        if line.startswith("["):
            title = line.strip("[]")
            found[title] = set()
        else:
            found[title].add(line)
    return {title: frozenset(names) for title, names in found.items()}


_NAMES = _sections("names.txt")
GIVEN_SMALL, FAMILY = _NAMES["given"], _NAMES["family"]
GIVEN = GIVEN_SMALL | _NAMES["given with a capital"]
GIVEN_TOO, FAMILY_TOO, ELSEWHERE = _NAMES["given too"], _NAMES["family too"], _NAMES["elsewhere"]
COMMON_GIVEN = frozenset(word for line in _lines("sure.txt") for word in line.split())
COMMON_FAMILY = frozenset(word for line in _lines("family.txt") for word in line.split())
ORDINARY = frozenset(_lines("ordinary.txt"))
"""Ordinary words that simplemma does not know."""

COMMON = COMMON_GIVEN | COMMON_FAMILY
SURE = GIVEN | FAMILY
NAMES = GIVEN | FAMILY | GIVEN_TOO | FAMILY_TOO | ELSEWHERE
