"""What rises at a tenant, read from the rows that klark keeps: topics against their own past, and articles whose drafts people
edit or reject more often than before. docs/trends.md defines both. Call all of it inside `within(tenant_id)`.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from math import comb
from zoneinfo import ZoneInfo

from django.db.models import F, Func, JSONField, Value

from klark.evidence.outcomes import Ending, ending
from klark.evidence.rising import DAYS, FEWEST, Rise, rises, strictness
from klark.evidence.turns import turns_of
from klark.models import Article, Draft, policy_in_force, rules_of

ALL = "*"
"""The key of all tickets together."""
EXAMPLES = 5
RECENT, BEFORE = timedelta(days=28), timedelta(days=112)
CHANCE = 0.001
"""How likely an article may seem to fail by chance, at most, at one look."""
FEWEST_FAILED = 3
FAILED, JUDGED = (Ending.EDITED, Ending.REJECTED), (Ending.EDITED, Ending.REJECTED, Ending.UNCHANGED)


@dataclass(frozen=True, slots=True)
class Ticket:
    """A ticket on the day on which its customer first wrote, with its first draft."""

    day: date
    topic: str
    draft_id: int
    ticket_id: str
    subject: str


@dataclass(frozen=True, slots=True)
class Signal:
    """A topic that rises: the number of days that shows it best, its daily counts of DAYS, the newest last, and its newest
    tickets."""

    topic: str
    rise: Rise
    counts: tuple[int, ...]
    examples: tuple[Ticket, ...]


@dataclass(frozen=True, slots=True)
class Failing:
    """An article whose drafts were edited or rejected more often of late: how many of how many, before and now; the chance of
    that if nothing had changed; the newest of these drafts, by id."""

    title: str
    article_id: int
    before: tuple[int, int]
    now: tuple[int, int]
    chance: float
    examples: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Trends:
    """`until`: the first day that is not counted, which is today; `lacking`: days until there are enough to compare with."""

    until: date
    lacking: int
    counts: tuple[int, ...]
    signals: tuple[Signal, ...]
    failing: tuple[Failing, ...]


def trends(tenant_id: int, now: datetime) -> Trends:
    """Returns what rises, the strongest signal first."""
    zone = ZoneInfo(rules_of(policy_in_force(tenant_id)).time_zone)
    until = now.astimezone(zone).date()
    tickets = [one for one in _tickets(tenant_id, zone) if one.day < until]
    oldest = min((one.day for one in tickets), default=until)
    lacking = max(DAYS - (until - oldest).days, 0)
    by_topic = _by_topic(tickets, until)
    signals = [] if lacking else _signals(by_topic, until)
    return Trends(until, lacking, _daily(by_topic[ALL], until), tuple(signals), tuple(failing(tenant_id, now)))


def _tickets(tenant_id: int, zone: ZoneInfo) -> Iterable[Ticket]:
    """Yields each ticket that klark drafted for or handed over once, by its first turn."""
    first = Draft.of(tenant_id).filter(live=True).order_by("connection_id", "ticket_id", "customer_wrote_at", "pk")
    rows = first.distinct("connection_id", "ticket_id")
    for at, topic, pk, ticket, subject in rows.values_list("customer_wrote_at", "topic", "pk", "ticket_id", "subject"):
        yield Ticket(at.astimezone(zone).date(), topic, pk, ticket, subject)


def _by_topic(tickets: Iterable[Ticket], until: date) -> dict[str, list[Ticket]]:
    """Returns the tickets of the last DAYS by topic, and all of them, the newest first."""
    found: dict[str, list[Ticket]] = defaultdict(list)
    for one in sorted(tickets, key=lambda each: (each.day, each.draft_id), reverse=True):
        if one.day >= until - timedelta(days=DAYS):
            found[one.topic].append(one)
            found[ALL].append(one)
    return found


def _daily(tickets: Iterable[Ticket], until: date) -> tuple[int, ...]:
    by_day = Counter(one.day for one in tickets)
    return tuple(by_day[until - timedelta(days=back)] for back in range(DAYS, 0, -1))


def _signals(by_topic: Mapping[str, Sequence[Ticket]], until: date) -> list[Signal]:
    strict, found = strictness(len(by_topic)), []
    for topic, tickets in by_topic.items():
        counts = _daily(tickets, until)
        rise = max(rises(counts, strict), key=lambda one: float(one.excess))
        if rise.count > rise.threshold and rise.count >= FEWEST:
            found.append(Signal(topic, rise, counts, tuple(tickets[:EXAMPLES])))
    return sorted(found, key=lambda one: (one.topic == ALL, -float(one.rise.excess)))


def failing(tenant_id: int, now: datetime) -> list[Failing]:
    """Returns the articles on which drafts of the last four weeks rest that people edited or rejected more often than those of
    the twelve weeks before: Fisher's exact test."""
    turns = {turn.draft_id: turn for turn in turns_of(tenant_id, now - BEFORE, now)}
    judged = {pk: ending(turn) in FAILED for pk, turn in turns.items() if turn.live and ending(turn) in JUDGED}
    by_article: dict[str, list[int]] = defaultdict(list)
    for pk, articles in _resting(tenant_id, judged):
        for article in articles:
            by_article[article].append(pk)
    titles = {key: (title, pk) for key, title, pk in
              Article.of(tenant_id).filter(current=True).values_list("key", "title", "pk")}  # fmt: skip
    found = []
    for key, drafts in by_article.items():
        late = [pk for pk in drafts if turns[pk].drafted_at >= now - RECENT]
        then, today = _counted([pk for pk in drafts if pk not in {*late}], judged), _counted(late, judged)
        chance = by_chance(then, today)
        if key in titles and today[0] >= FEWEST_FAILED and chance <= CHANCE:
            newest = tuple(sorted((pk for pk in late if judged[pk]), reverse=True)[:EXAMPLES])
            found.append(Failing(*titles[key], then, today, chance, newest))
    return sorted(found, key=lambda one: one.chance)


def _counted(drafts: Sequence[int], judged: Mapping[int, bool]) -> tuple[int, int]:
    return sum(judged[pk] for pk in drafts), len(drafts)


def _resting(tenant_id: int, judged: Mapping[int, bool]) -> Iterable[tuple[int, set[str]]]:
    """Yields each draft with the keys of the articles that it rests on."""
    cited = Func(
        F("sentences"), Value("$[*].sources[*].article"), function="jsonb_path_query_array", output_field=JSONField()
    )
    for pk, keys in Draft.of(tenant_id).filter(pk__in=list(judged)).values_list("pk", cited):
        yield pk, {str(key) for key in keys}


def by_chance(before: tuple[int, int], now: tuple[int, int]) -> float:
    """Returns how likely at least so many of the drafts that failed would be among those of now, if drafts failed as often as
    before; 1 where there is nothing to compare with."""
    failed, judged = before[0] + now[0], before[1] + now[1]
    if not before[1] or not now[1]:
        return 1.0
    ways = sum(comb(now[1], k) * comb(before[1], failed - k) for k in range(now[0], min(failed, now[1]) + 1))
    return ways / comb(judged, failed)
