"""Is a count rising against its own past? The test of C. P. Farrington and others (1996) for daily counts: what the same weekdays
of the last weeks lead to expect, and a threshold that chance seldom crosses. docs/trends.md has formulas and figures.

Only arithmetic, so that a count may also be an array of counts: tests.bench.trends tries a thousand years at once.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist
from typing import Any

WEEKS, SPANS = 8, (1, 3, 7)
"""The weeks that are looked back on, and the days that are looked at together."""
DAYS = 7 * WEEKS + max(SPANS)
"""How many days of counts are needed."""
PER_YEAR = 12
"""How many false alarms a tenant has in a year on average, over all its topics, at most."""
FEWEST = 5
"""Tickets below which nothing is a signal."""
USUAL_GROWTH = 0.02
"""By how much topics usually grow or shrink in a week, as a standard deviation: what the weeks say beyond it is mostly chance."""
DOUBT = 1.25
"""By how much noise beyond chance counts more than it was measured as: 49 numbers do not tell it exactly."""
_MIDDLE = (WEEKS + 1) / 2
_SPREAD = WEEKS * (WEEKS**2 - 1) / 12  # of the numbers 1 to WEEKS around their mean, squared and added up
_NONE = 1e-9  # in place of an expected count of nothing


@dataclass(frozen=True, slots=True)
class Rise:
    """What a number of days came to: their count, what was expected, and the threshold."""

    days: int
    count: Any
    expected: Any
    threshold: Any

    @property
    def excess(self) -> Any:
        """How far the count is above what was expected; above 1 it is a signal."""
        return (self.count - self.expected) / (self.threshold - self.expected)


def strictness(series: int) -> float:
    """Returns how many standard deviations keep PER_YEAR for so many series of daily counts, each looked at for all SPANS: by
    Boole's inequality, however they hang together."""
    return NormalDist().inv_cdf(1 - PER_YEAR / (365 * len(SPANS) * series))


def rises(counts: Sequence[Any], strict: float) -> list[Rise]:
    """Returns what each of SPANS came to on the last day. `counts`: DAYS daily counts, the newest last; `strict`: see
    `strictness`."""
    noise = dispersion(counts)
    return [_rise(counts, days, strict, noise) for days in SPANS]


def dispersion(counts: Sequence[Any]) -> Any:
    """Returns the variance of the days before the last week over their mean: 1 for independent tickets (Poisson), never less, and
    what is beyond it times DOUBT. Each day is compared with the same weekdays of the other weeks."""
    total: Any = 0.0
    for weekday in range(1, 8):
        same = [counts[-weekday - 7 * week] for week in range(1, WEEKS + 1)]
        mean = sum(same) / WEEKS
        total = total + sum((each - mean) ** 2 for each in same) / (mean + _NONE)
    return 1 + DOUBT * _at_least(total / (7 * (WEEKS - 1)) - 1, 0.0)


def _rise(counts: Sequence[Any], days: int, strict: float, noise: Any) -> Rise:
    ends = len(counts)
    starts = [ends - days - 7 * week for week in range(1, WEEKS + 1)]  # of the same weekdays, the newest first
    mean = sum(sum(counts[start : start + days]) for start in starts) / WEEKS
    growth = _growth([sum(counts[start : start + 7]) for start in starts], noise)
    expected = mean * (1 + _MIDDLE * _at_least(growth, 0.0)) + _NONE  # a fall is not carried on
    variance = noise * (expected + mean / WEEKS)
    power = 1 / 3 + 1 / (
        3 * noise
    )  # makes counts nearly normal: 2/3 for Poisson's, 1/3 for gamma's, which are as skewed as noise
    threshold = expected * (1 + power * strict * variance**0.5 / expected) ** (1 / power)
    return Rise(days, sum(counts[ends - days :]), expected, _at_least(threshold, FEWEST - 1))


def _growth(weeks: Sequence[Any], noise: Any) -> Any:
    """Returns by which share the count grows a week: a line through the weeks' totals, the newest first, drawn towards no growth
    the more, the less they can tell."""
    mean = sum(weeks) / WEEKS + _NONE
    slope = sum((_MIDDLE - place) * each for place, each in enumerate(weeks, 1)) / _SPREAD / mean
    return slope * USUAL_GROWTH**2 / (USUAL_GROWTH**2 + noise / (_SPREAD * mean))


def _at_least(value: Any, least: float) -> Any:
    """Returns the greater of the two, of each count if there are several."""
    return (value + least + abs(value - least)) / 2
