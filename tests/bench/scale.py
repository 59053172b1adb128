"""Fill a tenant up with other passages, as a large help centre would: their words drawn from the real passages, their
vectors disturbed copies of real ones, since embedding them would take hours."""

import json
import random
from collections.abc import Sequence
from hashlib import sha256

from klark.models import Article, Meaning, Passage, within
from klark.steps.index import index

WORDS = 110
SENTENCE = 11
PER_ARTICLE = 25
NOISE = 0.045
"""Standard deviation added to each of 384 values of a vector of length 1: its cosine with the copy is about 0.75, as
that of two passages of one subject."""


def fill(tenant_id: int, passages: int) -> None:
    """Add articles until there are about `passages`. Deterministic."""
    draw = random.Random(7)
    with within(tenant_id):
        real = list(Passage.of(tenant_id).values_list("sentences", "title", "language"))
        vectors = list(Meaning.of(tenant_id).values_list("model", "vector"))
    bags = [" ".join(sentences).split() for sentences, _, _ in real]
    for number in range((passages - len(real)) // PER_ARTICLE):
        with within(tenant_id):
            _article(tenant_id, number, draw, bags, real[number % len(real)][2], vectors)


def _article(
    tenant_id: int, number: int, draw: random.Random, bags: Sequence[Sequence[str]], language: str,
    vectors: Sequence[tuple[str, str]],
) -> None:  # fmt: skip
    title = f"{' '.join(draw.choices(draw.choice(bags), k=5))} {number}"
    digest = sha256(title.encode()).hexdigest()
    article = Article.objects.create(
        tenant_id=tenant_id, source="filling", key=str(number), title=title[:500], body_html="", language=language, digest=digest
    )
    made = Passage.objects.bulk_create(
        Passage(tenant_id=tenant_id, article=article, number=place, title=title[:500], language=language,
                sentences=_sentences(draw, bags))
        for place in range(1, PER_ARTICLE + 1)
    )  # fmt: skip
    index(tenant_id, made)
    if vectors:
        Meaning.objects.bulk_create(
            Meaning(tenant_id=tenant_id, passage=one, language=language, model=model, vector=_disturbed(draw, vector))
            for one in made
            for model, vector in [draw.choice(vectors)]
        )


def _sentences(draw: random.Random, bags: Sequence[Sequence[str]]) -> list[str]:
    """Half from one passage, half from all, and some words that only this passage has, as product names are."""
    bag = draw.choice(bags)
    words = draw.choices(bag, k=WORDS // 2) + [draw.choice(draw.choice(bags)) for _ in range(WORDS // 2)]
    words += [f"{draw.choice(bag)}{draw.randrange(10_000)}" for _ in range(3)]
    draw.shuffle(words)
    return [" ".join(words[start : start + SENTENCE]) for start in range(0, len(words), SENTENCE)]


def _disturbed(draw: random.Random, vector: str) -> str:
    moved = [value + draw.gauss(0, NOISE) for value in json.loads(vector)]
    length = sum(value * value for value in moved) ** 0.5
    return "[" + ",".join(f"{value / length:.5g}" for value in moved) + "]"
