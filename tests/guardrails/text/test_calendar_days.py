"""Steps on the calendar."""

from datetime import date

import pytest

from guardrails.text.calendar_days import (
    first_of_next,
    fits,
    made,
    meant,
    months_between,
    next_weekday,
    plus_days,
    plus_months,
    plus_working,
    related,
    spelled,
    weekday_name,
)

TODAY = date(2026, 11, 25)


@pytest.mark.parametrize(
    ("day", "months", "end"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2026, 11, 30), 3, date(2027, 2, 28)),
        (date(2026, 12, 6), 12, date(2027, 12, 6)),
        (date(2026, 3, 31), -1, date(2026, 2, 28)),
        (date(2028, 2, 29), 12, date(2029, 2, 28)),
    ],
)
def test_a_month_later_is_the_same_day_or_the_months_last(day: date, months: int, end: date):
    assert plus_months(day, months) == end


@pytest.mark.parametrize(
    ("day", "count", "week", "end"),
    [
        (date(2026, 11, 24), 3, 5, date(2026, 11, 27)),
        (date(2026, 11, 27), 1, 5, date(2026, 11, 30)),
        (date(2026, 11, 27), 1, 6, date(2026, 11, 28)),
        (date(2027, 1, 20), -10, 5, date(2027, 1, 6)),
    ],
)
def test_working_days_leave_out_the_weekend(day: date, count: int, week: int, end: date):
    assert plus_working(day, count, week) == end


def test_steps_that_are_too_far_lead_nowhere():
    assert (plus_days(TODAY, 10**6), plus_months(TODAY, 10**6), plus_working(TODAY, 10**6)) == (None, None, None)


def test_what_is_no_day_is_none():
    assert (made(2026, 2, 30), made(1066, 10, 14), made(2026, 2, 28)) == (None, None, date(2026, 2, 28))


def test_the_next_weekday_is_never_the_day_itself():
    assert (next_weekday(TODAY, 3), next_weekday(TODAY, 3, -1)) == (date(2026, 12, 2), date(2026, 11, 18))
    assert (next_weekday(TODAY, 5), next_weekday(TODAY, 1, -1)) == (date(2026, 11, 27), date(2026, 11, 23))


def test_the_first_of_the_next_month_may_be_in_the_next_year():
    assert (first_of_next(TODAY), first_of_next(date(2026, 12, 31))) == (date(2026, 12, 1), date(2027, 1, 1))


def test_months_between_are_whole_and_begun():
    assert months_between(date(2026, 11, 25), date(2027, 1, 25)) == (2, 2)
    assert months_between(date(2027, 1, 24), date(2026, 11, 25)) == (1, 2)


def test_a_date_without_its_year_means_the_nearest_ones():
    assert meant(("date", None, 12, 1), TODAY) == (date(2026, 12, 1), date(2025, 12, 1))
    assert meant(("date", None, None, 24), TODAY)[0] == date(2026, 11, 24)
    assert meant(("date", 2024, 2, 29), TODAY) == (date(2024, 2, 29),)
    assert (meant(("date", None, 12, 1), None), meant(("date", 2026, 12, None), TODAY)) == ((), ())


def test_a_key_fits_the_days_that_it_may_speak_of():
    assert fits(("date", None, 11, None), TODAY)
    assert fits(("weekday", 3), TODAY)
    assert not fits(("date", 2025, 11, 25), TODAY)
    assert not fits(("number", 25), TODAY)


def test_days_are_told_by_name():
    assert (spelled(TODAY), weekday_name(7), list(related("yesterday", TODAY))) == (
        "25 November 2026",
        "Sunday",
        [date(2026, 11, 24)],
    )
    assert list(related("someday", TODAY)) == []
