"""Rank a tenant's passages for what was asked: stems, 4-grams, the title's 4-grams, meaning and the title's meaning, each
score made comparable, then added."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import sqrt
from typing import Any

from django.db import connection

from klark.steps.ask import Asked
from klark.steps.features import Features, sparse, title_impacts

NEAREST = 100
"""Passages brought in by their words, and as many by their meaning."""
WEIGHTS: Mapping[str, float] = {"stems": 1.0, "grams": 1.5, "title_grams": 0.5, "meaning": 2.0, "title": 1.0}
"""One set for all languages and subjects, tried on three sets of questions: docs/knowledge.md."""

FIND = """
WITH near AS MATERIALIZED ({near}),
     pool AS (SELECT id FROM klark_by_words(%(tenant)s, %(language)s, %(wanted)s::tsquery, %(stems)s::sparsevec, %(most)s)
               UNION SELECT id FROM near)
SELECT passage.id, passage.article_id, passage.title, -(passage.stems <#> %(stems)s::sparsevec),
       -(passage.grams <#> %(grams)s::sparsevec), {likeness}
  FROM klark_passage AS passage JOIN klark_article AS article ON article.id = passage.article_id {meanings}
 WHERE passage.id = ANY (ARRAY(SELECT id FROM pool)) AND passage.tenant_id = %(tenant)s AND passage.language = %(language)s
   AND article.current AND passage.stems IS NOT NULL AND article.audience = '' AND article.brand IN ('', %(brand)s)
   AND coalesce(article.valid_from <= now(), true) AND coalesce(article.valid_until > now(), true)
"""
NEAR = "SELECT id FROM klark_near(%(tenant)s, %(language)s, %(model)s, %(meaning)s, %(length)s, %(most)s)"
MEANINGS = "LEFT JOIN klark_meaning AS meaning ON meaning.passage_id = passage.id AND meaning.model = %(model)s"
LIKENESS = "-(meaning.vector <#> %(meaning)s::halfvec), -(meaning.title <#> %(meaning)s::halfvec)"


@dataclass(frozen=True, slots=True)
class Looked:
    """A question's vector by an embedding model, and those of its parts, the first the whole."""

    model: str
    vector: str
    length: int
    parts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Ranked:
    """A passage and why it stands where it stands: its raw scores (`None` where it has no vector), what each counts once
    it is compared and weighed, and the sum of that."""

    passage_id: int
    article_id: int
    score: float
    scores: Mapping[str, float | None]
    counts: Mapping[str, float] = field(default_factory=dict)


def find(tenant_id: int, language: str, asked: Asked, looked: Looked | None = None, brand: str = "") -> list[Ranked]:
    """All passages brought in, best first: of articles for customers of this brand that hold now. Inside `within`."""
    values: dict[str, Any] = {
        "tenant": tenant_id, "language": language, "wanted": " | ".join(map(_quoted, asked.wanted)),
        "stems": sparse(asked.stems), "grams": sparse(asked.grams), "most": NEAREST,
        "brand": brand,
    }  # fmt: skip
    with connection.cursor() as cursor:
        if looked:
            values |= {"model": looked.model, "meaning": looked.vector, "length": looked.length}
        cursor.execute(_statement(looked), values)
        return _ranked(cursor.fetchall(), asked.grams)


def _statement(looked: Looked | None) -> str:
    if looked is None:
        return FIND.format(near="SELECT 0::bigint AS id WHERE false", likeness="NULL::float, NULL::float", meanings="")
    return FIND.format(near=NEAR, likeness=LIKENESS, meanings=MEANINGS)


def _quoted(stem: str) -> str:
    return "'" + stem.replace("\\", "\\\\").replace("'", "''") + "'"


def _ranked(rows: Sequence[Sequence[Any]], asked: Features) -> list[Ranked]:
    scores = [_scores(row, asked) for row in rows]
    columns = {name: standard([one[name] for one in scores]) for name in WEIGHTS}
    counts = [{name: weight * columns[name][n] for name, weight in WEIGHTS.items()} for n in range(len(rows))]
    ranked = [
        Ranked(row[0], row[1], sum(counted.values()), one, counted)
        for row, one, counted in zip(rows, scores, counts, strict=True)
    ]
    return sorted(ranked, key=lambda one: (-one.score, one.passage_id))


def _scores(row: Sequence[Any], asked: Features) -> dict[str, float | None]:
    _, _, title, by_stems, by_grams, meaning, title_meaning = row
    title_grams = sum(asked.get(number, 0.0) * worth for number, worth in title_impacts(title).items())
    return {
        "stems": by_stems, "grams": by_grams, "title_grams": title_grams, "meaning": meaning, "title": title_meaning,
    }  # fmt: skip


def standard(scores: Sequence[float | None]) -> list[float]:
    """Distances from the mean in standard deviations; a missing score is the mean."""
    there = [score for score in scores if score is not None]
    mean = sum(there) / len(there) if there else 0.0
    spread = sqrt(sum((score - mean) ** 2 for score in there) / len(there)) if there else 0.0
    return [(score - mean) / spread if score is not None and spread > 0 else 0.0 for score in scores]
