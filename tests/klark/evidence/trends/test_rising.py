"""The test of whether a count rises: what it expects, what it takes for a signal, and that arrays and numbers give the same."""

import numpy as np
import pytest

from klark.evidence.trends.rising import DAYS, SPANS, dispersion, rises, strictness

STRICT = strictness(11)
WEEK = (12, 12, 12, 12, 12, 5, 5)
"""A usual week, Monday first."""


def history(*last: int, growth: float = 0.0) -> list[float]:
    """DAYS counts that end with `last`, on a Sunday."""
    usual = [WEEK[day % 7] * (1 + growth * day / 7) for day in range(DAYS)]
    return [*usual[: DAYS - len(last)], *last]


def signals(counts: list[float]) -> list[int]:
    """The numbers of days that are a signal."""
    return [one.days for one in rises(counts, STRICT) if one.count > one.threshold]


def test_the_same_weekdays_are_expected_whatever_the_week_looks_like() -> None:
    assert [(one.days, one.count, round(one.expected, 6)) for one in rises(history(), STRICT)] == [
        (1, 5, 5), (3, 22, 22), (7, 70, 70),
    ]  # fmt: skip
    assert signals(history()) == []


def test_what_grew_for_weeks_is_expected_to_grow_on() -> None:
    counts = history(growth=0.05)
    steady, growing = rises([20.0] * DAYS, STRICT)[2], rises(counts, STRICT)[2]
    assert steady.expected == pytest.approx(140)
    assert sum(counts[:-7]) / 8 * 1.05 < growing.expected < growing.count


def test_a_doubling_is_a_signal_and_a_busy_day_is_none() -> None:
    assert signals(history(24, 10, 10)) == [3]
    assert signals(history(15)) == [1]
    assert signals(history(8)) == []


def test_a_handful_is_never_a_signal() -> None:
    assert signals([0.0] * (DAYS - 1) + [4]) == []
    assert signals([0.0] * (DAYS - 1) + [6]) == list(SPANS)


def test_a_topic_that_is_always_restless_needs_more() -> None:
    restless = [count * (2 if number // 7 % 2 else 0.5) for number, count in enumerate(history())]
    assert (dispersion(history()), dispersion(restless) > 3) == (1.0, True)
    assert signals([*restless[:-3], 24, 10, 10]) == []


def test_more_topics_make_it_stricter_and_arrays_give_what_numbers_give() -> None:
    assert strictness(100) > strictness(10)
    several = [history(24, 10, 10), history(), history(growth=0.03)]
    at_once = rises(list(np.array(several).T), STRICT)
    for place, counts in enumerate(several):
        alone = rises(counts, STRICT)
        assert [one.threshold[place] for one in at_once] == pytest.approx([one.threshold for one in alone])
