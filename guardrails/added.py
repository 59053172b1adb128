"""Does a claim speak of somebody or something more than its source, or call another's what is theirs?

"Teachers and students" where the source has students, "your neighbour's parcel" where it has the parcel, "votre carte"
where it has "leur carte". Possessives are evidence of nothing elsewhere, so only this looks at them.
"""

import re
from collections.abc import Iterator
from itertools import islice
from typing import Literal

from guardrails.doubt import Doubt
from guardrails.support import Evidence
from guardrails.vocabulary import word_set
from guardrails.words import Reading, Word, stem

Owner = Literal["OURS", "YOURS", "THEIRS"]

_AND = word_set("and et")
_LISTS = word_set("and et or ou , & nor ni / plus")
_BETWEEN = word_set(
    "the a an le la les l un une des du de d all any every each their his her its our your son sa ses leur"
)
_POSSESSOR = re.compile(r"\b(?P<who>[a-z]{3,30})['’]s? (?P<what>[a-z]{3,30})", re.IGNORECASE)
# "The customer's card" is "your card".
_READER = word_set(
    "customer client user member person someone anyone else today let there here that what who how where "
    "customers clients users members people cardholder cardholders utilisateur utilisateurs membre membres"
)
_OWNERS: dict[str, Owner] = {
    **dict.fromkeys(word_set("our notre nos"), "OURS"),
    **dict.fromkeys(word_set("your votre vos"), "YOURS"),
    **dict.fromkeys(word_set("their his her leur leurs son sa ses"), "THEIRS"),
}
_YOU = word_set("you vous")
OWNED = 2
"""Content words behind a possessive of the source that it may belong to: "their child's form"; a claim's owns the first."""
MOST = 12
"""Joined words, or possessives, of one sentence that are looked at."""


def added(evidence: Evidence) -> Doubt | None:
    """Who or what a claim puts beside the words of its source."""
    if not evidence.pool:
        return None
    for known, more in (*islice(_joined(evidence.claim, evidence), MOST), *islice(_possessed(evidence), MOST)):
        if more.stem not in evidence.wide and not more.light and not more.text[0].isdigit():
            return Doubt("added", more.text, f'the source says "{known}" without "{more.text}"')
    return None


def _joined(claim: Reading, evidence: Evidence) -> Iterator[tuple[str, Word]]:
    """What stands on the other side of "and" from a word of the source that the source joins with nothing."""
    at = {word.place: word for word in claim.words}
    for place in islice((at for at, token in enumerate(claim.plain) if token in _AND), MOST):
        left, right = at.get(place - 1), at.get(_skip(claim.plain, place + 1))
        if left and right:
            for known, more in ((left, right), (right, left)):
                if (
                    known.stem in evidence.stems
                    and not known.light
                    and not any(_is_listed(known, one) for one in evidence.pool)
                ):
                    yield known.text, more


def _skip(plain: tuple[str, ...], place: int) -> int:
    return next((at for at in range(place, len(plain)) if plain[at] not in _BETWEEN), place)


def _is_listed(known: Word, source: Reading) -> bool:
    """Whether the source itself joins a word with another, which a rewording may say by a word of its own."""
    places = [word.place for word in source.words if word.stem == known.stem]
    return any(_LISTS.intersection(source.plain[max(0, place - 4) : place + 5]) for place in places)


def _possessed(evidence: Evidence) -> Iterator[tuple[str, Word]]:
    by_text = {word.text.lower(): word for word in evidence.claim.words}
    for hit in _POSSESSOR.finditer(evidence.claim.text if evidence.language == "en" else ""):
        who, what = by_text.get(hit["who"].lower()), stem(hit["what"].lower(), evidence.language)
        if who and who.text.lower() not in _READER and what in evidence.stems:
            yield hit["what"], who


def whose(evidence: Evidence) -> Doubt | None:
    """A thing that the source calls ours, yours or theirs, and the claim another's."""
    if not evidence.pool:
        return None
    theirs: dict[str, set[Owner]] = {}
    for noun, owner in _owned(evidence.pool[0], OWNED):
        theirs.setdefault(noun, set()).add(owner)
    for noun, owner in _owned(evidence.claim, 1):
        known = theirs.get(noun, {owner})
        if owner not in known and _is_taken(owner, known, evidence):
            return Doubt("turned", noun, f'whose it is, is turned round: "{noun}"')
    return None


def _owned(reading: Reading, many: int) -> Iterator[tuple[str, Owner]]:
    for place in islice((at for at, token in enumerate(reading.plain) if token in _OWNERS), MOST):
        behind = (word for word in reading.words if place < word.place <= place + 2 * OWNED)
        yield from ((word.stem, _OWNERS[reading.plain[place]]) for word in islice(behind, many))


def _is_taken(owner: Owner, known: set[Owner], evidence: Evidence) -> bool:
    """ "Our" and "your" never change places; "their" becomes "your" where the reader is whom the source speaks of."""
    if "THEIRS" not in known:
        return owner != "THEIRS"
    source = evidence.pool[0]
    reader = {*_READER, *_YOU, "your", "votre", "vos"}.isdisjoint(source.plain) and _YOU.isdisjoint(
        evidence.claim.plain
    )
    first = next((word.stem for word in source.words), "")
    return owner == "YOURS" and reader and first in evidence.claim.stems
