"""When a day began."""

from datetime import UTC, datetime

import pytest

from klark.values.day_start import midnight

NOON = datetime(2026, 11, 25, 12, 34, 56, 789, tzinfo=UTC)


@pytest.mark.parametrize(("zone", "began"), [
    ("", datetime(2026, 11, 25, tzinfo=UTC)), ("UTC", datetime(2026, 11, 25, tzinfo=UTC)),
    ("Europe/Paris", datetime(2026, 11, 24, 23, tzinfo=UTC)), ("Pacific/Auckland", datetime(2026, 11, 25, 11, tzinfo=UTC)),
])  # fmt: skip
def test_a_day_begins_where_the_tenant_is(zone: str, began: datetime) -> None:
    assert midnight(NOON, zone) == began
    assert (midnight(NOON, zone).hour, midnight(NOON, zone).minute) == (0, 0)
