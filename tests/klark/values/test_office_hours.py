"""When the office is open, and since when it has worked for so long."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from klark.values.policy.office_hours import is_open, open_since

WEEK = dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), "9:00-12:00, 13:30-18:00")
PARIS = "Europe/Paris"


def at(day: int, hour: int, minute: int = 0, month: int = 11) -> datetime:
    """In Paris; the 23rd of November 2026 is a Monday."""
    return datetime(2026, month, day, hour, minute, tzinfo=ZoneInfo(PARIS)).astimezone(UTC)


@pytest.mark.parametrize(("moment", "opened"), [
    (at(23, 8, 59), False), (at(23, 9), True), (at(23, 12), False), (at(23, 13, 30), True), (at(23, 18), False),
    (at(28, 10), False),
])  # fmt: skip
def test_the_office_is_open_at_the_tenants_own_hours(moment: datetime, opened: bool) -> None:
    assert is_open(WEEK, PARIS, moment) is opened


def test_without_hours_the_office_is_always_open() -> None:
    assert (is_open({}, PARIS, at(28, 3)), open_since({}, PARIS, at(28, 3), timedelta(hours=5))) == (True, at(27, 22))


@pytest.mark.parametrize(("now", "hours", "since"), [
    (at(23, 17), 2, at(23, 15)), (at(23, 14), 1, at(23, 11, 30)), (at(23, 14), 3.5, at(23, 9)),
    (at(23, 10), 2, at(20, 17)),  # over the weekend
    (at(22, 3), 7.5, at(20, 9)), (at(24, 9), 15, at(20, 9)),
])  # fmt: skip
def test_a_wait_is_counted_in_the_hours_of_the_office(now: datetime, hours: float, since: datetime) -> None:
    assert open_since(WEEK, PARIS, now, timedelta(hours=hours)) == since


def test_a_day_on_which_the_clocks_change_has_the_hours_that_it_has() -> None:
    night = {"sun": "0:00-24:00"}  # 25 hours on the 25th of October
    assert open_since(night, PARIS, at(26, 8, month=10), timedelta(hours=25)) == at(25, 0, month=10)


@pytest.mark.parametrize(("now", "hours", "since"), [
    (at(25, 23, 30, month=10), 30, at(18, 18, 30, month=10)),  # 24.5 of them on this Sunday, which has 25
    (at(30, 0, 30, month=3), 1, at(29, 23, month=3)),  # 24 hours ago it was Saturday
])  # fmt: skip
def test_each_day_counts_once_when_the_clocks_change(now: datetime, hours: float, since: datetime) -> None:
    assert open_since({"sun": "0:00-24:00"}, PARIS, now, timedelta(hours=hours)) == since


def test_an_office_that_is_hardly_ever_open_ends_the_search() -> None:
    assert at(23, 9) - open_since({"mon": "9:00-9:01"}, PARIS, at(23, 9), timedelta(hours=9)) == timedelta(days=400)
