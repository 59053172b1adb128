"""Phrases so explicit that they count without the model: self-harm and violence, at most 40; docs/figures/triage.md has their
figures."""

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from guardrails.text.words import fold

FILE = Path(__file__).with_suffix(".txt")
MOST = 40
_APART = re.compile(r"[^\w]+")


def blunt(text: str) -> frozenset[str]:
    """Returns the topics whose phrases occur in a text as whole words, in any case, with or without accents."""
    words = f" {_APART.sub(' ', fold(text))} "
    return frozenset(topic for phrase, topic in phrases().items() if f" {phrase} " in words)


@cache
def phrases() -> Mapping[str, str]:
    """Returns phrase (folded) -> topic."""
    rows = (line.split("\t") for line in FILE.read_text(encoding="utf-8").splitlines() if line)
    return {_APART.sub(" ", fold(phrase)).strip(): topic for topic, phrase in rows}
