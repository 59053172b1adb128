"""The lists that names are told by, read once. All words are folded: lower case, unaccented.

`GIVEN` (with a capital; `GIVEN_SMALL` also without) and `FAMILY` are hardly ever anything else; `GIVEN_TOO` and
`FAMILY_TOO` are everyday words as well, `ELSEWHERE` places or brands, so that a witness is needed beside them.
`COMMON_FAMILY` are known without a capital once a given name stands before them.
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
