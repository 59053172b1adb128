"""Fill a tenant up with other passages, as a large help centre would: each takes half of its features from one real
passage and half from another; its vector is a disturbed copy of a real one, since embedding would take hours."""

import json
import random
from array import array
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from django.db import connections

from klark.knowledge.features import SIZE
from klark.knowledge.index import count
from klark.models import Article, Meaning, Passage, within

PER_ARTICLE = 25
NOISE = 0.045
"""Standard deviation added to each of 384 values of a vector of length 1: its cosine with the copy is about 0.75. That is
further than any two real passages of the default model are from each other (0.84 on average, 0.93 within one article), so
copies compete by their words and not by their meaning: docs/figures/search.md says what happens with copies that are nearer."""
MOMENTS = 500
"""How many noises are drawn; each is used with many vectors."""


@dataclass(frozen=True)
class Real:
    """A real passage, its features as "number:value"."""

    title: str
    sentences: list[str]
    language: str
    words: list[str]
    stems: list[str]
    grams: list[str]


def fill(tenant_id: int, passages: int) -> None:
    """Add articles until there are about `passages`. Deterministic."""
    draw, held = random.Random(7), Counter[int]()
    with within(tenant_id):
        real = _real(tenant_id)
        missing = max(0, passages - len(real))
        language = real[0].language
        articles = _articles(tenant_id, missing // PER_ARTICLE + 1, language)
        vectors = list(Meaning.of(tenant_id).values_list("model", "vector"))
        first = (Passage.of(tenant_id).order_by("-pk").values_list("pk", flat=True).first() or 0) + 1
    _copy("klark_passage (id, tenant_id, article_id, number, title, sentences, language, words, stems, grams)",
          _passages(tenant_id, missing, first, articles, real, draw, held))  # fmt: skip
    if vectors:
        with _without_vector_indexes():
            _copy("klark_meaning (tenant_id, passage_id, model, language, vector, title)",
                  _meanings(tenant_id, missing, first, language, vectors, draw))  # fmt: skip
    with within(tenant_id):
        count(tenant_id, language, held, missing)
    with connections["owner"].cursor() as cursor:
        cursor.execute("ANALYZE")


def _real(tenant_id: int) -> list[Real]:
    rows = Passage.of(tenant_id).extra(select={"lexemes": "tsvector_to_array(words)"})
    return [
        Real(row.title, row.sentences, row.language, row.lexemes, _features(row.stems), _features(row.grams))
        for row in rows
    ]


def _features(kept: str) -> list[str]:
    return kept.partition("}")[0].lstrip("{").split(",")


def _articles(tenant_id: int, many: int, language: str) -> list[int]:
    rows = [
        Article(tenant_id=tenant_id, source="filling", key=str(n), title=f"Filling {n}", body_html="", language=language,
                digest=str(n))
        for n in range(many)
    ]  # fmt: skip
    return [row.pk for row in Article.objects.bulk_create(rows, batch_size=1000)]


@contextmanager
def _without_vector_indexes() -> Iterator[None]:
    """Made again at the end: one row at a time they take ten times as long."""
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = 'klark_meaning' AND indexdef ~ 'hnsw'"
        )
        indexes = cursor.fetchall()
        for name, _ in indexes:
            cursor.execute(f'DROP INDEX "{name}"')
    yield
    with connections["owner"].cursor() as cursor:
        cursor.execute("SET maintenance_work_mem = '512MB'")
        for _, definition in indexes:
            cursor.execute(definition)
        cursor.execute("RESET maintenance_work_mem")


def _copy(table: str, rows: Iterator[Sequence[object]]) -> None:
    """As the owner: PostgreSQL takes no COPY under row-level security."""
    with connections["owner"].cursor() as cursor, cursor.copy(f"COPY {table} FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)


def _passages(
    tenant_id: int, many: int, first: int, articles: Sequence[int], real: Sequence[Real], draw: random.Random,
    held: Counter[int],
) -> Iterator[Sequence[object]]:  # fmt: skip
    for n in range(many):
        one, other = draw.choice(real), draw.choice(real)
        stems, grams = _half(one.stems, other.stems, draw), _half(one.grams, other.grams, draw)
        held.update(int(pair.partition(":")[0]) - 1 for pair in (*stems, *grams))
        lexemes = {*draw.sample(one.words, len(one.words) // 2), *draw.sample(other.words, len(other.words) // 2)}
        words = " ".join("'" + word.replace("\\", "\\\\").replace("'", "''") + "'" for word in lexemes)
        sentences = json.dumps([*one.sentences[::2], *other.sentences[1::2]])
        yield (first + n, tenant_id, articles[n // PER_ARTICLE], n % PER_ARTICLE + 1, f"{one.title} {n}"[:500], sentences,
               one.language, words, _sparse(stems), _sparse(grams))  # fmt: skip


def _half(one: list[str], other: list[str], draw: random.Random) -> list[str]:
    mixed = {
        pair.partition(":")[0]: pair for pair in draw.sample(one, len(one) // 2) + draw.sample(other, len(other) // 2)
    }
    return [mixed[number] for number in sorted(mixed, key=int) if number]


def _sparse(pairs: list[str]) -> str:
    return "{" + ",".join(pairs) + f"}}/{SIZE}"


def _meanings(
    tenant_id: int, many: int, first: int, language: str, vectors: Sequence[tuple[str, str]], draw: random.Random
) -> Iterator[Sequence[object]]:
    parsed = [(model, array("d", json.loads(vector))) for model, vector in vectors]
    noises = [array("d", (draw.gauss(0, NOISE) for _ in parsed[0][1])) for _ in range(MOMENTS)]
    for n in range(many):
        (model, vector), noise = draw.choice(parsed), draw.choice(noises)
        moved = [value + more for value, more in zip(vector, noise, strict=True)]
        length = sum(value * value for value in moved) ** 0.5
        written = "[" + ",".join(f"{value / length:.4f}" for value in moved) + "]"
        yield tenant_id, first + n, model, language, written, written
