"""How often does klark report a rise where there is none, and how soon one that is there? Simulated years, all at once.

    python -m tests.bench.trends [--years 1000] [--seed 1] [--json]

    false_alarms_per_year   of a tenant with ten topics, of which nothing rises: how often one begins to be reported, at most
                            PER_YEAR (klark.evidence.trends.rising). A report that goes on, or comes again within a week, counts
                            once
    found_in_3_days         of topics of 15 independent tickets a day that double: the share that is reported on one of the first
                            three days
    days_to_detection       the same by tickets a day: the median, and the day by which nine in ten are reported; null: not within
                            four weeks
    by_topic_size           false alarms a year of one topic, by its tickets a day
    by_noise                false alarms a year and the share found in 3 days, by the ratio of a day's variance and mean
    by_kind_of_year         false alarms a year by what the years have: nothing but chance, noise, a season, or growth;
                            this and `by_noise` of a quarter of the years
    moods                   the same of shifts of customers' mood, of a tenth of the years: `false_alarms_per_year`, at most
                            PER_YEAR; the same `by_kind_of_year`; and `days_to_detection` of a share of unhappy customers that
                            doubles, by that share and by tickets a day: the median, nine in ten, and the shares found in 7 and in
                            14 days; null: not within eight weeks

Tickets are negative binomial: in quiet years the variance of a day is 1 to 2 times its mean, drawn for each year. Weekends have
half of a weekday's. Each topic's season swings by a quarter up and down over the year, and it grows or shrinks by up to a third
in a year. A rise begins on any weekday.
"""

import argparse
import json
import time
from collections.abc import Collection
from typing import Any

import numpy as np

from klark.evidence.trends.moods import DAYS as MOOD_DAYS
from klark.evidence.trends.rising import DAYS, FEWEST, PER_YEAR, rises, strictness
from tests.bench import moods

SIZES = (0.3, 1.0, 2.0, 5.0, 10.0, 15.0, 20.0, 30.0, 60.0, 150.0)
"""Tickets a day of the quiet tenant's topics."""
DOUBLED = (2.0, 5.0, 10.0, 15.0, 30.0, 60.0)
WEEKDAYS = np.array([1.2, 1.2, 1.2, 1.2, 1.2, 0.5, 0.5])
YEAR, WATCHED, IN_TIME = 365, 28, 3
DOUBLINGS = 10
"""For each simulated year."""
SWING, GROWTH = 0.25, 1 / 3
NOISE, INDEPENDENT, NOISES = (1.0, 2.0), (1.0, 1.0), (1.0, 1.25, 1.5, 2.0)
Range = tuple[float, float]
Counts = Any
"""An array of counts: days, years, topics."""


def quiet(
    chance: np.random.Generator, years: int, days: int, sizes: tuple[float, ...], noise: Range, without: Collection[str] = ()
) -> tuple[Any, Any]:  # fmt: skip
    """Returns the expected counts of topics of which nothing rises, and the ratio of variance and mean by year. `without`:
    "season" or "growth"."""
    day = np.arange(days)[:, None, None]
    shape = (1, years, len(sizes))
    season = SWING * np.sin(2 * np.pi * (day / 365.25 + chance.random(shape)))
    growth = chance.uniform(-GROWTH, GROWTH, shape) * day / 365.25
    first = chance.integers(0, 7, (1, years, 1))
    level = np.array(sizes) * WEEKDAYS[(day + first) % 7]
    level = level * (1 if "season" in without else 1 + season) * (1 if "growth" in without else np.exp(growth))
    return level, chance.uniform(*noise, (1, years, 1))


def drawn(chance: np.random.Generator, level: Any, noise: Any) -> Counts:
    """Draws counts: Poisson whose mean is gamma, so that their variance is `noise` times their mean."""
    spread = np.maximum(np.broadcast_to(noise, level.shape) - 1, 1e-6)
    return chance.poisson(chance.gamma(level / spread, spread)).astype(np.float32)


def reported(counts: Counts, series: int) -> Any:
    """Returns by day, from the DAYS-th on, and by year and topic whether a rise is reported."""
    strict = strictness(series)
    days = []
    for last in range(DAYS, len(counts) + 1):
        found = rises(counts[last - DAYS : last], strict)
        days.append(np.logical_or.reduce([(one.count > one.threshold) & (one.count >= FEWEST) for one in found]))
    return np.array(days)


def begun(alarms: Any) -> Any:
    """Returns where a report begins: there was none in the seven days before."""
    begins = alarms.copy()
    for back in range(1, 8):
        begins[back:] &= ~alarms[:-back]
    return begins


def false_alarms(seed: int, years: int, noise: Range = NOISE, without: Collection[str] = ()) -> Any:
    """Returns how many false alarms a year each topic of a quiet tenant has, the last of which is all its tickets."""
    chance = np.random.default_rng(seed)
    counts = drawn(chance, *quiet(chance, years, YEAR + DAYS - 1, SIZES, noise, without))
    counts = np.concatenate([counts, counts.sum(axis=2, keepdims=True)], axis=2)
    return begun(reported(counts, len(SIZES) + 1)).sum(axis=0).mean(axis=0)


def detection(seed: int, years: int, noise: Range = INDEPENDENT) -> dict[float, Any]:
    """Returns by size the day, from 1 on, on which a doubling is reported, in each year; WATCHED + 1 if never."""
    chance = np.random.default_rng(seed)
    level, ratio = quiet(chance, years, DAYS - 1 + WATCHED, DOUBLED, noise)
    level[DAYS - 1 :] *= 2
    alarms = reported(drawn(chance, level, ratio), len(SIZES) + 1)
    first = np.where(alarms.any(axis=0), alarms.argmax(axis=0) + 1, WATCHED + 1)
    return {size: first[:, number] for number, size in enumerate(DOUBLED)}


