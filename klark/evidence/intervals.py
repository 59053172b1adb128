"""Shares with their 95 % intervals. Of nothing there is no share."""

import math
from typing import TypedDict

Z = 1.96


class Share(TypedDict):
    """`hits` of `of`; `share` and its interval from `low` to `high` are `None` where `of` is 0."""

    hits: int
    of: int
    share: float | None
    low: float | None
    high: float | None


def share(hits: int, of: int) -> Share:
    """Returns a share with its interval."""
    reach = wilson(hits, of)
    low, high = reach or (None, None)
    return Share(hits=hits, of=of, share=round(hits / of, 4) if of else None, low=low, high=high)


def wilson(hits: int, of: int) -> list[float] | None:
    """The 95 % interval of a share: https://en.wikipedia.org/wiki/Binomial_proportion_confidence_interval"""
    if not of:
        return None
    middle_of, square = hits / of, Z * Z
    middle = (middle_of + square / (2 * of)) / (1 + square / of)
    reach = Z / (1 + square / of) * math.sqrt(middle_of * (1 - middle_of) / of + square / (4 * of * of))
    return [round(max(middle - reach, 0.0), 4), round(min(middle + reach, 1.0), 4)]
