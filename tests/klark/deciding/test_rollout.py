"""On which tickets klark writes: always the same ones, and what is left out says why."""

from collections import Counter
from datetime import UTC, datetime
from uuid import UUID

import pytest

from klark.deciding.rollout import share_of, watched_for
from klark.values.policy import read_rules
from tests.klark.said import comment, ticket

HERE = UUID(int=7)
NOON, NIGHT = (datetime(2026, 11, 23, hour, tzinfo=UTC) for hour in (12, 23))  # a Monday
HOURS = {"mon": "9:00-18:00"}


@pytest.mark.parametrize(("rules", "now", "left_out"), [
    ({}, NIGHT, ""),
    ({"rollout_channels": ["email", "web"]}, NOON, ""), ({"rollout_channels": ["web"]}, NOON, "rollout_channels"),
    ({"rollout_brands": ["5"]}, NOON, ""), ({"rollout_brands": ["6"]}, NOON, "rollout_brands"),
    ({"rollout_hours": "open", "office_hours": HOURS}, NOON, ""),
    ({"rollout_hours": "open", "office_hours": HOURS}, NIGHT, "rollout_hours"),
    ({"rollout_hours": "closed", "office_hours": HOURS}, NOON, "rollout_hours"),
    ({"rollout_hours": "closed", "office_hours": HOURS}, NIGHT, ""),
    ({"rollout_percent": 0}, NOON, "rollout_percent"),
])  # fmt: skip
def test_what_leaves_a_ticket_out_is_named(rules: dict[str, object], now: datetime, left_out: str) -> None:
    asked = ticket(comment(1), channel="email", brand_id="5")
    assert watched_for(asked, HERE, read_rules(rules), now) == left_out


def test_a_ticket_stays_on_its_side_and_a_greater_share_takes_in_those_of_a_smaller_one() -> None:
    places = [share_of(HERE, str(number)) for number in range(10_000)]
    assert places == [share_of(HERE, str(number)) for number in range(10_000)]
    assert (min(places), max(places)) == (0, 99)
    counted = Counter(place < 20 for place in places)
    assert 1_850 < counted[True] < 2_150  # 20 %; four standard deviations are 160


def test_two_accounts_do_not_roll_out_to_the_same_numbers() -> None:
    other = UUID(int=8)
    assert [share_of(HERE, str(number)) for number in range(20)] != [
        share_of(other, str(number)) for number in range(20)
    ]
