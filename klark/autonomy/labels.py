"""The labels of a topic and language: which judgements of people count, read from the database. Call inside `within`."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet

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


@dataclass(frozen=True, slots=True)
class Earlier:
    """The drafts that were judged before the evidence was last counted anew: how many, how many of them wrong, and those with a
    serious error since the topic came to its rung, each (id, ticket). `factor`: what the evidence begins with since then, at
    most 1."""

    judged: int
    wrong: int
    serious: tuple[tuple[int, str], ...]
    factor: float


def earlier(standing: Standing) -> Earlier | None:
    """Returns what was judged before the labels of now; None if nothing was."""
    rows = (
        of_topic(standing)
        .filter(judged_at__lte=standing.since)
        .exclude(verdict="")
        .exclude(Judgement.approved_unsent())
    )
    counts = rows.aggregate(judged=Count("pk"), wrong=Count("pk", filter=~Q(verdict=VERDICT.RIGHT)))
    if not counts["judged"]:
        return None
    here = rows.filter(verdict=VERDICT.SERIOUS, judged_at__gt=standing.stepped_at, draft__isnull=False).order_by(
        "judged_at"
    )
    return Earlier(
        **counts, serious=tuple(here.values_list("draft_id", "draft__ticket_id")), factor=math.exp(standing.carried)
    )


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
