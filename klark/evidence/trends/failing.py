"""Articles whose drafts people edit or reject more often than before (Fisher's exact test)."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import F, Func, JSONField, Value

from klark.evidence.outcomes import Ending, ending
from klark.evidence.trends.fisher import Sample, by_chance
from klark.evidence.trends.tickets import EXAMPLES
from klark.evidence.turns import turns_of
from klark.models import Article, Draft

RECENT, BEFORE = timedelta(days=28), timedelta(days=112)
CHANCE = 0.001
"""How likely an article may seem to fail by chance, at most, at one look."""
FEWEST_FAILED = 3
FAILED, JUDGED = (Ending.EDITED, Ending.REJECTED), (Ending.EDITED, Ending.REJECTED, Ending.UNCHANGED)


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
        late = {pk for pk in drafts if turns[pk].drafted_at >= now - RECENT}
        then, today = _counted({*drafts} - late, judged), _counted(late, judged)
        chance = by_chance(then, today)
        if key in titles and today.hits >= FEWEST_FAILED and chance <= CHANCE:
            newest = tuple(sorted((pk for pk in late if judged[pk]), reverse=True)[:EXAMPLES])
            found.append(Failing(*titles[key], then, today, chance, newest))
    return sorted(found, key=lambda one: one.chance)


def _counted(drafts: Collection[int], judged: Mapping[int, bool]) -> Sample:
    return Sample(sum(judged[pk] for pk in drafts), len(drafts))


def _resting(tenant_id: int, judged: Mapping[int, bool]) -> Iterable[tuple[int, set[str]]]:
    """Yields each draft with the keys of the articles that it rests on."""
    cited = Func(
        F("sentences"), Value("$[*].sources[*].article"), function="jsonb_path_query_array", output_field=JSONField()
    )
    for pk, keys in Draft.of(tenant_id).filter(pk__in=list(judged)).values_list("pk", cited):
        yield pk, {str(key) for key in keys}
