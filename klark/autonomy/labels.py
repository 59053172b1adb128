"""The labels of a topic and language: which judgements of people count, read from the database. Call inside `within`."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from klark.autonomy.ladder import Label, Tally, tally
from klark.models import Article, Judgement, Standing

VERDICT = Judgement.Verdict


@dataclass(frozen=True, slots=True)
class Weighed:
    """What the labels weigh, and the articles that the right ones rest on, by their rows' ids."""

    tally: Tally
    articles: tuple[int, ...]


def weigh(standing: Standing) -> Weighed:
    """Returns what people's judgements of this topic and language weigh now."""
    kept: list[Any] = list(_counted(standing).values_list("verdict", "articles", "judged_at", "draft_id"))
    current = _current(standing.tenant_id, [pk for _, articles, *_ in kept for pk in articles])
    labels = [
        Label(verdict, stands=current.issuperset(articles), here=at > standing.stepped_at, draft=draft)
        for verdict, articles, at, draft in kept
    ]
    resting = {pk for verdict, articles, *_ in kept if verdict == VERDICT.RIGHT for pk in articles if pk in current}
    return Weighed(tally(standing.rung, labels, standing.carried), tuple(sorted(resting)))  # type: ignore[arg-type]  # a rung


def changed(tenant_id: int, articles: Sequence[int]) -> list[int]:
    """Returns those of these versions of articles that klark quotes no more."""
    return sorted({*articles} - _current(tenant_id, articles))


def of_topic(standing: Standing) -> "QuerySet[Judgement]":
    """Returns all judgements of its topic and language, also those not made yet."""
    return Judgement.of(standing.tenant_id).filter(topic=standing.topic, language=standing.language)


def _counted(standing: Standing) -> "QuerySet[Judgement]":
    """Leaves out what was approved but never sent. A draft that was deleted since counts as it was judged."""
    rows = of_topic(standing).filter(made_with=standing.made_with, judged_at__gt=standing.since).exclude(verdict="")
    return rows.exclude(Judgement.approved_unsent()).order_by("judged_at", "pk")


def _current(tenant_id: int, articles: Sequence[int]) -> set[Any]:
    rows = Article.of(tenant_id).filter(pk__in=set(articles), current=True) if articles else Article.objects.none()
    return set(rows.values_list("pk", flat=True))
