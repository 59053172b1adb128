"""Does a claim state what its source only supposes: "the deposit is returned, nothing is damaged" for "if nothing is"?"""

from collections.abc import Iterator
from difflib import SequenceMatcher
from itertools import pairwise

from guardrails.clauses import Condition, conditions
from guardrails.doubt import Doubt
from guardrails.support import Evidence
from guardrails.vocabulary import word_set
from guardrails.words import Reading

_MARKS = word_set(", ; : . ! ? ( ) — and et but mais so donc")
# Behind these stands a clause; behind "except" or "en cas" only a noun, which states nothing.
_CLAUSAL = frozenset(
    {"if", "when", "whenever", "once", "unless", "except if", "except when", "only if", "only when", "only where",
     "provided", "provided that", "as long as", "on condition that", "si", "quand", "lorsque", "lorsqu", "des que", "une fois",
     "sauf si", "uniquement si", "seulement si", "a moins que", "pourvu", "tant que"}
)  # fmt: skip
# Any of these may stand for an "if".
_SUPPOSES = word_set(
    """if when whenever once unless until without provided providing long while where who which that whose case should
    after before for with otherwise depending upon then assuming then only
    si quand lorsque lorsqu sauf sans tant fois cas qui dont condition pourvu sinon selon ayant apres avant pour avec alors
    etant suppose moins reserve"""
)
SAME = 0.8
"""The share of a condition's tokens that a clause of the claim has which states it."""
LONG = 60
"""Tokens of a condition whose order is looked at."""
SHORT = 3
"""Tokens of a condition at least: a subject and its verb."""
MORE = 4
"""Tokens that the stating clause may have besides."""


def asserted(evidence: Evidence) -> Doubt | None:
    """The condition of the cited sentence that a clause of the claim states."""
    if not evidence.pool:
        return None
    for found in conditions(evidence.pool[0]):
        supposed = _supposed(found, evidence.pool[0])
        if found.marker not in _CLAUSAL or len(supposed) < SHORT or not _is_bare(found, evidence):
            continue
        if any(_states(clause, supposed) for clause in _clauses(evidence.claim.plain)):
            words = f"{found.marker} {' '.join(supposed[:8])}"
            return Doubt("condition dropped", words, f'the reply states what the source only supposes: "{words}"')
    return None


def _supposed(found: Condition, source: Reading) -> tuple[str, ...]:
    """The tokens of a condition behind its marker."""
    last, words = found.marker.split()[-1], found.words
    if not words:
        return ()
    first = words[0].place
    begin = next((at + 1 for at in range(first - 1, -1, -1) if source.plain[at] == last), first)
    return source.plain[begin : words[-1].place + 1]


def _is_bare(found: Condition, evidence: Evidence) -> bool:
    """Whether the claim has the clause that hangs on the condition, and no word that could say the condition."""
    elsewhere = set(evidence.pool[0].plain) - set(found.marker.split())
    spoken = _SUPPOSES.intersection(evidence.claim.plain) - elsewhere
    return not spoken and any(word.stem in evidence.claimed for word in found.main)


def _clauses(plain: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    cuts = [at for at, token in enumerate(plain) if token in _MARKS]
    for low, high in pairwise((-1, *cuts, len(plain))):
        yield plain[low + 1 : high]


def _states(clause: tuple[str, ...], supposed: tuple[str, ...]) -> bool:
    """Whether a clause has the tokens in their order: "dogs on a lead are welcome" does not state "they are on a lead"."""
    if len(clause) > len(supposed) + MORE or len(set(supposed).intersection(clause)) < SAME * len(set(supposed)):
        return False
    wanted = supposed[:LONG]
    blocks = SequenceMatcher(None, clause[: LONG + MORE], wanted, autojunk=False).get_matching_blocks()
    return sum(block.size for block in blocks) >= SAME * len(wanted)
