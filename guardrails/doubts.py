"""Where a claim departs from the sentences it cites: one function a way, one row each in `DOUBTS`.

Each takes the `Evidence` and returns the doubt with the exact words that decide, or `None`.
"""

from collections.abc import Callable
from functools import cache

from guardrails.added import added, whose
from guardrails.anchors import misplaced
from guardrails.asserted import asserted
from guardrails.clauses import (
    Condition,
    conditions,
    doubtful,
    forces,
    limit_of,
    restricted_stems,
    restriction,
    says_always,
    scope,
)
from guardrails.conceded import conceded
from guardrails.crossed import crossed
from guardrails.denials import miscounted
from guardrails.doubt import Doubt
from guardrails.foreign import bare_claim, uncovered
from guardrails.other_names import name, quoted, substituted
from guardrails.polarity import polarity
from guardrails.rearranged import rearranged
from guardrails.recombined import recombined
from guardrails.restricted import restriction_dropped
from guardrails.support import Evidence
from guardrails.synonyms import widened
from guardrails.turned import turned
from guardrails.values import find_values, stands_in
from guardrails.vocabulary import RIVALS
from guardrails.words import stem

FORMULAS = frozenset(
    stem(word, language)
    for language, words in (
        ("en", "necessary needed possible applicable relevant"),
        ("fr", "nécessaire besoin possible"),
    )
    for word in words.split()
)
"""Stems of a condition that says nothing: "if needed", "si nécessaire"."""
MOST_VALUES = 20
"""How many values of one claim are looked at for their limits."""


def condition_dropped(evidence: Evidence) -> Doubt | None:
    """The condition that a claim leaves out, or `None`; the ticket may already say a weak one."""
    lost = (found for reading in evidence.pool for found in conditions(reading) if _is_lost(found, evidence))
    dropped = next(lost, None)
    if dropped is None:
        return None
    words = " ".join((dropped.marker, *(word.text for word in dropped.words[:6])))
    return Doubt("condition dropped", words, f'the reply leaves out the condition "{words}"', dropped.strong)


def _is_lost(found: Condition, evidence: Evidence) -> bool:
    main = {word.stem for word in found.main}
    inner = {word.stem for word in found.words} - main
    if not inner or not evidence.claimed & main or inner <= FORMULAS:
        return False
    # A word of the main clause does not say the condition, though it may be near to one of its words ("lamp", "bulb").
    said = widened(evidence.claim.stems - main, evidence.language)
    known = said if found.strong else said | evidence.ticket.stems
    return len(inner & known) * 2 < len(inner) or (found.strong and inner.isdisjoint(said))


def _condition_added(evidence: Evidence) -> Doubt | None:
    for found in conditions(evidence.claim):
        strange = [word for word in found.words if word.stem not in evidence.wide | evidence.around.stems]
        if found.strong and strange and len(strange) * 2 >= len(found.words):
            words = " ".join((found.marker, *(word.text for word in strange[:6])))
            return Doubt("condition added", words, f'no source has the condition "{words}"')
    return None


def _restriction(evidence: Evidence) -> Doubt | None:
    if not evidence.pool:
        return None
    theirs, ours = restriction(evidence.pool[0]), restriction(evidence.claim)
    bounded = ours or forces(evidence.claim) & {"MUST"} or evidence.claim.negators
    spoken = restricted_stems(evidence.pool[0]) & evidence.claimed
    if theirs and not bounded and spoken:
        return Doubt("scope", theirs, f'the reply leaves out "{theirs}"', contradicts=True)
    if (
        ours
        and not theirs
        and not any(restriction(reading) or conditions(reading) or reading.negators for reading in evidence.pool)
    ):
        return Doubt("scope", ours, f'no source says "{ours}"')
    return None


