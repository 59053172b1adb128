"""Find the passages that may answer a ticket, in the first of its languages that has any.

By words alone until passages have their vectors (klark.steps.meaning), by both from then on.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import structlog

from integrations.embeddings.base import Embedder
from integrations.errors import IntegrationError
from klark.models import Passage, within
from klark.steps.ask import Asked, ask
from klark.steps.find import Looked, Ranked, find
from klark.steps.meaning import embedders, in_use, mixed, written

log = structlog.get_logger(__name__)

MOST = 6  # passages a ticket, and two more a question


@dataclass(frozen=True, slots=True)
class Found:
    """A passage with where it stands; `score` is comparable within one question only."""

    passage_id: int
    article_id: int
    article: str
    version: int
    title: str
    url: str
    language: str
    sentences: tuple[str, ...]
    score: float


def retrieve(tenant_id: int, questions: Sequence[str], languages: Sequence[str], text: str = "") -> tuple[Found, ...]:
    """The best passages for all questions together, best first, each once; the first language that has any wins.

    `text` is all that the customer wrote, for its context; without it the questions are all there is.
    """
    whole = text or "\n".join(questions)
    for language in languages:
        if ranked := rank(tenant_id, whole, language, questions):
            return _found(tenant_id, ranked, MOST + 2 * max(0, len(questions) - 1))
    return ()


def rank(tenant_id: int, text: str, language: str, questions: Sequence[str] = ()) -> list[Ranked]:
    """Every passage that came near, best first. A model that cannot be asked leaves the words to speak alone."""
    if not text.strip():
        return []
    with within(tenant_id):
        asked = ask(tenant_id, text, language, questions)
        embedder = in_use(tenant_id, embedders())
    looked = _looked(embedder, asked) if embedder else None
    with within(tenant_id):
        return find(tenant_id, language, asked, looked)


def _looked(embedder: Embedder, asked: Asked) -> Looked | None:
    try:
        vector = mixed(embedder.questions(asked.parts))
    except IntegrationError as error:
        log.warning("passages are looked for by their words alone", why=str(error))
        return None
    return Looked(embedder.model, written(vector), len(vector))


def _found(tenant_id: int, ranked: Sequence[Ranked], most: int) -> tuple[Found, ...]:
    """Twins (the same sentences) count once."""
    first = ranked[: 3 * most]
    with within(tenant_id):
        rows = Passage.of(tenant_id).select_related("article").in_bulk([one.passage_id for one in first])
    found: dict[tuple[str, ...], Found] = {}
    for one in first:
        if passage := rows.get(one.passage_id):
            found.setdefault(tuple(passage.sentences), _as_found(passage, one.score))
    return tuple(found.values())[:most]


def _as_found(passage: Passage, score: float) -> Found:
    return Found(
        passage.pk, passage.article_id, passage.article.key, passage.article.version, passage.title, passage.article.url,
        passage.language, tuple(passage.sentences), score,
    )  # fmt: skip


def as_record(found: Sequence[Found]) -> list[Mapping[str, Any]]:
    """What replay starts from."""
    return [
        {"article": each.article, "version": each.version, "title": each.title, "url": each.url,
         "language": each.language, "sentences": list(each.sentences), "score": round(each.score, 4)}
        for each in found
    ]  # fmt: skip
