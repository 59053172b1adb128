"""A suggestion with its evidence, and the test that it must pass."""

from collections.abc import Collection
from dataclasses import dataclass
from math import exp, fsum, lgamma, log, log1p
from typing import Literal

from klark.evidence.trends.failing import CHANCE

Kind = Literal["sign_off", "greeting", "note", "autonomy", "article", "priority", "lower_priority"]
OFTEN = 0.2
"""A change that is made in one of five replies is one of those that people make now and then."""
FEWEST = 3
"""Replies below which nothing is a habit."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What to change. `about`: a language, a topic's key, or an article's title; `was` and `now`: what drafts say, and people
    write; `hits` of `of` drafts speak for it, and `examples` are the newest of them, by id. `key` tells it from others."""

    kind: Kind
    key: str
    about: str
    hits: int
    of: int
    examples: tuple[int, ...]
    was: str = ""
    now: str = ""
    article_id: int = 0


def at_least(hits: int, of: int, share: float) -> float:
    """Returns how likely at least so many hits are if each is one with this probability (the exact binomial test)."""
    ways = (lgamma(of + 1) - lgamma(k + 1) - lgamma(of - k + 1) + k * log(share) + (of - k) * log1p(-share)
            for k in range(hits, of + 1))  # fmt: skip
    return min(fsum(map(exp, ways)), 1.0)


def is_habit(hits: int, of: int, people: Collection[str], reviewers: int) -> bool:
    """Returns whether a change is made too often to be made now and then, by more than one person if there is more than one."""
    several = len(people) >= min(2, reviewers)
    return hits >= FEWEST and several and at_least(hits, of, OFTEN) <= CHANCE
