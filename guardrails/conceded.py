"""Does a claim join a condition in another way than its source: "even with", "and" for "or", "not … without"?

These words stay or go without a denial or a condition more or less, so no other rule counts them.
"""

import re
from collections.abc import Iterator
from itertools import islice

from guardrails.clauses import conditions, forces, restriction
from guardrails.doubt import Doubt
from guardrails.support import Evidence
from guardrails.vocabulary import NEGATORS, STOPS, word_set
from guardrails.words import Reading

_EVEN = re.compile(r" (?:even|, meme|meme (?:si|avec|sans|apres|avant|quand|lorsque|pour|en cas)) ")
_ANYHOW = word_set(
    """even meme regardless whether although though despite or ou too also aussi nor ni always toujours however both
    quoique bien peu importe quel quelle malgre irrespective any all tout tous toute toutes"""
)
_AND, _OR = word_set("and et"), word_set("or ou")
_SUPPOSES = word_set("if when whenever once after unless si quand lorsque lorsqu apres sauf fois")
_WITHOUT = word_set("without sans")
_BEFORE = word_set("before until unless first once avant tant jusque abord fois")
BESIDE = 4
"""Tokens from "and" or "or" within which the two words stand that it joins."""
MOST = 12
"""Joints of one sentence that are looked at."""


def conceded(evidence: Evidence) -> Doubt | None:
    """What the source grants or joins, and the claim makes a condition of another kind."""
    if not evidence.pool:
        return None
    return _even(evidence) or _joint(evidence) or _without(evidence)


def _even(evidence: Evidence) -> Doubt | None:
    """ "Without a parent" where the source says "even with a parent": what changes nothing there decides here."""
    source = evidence.pool[0]
    hit = _EVEN.search(source.folded)
    if hit is None or not _ANYHOW.isdisjoint(evidence.claim.plain):
        return None
    first = source.folded.count(" ", 0, hit.end()) - 1
    stop = next((at for at in range(first, len(source.plain)) if source.plain[at] in STOPS), len(source.plain))
    granted = {word.stem for word in source.words if first <= word.place < stop and not word.light}
    elsewhere = {word.stem for word in source.words if not first <= word.place < stop}
    word = next((word.text for word in evidence.claim.words if word.stem in granted - elsewhere), "")
    return Doubt("turned", word, f'the source says "even" of "{word}"') if word else None


def _joint(evidence: Evidence) -> Doubt | None:
    """ "On a lead or vaccinated" where both are asked: within a condition "and" and "or" are no style."""
    source, claim = evidence.pool[0], evidence.claim
    if source.negators != claim.negators:
        return None
    first = next((at for at in range(len(source.plain)) if _supposes(source.plain, at)), len(source.plain))
    theirs = dict(_joints(source, first))
    for pair, is_or in _joints(claim, 0):
        if theirs.get(pair, is_or) != is_or:
            words = f" {'or' if is_or else 'and'} ".join(sorted(pair))
            return Doubt("turned", words, f'the source joins these by "{"and" if is_or else "or"}": {words}')
    return None


def _supposes(plain: tuple[str, ...], place: int) -> bool:
    """ "S'il" is read as "se il"."""
    return plain[place] in _SUPPOSES or plain[place : place + 2] in {("se", "il"), ("se", "ils")}


def _joints(reading: Reading, first: int) -> Iterator[tuple[frozenset[str], bool]]:
    """The stems on both sides of each "and" or "or" from a place on, and whether it is an "or"."""
    places = (at for at, token in enumerate(reading.plain) if at > first and token in _AND | _OR)
    for at in islice(places, MOST):
        before = [word.stem for word in reading.words if at - BESIDE < word.place < at]
        after = [word.stem for word in reading.words if at < word.place < at + BESIDE]
        if before and after:
            yield frozenset((before[-1], after[0])), reading.plain[at] in _OR


def _without(evidence: Evidence) -> Doubt | None:
    """ "Not moved with a survey" where the source says "not moved without": one of two denials is gone."""
    source, claim = evidence.pool[0], evidence.claim
    place = next((at for at, token in enumerate(source.plain) if token in _WITHOUT), None)
    denied = NEGATORS - _WITHOUT
    if place is None or denied.isdisjoint(source.plain) or denied.isdisjoint(claim.plain):
        return None
    if not _is_flat(claim) or _SUPPOSES & {*source.plain}:
        return None
    needed = [word for word in source.words if word.place > place and not word.light][:2]
    if not needed or not {word.stem for word in needed} <= claim.stems:
        return None
    words = " ".join(word.text for word in needed)
    return Doubt("negation", words, f'the reply loses the "{source.plain[place]}" before "{words}"', contradicts=True)


def _is_flat(claim: Reading) -> bool:
    """Whether a claim denies once, and sets nothing that could stand for the second denial."""
    said_otherwise = conditions(claim) or restriction(claim) or "MUST" in forces(claim)
    return claim.negators == 1 and not said_otherwise and (_WITHOUT | _BEFORE).isdisjoint(claim.plain)
