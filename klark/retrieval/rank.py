"""Ranks a tenant's passages for a query: by stems, 4-grams, meaning and the title's meaning, or by words alone, the
title's 4-grams among them. Each score is standardized, weighted and added."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from math import sqrt
from typing import Any

from klark.knowledge.features import Features, sparse, title_impacts
from klark.models.tenancy import at_once
from klark.retrieval.query import SearchQuery
from klark.values.passages import QuestionVector

NEAREST = 100
"""Passages brought in by their words, and as many by their meaning."""
WEIGHTS: Mapping[str, float] = {"stems": 1.0, "grams": 1.0, "title_grams": 1.0, "meaning": 2.0, "title": 0.5}
"""One set for all languages and subjects, tested on three sets of questions: docs/figures/search.md."""
FITTED_ON = "multilingual-e5-small"
"""Part of the name of the model whose cosines OF_COSINES was measured on."""
OF_WORDS: Mapping[str, float] = {"stems": 0.4, "grams": 1.0, "title_grams": 0.4}
OF_COSINES: Mapping[str, float] = {"meaning": 0.015, "title": 0.022}
"""The usual standard deviation of each score among the passages brought in (of words, for a query vector of length 1).
It is fixed, because that of one search changes with everything that is found beside an answer: what the words bring in
of 50,000 passages is far from the question in meaning, and the nearest would be told apart by their words alone."""

FIND = """
WITH near AS MATERIALIZED ({near}),
     pool AS (SELECT id FROM klark_by_words(%(tenant)s, %(language)s, %(wanted)s::tsquery, %(stems)s::sparsevec, %(most)s)
               UNION SELECT id FROM near)
SELECT passage.id, passage.article_id, passage.title, -(passage.stems <#> %(stems)s::sparsevec),
       -(passage.grams <#> %(grams)s::sparsevec), {likeness}
  FROM klark_passage AS passage JOIN klark_article AS article ON article.id = passage.article_id {meanings}
 WHERE passage.id = ANY (ARRAY(SELECT id FROM pool)) AND passage.tenant_id = %(tenant)s AND passage.language = %(language)s
   AND article.current AND passage.stems IS NOT NULL AND article.audience = '' AND article.brand IN ('', %(brand)s)
   AND coalesce(article.valid_from <= coalesce(%(as_of)s::timestamptz, now()), true)
   AND coalesce(article.valid_until > coalesce(%(as_of)s::timestamptz, now()), true)
   AND coalesce(article.created_at <= %(as_of)s::timestamptz, true)
"""
NEAR = "SELECT id FROM klark_near(%(tenant)s, %(language)s, %(model)s, %(meaning)s, %(length)s, %(most)s)"
MEANINGS = "LEFT JOIN klark_meaning AS meaning ON meaning.passage_id = passage.id AND meaning.model = %(model)s"
LIKENESS = "-(meaning.vector <#> %(meaning)s::halfvec), -(meaning.title <#> %(meaning)s::halfvec)"


@dataclass(frozen=True, slots=True)
class RankedPassage:
    """A passage and why it ranks where it does: its raw scores (`None` if it has no vector), what each counts once it
    is standardized and weighted, and the sum of that."""

    passage_id: int
    article_id: int
    score: float
    scores: Mapping[str, float | None]
    counts: Mapping[str, float] = field(default_factory=dict)


def rank_passages(
    tenant_id: int, language: str, asked: SearchQuery, looked: QuestionVector | None = None, brand: str = "",
    as_of: datetime | None = None,
) -> list[RankedPassage]:  # fmt: skip
    """Returns all passages brought in, best first: of articles that are valid, or were at `as_of`, and are for customers of
    this brand.

    Opens its own transaction.
    """
    values: dict[str, Any] = {
        "tenant": tenant_id, "language": language, "wanted": " | ".join(map(_quoted, asked.wanted)),
        "stems": sparse(asked.stems), "grams": sparse(asked.grams), "most": NEAREST,
        "brand": brand, "as_of": as_of,
    }  # fmt: skip
    if looked:
        values |= {"model": looked.model, "meaning": looked.vector, "length": looked.length}
    return _ranked(at_once(tenant_id, _statement(looked), values), asked, looked)


def _statement(looked: QuestionVector | None) -> str:
    if looked is None:
        return FIND.format(near="SELECT 0::bigint AS id WHERE false", likeness="NULL::float, NULL::float", meanings="")
    return FIND.format(near=NEAR, likeness=LIKENESS, meanings=MEANINGS)


def _quoted(stem: str) -> str:
    return "'" + stem.replace("\\", "\\\\").replace("'", "''") + "'"


def _ranked(rows: Sequence[Sequence[Any]], asked: SearchQuery, looked: QuestionVector | None) -> list[RankedPassage]:
    scores = [_scores(row, asked.grams, meant=looked is not None) for row in rows]
    spreads = _spreads(asked, looked)
    columns = {name: standard([one[name] for one in scores], spreads.get(name)) for name in WEIGHTS}
    counts = [{name: weight * columns[name][n] for name, weight in WEIGHTS.items()} for n in range(len(rows))]
    ranked = [
        RankedPassage(row[0], row[1], sum(counted.values()), one, counted)
        for row, one, counted in zip(rows, scores, counts, strict=True)
    ]
    return sorted(ranked, key=lambda one: (-one.score, one.passage_id))


def _scores(row: Sequence[Any], asked: Features, *, meant: bool) -> dict[str, float | None]:
    """Returns a row's raw scores. A title's 4-grams stand in for its meaning: beside it they add nothing, and take time."""
    _, _, title, by_stems, by_grams, meaning, title_meaning = row
    title_grams = (
        None if meant else sum(asked.get(number, 0.0) * worth for number, worth in title_impacts(title).items())
    )
    return {
        "stems": by_stems, "grams": by_grams, "title_grams": title_grams, "meaning": meaning, "title": title_meaning,
    }  # fmt: skip


def _spreads(asked: SearchQuery, looked: QuestionVector | None) -> Mapping[str, float]:
    """Returns the fixed deviations. Of another model none are known: its cosines are compared among themselves."""
    lengths = {"stems": _length(asked.stems), "grams": _length(asked.grams), "title_grams": _length(asked.grams)}
    of_words = {name: spread * lengths[name] for name, spread in OF_WORDS.items()}
    return {**of_words, **OF_COSINES} if looked and FITTED_ON in looked.model else of_words


def _length(features: Features) -> float:
    return sqrt(sum(weight * weight for weight in features.values()))


def standard(scores: Sequence[float | None], spread: float | None = None) -> list[float]:
    """Returns distances from the mean in standard deviations (`spread`, or their own); a missing score counts as the mean."""
    there = [score for score in scores if score is not None]
    mean = sum(there) / len(there) if there else 0.0
    if spread is None:
        spread = sqrt(sum((score - mean) ** 2 for score in there) / len(there)) if there else 0.0
    return [(score - mean) / spread if score is not None and spread > 0 else 0.0 for score in scores]
