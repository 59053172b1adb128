#!/usr/bin/env python3
"""Write guardrails/synonyms.txt: everyday words that can say the same, from Debian's thesauri.

    apt-get install mythes-en-us mythes-fr
    uv run --with wordfreq python scripts/synonyms.py

English: the words that share a sense. French: two words that each name the other among their first. Rare words are left
out, by wordfreq's counts, and so are crude ones.
"""

from collections.abc import Iterator
from pathlib import Path

from wordfreq import zipf_frequency

TARGET = Path(__file__).resolve().parent.parent / "guardrails" / "synonyms.txt"
THESAURI = Path("/usr/share/mythes")
COMMON = 3.5
"""Zipf frequency: about three in a million words."""
FIRST = 5
"""How near the front of each other's entry two French words must stand."""
_CRUDE = frozenset(
    [
        "cock",
        "cunt",
        "bitch",
        "dick",
        "whore",
        "slut",
        "tits",
        "arse",
        "ass",
        "bastard",
        "fuck",
        "shit",
        "piss",
        "screw",
        "bang",
        "negro",
        "pute",
        "con",
        "salope",
    ]
)
HEADER = """\
# Everyday words that can say the same, English and French. Written by scripts/synonyms.py; one line: words that share a sense.
# English: from mythes-en-us (LibreOffice), made from WordNet, copyright Princeton University: permission to use, copy, modify
# and distribute for any purpose and without fee is granted, provided that this notice is kept; it comes without warranty.
# French: from mythes-fr (LibreOffice), copyright Kevin Hendricks, Frederic Labbé, Laurent Godard; LGPL-2.1-or-later.
"""


def entries(name: str) -> Iterator[tuple[str, list[list[str]]]]:
    """Each word of a thesaurus with its senses, each a list of words."""
    lines = iter((THESAURI / name).read_text(encoding="utf-8", errors="replace").split("\n")[1:])
    for line in lines:
        word, _, count = line.rpartition("|")
        if count.strip().isdigit():
            yield word, [next(lines).split("|")[1:] for _ in range(int(count))]


def is_common(word: str, language: str) -> bool:
    """Whether a word is one plain word that people use."""
    plain = word.isalpha() and word.islower() and len(word) > 2 and word not in _CRUDE
    return plain and zipf_frequency(word, language) >= COMMON


def english() -> list[str]:
    """The senses that have two common words or more."""
    senses = {
        " ".join(sorted({word, *(other for other in sense if is_common(other, "en"))}))
        for word, found in entries("th_en_US_v2.dat")
        if is_common(word, "en")
        for sense in found
    }
    return sorted(sense for sense in senses if " " in sense)


def french() -> list[str]:
    """Each word with those that come later in the alphabet, where each names the other among its first."""
    first = {
        word: [other for sense in found for other in sense][:FIRST]
        for word, found in entries("thes_fr.dat")
        if is_common(word, "fr")
    }
    near = {
        word: sorted(other for other in others if other > word and word in first.get(other, ()))
        for word, others in first.items()
    }
    return sorted(" ".join((word, *others)) for word, others in near.items() if others)


if __name__ == "__main__":
    TARGET.write_text("\n".join((HEADER + "[en]", *english(), "[fr]", *french(), "")), encoding="utf-8")