def _day(days: Any, share: float, watched: int = WATCHED) -> int | None:
    day = int(np.quantile(days, share, method="inverted_cdf"))
    return day if day <= watched else None


def figures(years: int, seed: int) -> dict[str, Any]:
    """Returns all figures."""
    began = time.process_time()
    by_topic, found = false_alarms(seed, years), detection(seed + 1, DOUBLINGS * years)
    fewer = max(years // 4, 2)
    kinds: dict[str, tuple[Range, tuple[str, ...]]] = {
        "chance": (INDEPENDENT, ("season", "growth")), "noise": (NOISE, ("season", "growth")),
        "season": (INDEPENDENT, ("growth",)), "growth": (INDEPENDENT, ("season",)),
    }  # fmt: skip
    return {
        "false_alarms_per_year": _figure(by_topic.sum()), "stated_at_most": PER_YEAR, "years": years,
        "found_in_3_days": _in_time(found[15.0]),
        "days_to_detection": {f"{size:g}": _days(days) for size, days in found.items()},
        "by_topic_size": {str(name): _figure(one) for name, one in zip([*SIZES, "all"], by_topic, strict=True)},
        "by_noise": {str(noise): _noisy(seed + 2, fewer, noise) for noise in NOISES},
        "by_kind_of_year": {
            name: _figure(false_alarms(seed + 3, fewer, noise, without).sum()) for name, (noise, without) in kinds.items()
        },
        "moods": mood_figures(seed + 4, max(years // 10, 2)),
        "cpu_s": round(time.process_time() - began, 1),
    }  # fmt: skip


def mood_figures(seed: int, years: int) -> dict[str, Any]:
    """Returns the figures of shifts of mood."""
    kinds = {"chance": ("season", "noise"), "noise": ("season",), "season": ("noise",)}
    return {
        "false_alarms_per_year": _figure(mood_alarms(seed, years)), "stated_at_most": PER_YEAR, "years": years,
        "by_kind_of_year": {name: _figure(mood_alarms(seed, years, without)) for name, without in kinds.items()},
        "days_to_detection": {f"{share:g}": mood_detection(seed + 1, 4 * years, share) for share in moods.OF_DOUBLED},
    }  # fmt: skip


def mood_alarms(seed: int, years: int, without: Collection[str] = ()) -> float:
    """Returns how many false alarms a year a quiet tenant has of all its topics and all tickets together."""
    chance = np.random.default_rng(seed)
    tickets = drawn(chance, *quiet(chance, years, YEAR + MOOD_DAYS - 1, SIZES, NOISE))
    unhappy = moods.drawn(chance, tickets, chance.uniform(*moods.SHARES, (1, years, len(SIZES))), without)
    told = moods.shifted(*map(moods.with_all, (unhappy, tickets)), len(SIZES) + 1)
    return float(begun(told).sum(axis=(0, 2)).mean())


def mood_detection(seed: int, years: int, share: float) -> dict[str, Any]:
    """Returns by tickets a day how soon a share of unhappy customers that doubles is told of."""
    chance = np.random.default_rng(seed)
    tickets = drawn(chance, *quiet(chance, years, MOOD_DAYS - 1 + moods.WATCHED, moods.DOUBLED, NOISE))
    doubled = np.where(np.arange(len(tickets)) >= MOOD_DAYS - 1, 2 * share, share)[:, None, None]
    unhappy = moods.drawn(chance, tickets, doubled, ("season", "noise"))
    told = moods.shifted(unhappy, tickets, len(SIZES) + 1)
    first = np.where(told.any(axis=0), told.argmax(axis=0) + 1, moods.WATCHED + 1)
    return {f"{size:g}": _shift_days(first[:, place]) for place, size in enumerate(moods.DOUBLED)}


def _shift_days(days: Any) -> dict[str, Any]:
    soon = {f"in_{most}_days": _figure((days <= most).mean()) for most in (7, 14)}
    return {"median": _day(days, 0.5, moods.WATCHED), "nine_in_ten": _day(days, 0.9, moods.WATCHED), **soon}


def _noisy(seed: int, years: int, noise: float) -> dict[str, float]:
    ratio = (noise, noise)
    found = detection(seed, 2 * DOUBLINGS * years, ratio)
    return {"false_alarms_per_year": _figure(false_alarms(seed, years, ratio).sum()),
            **{f"found_in_3_days_of_{size:g}": _in_time(found[size]) for size in (15.0, 30.0)}}  # fmt: skip


def _days(days: Any) -> dict[str, Any]:
    return {"median": _day(days, 0.5), "nine_in_ten": _day(days, 0.9), "in_3_days": _in_time(days)}


def _in_time(days: Any) -> float:
    return _figure((days <= IN_TIME).mean())


def _figure(value: Any) -> float:
    return round(float(value), 3)


def main(argv: list[str] | None = None) -> None:
    """Prints the figures."""
    parser = argparse.ArgumentParser(prog="tests.bench.trends", description=__doc__)
    parser.add_argument("--years", type=int, default=1_000, help="simulated years (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=1, help="another seed gives other years (default: %(default)s)")
    parser.add_argument("--json", action="store_true", help="nothing but one JSON object")
    given = parser.parse_args(argv)
    print(json.dumps(figures(given.years, given.seed), indent=None if given.json else 1))


if __name__ == "__main__":
    main()
