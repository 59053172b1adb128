"""What a draft's page says of who has taken it, and until when it is snoozed."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.http import HttpRequest
from django.utils import timezone

from klark.admin.queue.listing import is_snoozed, moment_words, until_words
from klark.delivery.handing_over import hands_over_at
from klark.models import Delivery
from klark.models.delivery import NEVER
from klark.values.policy.rules import Rules

SNOOZES: Mapping[str, Callable[[datetime, ZoneInfo], datetime]] = {
    "hour": lambda now, _zone: now + timedelta(hours=1),
    "tomorrow": lambda now, zone: datetime.combine(now.astimezone(zone).date() + timedelta(days=1), time(9), zone),
    "customer": lambda _now, _zone: NEVER,
}
"""Until when a draft can be snoozed: for an hour, until nine tomorrow where the tenant is, until the customer writes."""


@dataclass(frozen=True, slots=True)
class Taken:
    """Who has taken a draft (""), since when, and whether that is the user; until when it is snoozed, in words, and by whom;
    when it is handed over, whatever anybody chooses ("" if never); the moment that "tomorrow" is. Moments are on the clock of
    the policy, whose nine o'clock "tomorrow" is."""

    by: str
    since: datetime | None
    mine: bool
    snoozed: str
    snoozed_by: str
    hands_over: str
    tomorrow: str


def taken(request: HttpRequest, waiting: Delivery | None, rules: Rules) -> Taken | None:
    """Returns what there is to say of what waits."""
    if waiting is None:
        return None
    last, until, zone = hands_over_at(waiting, rules), waiting.snoozed_until, rules.zone
    return Taken(
        waiting.taken_by, waiting.taken_at, waiting.taken_by == request.user.get_username(),
        until_words(until, zone=zone) if until and is_snoozed(until) else "", waiting.snoozed_by,
        moment_words(last, zone) if last else "", moment_words(SNOOZES["tomorrow"](timezone.now(), zone), zone),
    )  # fmt: skip
