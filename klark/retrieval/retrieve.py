"""Finds what may answer a ticket: the best sections by words and meaning, expanded to their articles within a token budget.

It goes by words alone until passages have their vectors (klark.knowledge.embedding), and by both from then on.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import structlog

from guardrails.pii.mask import Known, mask_all
from integrations.embeddings.base import Embedder
from integrations.errors import IntegrationError
from integrations.helpdesks.base import Ticket
from klark.knowledge.chunk import BELOW
from klark.knowledge.embedding import embedders, in_use, question_vector
from klark.models import Article, Passage, within
from klark.retrieval.query import SearchQuery, build_query
from klark.retrieval.rank import RankedPassage, rank_passages
from klark.retrieval.small_to_big import expanded, tokens_of
from klark.retrieval.ticket_query import wanted_of
from klark.values.passages import FoundArticle, QuestionVector, Retrieved, SearchRequest, Section
from klark.values.tenant_settings import TenantSettings
from klark.values.triage import Triage

log = structlog.get_logger(__name__)

MOST = 40
"""Passages of a ranking that are used."""
CITED = ("key", "version", "title", "url", "language", "updated_at")
"""What is read of an article: its text stands in its passages."""
SHOWN = ("article", "number", "title", "sentences")
"""What is read of a passage; its words and vectors, which are longer, only serve the search."""
FEW = 20
"""From this many passages on, a language is searched alone: with fewer, an answer is likelier to stand in another."""
RANK = 20
"""A passage is worth 1 / (RANK + place), its place counted from 0."""


@dataclass(frozen=True, slots=True)
class Ranking:
    """A query and every passage brought in, best first. `by_meaning`: whether vectors were used."""

    asked: SearchQuery | None
    ranked: Sequence[RankedPassage] = ()
    by_meaning: bool = False


def retrieve(ticket: Ticket, seen: Triage, ours: TenantSettings, people: Sequence[Known]) -> Retrieved:
    """Returns the tenant's best articles for a ticket. `people` are masked where the query leaves this machine."""
    return search(ours.tenant_id, wanted_of(ticket, seen, ours.rules, people, ours.as_of))


def search(tenant_id: int, wanted: SearchRequest) -> Retrieved:
    """Returns the best articles in the first of the languages that has any; behind them those of the next one, as far as
    there is room, where the first has FEW passages and the next has more."""
    got, there = Retrieved(), 0
    for language in wanted.languages:
        ranking = rank(tenant_id, wanted.text, language, wanted.brand, wanted.known, wanted.as_of)
        passages = FEW if len(ranking.ranked) >= FEW else _passages(tenant_id, language, wanted.brand)
        if ranking.ranked and (not got.found or passages > there):
            found = _found(tenant_id, ranking, wanted.tokens - sum(map(tokens_of, got.found)))
            marked = tuple(replace(one, fallback=language != wanted.languages[0]) for one in found)
            got = Retrieved((*got.found, *marked), ranking.by_meaning and (got.by_meaning or not got.found))
            there = passages
        if there >= FEW:
            break
    return got


def _passages(tenant_id: int, language: str, brand: str) -> int:
    """Returns how many passages a language has for this brand's customers; FEW where it has more."""
    with within(tenant_id):
        read = Passage.of(tenant_id).filter(language=language, article__current=True, article__audience="")
        return read.filter(article__brand__in=("", brand))[:FEW].count()


def rank(
    tenant_id: int, text: str, language: str, brand: str = "", known: Sequence[Known] = (), as_of: datetime | None = None
) -> Ranking:  # fmt: skip
    """Returns the ranking for a text; if the embedding model fails, by words alone. `known`: personal data to mask if the
    query leaves this machine. Opens its own transactions."""
    if not text.strip():
        return Ranking(None)
    with within(tenant_id):
        asked = build_query(tenant_id, text, language)
        embedder = in_use(tenant_id, embedders())
    looked = _looked(embedder, asked, known) if embedder else None
    ranked = rank_passages(tenant_id, language, asked, looked, brand, as_of)
    return Ranking(asked, ranked, looked is not None)


def _looked(embedder: Embedder, asked: SearchQuery, known: Sequence[Known]) -> QuestionVector | None:
    query = [*asked.parts[:1]]
    try:
        words = mask_all(query, known)[0] if embedder.remote else query
        return question_vector(embedder.model, embedder.questions(words)[0])
    except IntegrationError as error:
        log.warning("passages are looked for by their words alone", why=str(error))
        return None


def _found(tenant_id: int, ranking: Ranking, tokens: int) -> tuple[FoundArticle, ...]:
    """Returns articles by their best passages, whole where they fit; duplicates (the same lines) count once."""
    best = ranking.ranked[:MOST]
    worth = {one.passage_id: 1 / (RANK + place) for place, one in enumerate(best)}
    with within(tenant_id):
        articles = Article.of(tenant_id).order_by().only(*CITED).in_bulk({one.article_id for one in best})
        rows = Passage.of(tenant_id).filter(article__in=articles).order_by("article_id", "number").only(*SHOWN)
        parts = _by_article(rows)
    found: dict[tuple[str, ...], FoundArticle] = {}
    for article_id, passages in expanded(parts, worth, tokens):
        one = found_article(articles[article_id], passages, worth)
        found.setdefault(one.lines, one)
    return tuple(found.values())


def _by_article(rows: Iterable[Passage]) -> dict[int, list[Passage]]:
    parts: dict[int, list[Passage]] = {}
    for row in rows:
        parts.setdefault(row.article_id, []).append(row)
    return parts


def found_article(article: Article, passages: Sequence[Passage], worth: Mapping[int, float]) -> FoundArticle:
    """Returns these passages of an article as a drafter reads them, with their scores."""
    sections = tuple(
        Section(heading_of(passage, article.title), tuple(passage.sentences), worth.get(passage.pk, 0.0))
        for passage in passages
    )
    best = max((section.score for section in sections), default=0.0)
    updated = article.updated_at.date() if article.updated_at else None
    return FoundArticle(
        article.pk, article.key, article.version, article.title, article.url, article.language, sections, best, updated
    )


def heading_of(passage: Passage, title: str) -> str:
    """Returns the part of a passage's title path that is below the article's title."""
    return passage.title.removeprefix(title).removeprefix(BELOW)
