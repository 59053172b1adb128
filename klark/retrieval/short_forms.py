"""Writes short forms out: "pk" is "pourquoi", "u" is "you". They are in files beside this one, one a line."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from guardrails.text.words import fold

FILES = Path(__file__).with_name("short")
OFTEN = 2
"""Short forms from which a text counts as written in short forms."""

_TOKEN = re.compile(r"w/o(?!\w)|w/(?!\w)|n/a(?!\w)|[^\W_]+(?:['’][^\W_]+)*")


@dataclass(frozen=True, slots=True)
class Forms:
    """`sure` short forms are no words otherwise; `doubtful` ones are also figures, letters or other words."""

    sure: Mapping[str, str]
    doubtful: Mapping[str, str]


def at_length(text: str, language: str, known: Collection[str]) -> str:
    """Returns the text with its short forms written out; unchanged for a language without a file.

    `known`: the folded words of the tenant's passages, which stay as they are in a text that is not written in short forms.
    """
    forms = short_forms(language)
    tokens = [_said(token) for token in _TOKEN.findall(text)]
    often = sum(token in forms.sure and fold(token) not in known for token in tokens) >= OFTEN
    meant = {**forms.sure, **forms.doubtful} if often else _unknown(forms.sure, known)
    return _TOKEN.sub(lambda token: meant.get(_said(token.group()), token.group()), text)


@cache
def short_forms(language: str) -> Forms:
    """Returns a language's short forms; none for a language without a file."""
    path = FILES / f"{language}.txt"
    if not language.isalpha() or not path.is_file():
        return Forms({}, {})
    sure, _, doubtful = path.read_text(encoding="utf-8").partition("\n?\n")
    return Forms(_pairs(sure), _pairs(doubtful))


def _pairs(lines: str) -> dict[str, str]:
    pairs = (line.partition(" ") for line in lines.splitlines() if line and not line.startswith("#"))
    return {short: long for short, _, long in pairs}


def _unknown(sure: Mapping[str, str], known: Collection[str]) -> dict[str, str]:
    return {short: long for short, long in sure.items() if fold(short) not in known}


def _said(token: str) -> str:
    return token.lower().replace("’", "'")