def _scope(evidence: Evidence) -> Doubt | None:
    ours, our_word = scope(evidence.claim, evidence.stems)
    found = [scope(reading, evidence.claim.stems) for reading in evidence.pool]
    some = next((word for kind, word in found if kind == "SOME"), "")
    if some and ours != "SOME":
        return Doubt(
            "scope",
            our_word or some,
            f'the source speaks of "{some}", the reply of "{our_word or "all"}"',
            ours == "ALL",
        )
    if ours == "SOME" and any(kind == "ALL" for kind, _ in found) and not some:
        return Doubt("scope", our_word, f'the source speaks of all, the reply of "{our_word}"')
    if ours == "ALL" and says_always(our_word) and all(kind != "ALL" for kind, _ in found):
        return Doubt("scope", our_word, f'no source says "{our_word}"')
    return None


def _modality(evidence: Evidence) -> Doubt | None:
    if not evidence.pool or evidence.claim.negators or restriction(evidence.claim):
        return None
    ours = forces(evidence.claim)
    theirs = frozenset().union(*(forces(reading) for reading in evidence.pool))
    bounded = evidence.pool[0].negators or restriction(evidence.pool[0])  # "only the owner may" is "the owner must"
    if "MUST" in ours and theirs and "MUST" not in theirs and not bounded:
        return Doubt(
            "modality", "must", "the reply says what must be; the source says what may or should be", contradicts=True
        )
    if "MUST" in theirs and ours and "MUST" not in ours:
        return Doubt("modality", "can", "the source says what must be; the reply only what may or should be")
    unsure = next((word for reading in evidence.pool[:1] if (word := doubtful(reading))), "")
    if unsure and not doubtful(evidence.claim) and "MAY" not in ours:
        return Doubt("modality", unsure, f'the source is not certain ("{unsure}"), the reply is')
    return None


@cache
def _rivals(language: str) -> tuple[frozenset[str], ...]:
    return tuple(frozenset(stem(word, language) for word in group) for group in RIVALS)


def _rival(evidence: Evidence) -> Doubt | None:
    """The claim has one of a group of which the source has another."""
    spare = {word.stem: word.text for word in evidence.words if word.stem not in evidence.claim.stems}
    for word in evidence.missing:
        groups = (group for group in _rivals(evidence.language) if word.stem in group)
        other = next((spare[one] for group in groups for one in group if one in spare), "")
        if other:
            return Doubt(
                "swap", word.text, f'the reply says "{word.text}" where the source says "{other}"', contradicts=True
            )
    return None


def _limit(evidence: Evidence) -> Doubt | None:
    """ "From 5 €" is not "up to 5 €"; "from" and "up to" may not be dropped."""
    theirs = [(value, reading) for reading in evidence.pool for value in find_values(reading.text, evidence.language)]
    for value in find_values(evidence.claim.text, evidence.language)[:MOST_VALUES]:
        wanted = {limit_of(reading, other.text) for other, reading in theirs if stands_in(value, (other,))}
        if not wanted:
            continue
        said = limit_of(evidence.claim, value.text)
        limits = {limit.kind for limit in wanted if limit is not None}
        if None in wanted or not limits or (said and said.kind in limits):
            continue
        if said or any(limit.firm for limit in wanted if limit is not None):
            words = "at least" if "LEAST" in limits else "at most"
            return Doubt("limit", value.text, f"the source says {words} {value.text}", contradicts=said is not None)
    return None


DOUBTS: tuple[Callable[[Evidence], Doubt | None], ...] = (
    polarity,
    miscounted,
    condition_dropped,
    restriction_dropped,
    _rival,
    name,
    quoted,
    substituted,
    _limit,
    recombined,
    crossed,
    rearranged,
    misplaced,
    turned,
    whose,
    added,
    asserted,
    conceded,
    _restriction,
    _scope,
    _modality,
    _condition_added,
    uncovered,
    bare_claim,
)


def doubts(evidence: Evidence) -> tuple[Doubt, ...]:
    """Every departure found, those that contradict first; one for the same words."""
    found = [doubt for test in DOUBTS if (doubt := test(evidence)) is not None]
    found.sort(key=lambda doubt: not (doubt.contradicts or doubt.kind == "foreign"))
    return tuple({doubt.words: doubt for doubt in reversed(found)}.values())[::-1]
