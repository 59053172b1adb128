"""Does a claim give to one what its source says of another, where one source sentence speaks of both?

"Frame 5 years, battery 2 years" is not "battery 5 years", and "bread contains gluten, cakes contain nuts" not "bread contains
nuts". A source sentence is cut at "and", commas and the like; each part's own words are held against the parts of the claim.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice, pairwise, permutations

from guardrails.doubt import Doubt
from guardrails.support import Evidence
from guardrails.synonyms import widened
from guardrails.values import Value, find_values, stands_in
from guardrails.vocabulary import STOPS, word_set
from guardrails.words import Reading, read

_PARTS = re.compile(
    r"[;,():|/](?!\d)|\b(?:and|but|while|whereas|et|mais|tandis que|alors que|contre|versus)\b", re.IGNORECASE
)
_JOINS = word_set("and et")
MOST_PARTS = 12
"""Parts of a sentence that are compared; each is compared with each."""
_DAY = (
    r"(?:(?:\d{1,2}(?:er|st|nd|rd|th)? )?(?:(?:mon|tues|wednes|thurs|fri|satur|sun)days?|january|february|march|april|may|june|"
    r"july|august|september|october|november|december|lundis?|mardis?|mercredis?|jeudis?|vendredis?|samedis?|dimanches?|"
    r"janvier|fevrier|mars|avril|mai|juin|juillet|aout|septembre|octobre|novembre|decembre))"
)
_RANGE = re.compile(
    rf" (?P<first>{_DAY}) (?:to|till|until|through|a|au|a le|jusque au|jusque a le) (?P<last>{_DAY})(?= )"
)
_LABEL = re.compile(r"[^\W\d] ?:\s?[€$£]?\d")
_LIKEWISE = re.compile(r" (?:and so (?:is|are|does|do|can|has|have)|too|as well|likewise|aussi) ")
# Words on whose two sides things stand that cannot change places.
_MARKERS = word_set("with avec before avant after apres to pour without sans cover covers couvre couvrent")
_PASSIVE = word_set("by par")


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a sentence: the stems of its weighty words, its figures, and what "and" puts beside it."""

    stems: frozenset[str]
    values: tuple[Value, ...]
    beside: frozenset[str] = frozenset()


def crossed(evidence: Evidence) -> Doubt | None:
    """What the claim says of another than the cited sentence does."""
    if not evidence.pool:
        return None
    source = evidence.pool[0]
    return _figures(evidence, source) or _pairs(evidence, source) or _ends(evidence, source) or _sides(evidence, source)


@lru_cache(maxsize=256)
def _parts(text: str, language: str) -> tuple[Part, ...]:
    cuts = [hit.span() for hit in islice(_PARTS.finditer(text), MOST_PARTS)]
    pieces = [text[end:start] for (_, end), (start, _) in pairwise([(0, 0), *cuts, (len(text), len(text))])]
    stems = [_weighty(read(piece, language)) for piece in pieces]
    joined = [False, *(text[slice(*cut)].lower() in _JOINS for cut in cuts)]
    return tuple(
        Part(stems[at], find_values(piece, language), stems[at - 1] if joined[at] else frozenset())
        for at, piece in enumerate(pieces)
        if piece.strip()
    )


def _weighty(reading: Reading) -> frozenset[str]:
    return frozenset(word.stem for word in reading.words if not word.light and not word.text[0].isdigit())


def _figures(evidence: Evidence, source: Reading) -> Doubt | None:
    """A figure of one part with the words of another that has its own figure of the kind."""
    theirs = [part for part in _labelled(source.text, evidence.language) if part.values]
    claimed = _led(evidence.claim.text, evidence.language)
    alike = _LIKEWISE.search(evidence.claim.folded) and not _LIKEWISE.search(source.folded)
    ours = (Part(evidence.claim.stems, find_values(evidence.claim.text, evidence.language)),) if alike else ()
    for one, other in permutations(theirs, 2):
        for value, rival in _apart(one, other):
            own, strange = one.stems - other.stems, other.stems - one.stems
            given = any(_is_given(part, value, rival, own, strange, evidence) for part in claimed)
            if given or any(_is_shared(part, value, rival, strange) for part in ours):
                return Doubt("crossed", value.text, f'the source says "{value.text}" of something else')
    return None


def _apart(one: Part, other: Part) -> Iterator[tuple[Value, Value]]:
    for value in one.values:
        for rival in other.values:
            if value.kind == rival.kind and not stands_in(value, other.values) and not stands_in(rival, one.values):
                yield value, rival


