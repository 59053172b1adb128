"""Fisher's exact test: do hits come more often now than before, or may that be chance?"""

from math import exp, lgamma
from typing import NamedTuple

LEAST = 1e-17
"""What is less than this share of a sum does not change it."""


class Sample(NamedTuple):
    """A time's tickets or drafts: `hits` of `of`."""

    hits: int
    of: int


def by_chance(before: Sample, now: Sample) -> float:
    """Returns how likely at least so many hits would be among those of now, if hits were as frequent as before; 1 where there are
    as few as there can be, or nothing to compare with."""
    if not now.hits or before.hits == before.of:
        return 1.0
    hits, of = before.hits + now.hits, before.of + now.of
    if now.hits * of < hits * now.of:  # its terms would first grow, from what may be too small for a float
        return 1 - by_chance(Sample(now.hits - 1, now.of), Sample(before.hits + 1, before.of))
    chance = exp(_ways(now.of, now.hits) + _ways(before.of, before.hits) - _ways(of, hits))
    every, found = 0.0, now.hits
    while chance > every * LEAST:
        every += chance
        chance *= (now.of - found) * (hits - found) / ((found + 1) * (before.of - hits + found + 1))
        found += 1
    return min(every, 1.0)


def _ways(of: int, hits: int) -> float:
    """Returns the logarithm of the number of ways to choose so many."""
    return lgamma(of + 1) - lgamma(hits + 1) - lgamma(of - hits + 1)
