"""Articles that say the same thing with other figures: "within 30 days" here, "within 14 days" there.

Two sentences of different articles contradict each other when they are about the same (their stems), and the figures in
them differ. Which article is older is told, since that is mostly the one to mend; which of them is right, a person knows.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from klark.models import Passage
from klark.steps.alike import likeness, stems_of, weights_of

LIKE = 0.85
MOST_SENTENCES = 20_000
MOST = 30
LEAST_STEMS = 3
HOLDERS = 40
"""A stem that more sentences hold brings no two of them together."""
_FIGURE = re.compile(r"\d+(?:[.,\u00a0 ]\d+)*")


@dataclass(frozen=True, slots=True)
class Side:
    """A sentence, and the article that says it."""

    article_id: int
    title: str
    sentence: str
    at: datetime | None


@dataclass(frozen=True, slots=True)
class Contradiction:
    """`older` was touched before `newer`, where that is known."""

    language: str
    older: Side
    newer: Side


@dataclass(frozen=True, slots=True)
class _Said:
    side: Side
    heading: str
    stems: frozenset[str]
    figures: tuple[str, ...]


def contradictions(tenant_id: int) -> tuple[Contradiction, ...]:
    """Inside `within`."""
    rows = Passage.of(tenant_id).filter(article__current=True).select_related("article").order_by("language", "pk")
    by_language: dict[str, list[_Said]] = defaultdict(list)
    for passage in rows.iterator(chunk_size=500):
        if len(by_language[passage.language]) < MOST_SENTENCES:
            by_language[passage.language] += _said(passage)
    found = [Contradiction(language, *pair) for language, said in by_language.items() for pair in pairs(said)]
    return tuple(found[:MOST])


def _said(passage: Passage) -> list[_Said]:
    article = passage.article
    at = article.updated_at or article.added_at
    return [
        _Said(Side(article.pk, article.title, sentence, at), heading, stems, figures)
        for heading, sentences in passage.sections
        for sentence in sentences
        if (figures := tuple(_FIGURE.findall(sentence)))
        and len(stems := stems_of(f"{heading} {sentence}", passage.language)) >= LEAST_STEMS
    ]


def pairs(said: Sequence[_Said]) -> Iterator[tuple[Side, Side]]:
    """Older and newer, each pair of articles once."""
    weights, holders = weights_of([one.stems for one in said]), defaultdict[str, list[int]](list)
    told: set[frozenset[int]] = set()
    for place, one in enumerate(said):
        near = {other for stem in one.stems if len(holders[stem]) <= HOLDERS for other in holders[stem]}
        for other in sorted(near):
            both = frozenset((one.side.article_id, said[other].side.article_id))
            if len(both) == 2 and both not in told and _differ(one, said[other], weights):
                told.add(both)
                yield _by_age(one.side, said[other].side)
        for stem in one.stems:
            holders[stem].append(place)


def _differ(one: _Said, other: _Said, weights: dict[str, float]) -> bool:
    return (
        len(one.figures) == len(other.figures)
        and one.figures != other.figures
        and likeness(one.stems, other.stems, weights) >= LIKE
    )


def _by_age(one: Side, other: Side) -> tuple[Side, Side]:
    first, second = sorted((one, other), key=lambda side: (side.at is None, side.at.timestamp() if side.at else 0.0))
    return first, second