@lru_cache(maxsize=256)
def _led(text: str, language: str) -> tuple[Part, ...]:
    """A claim's parts, each with the words of a part before it that has no figure ("in Spain, it takes 5 days")."""
    led: frozenset[str] = frozenset()
    found = []
    for part in _parts(text, language):
        found.append(Part(led | part.stems, part.values, part.beside & led))
        led = frozenset() if part.values else part.stems
    return tuple(found)


def _labelled(text: str, language: str) -> tuple[Part, ...]:
    """A source's parts; those of a row of a table ("Small: 15 €, Large: 35 €") with the label before their figures."""
    return _led(text, language) if len(_LABEL.findall(text)) > 1 else _parts(text, language)


def _is_shared(part: Part, value: Value, rival: Value, strange: frozenset[str]) -> bool:
    """ "The panels are guaranteed for 25 years and so is the inverter", which has its own figure."""
    return bool(strange & part.stems) and stands_in(value, part.values) and not stands_in(rival, part.values)


def _is_given(
    part: Part, value: Value, rival: Value, own: frozenset[str], strange: frozenset[str], evidence: Evidence
) -> bool:
    if not (own and strange and stands_in(value, part.values)) or stands_in(rival, part.values):
        return False
    wide = widened(part.stems, evidence.language)
    mine, others = own & wide, strange & part.stems
    both = bool(part.beside) and part.beside <= own | strange  # "children and adults pay 6 €"
    return bool(others) and (not mine or (others == strange and (both or mine != own)))


def _pairs(evidence: Evidence, source: Reading) -> Doubt | None:
    """Two parts of one form ("bread contains gluten", "cakes contain nuts"), and a claim with a word of each."""
    theirs = _parts(source.text, evidence.language)
    for one, other in permutations(theirs, 2):
        own, strange = one.stems - other.stems, other.stems - one.stems
        if not (len(own) == len(strange) == 2 and _is_alike(one, other, source)):
            continue
        for part in _parts(evidence.claim.text, evidence.language):
            if len(part.stems & own) == len(part.stems & strange) == 1:
                words = ", ".join(sorted(part.stems & (own | strange)))
                return Doubt("crossed", words, f"the source says of something else what the reply joins: {words}")
    return None


def _is_alike(one: Part, other: Part, source: Reading) -> bool:
    """Both share a word, or the sentence has a light verb twice ("contains … contain")."""
    light = [word.stem for word in source.words if word.light and word.text.isalpha()]
    return bool(one.stems & other.stems) or len(set(light)) < len(light)


def _ends(evidence: Evidence, source: Reading) -> Doubt | None:
    """ "From Monday to Saturday" is neither "Saturday to Monday" nor "Monday and Saturday"."""
    folded = evidence.claim.folded
    for hit in _RANGE.finditer(source.folded):
        first, last = re.escape(hit["first"].rstrip("s")), re.escape(hit["last"].rstrip("s"))
        turned = rf" {last}s?(?: \d{{4}})? (?:to|till|until|through|a|au|a le) (?:le )?{first}s? "
        listed = rf" {first}s? (?:and|et)(?: on| le)? {last}s? "
        if re.search(turned, folded) or (
            re.search(listed, folded) and " between " not in folded and " entre " not in folded
        ):
            return Doubt("crossed", f"{hit['first']}, {hit['last']}", f'the source says "{hit.group().strip()}"')
    return None


def _sides(evidence: Evidence, source: Reading) -> Doubt | None:
    """What stands before a word such as "with" in the claim stands behind it in the source, and the reverse."""
    if _PASSIVE & {*evidence.claim.plain, *source.plain}:
        return None
    for marker in _MARKERS.intersection(evidence.claim.plain, source.plain):
        (left, right), (before, behind) = _around(evidence.claim, marker), _around(source, marker)
        moved = (left & behind) - before - right, (right & before) - behind - left
        if all(moved):
            words = ", ".join(sorted(moved[0] | moved[1]))
            return Doubt("crossed", words, f'the reply has on the other side of "{marker}": {words}')
    return None


def _around(reading: Reading, marker: str) -> tuple[frozenset[str], frozenset[str]]:
    """The weighty stems of the clause before a word and behind it."""
    place = reading.plain.index(marker)
    stops = [at for at, token in enumerate(reading.plain) if token in STOPS]
    low = max((at for at in stops if at < place), default=-1)
    high = min((at for at in stops if at > place), default=len(reading.plain))
    words = [word for word in reading.words if not word.text[0].isdigit()]
    left = frozenset(word.stem for word in words if low < word.place < place)
    return left, frozenset(word.stem for word in words if place < word.place < high)
