"""What changes at a tenant, read from the rows that klark keeps. docs/trends.md defines all of it. Call it inside
`within(tenant_id)`.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
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
    """A topic that rises: the number of days that shows it best, its daily counts of DAYS, the newest last, the day of these with
    the most tickets, and the newest tickets of that day; of ALL those of the topics that rise too, if any does."""

    topic: str
    rise: Rise
    counts: tuple[int, ...]
    peak: date
    examples: tuple[Ticket, ...]


@dataclass(frozen=True, slots=True)
class MoodShift:
    """A topic whose customers are upset or angry more often than before, and the newest tickets of such customers."""

    topic: str
    shift: moods.Shift
    examples: tuple[Ticket, ...]


@dataclass(frozen=True, slots=True)
class Trends:
    """`until`: the first day that is not counted, which is today in `zone`; `lacking`: days until there are enough to compare
    with; `by_topic`: the daily counts of DAYS by topic, ALL among them, the newest last."""

    zone: ZoneInfo
    until: date
    lacking: int
    by_topic: Mapping[str, tuple[int, ...]]
    signals: tuple[Signal, ...]
    moods: tuple[MoodShift, ...]
    failing: tuple[Failing, ...]
    uncovered: tuple[Uncovered, ...]

    @property
    def counts(self) -> tuple[int, ...]:
        """Returns the daily counts of all tickets together."""
        return self.by_topic[ALL]


def trends(tenant_id: int, now: datetime) -> Trends:
    """Returns what changes, the strongest signal of each kind first."""
    zone = ZoneInfo(rules_of(policy_in_force(tenant_id)).time_zone)
    until = now.astimezone(zone).date()
    tickets = [one for one in tickets_of(tenant_id, zone) if one.day < until]
    oldest = min((one.day for one in tickets), default=until)
    lacking = max(DAYS - (until - oldest).days, 0)
    lately = by_topic(tickets, until - timedelta(days=DAYS))
    lately.setdefault(ALL, [])
    counts = {topic: daily(some, until, DAYS) for topic, some in lately.items()}
    signals = [] if lacking else _signals(lately, counts, until)
    shifts = [] if lacking else _moods(by_topic(tickets, until - timedelta(days=moods.DAYS)), until)
    return Trends(
        zone, until, lacking, counts, tuple(signals), tuple(shifts), tuple(failing(tenant_id, now)),
        tuple(uncovered(tenant_id, lately[ALL], until)),
    )  # fmt: skip


def _signals(
    tickets: Mapping[str, Sequence[Ticket]], by_topic: Mapping[str, tuple[int, ...]], until: date
) -> list[Signal]:
    strict, found = rising.strictness(len(by_topic)), []
    for topic, counts in by_topic.items():
        rise = max(rises(counts, strict), key=lambda one: float(one.excess))
        if rise.count > rise.threshold and rise.count >= FEWEST:
            back = max(range(1, rise.days + 1), key=lambda days: counts[-days])
            peak = until - timedelta(days=back)
            examples = [one for one in tickets[topic] if one.day == peak][:EXAMPLES]
            found.append(Signal(topic, rise, counts, peak, tuple(examples)))
    rising_ones = {one.topic for one in found} - {ALL}
    found = [_narrowed(one, tickets[ALL], rising_ones) if one.topic == ALL else one for one in found]
    return sorted(found, key=lambda one: (one.topic == ALL, -float(one.rise.excess)))


def _narrowed(signal: Signal, tickets: Sequence[Ticket], topics: Collection[str]) -> Signal:
    """Returns the signal with examples of these topics alone, as far as there are any on its peak."""
    those = [one for one in tickets if one.day == signal.peak and one.topic in topics][:EXAMPLES]
    return replace(signal, examples=tuple(those)) if those else signal


def _moods(by_topic: Mapping[str, Sequence[Ticket]], until: date) -> list[MoodShift]:
    least, found = moods.strictness(len(by_topic)), []
    for topic, tickets in by_topic.items():
        unhappy = [one for one in tickets if one.unhappy]
        known = [one for one in tickets if one.unhappy is not None]
        upset, all_ = (daily(some, until, moods.DAYS) for some in (unhappy, known))
        if shift := moods.shift(upset, all_, least):
            found.append(MoodShift(topic, shift, tuple(unhappy[:EXAMPLES])))
    return sorted(found, key=lambda one: (one.topic == ALL, one.shift.chance))
