"""A tenant's tickets as its trends count them: once each, by their first draft, on the day on which the customer wrote."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from klark.evidence.trends.moods import UNHAPPY
from klark.models import Draft

ALL = "*"
"""The key of all tickets together."""
EXAMPLES = 5


@dataclass(frozen=True, slots=True)
class Ticket:
    """A ticket on the day on which its customer first wrote, with its first draft. `unhappy`: None if nobody knows, as where
    what the draft said was deleted."""

    day: date
    topic: str
    draft_id: int
    ticket_id: str
    subject: str
    unhappy: bool | None


def tickets_of(tenant_id: int, zone: ZoneInfo) -> Iterator[Ticket]:
    """Yields each ticket that klark drafted for or handed over once, by its first turn."""
    first = Draft.of(tenant_id).filter(live=True).order_by("connection_id", "ticket_id", "customer_wrote_at", "pk")
    rows = first.distinct("connection_id", "ticket_id")
    for at, topic, pk, ticket, subject, mood in rows.values_list(
        "customer_wrote_at", "topic", "pk", "ticket_id", "subject", "mood"
    ):
        yield Ticket(at.astimezone(zone).date(), topic, pk, ticket, subject, mood in UNHAPPY if mood else None)


def by_topic(tickets: Iterable[Ticket], since: date) -> dict[str, list[Ticket]]:
    """Returns the tickets from a day on by topic, and all of them, the newest first."""
    found: dict[str, list[Ticket]] = defaultdict(list)
    for one in sorted(tickets, key=lambda each: (each.day, each.draft_id), reverse=True):
        if one.day >= since:
            found[one.topic].append(one)
            found[ALL].append(one)
    return found


def daily(tickets: Iterable[Ticket], until: date, days: int) -> tuple[int, ...]:
    """Returns how many tickets came on each of the days before `until`, the newest last."""
    by_day = Counter(one.day for one in tickets)
    return tuple(by_day[until - timedelta(days=back)] for back in range(days, 0, -1))
