"""Turns what a customer wrote into what passages are compared with: corrected words, a vector of stems, a vector of 4-grams.

A long text is split into sentences, whose weights are added to those of the whole.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection

from guardrails.text.sentences import split_sentences
from klark.knowledge.features import Features, gram_number, grams, rarity, stem_number, weighed
from klark.knowledge.index import EVERY_PASSAGE, stems
from klark.retrieval.correct_spelling import mended
from klark.retrieval.courtesy_phrases import substance

READ = 8_000
"""Characters of a ticket that the search reads."""
LONG = 40
"""Words from which a text is split into its sentences."""
MOST_PARTS = 40
OF_A_PART = 0.5
"""Weight of a sentence, beside the whole."""
POOL = 2_000
"""Passages to bring in by their words: the rarest words come first, and common ones add no passages beyond it."""

HOLDERS = (
    "SELECT number, passages FROM klark_feature WHERE tenant_id = %s AND language = %s AND number = ANY (%s::int[])"
)


@dataclass(frozen=True, slots=True)
class SearchQuery:
    """A query in one language. `wanted` are the stems that bring passages in, rarest first; `parts` the whole text and
    its sentences; `known` the share (0 to 1) of its stems' weight that any passage has."""

    parts: tuple[str, ...]
    stems: Features
    grams: Features
    wanted: tuple[str, ...]
    known: float


def build_query(tenant_id: int, text: str, language: str) -> SearchQuery:
    """Returns the query for a text. Call inside `within(tenant_id)`."""
    (whole,) = mended(tenant_id, [_readable(text)], language)
    parts = _parts(substance(whole, language))
    by_stems = [list(counted) for counted in stems(parts, language)]
    by_grams = [list(grams(part)) for part in parts]
    numbered = [[*map(stem_number, some)] for some in by_stems], [[*map(gram_number, some)] for some in by_grams]
    holders = _holders(tenant_id, language, {n for kind in numbered for some in kind for n in some} | {EVERY_PASSAGE})
    passages = holders.pop(EVERY_PASSAGE, 0)
    rarities = {number: rarity(count, passages) for number, count in holders.items()}
    weights = [1.0, *[OF_A_PART] * (len(parts) - 1)]
    of_stems, of_grams = (weighed(zip(weights, kind, strict=True), rarities) for kind in numbered)
    return SearchQuery(
        parts,
        of_stems,
        of_grams,
        _wanted(of_stems, by_stems, holders),
        _known(numbered[0][0], rarities, passages),
    )


def _readable(text: str) -> str:
    return text[:READ].replace("\0", " ").encode(errors="replace").decode()


def _parts(whole: str) -> tuple[str, ...]:
    """Returns the whole text, then its sentences if it is long."""
    split = split_sentences(whole) if whole.count(" ") >= LONG else ()
    return tuple(dict.fromkeys((whole, *split)))[: MOST_PARTS + 1]


def _holders(tenant_id: int, language: str, numbers: set[int]) -> dict[int, int]:
    with connection.cursor() as cursor:
        cursor.execute(HOLDERS, [tenant_id, language, list(numbers)])
        return {number: max(passages, 0) for number, passages in cursor.fetchall()}


def _wanted(weights: Features, by_stems: Sequence[Sequence[str]], holders: dict[int, int]) -> tuple[str, ...]:
    """Returns the stems that weigh most, until they bring in enough passages."""
    names = {stem_number(stem): stem for some in by_stems for stem in some}
    chosen, brought = list[str](), 0
    for number in sorted(weights, key=lambda number: -weights[number]):
        if chosen and brought + holders[number] > POOL:
            continue
        brought += holders[number]
        chosen.append(names[number])
    return tuple(chosen)


def _known(numbers: Sequence[int], rarities: dict[int, float], passages: int) -> float:
    """Returns the share of the weight that any passage has; a word that no passage has weighs as much as the rarest."""
    total = sum(rarities.get(number, rarity(0, passages)) for number in numbers)
    return sum(rarities.get(number, 0.0) for number in numbers) / total if total else 0.0
