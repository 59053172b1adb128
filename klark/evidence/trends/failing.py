"""Articles whose drafts people edit or reject more often than before (Fisher's exact test)."""

from collections import defaultdict
from collections.abc import Collection, Container, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import QuerySet

from klark.evidence.trends.fisher import Sample, by_chance
from klark.evidence.trends.tickets import EXAMPLES
from klark.evidence.turns import answering
from klark.models import Article, Delivery, Draft, Outcome

RECENT, BEFORE = timedelta(days=28), timedelta(days=112)
CHANCE = 0.001
"""How likely an article may seem to fail by chance, at most, at one look."""
FEWEST_FAILED = 3


@dataclass(frozen=True, slots=True)
class Failing:
    """An article whose drafts were edited or rejected more often of late: how many of how many, before and now; the chance of
    that if nothing had changed; the newest of these drafts, by id."""

    title: str
    article_id: int
    before: Sample
    now: Sample
    chance: float
    examples: tuple[int, ...]


def failing(tenant_id: int, now: datetime) -> list[Failing]:
    """Returns the articles on which drafts of the last four weeks rest that people edited or rejected more often than those of
    the twelve weeks before: Fisher's exact test."""
    made = answering(tenant_id).filter(live=True, created_at__gte=now - BEFORE, created_at__lt=now)
    drafts = made.exclude(rests_on=[])
    judged, found = judged_among(drafts), []
    for article, since in _by_article(tenant_id, drafts, judged).items():
        late = {pk for pk, drafted_at in since.items() if drafted_at >= now - RECENT}
        then, today = _counted(since.keys() - late, judged), _counted(late, judged)
        chance = by_chance(then, today)
        if today.hits >= FEWEST_FAILED and chance <= CHANCE:
            newest = tuple(sorted((pk for pk in late if judged[pk]), reverse=True)[:EXAMPLES])
            found.append(Failing(article.title, article.pk, then, today, chance, newest))
    return sorted(found, key=lambda one: one.chance)


def judged_among(drafts: QuerySet[Draft]) -> dict[int, bool]:
    """Returns of each draft that was sent or rejected whether it failed: it was rejected, or edited before. It is what
    `klark.evidence.outcomes.ending` says; months of whole turns take seconds to read."""
    replies = Delivery.objects.filter(draft__in=drafts, kind=Delivery.Kind.REPLY, state=Delivery.State.SENT)
    sent = set(replies.values_list("draft", flat=True))
    acts = Outcome.objects.filter(draft__in=drafts, kind__in=(Outcome.Kind.EDITED, Outcome.Kind.REJECTED))
    failed = {pk for pk, kind in acts.values_list("draft", "kind") if (kind == Outcome.Kind.EDITED) == (pk in sent)}
    return {pk: pk in failed for pk in sent | failed}


def _counted(drafts: Collection[int], judged: Mapping[int, bool]) -> Sample:
    return Sample(sum(judged[pk] for pk in drafts), len(drafts))


def _by_article(tenant_id: int, drafts: QuerySet[Draft], judged: Container[int]) -> dict[Article, dict[int, datetime]]:
    """Returns for each article, as it is now, the judged drafts that rest on any version of it, and when they were made."""
    columns = drafts.values_list("pk", "rests_on", "created_at")
    resting = [(pk, versions, at) for pk, versions, at in columns if pk in judged]
    every = Article.of(tenant_id).only("source", "key", "title")
    current = {(one.source, one.key): one for one in every.filter(current=True)}
    known = every.filter(pk__in={pk for _, versions, _ in resting for pk in versions})
    articles = {one.pk: current[one.source, one.key] for one in known if (one.source, one.key) in current}
    found: dict[Article, dict[int, datetime]] = defaultdict(dict)
    for pk, versions, at in resting:
        for version in versions:
            if version in articles:
                found[articles[version]][pk] = at
    return found
