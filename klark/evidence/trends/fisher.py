"""Fisher's exact test: do hits come more often now than before, or may that be chance?"""

from math import exp, fsum, lgamma
from typing import NamedTuple


class Sample(NamedTuple):
    """A time's tickets or drafts: `hits` of `of`."""

    hits: int
    of: int


def by_chance(before: Sample, now: Sample) -> float:
    """Returns how likely at least so many hits would be among those of now, if hits were as frequent as before; 1 where there is
    nothing to compare with."""
    if not before.of or not now.of:
        return 1.0
    hits = before.hits + now.hits
    every = _ways(before.of + now.of, hits)
    found = range(max(now.hits, hits - before.of), min(hits, now.of) + 1)
    return min(fsum(exp(_ways(now.of, k) + _ways(before.of, hits - k) - every) for k in found), 1.0)


def _ways(of: int, hits: int) -> float:
    """Returns the logarithm of the number of ways to choose so many."""
    return lgamma(of + 1) - lgamma(hits + 1) - lgamma(of - hits + 1)
