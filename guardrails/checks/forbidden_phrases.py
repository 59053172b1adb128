"""Checks for phrases that the tenant's policy forbids.

G062 forbidden phrase  hit: a phrase of the policy, in any case, with or without accents. miss: a part of a word.
"""

import re
from collections.abc import Iterator
from functools import lru_cache

from guardrails.base import Finding, Level, Options, Reply
from guardrails.grounding.allowed_sources import trusted_sentences
from guardrails.text.words import bare, fold

FORBIDDEN = "klark.G062"


def tone(reply: Reply, options: Options) -> list[Finding]:
    """Returns one HOLD per forbidden phrase, since a person can judge it at a glance."""
    banned = _banned(options.forbidden_phrases)
    return [
        finding
        for place, sentence in trusted_sentences(reply)
        for finding in _in_sentence(place, sentence.text, banned)
    ]


def _in_sentence(place: int, text: str, banned: tuple[str, ...]) -> Iterator[Finding]:
    plain = " ".join(re.findall(r"[^\W_]+", fold(text)))
    spaced = f" {plain} "
    for phrase in banned:
        if f" {phrase} " in spaced:
            yield Finding(FORBIDDEN, Level.HOLD, f'the policy forbids "{phrase}"', place, phrase)


@lru_cache(maxsize=64)
def _banned(phrases: tuple[str, ...]) -> tuple[str, ...]:
    plain = (" ".join(re.findall(r"[^\W_]+", bare(phrase))) for phrase in phrases)
    return tuple(filter(None, plain))
