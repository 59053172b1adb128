"""When a day began, by a tenant's own calendar."""

from datetime import datetime
from zoneinfo import ZoneInfo


def midnight(now: datetime, time_zone: str = "") -> datetime:
    """Returns the moment at which today began in a time zone; without one, in that of `now`."""
    there = now.astimezone(ZoneInfo(time_zone)) if time_zone else now
    return there.replace(hour=0, minute=0, second=0, microsecond=0)
