"""Shares, means and medians with their 95 % intervals. Of nothing there is none."""

import math
from collections.abc import Sequence
from decimal import Decimal
from typing import TypedDict

from django.utils.formats import number_format
from django.utils.translation import gettext

Z = 1.96


class Share(TypedDict):
    """`hits` of `of`; `share` and its interval from `low` to `high` are `None` where `of` is 0."""

    hits: int
    of: int
    share: float | None
    low: float | None
    high: float | None


class Figure(TypedDict):
    """A `value` over `of` drafts, tickets or resolutions, with its interval. `None`: of nothing, or of too few for one."""

    value: float | Decimal | None
    of: int
    low: float | Decimal | None
    high: float | Decimal | None


def share(hits: int, of: int, apart: int | None = None) -> Share:
    """Returns a share with its interval. `apart`: how many of them stand for themselves, where they come in bunches."""
    reach = wilson(hits, of, apart) if of else None
    low, high = reach or (None, None)
    return Share(hits=hits, of=of, share=round(hits / of, 4) if of else None, low=low, high=high)


def share_words(one: Share) -> str:
    """Returns a share as people read it, as in "73 % (8 of 11; 43 to 90 %)"; a dash where there is nothing to take one of."""
    ends = [one["share"], one["low"], one["high"]]
    percents = [share_percent(each) for each in ends if each is not None]
    if len(percents) < len(ends):
        return "—"
    percent, low, high = percents
    return gettext("%(percent)s %% (%(hits)s of %(of)s; %(low)s to %(high)s %%)") % {
        "percent": percent, "hits": one["hits"], "of": one["of"], "low": low, "high": high,
    }  # fmt: skip


def between(one: Share) -> str:
    """Returns the interval of a share in words, as in "43 to 90 %"; "" of nothing."""
    low, high = (share_percent(each) if each is not None else "" for each in (one["low"], one["high"]))
    return gettext("%(low)s to %(high)s") % {"low": low, "high": f"{high} %"} if high else ""


def share_percent(share: float) -> str:
    """Returns a share in percent, as whole as it can be: with decimals where "0" or "100" would claim to be certain."""
    exact = 100 * share
    places = next((places for places in (0, 1) if round(exact, places) not in (0, 100) or exact in (0, 100)), 2)
    return number_format(round(exact, places), places)


def wilson(hits: int, of: int, apart: int | None = None) -> list[float] | None:
    """The 95 % interval of a share: https://en.wikipedia.org/wiki/Binomial_proportion_confidence_interval"""
    if not of:
        return None
    middle_of, square, known = hits / of, Z * Z, of if apart is None else apart
    middle = (middle_of + square / (2 * known)) / (1 + square / known)
    reach = Z / (1 + square / known) * math.sqrt(middle_of * (1 - middle_of) / known + square / (4 * known * known))
    return [round(max(middle - reach, 0.0), 4), round(min(middle + reach, 1.0), 4)]


def mean(values: Sequence[float]) -> Figure:
    """Returns the mean of some figures, none of them negative."""
    return _figure(values, [1] * len(values), 4)


def cost_per(costs: Sequence[Decimal], counts: Sequence[int]) -> Figure:
    """Returns what each of what was counted cost: all costs over all counts."""
    found = _figure([float(each) for each in costs], counts, 6)
    value = round(sum(costs, Decimal(0)) / found["of"], 6) if found["of"] else None
    low, high = (None if one is None else Decimal(f"{one:.6f}") for one in (found["low"], found["high"]))
    return Figure(value=value, of=found["of"], low=low, high=high)


def _figure(tops: Sequence[float], bottoms: Sequence[int], places: int) -> Figure:
    """Returns a ratio of sums, with the interval of the ratio estimator; with bottoms of 1 both are a mean's:
    https://en.wikipedia.org/wiki/Ratio_estimator"""
    number, of = len(tops), sum(bottoms)
    if not of:
        return Figure(value=None, of=0, low=None, high=None)
    value = math.fsum(tops) / of
    if number == 1:
        return Figure(value=round(value, places), of=of, low=None, high=None)
    off = math.fsum((top - value * bottom) ** 2 for top, bottom in zip(tops, bottoms, strict=True))
    reach = Z * math.sqrt(off / (number - 1) * number) / of
    low, high = round(max(value - reach, 0.0), places), round(value + reach, places)
    return Figure(value=round(value, places), of=of, low=low, high=high)


def median(values: Sequence[float]) -> Figure:
    """Returns the middle one, or the mean of both; its interval goes from one value to another, by their ranks:
    https://en.wikipedia.org/wiki/Median#Confidence_intervals"""
    ordered, of = sorted(values), len(values)
    if not of:
        return Figure(value=None, of=0, low=None, high=None)
    middle = (ordered[(of - 1) // 2] + ordered[of // 2]) / 2
    rank = math.floor(of / 2 - Z / 2 * math.sqrt(of))
    low, high = (ordered[rank - 1], ordered[of - rank]) if rank >= 1 else (None, None)
    return Figure(value=middle, of=of, low=low, high=high)
