"""Does a claim put together what two sentences say of different things?

"Shipping to France is free." and "Shipping to Belgium costs 6.90 €." do not make "Shipping to Belgium is free", though both
its words stand in a source. The subject and what is said of it must come from one sentence, or from sentences that go on
about the same thing. Each clause of a claim is judged by itself, so that two facts may be merged with "and".
"""

import re
from collections.abc import Iterator, Sequence

from guardrails.doubt import Doubt
from guardrails.support import Evidence
from guardrails.synonyms import widened
from guardrails.vocabulary import word_set
from guardrails.words import Reading, Word, read

_CLAUSES = re.compile(
    r"\s*(?:[;:,()]|\b(?:and|but|while|whereas|or|et|mais|tandis que|alors que|ou|puis|then)\b)\s*", re.IGNORECASE
)
# A sentence that begins so goes on about what the one before it named.
_GOES_ON = word_set(
    """it they this that these those he she its their then there such both otherwise
    il elle ils elles ce cet cette ces cela ceci celui celle ceux celles leur leurs son sa ses puis ensuite sinon"""
)
LEAST = 3
"""Weighty words of a clause that has a subject and something said of it."""


def recombined(evidence: Evidence) -> Doubt | None:
    """The words that only another sentence has than the one that the rest of the clause stands in."""
    if len(evidence.pool) < 2:
        return None
    for clause in _clauses(evidence):
        if words := _crossed(clause, evidence):
            said = ", ".join(words)
            why = f'no one sentence says all of this: "{said}" is said of something else'
            return Doubt("recombined", said, why, contradicts=True)
    return None


def _clauses(evidence: Evidence) -> Iterator[tuple[Word, ...]]:
    for text in _CLAUSES.split(evidence.claim.text):
        words = tuple(word for word in read(text, evidence.language).words if not word.light and word.text.isalpha())
        if len(words) >= LEAST:
            yield words


def _crossed(clause: Sequence[Word], evidence: Evidence) -> list[str]:
    """Words of a clause that its best sentence lacks, where the sentence that has them speaks of something else."""
    held = [word for word in clause if word.stem in evidence.wide]
    best = max(evidence.pool, key=lambda reading: _met(held, reading, evidence))
    left = [word for word in held if word.stem not in _wide(best, evidence)]
    if not left or len(left) == len(held):
        return []
    others = [reading for reading in evidence.pool if reading is not best and _met(left, reading, evidence)]
    shared = {word.stem for word in clause} & _wide(best, evidence)
    if not others or any(
        _goes_on(reading, best, shared) or _adds(reading, clause, best, evidence) for reading in others
    ):
        return []
    return [word.text for word in left]


def _met(words: Sequence[Word], reading: Reading, evidence: Evidence) -> int:
    return sum(word.stem in _wide(reading, evidence) for word in words)


def _wide(reading: Reading, evidence: Evidence) -> frozenset[str]:
    return widened(reading.stems, evidence.language)


def _goes_on(reading: Reading, best: Reading, shared: set[str]) -> bool:
    """A sentence about what another one named: it begins with a pronoun, or it names nothing that the claim shares."""
    continues = any(one.plain and one.plain[0] in _GOES_ON for one in (reading, best))
    return continues or not reading.stems & shared


def _adds(reading: Reading, clause: Sequence[Word], best: Reading, evidence: Evidence) -> bool:
    """A sentence that says something more of the same: all that it names the claim or the other sentence names too."""
    known = {word.stem for word in clause} | _wide(best, evidence)
    return all(word.stem in known for word in reading.words if not word.light)
