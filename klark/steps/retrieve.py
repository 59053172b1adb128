"""Find the passages that may answer a question: PostgreSQL full text, scored by BM25, with typos mended by trigrams.

Two vectors speak: `words` (stemmed, accents kept) and `plain` (unaccented, unstemmed); their scores are added.
BM25 with k1 = 1.2, b = 0.75: Robertson & Zaragoza 2009, https://doi.org/10.1561/1500000019
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

from klark.models import within
from klark.steps.learn import configuration

MOST = 6  # passages a question
QUESTION_LIMIT = 2_000  # characters

MENDED = """
SELECT string_agg(coalesce(mended.word, asked.word), ' ')
  FROM unnest(tsvector_to_array(to_tsvector('simple', unaccent(%(question)s)))) AS asked(word)
  LEFT JOIN LATERAL (
       SELECT known.word FROM klark_word AS known
        WHERE known.tenant_id = %(tenant)s AND length(asked.word) >= 5 AND known.word %% asked.word
          AND NOT EXISTS (SELECT 1 FROM klark_word AS same WHERE same.tenant_id = %(tenant)s AND same.word = asked.word)
        ORDER BY similarity(known.word, asked.word) DESC, known.word LIMIT 1) AS mended ON true
"""

SEARCH = """
WITH pool AS (
       SELECT passage.* FROM klark_passage AS passage JOIN klark_article AS article ON article.id = passage.article_id
        WHERE passage.tenant_id = %(tenant)s AND article.current AND passage.language = %(language)s),
     size AS (SELECT count(*)::float AS n, greatest(avg(length(words)), 1)::float AS average FROM pool),
     asked AS (
       SELECT 'words' AS vector, lexeme FROM unnest(to_tsvector(%(config)s::regconfig, %(question)s))
        UNION SELECT 'words', lexeme FROM unnest(to_tsvector(%(config)s::regconfig, %(mended)s))
        UNION SELECT 'plain', lexeme FROM unnest(to_tsvector(%(config)s::regconfig, unaccent(%(mended)s)))
        UNION SELECT 'plain', unaccent(lexeme) FROM unnest(to_tsvector('simple', %(mended)s)) WHERE length(lexeme) >= 4),
     hits AS (
       SELECT pool.id, entry.vector, entry.lexeme, entry.weight, length(pool.words) AS length
         FROM pool CROSS JOIN LATERAL (
              SELECT 'words' AS vector, lexeme, cardinality(positions) + 2 * (weights @> '{A}')::int AS weight
                FROM unnest(pool.words)
               UNION ALL SELECT 'plain', lexeme, cardinality(positions) FROM unnest(pool.plain)) AS entry
         JOIN asked ON asked.vector = entry.vector AND asked.lexeme = entry.lexeme),
     rarity AS (
       SELECT vector, lexeme, ln(1 + (max(size.n) - count(*) + 0.5) / (count(*) + 0.5)) AS idf
         FROM hits CROSS JOIN size GROUP BY vector, lexeme),
     scored AS (
       SELECT hits.id, sum(rarity.idf * (CASE hits.vector WHEN 'words' THEN 1.0 ELSE 0.4 END) * hits.weight * 2.2
                           / (hits.weight + 1.2 * (0.25 + 0.75 * hits.length / size.average))) AS score
         FROM hits JOIN rarity USING (vector, lexeme) CROSS JOIN size GROUP BY hits.id)
SELECT pool.id, article.id, article.key, article.version, pool.title, article.url, pool.language, pool.sentences,
       scored.score::float
  FROM scored JOIN pool ON pool.id = scored.id JOIN klark_article AS article ON article.id = pool.article_id
 ORDER BY scored.score DESC, pool.id LIMIT %(most)s
"""


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


def retrieve(tenant_id: int, questions: Sequence[str], languages: Sequence[str]) -> tuple[Found, ...]:
    """The best passages for all questions together, best first, each once; the first language that has any wins."""
    with within(tenant_id):
        for language in languages:
            if found := _merge([search(tenant_id, question, language) for question in questions]):
                return found
    return ()


def search(tenant_id: int, question: str, language: str) -> list[Found]:
    """The best passages for one question in one language, best first."""
    asked = question[:QUESTION_LIMIT].replace("\0", " ").encode(errors="replace").decode()
    values: dict[str, Any] = {"tenant": tenant_id, "language": language, "question": asked, "most": MOST}
    with connection.cursor() as cursor:
        cursor.execute(MENDED, values)
        values |= {"mended": cursor.fetchone()[0] or "", "config": configuration(language)}
        cursor.execute(SEARCH, values)
        return [_found(row) for row in cursor.fetchall()]


def _found(row: Sequence[Any]) -> Found:
    # Django has psycopg give jsonb as text, so that JSONField can decode it itself
    passage_id, article_id, key, version, title, url, language, sentences, score = row
    return Found(passage_id, article_id, key, version, title, url, language, tuple(json.loads(sentences)), score)


def _merge(by_question: Sequence[Sequence[Found]]) -> tuple[Found, ...]:
    """Round by round, so that each question keeps its best passage; twins (the same sentences) count once."""
    merged: dict[tuple[str, ...], Found] = {}
    for rank in range(MOST):
        for found in by_question:
            if rank < len(found):
                merged.setdefault(found[rank].sentences, found[rank])
    return tuple(merged.values())[: MOST + 2 * len(by_question)]


def as_record(found: Sequence[Found]) -> list[Mapping[str, Any]]:
    """What replay starts from."""
    return [
        {"article": each.article, "version": each.version, "title": each.title, "url": each.url,
         "language": each.language, "sentences": list(each.sentences), "score": round(each.score, 4)}
        for each in found
    ]  # fmt: skip
