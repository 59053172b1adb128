"""Does a claim speak of something else than its sources, or of nothing in particular?"""

from itertools import pairwise

from guardrails.doubt import Doubt
from guardrails.grounding_score import grounding_score, is_grounded
from guardrails.support import Evidence
from guardrails.units import CURRENCIES
from guardrails.words import Reading

ENOUGH = 0.7
"""The share of content words a claim must have in its sources."""
MANY = 2
"""Words without a source from which the score is asked: short claims in other words score low for want of one word."""
FOREIGN = 0.6
"""The share below which a claim speaks of something else than its sources."""
_MARKS = frozenset(",.;:!?()…—")
GRAFT = 0.6
"""The share of a clause's words from which it is foreign."""
STRETCH = 3
"""Foreign words in a row that no rewording explains."""
FRAGMENT = 4
"""Words and marks of a fragment at most."""


def uncovered(evidence: Evidence) -> Doubt | None:
    words = ", ".join(word.text for word in evidence.missing[:8])
    if is_foreign(evidence):
        return Doubt("foreign", words, f"the cited source speaks of something else: {words}")
    if evidence.coverage >= ENOUGH and (len(evidence.missing) < MANY or _is_likely(evidence)):
        return None
    return Doubt("uncovered", words, f"the cited source does not say: {words}")


def bare_claim(evidence: Evidence) -> Doubt | None:
    """A fragment that says something of nothing in particular: "Free.", "14 days." """
    words = [word for word in evidence.claim.words if word.text.lower() not in CURRENCIES]
    if len(words) > 1 or len(evidence.claim.tokens) > (FRAGMENT if words else 2 * FRAGMENT):
        return None
    return Doubt("bare", evidence.claim.text[:40], f'too bare to be checked: "{evidence.claim.text[:40]}"')


def is_foreign(evidence: Evidence) -> bool:
    """Whether next to nothing of a claim stands in its sources: no slip of the pen, but something else altogether."""
    if not evidence.claim.words:
        return len(evidence.claim.tokens) > 2 * FRAGMENT  # many words that say nothing
    return evidence.coverage < FOREIGN or _is_grafted(evidence)


def _is_grafted(evidence: Evidence) -> bool:
    """Whether a part of the claim is foreign in a sentence that is otherwise the source's: many words in a row, or a clause."""
    if _stretch(evidence) >= STRETCH:
        return True
    marks = [word.place for word in evidence.missing if word.stem not in evidence.around.stems]
    return len(marks) >= MANY and any(
        _is_foreign_part(start, stop, evidence, marks) for start, stop in _spans(evidence.claim)
    )


def _spans(claim: Reading) -> list[tuple[int, int]]:
    """The clauses of a claim, from mark to mark."""
    cuts = [place for place, token in enumerate(claim.tokens) if token in _MARKS]
    return list(pairwise((-1, *cuts, len(claim.tokens))))


def _is_foreign_part(start: int, stop: int, evidence: Evidence, lost: list[int]) -> bool:
    places = [word.place for word in evidence.claim.words if start < word.place < stop and not word.light]
    foreign = sum(place in lost for place in places)
    return foreign >= MANY and foreign >= GRAFT * len(places)


def _stretch(evidence: Evidence) -> int:
    """The most weighty words in a row that neither the cited sentences nor what stands around them have: a foreign part in a
    sentence that is otherwise the source's."""
    lost = {word.place for word in evidence.missing if word.stem not in evidence.around.stems}
    longest = current = 0
    for word in evidence.claim.words:
        if not word.light:
            current = current + 1 if word.place in lost else 0
            longest = max(longest, current)
    return longest


def _is_likely(evidence: Evidence) -> bool:
    """Whether the one score for claims clears its threshold, from the cited sentences or with what stands around them."""
    cited = "\n".join(reading.text for reading in evidence.pool)
    claim, language = evidence.claim.text, evidence.language
    return any(
        is_grounded(grounding_score(claim, context, language))
        for context in (cited, f"{cited}\n{evidence.around.text}")
    )
