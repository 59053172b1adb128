"""Does a claim affirm what its source denies, or the reverse?

Two rules. A word that one side denies *first* ("not **refundable**") and the other affirms contradicts. Where only one side
denies anything at all, every word that both share counts.
"""

import re

from guardrails.clauses import COMPARING, Condition, conditions, forces, restriction
from guardrails.dates import MONTHS
from guardrails.doubt import Doubt
from guardrails.support import Evidence
from guardrails.vocabulary import word_set
from guardrails.words import Reading, Word, fold

_EXEMPTING = frozenset(
    {"unless", "except", "excluding", "apart", "other", "but", "mais", "sauf", "hors", "hormis", "excepte", "a"}
)
_CONTRASTS = word_set("but though however mais cependant toutefois ;")
_JOINS = frozenset({"and", "or", "et", "ou"})
# "The required fields" are no duty; "is required" is.
_MERELY_NEEDED = re.compile(r"(?<! is)(?<! are)(?<! be) (?:required|needed|necessary) (?!to )[a-z]")
_LASTS = re.compile(r" (?:as long as|provided|tant que|a condition|pourvu) ")
_UNLESS = re.compile(r" (?:unless|except if|sauf si|a moins que) ")
_PLACES = frozenset({" over ", " above "})
_OVER = re.compile(r" (?:over|above) (?:the )?(?:\d|limit|maximum|(?:two|three|four|five|six|seven|eight|nine|ten) )")
_EXCLUSIVE = ("unless", "without", "until", "sans", "sauf", "a moins", "tant que")


def polarity(evidence: Evidence) -> Doubt | None:
    """The words on which claim and source disagree, or `None`."""
    if is_turned_round(evidence):
        return None
    said = _said(evidence)
    shared = [word for word in evidence.claim.words if word.stem in said and not _is_when(word)]
    differ = [word for word in shared if word.negated not in said[word.stem]]
    focus = _focus(evidence)
    decisive = [word for word in differ if word.focal or word.stem in focus]
    if not decisive and _both_deny(evidence):
        return None
    words = ", ".join(word.text for word in (decisive or differ)[:4])
    how = "denies" if differ and differ[0].negated else "affirms"
    if not differ:
        return None
    return Doubt("negation", words, f"the reply {how} what the source says otherwise: {words}", contradicts=True)


def _is_when(word: Word) -> bool:
    """A figure or a month: when, which a negation denies or not by where it stands in the sentence."""
    return word.text[0].isdigit() or fold(word.text) in MONTHS


def _said(evidence: Evidence) -> dict[str, set[bool]]:
    """Each stem of the pool with the polarities it has there."""
    said: dict[str, set[bool]] = {}
    for reading in evidence.pool:
        turned, contrasts = _exempted(reading, evidence.claim), _contrasts(evidence.claim)
        for word in reading.words:
            exempted = word in turned
            said.setdefault(word.stem, set()).update(
                {word.negated != exempted, word.negated} if contrasts else {word.negated != exempted}
            )
    return said


def _contrasts(claim: Reading) -> bool:
    """Whether a claim says the rule and its exception: "no refund, but an exchange"."""
    return bool(claim.negators) and not _CONTRASTS.isdisjoint(claim.plain)


def _focus(evidence: Evidence) -> frozenset[str]:
    """What the source denies first, and what an exception that the claim is about turns round."""
    first = {word.stem for reading in evidence.pool for word in reading.words if word.focal}
    turned = {word.stem for reading in evidence.pool for word in _exempted(reading, evidence.claim)}
    return frozenset(first | turned)


def _exempted(reading: Reading, claim: Reading) -> frozenset[Word]:
    """ "Unless it is on sale" turns its main clause round for a claim about what is on sale."""
    if any(found.strong for found in conditions(claim)):
        return frozenset()
    met = (found.main for found in conditions(reading) if _is_about(found, reading, claim))
    return frozenset(word for main in met for word in main)


def _is_about(found: Condition, reading: Reading, claim: Reading) -> bool:
    """Whether a claim is about an exception: it names all of it, or one of those listed ("except Malta and Cyprus")."""
    inner = {word.stem for word in found.words} - {word.stem for word in found.main}
    if found.marker.split()[0] not in _EXEMPTING or not inner:
        return False
    places = [word.place for word in found.words]
    listed = bool(_JOINS & set(reading.plain[min(places) : max(places)]))
    return bool(inner & claim.stems) if listed else inner <= claim.stems


def _both_deny(evidence: Evidence) -> bool:
    ours = any(word.negated for word in evidence.claim.words)
    theirs = any(denied for polarities in _said(evidence).values() for denied in polarities)
    return ours == theirs


def is_turned_round(evidence: Evidence) -> bool:
    """ "Not … unless" says the same as "only if" and "must", "not more than" as "at most": polarity then tells nothing."""
    return any(
        _is_exclusive_for(one, other) or _is_limit_turned(one, other) or _is_kept_up(one, other)
        for reading in evidence.pool
        for one, other in ((reading, evidence.claim), (evidence.claim, reading))
    )


def _is_exclusive_for(one: Reading, other: Reading) -> bool:
    """Whether one text denies with an exception that the other says by a duty or a restriction, and not by an exception too."""
    bound = restriction(other) or ("MUST" in forces(other) and not _MERELY_NEEDED.search(other.folded))
    return bool(one.negators and bound) and _excepts(one) and not _excepts(other)


def _is_kept_up(one: Reading, other: Reading) -> bool:
    """ "As long as no payment is overdue" says the same as "unless a payment is overdue"."""
    lasts = _LASTS.search(one.folded) and not _LASTS.search(other.folded)
    return bool(lasts and one.negators and not other.negators and _UNLESS.search(other.folded))


def _excepts(reading: Reading) -> bool:
    return any(f" {marker} " in reading.folded for marker in _EXCLUSIVE)


def _is_limit_turned(one: Reading, other: Reading) -> bool:
    said, known = _limits(one), _limits(other)
    return bool(one.negators and said and not other.negators) and not known


def _limits(reading: Reading) -> bool:
    """Whether a sentence sets a limit; "look over an email" sets none."""
    return any(words in reading.folded for words in COMPARING if words not in _PLACES) or bool(
        _OVER.search(reading.folded)
    )
