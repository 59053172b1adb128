"""When the office is open, as a policy says it: by day of the week, as in {"mon": "9:00-12:00, 13:30-18:00"}."""

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_lazy as _

from klark.values.policy.fields import TEXT, BadRules, given, takes

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
LOOKED_BACK = 400
"""Days, also of those looked ahead: an office that is open for a minute a week has worked for an hour within them."""
_SPAN = re.compile(r"\s*([01]?[0-9]|2[0-3]):([0-5][0-9])\s*[-–]\s*(?:([01]?[0-9]|2[0-3]):([0-5][0-9])|24:00)\s*")
_DAY = {**TEXT, "pattern": f"^{_SPAN.pattern}(,{_SPAN.pattern})*$"}
Hours = Mapping[str, str]
"""Day of the week → spans; a day that is left out is closed, and without any day the office is always open."""


@takes(type="object", properties=dict.fromkeys(DAYS, _DAY), additionalProperties=False)
def office_hours(name: str, value: Any) -> Any:
    """Reads day of the week → spans of time, with commas between them."""
    if not isinstance(value, dict) or set(value) - set(DAYS):
        raise BadRules(name, _("%(name)s takes an object with any of %(known)s."), known=", ".join(DAYS))
    for day, text in value.items():
        if not isinstance(text, str) or not all(_SPAN.fullmatch(part) for part in text.split(",")):
            sentence = _('%(name)s takes hours as in "9:00-18:00" or "9:00-12:00, 13:30-18:00", not %(given)s.')
            raise BadRules(f"{name}.{day}", sentence, given=given(text))
        if any(end <= start for start, end in _minutes(text)):
            sentence = _("%(name)s: %(given)s ends before it begins; give each day its own hours.")
            raise BadRules(f"{name}.{day}", sentence, given=given(text))
        if any(then < end for (_from, end), (then, _to) in pairwise(_minutes(text))):
            sentence = _("%(name)s: the hours in %(given)s overlap; write each hour once.")
            raise BadRules(f"{name}.{day}", sentence, given=given(text))
    return value


def is_open(hours: Hours, zone: str, at: datetime) -> bool:
    """Returns whether the office is open at a moment."""
    return not hours or any(start <= at < end for start, end in _spans(hours, zone, _day_of(at, zone)))


def open_since(hours: Hours, zone: str, at: datetime, worked: timedelta) -> datetime:
    """Returns the moment since which the office has been open for `worked`, up to `at`."""
    if not hours:
        return at - worked
    for days in range(LOOKED_BACK):
        for start, end in reversed(list(_spans(hours, zone, _day_of(at, zone) - timedelta(days=days)))):
            here = min(end, at) - start
            if here >= worked:
                return min(end, at) - worked
            worked -= max(here, timedelta(0))
    return at - timedelta(days=LOOKED_BACK)


def open_until(hours: Hours, zone: str, since: datetime, worked: timedelta) -> datetime:
    """Returns the moment at which the office will have been open for `worked`, from `since` on."""
    if not hours:
        return since + worked
    for days in range(LOOKED_BACK):
        for start, end in _spans(hours, zone, _day_of(since, zone) + timedelta(days=days)):
            here = end - max(start, since)
            if here >= worked:
                return max(start, since) + worked
            worked -= max(here, timedelta(0))
    return since + timedelta(days=LOOKED_BACK)


def _day_of(at: datetime, zone: str) -> date:
    return at.astimezone(ZoneInfo(zone)).date()


def _spans(hours: Hours, zone: str, day: date) -> Iterator[tuple[datetime, datetime]]:
    """Yields when the office opens and closes on a day of its own calendar, in UTC: across a change of the clocks, too."""
    midnight = datetime.combine(day, time(), ZoneInfo(zone))
    for start, end in _minutes(hours.get(DAYS[day.weekday()], "")):
        yield (midnight + timedelta(minutes=start)).astimezone(UTC), (midnight + timedelta(minutes=end)).astimezone(UTC)


def _minutes(text: str) -> list[tuple[int, int]]:
    """Returns the spans of a day in minutes since midnight, the earliest first."""
    found = [_SPAN.fullmatch(part) for part in text.split(",")]
    clocks = [each.groups(default="") for each in found if each]
    return sorted((int(a) * 60 + int(b), int(c) * 60 + int(d) if c else 24 * 60) for a, b, c, d in clocks)
