"""The test of whether customers are unhappier: what is a shift, and what is chance or a day of its own."""

import pytest

from klark.evidence.trends.moods import DAYS, Shift, dispersion, shift, strictness

STRICT = strictness(11)


def days(before: int, now: int, late: int) -> list[int]:
    """Counts of DAYS days, `now` a day on the last `late` of them."""
    return [*[before] * (DAYS - late), *[now] * late]


def shifted(unhappy: list[int], tickets: int = 15) -> tuple[int, tuple[int, int]] | None:
    found = shift(unhappy, [tickets] * DAYS, STRICT)
    return found and (found.days, found.now)


def test_a_share_that_doubles_for_a_week_is_a_shift_and_one_bad_day_is_none() -> None:
    assert shifted(days(2, 4, 7)) == (7, (28, 105))
    assert shifted(days(2, 5, 1)) is None
    assert shifted(days(2, 1, 7)) is None  # happier


def test_a_small_change_is_found_over_four_weeks() -> None:
    assert shifted(days(1, 2, 28)) == (28, (56, 420))


def test_few_unhappy_customers_are_no_shift_however_unlikely() -> None:
    assert shifted([*[0] * (DAYS - 4), 1, 1, 1, 1]) is None
    assert shifted([*[0] * (DAYS - 5), 1, 1, 1, 1, 1]) == (7, (5, 105))


def test_without_days_before_there_is_nothing_to_compare_with() -> None:
    assert shift([*[0] * (DAYS - 7), *[9] * 7], [*[0] * (DAYS - 7), *[9] * 7], STRICT) is None


def test_where_bad_days_are_usual_more_of_them_are_needed() -> None:
    uneven = [10 if day % 7 == 3 else 0 for day in range(DAYS)]
    assert dispersion(uneven, [15] * DAYS) > 5
    assert dispersion(days(2, 4, 7)[:56], [15] * 56) == 1.0
    assert shifted([*uneven[:-7], *[3] * 7]) is None
    assert shifted([*days(1, 1, 1)[:-7], *[3] * 7]) == (7, (21, 105))


def test_the_chance_is_kept_over_a_year_of_looks_by_all_topics() -> None:
    assert pytest.approx(12) == STRICT * 365 * 2 * 11
    found = shift(days(2, 4, 7), [15] * DAYS, STRICT)
    assert found == Shift(7, (112, 840), (28, 105), pytest.approx(0.000551, rel=0.01))
