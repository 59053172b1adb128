"""What changes at a tenant, read from the rows that klark keeps. docs/trends.md defines all of it. Call it inside
`within(tenant_id)`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from klark.evidence.trends import moods, rising
from klark.evidence.trends.failing import Failing, failing
from klark.evidence.trends.rising import DAYS, FEWEST, Rise, rises
from klark.evidence.trends.tickets import ALL, EXAMPLES, Ticket, by_topic, daily, tickets_of
from klark.evidence.trends.uncovered import Uncovered, uncovered
from klark.models import policy_in_force, rules_of


@dataclass(frozen=True, slots=True)
class Signal:
    """A topic that rises: the number of days that shows it best, its daily counts of DAYS, the newest last, and its newest
    tickets."""

    topic: str
    rise: Rise
    counts: tuple[int, ...]
    examples: tuple[Ticket, ...]


@dataclass(frozen=True, slots=True)
class MoodShift:
    """A topic whose customers are upset or angry more often than before, and the newest tickets of such customers."""

    topic: str
    shift: moods.Shift
    examples: tuple[Ticket, ...]


@dataclass(frozen=True, slots=True)
class Trends:
    """`until`: the first day that is not counted, which is today; `lacking`: days until there are enough to compare with."""

    until: date
    lacking: int
    counts: tuple[int, ...]
    signals: tuple[Signal, ...]
    moods: tuple[MoodShift, ...]
    failing: tuple[Failing, ...]
    uncovered: tuple[Uncovered, ...]


def trends(tenant_id: int, now: datetime) -> Trends:
    """Returns what changes, the strongest signal of each kind first."""
    zone = ZoneInfo(rules_of(policy_in_force(tenant_id)).time_zone)
    until = now.astimezone(zone).date()
    tickets = [one for one in tickets_of(tenant_id, zone) if one.day < until]
    oldest = min((one.day for one in tickets), default=until)
    lacking = max(DAYS - (until - oldest).days, 0)
    lately = by_topic(tickets, until - timedelta(days=DAYS))
    signals = [] if lacking else _signals(lately, until)
    shifts = [] if lacking else _moods(by_topic(tickets, until - timedelta(days=moods.DAYS)), until)
    return Trends(
        until, lacking, daily(lately[ALL], until, DAYS), tuple(signals), tuple(shifts), tuple(failing(tenant_id, now)),
        tuple(uncovered(tenant_id, lately[ALL], until)),
    )  # fmt: skip


def _signals(by_topic: Mapping[str, Sequence[Ticket]], until: date) -> list[Signal]:
    strict, found = rising.strictness(len(by_topic)), []
    for topic, tickets in by_topic.items():
        counts = daily(tickets, until, DAYS)
        rise = max(rises(counts, strict), key=lambda one: float(one.excess))
        if rise.count > rise.threshold and rise.count >= FEWEST:
            found.append(Signal(topic, rise, counts, tuple(tickets[:EXAMPLES])))
    return sorted(found, key=lambda one: (one.topic == ALL, -float(one.rise.excess)))


def _moods(by_topic: Mapping[str, Sequence[Ticket]], until: date) -> list[MoodShift]:
    least, found = moods.strictness(len(by_topic)), []
    for topic, tickets in by_topic.items():
        unhappy = [one for one in tickets if one.unhappy]
        known = [one for one in tickets if one.unhappy is not None]
        upset, all_ = (daily(some, until, moods.DAYS) for some in (unhappy, known))
        if shift := moods.shift(upset, all_, least):
            found.append(MoodShift(topic, shift, tuple(unhappy[:EXAMPLES])))
    return sorted(found, key=lambda one: (one.topic == ALL, one.shift.chance))
