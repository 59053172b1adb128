"""Classes of words, which frames of promises are built from: `promise_words_en.txt` and `promise_words_fr.txt`, read once.

= NAME            the words of that class follow
word              itself, and what has it for a lemma
stem* *ending     what begins or ends so
-word             which is none of the class; `-stem*`, `-*ending` likewise
#                 a remark; `0` stands for any word that begins with a figure
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from guardrails.words import lemma

_HERE = Path(__file__).parent
FIRST_SIGN = 0xE000
"""Signs are from Unicode's private use, which no folded word has."""


@dataclass(frozen=True, slots=True)
class WordClass:
    """One class: the words that are in it, the forms (stems and endings) that are, and the words and forms that are not."""

    sign: str
    words: frozenset[str]
    forms: re.Pattern[str]
    never: re.Pattern[str]

    def has(self, word: str, base: str) -> bool:
        """Whether a folded word, or its lemma, is of the class."""
        found = word in self.words or base in self.words or self.forms.fullmatch(word)
        return bool(found) and not self.never.fullmatch(word)


def _listed(language: str) -> Iterator[tuple[str, list[str]]]:
    """Each class with its entries."""
    text = (_HERE / f"promise_words_{language}.txt").read_text(encoding="utf-8")
    lines = (line for line in text.splitlines() if line[:1] != "#")
    for section in "\n".join(lines).split("= ")[1:]:
        name, *entries = section.split()
        yield name, entries


@lru_cache(maxsize=2)
def classes(language: str) -> Mapping[str, WordClass]:
    """The classes of a language by name."""
    return {
        name: WordClass(
            chr(FIRST_SIGN + place),
            frozenset(entry for entry in entries if entry.isalpha()),
            _forms(entry for entry in entries if entry[0] != "-" and not entry.isalpha()),
            _forms(entry[1:] for entry in entries if entry[0] == "-"),
        )
        for place, (name, entries) in enumerate(_listed(language))
    }


def _forms(entries: Iterator[str]) -> re.Pattern[str]:
    written = (r"\d\w*" if entry == "0" else entry.replace("*", r"\w+") for entry in entries)
    return re.compile("|".join(written) or "(?!)")


@lru_cache(maxsize=65_536)
def signs(word: str, language: str) -> str:
    """The signs of the classes that a folded word is of."""
    base = lemma(word, language)
    return "".join(found.sign for found in classes(language).values() if found.has(word, base))
