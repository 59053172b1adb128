"""Makes passages findable by their words, and withdraws them: their vectors, the rarity of features, the vocabulary."""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence

from django.db import connection

from guardrails.text.words import fold
from klark.knowledge.features import (
    READ,
    USUAL_GRAMS,
    USUAL_STEMS,
    gram_number,
    grams,
    impacts,
    numbered,
    sparse,
    stem_number,
    titled,
)
from klark.models import Meaning, Passage
from klark.models.base import in_batches

CONFIGURATIONS = {"en": "english", "fr": "french", "de": "german", "es": "spanish", "it": "italian", "nl": "dutch",
                  "pt": "portuguese"}  # fmt: skip

STEMS = """
SELECT asked.place, unaccent(entry.lexeme), sum(cardinality(entry.positions))
  FROM unnest(%s::text[]) WITH ORDINALITY AS asked (text, place)
 CROSS JOIN LATERAL unnest(to_tsvector(%s::regconfig, asked.text)) AS entry GROUP BY 1, 2
"""
WRITE = """
UPDATE klark_passage AS passage SET words = array_to_tsvector(given.words::text[]), stems = given.stems::sparsevec,
       grams = given.grams::sparsevec
  FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::text[]) AS given (id, words, stems, grams)
 WHERE passage.id = given.id
"""
# Sorted, so that two writers lock rows in the same order and never deadlock.
COUNT = """
INSERT INTO klark_feature AS feature (tenant_id, language, number, passages)
SELECT %s, %s, given.number, given.passages FROM unnest(%s::int[], %s::int[]) AS given (number, passages) ORDER BY 3
    ON CONFLICT (tenant_id, language, number) DO UPDATE SET passages = feature.passages + excluded.passages
"""
REMEMBER = """
INSERT INTO klark_word (tenant_id, language, word, form)
SELECT %s, %s, given.word, given.form FROM unnest(%s::text[], %s::text[]) AS given (word, form) ORDER BY 3
    ON CONFLICT DO NOTHING
"""
# The number of passages is stored as one more feature, which no word has.
EVERY_PASSAGE = -1

_WORD = re.compile(r"[^\W_]+")


def configuration(language: str) -> str:
    """Returns PostgreSQL's text search configuration for a language."""
    return CONFIGURATIONS.get(language, "simple")


def stems(texts: Sequence[str], language: str) -> list[Counter[str]]:
    """Returns the stems of each text, without accents, and how often each occurs; stop words are left out."""
    clipped = [text[:READ].replace("\0", " ").encode(errors="replace").decode() for text in texts]
    counted = [Counter[str]() for _ in texts]
    with connection.cursor() as cursor:
        cursor.execute(STEMS, [clipped, configuration(language)])
        for place, stem, count in cursor.fetchall():
            counted[place - 1][stem] += count
    return counted


def index(tenant_id: int, passages: Sequence[Passage]) -> None:
    """Indexes passages of one article that are not indexed yet. Call inside one transaction."""
    if not passages:
        return
    language, texts = passages[0].language, [passage.text for passage in passages]
    counted = stems([*(passage.title for passage in passages), *texts], language)
    of_stems = [titled(*pair) for pair in zip(counted, counted[len(passages) :], strict=False)]
    of_grams = [titled(grams(passage.title), grams(text)) for passage, text in zip(passages, texts, strict=True)]
    numbers = [
        (numbered(some, stem_number), numbered(others, gram_number))
        for some, others in zip(of_stems, of_grams, strict=True)
    ]
    _write(passages, of_stems, numbers)
    held = Counter(number for some, others in numbers for number in (*some, *others))
    count(tenant_id, language, held, len(passages))
    _remember(tenant_id, language, [f"{passage.title} {text}" for passage, text in zip(passages, texts, strict=True)])


def withdraw(tenant_id: int, article_ids: Collection[int]) -> None:
    """Takes all passages of these articles out of every index; their texts stay, for what quoted them."""
    passages = Passage.of(tenant_id).filter(article_id__in=article_ids)
    for one in in_batches(passages.exclude(stems=None).only("language", "stems", "grams")):
        count(
            tenant_id,
            one.language,
            Counter(dict.fromkeys(_numbers(one.stems or "") | _numbers(one.grams or ""), -1)),
            -1,
        )
    Meaning.of(tenant_id).filter(passage__article_id__in=article_ids).delete()
    passages.update(words=None, stems=None, grams=None)


def _write(
    passages: Sequence[Passage], of_stems: Sequence[Counter[str]], numbers: Sequence[tuple[Counter[int], Counter[int]]]
) -> None:
    lexemes = ["{" + ",".join(_quoted(stem) for stem in some) + "}" for some in of_stems]
    by_stems = [sparse(impacts(some, USUAL_STEMS)) for some, _ in numbers]
    by_grams = [sparse(impacts(others, USUAL_GRAMS)) for _, others in numbers]
    with connection.cursor() as cursor:
        cursor.execute(WRITE, [[passage.pk for passage in passages], lexemes, by_stems, by_grams])


def _quoted(stem: str) -> str:
    """Returns a word in the text form of a PostgreSQL array."""
    return '"' + stem.replace("\\", "\\\\").replace('"', '\\"') + '"'


def count(tenant_id: int, language: str, held: Mapping[int, int], passages: int) -> None:
    """Adds `passages` passages (a negative number removes them), and to each feature how many more of them have it."""
    counts = {**held, EVERY_PASSAGE: passages}
    with connection.cursor() as cursor:
        cursor.execute(COUNT, [tenant_id, language, list(counts), list(counts.values())])


def _numbers(kept: str) -> set[int]:
    """Returns the features of a sparse vector in its text form."""
    inside = kept.partition("}")[0].lstrip("{")
    return {int(pair.partition(":")[0]) - 1 for pair in inside.split(",") if pair}


def _remember(tenant_id: int, language: str, texts: Iterable[str]) -> None:
    """Stores each word with the accents it has where it occurs first."""
    written = [form for text in texts for form in _WORD.findall(text[:READ].lower())]
    forms = {fold(form): form for form in reversed(written)}
    fit = {word: form for word, form in forms.items() if 2 <= len(word) <= 60 and len(form) <= 60 and word.isalpha()}
    with connection.cursor() as cursor:
        cursor.execute(REMEMBER, [tenant_id, language, list(fit), list(fit.values())])
