"""Which gaps have an article by now: one that is newer than their tickets and covers what they ask."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple

from klark.knowledge.gap import Gap
from klark.knowledge.similarity import stems_of
from klark.models import Passage

SPEAKS = 0.67
"""Share of a question's stems that one sentence, with its article's title, must have to cover it."""
LEAST = 2
"""Stems of a question that must be found at least: a single word is in many articles."""
MOST_PASSAGES = 2_000


class Told(NamedTuple):
    """A sentence of an article, with the stems of the sentence and of the title."""

    article_id: int
    title: str
    language: str
    added_at: datetime
    stems: frozenset[str]


def with_articles(tenant_id: int, gaps: Sequence[Gap]) -> list[Gap]:
    """Returns the gaps, each with the newest article that fills it. Call inside `within(tenant_id)`."""
    oldest = min((gap.last_at for gap in gaps), default=None)
    told = _told(tenant_id, oldest) if oldest else []
    return [filled(gap, told) for gap in gaps]


def filled(gap: Gap, told: Iterable[Told]) -> Gap:
    """Returns the gap, with the first article that fills it; `told` comes newest first."""
    wanted = stems_of(gap.question, gap.language)
    fits = (one for one in told if one.language == gap.language and one.added_at > gap.last_at)
    found = next((one for one in fits if len(wanted & one.stems) >= max(LEAST, SPEAKS * len(wanted))), None)
    return replace(gap, article_id=found.article_id, article=found.title) if found else gap


def _told(tenant_id: int, since: datetime) -> list[Told]:
    newer = Passage.of(tenant_id).filter(article__current=True, article__added_at__gt=since).select_related("article")
    return [
        Told(row.article_id, row.article.title, row.language, row.article.added_at,
             stems_of(f"{row.article.title}. {text}", row.language))
        for row in newer.order_by("-article__added_at", "pk")[:MOST_PASSAGES] for text in row.sentences
    ]  # fmt: skip
