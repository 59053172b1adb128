"""Has a claim as many denials as its source, or did one come in or get lost?

`polarity` looks at words, and a word may be denied in one clause and affirmed in another: "is closed if it was not opened"
made "is not closed if it was not opened". Here each denial is held against the denials of the other text, by the words around
it. A denial may be said by another word too ("unless", "without", "only", "avoid"); where both texts have the same of
those, none may be left over.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

from guardrails.clauses import restriction
from guardrails.doubt import Doubt
from guardrails.support import Evidence
from guardrails.synonyms import widened
from guardrails.vocabulary import NEGATORS, REFUSALS, STOPS, word_set
from guardrails.words import Reading, affirmed, lemma

NEAR = 3
"""Content words on each side of a denial by which it is told from another."""
EXTRA, LOST = 0.5, 1.0
"""The share of the words behind a denial that the other text has, for one that came in and for one that got lost; a
rewording may leave a clause out with its denial."""
MOST = 12
"""Denials of one sentence that are looked at: each is compared with each."""
_PARTNERS = word_set("pas jamais aucun aucune rien ni plus nul nulle guere point")
_BOUNDED = word_set("only seulement uniquement")
_SOFTENED = word_set("just merely simply simplement")
_CANNOT = word_set("saurait sauraient")
_COMPARED = word_set("more less fewer later earlier longer plus moins")
_OPEN = word_set("or ou si whether no non")
_GO_ON = word_set("nor ni")
_ABSORBS = word_set("without sans")
# Words that may stand in the place of a denial. One line: what says the same.
_INSTEAD = (
    word_set("unless except excluding sauf hors hormis excepte"),
    word_set("without lacking sans"),
    word_set("until till before avant jusque"),
    word_set("after once apres fois"),
    word_set("instead rather plutot lieu"),
    word_set("avoid avoids stop stops stopped refrain prevent prevents eviter evitez cesser cesse arreter empeche"),
    word_set("otherwise else sinon"),
    word_set("too trop"),
    word_set("free gratuit gratuite gratuits gratuites"),
    word_set("remember pensez veillez"),
    word_set("than"),
)


@dataclass(frozen=True, slots=True)
class Denial:
    """A word that denies, the stems of the content words before it and behind it, and whether one left over tells a lie:
    "without" and "impossible" have too many other ways to be said."""

    word: str
    before: frozenset[str]
    after: frozenset[str]
    tells: bool


def miscounted(evidence: Evidence) -> Doubt | None:
    """The denial that only one of the two texts has."""
    if not evidence.pool:
        return None
    ours = denials(evidence.claim, evidence.language)
    theirs = tuple(one for reading in evidence.pool for one in denials(reading, evidence.language))
    if len(ours) == len(theirs) or _is_said_otherwise(evidence):
        return None
    more, less = (ours, theirs) if len(ours) > len(theirs) else (theirs, ours)
    known, share = (evidence.wide, EXTRA) if more is ours else (evidence.claimed, LOST)
    left = next(
        (one for one in _left(more, less, evidence.language) if one.tells and _is_about(one, known, share)), None
    )
    if left is None:
        return None
    how = "denies" if more is ours else "no longer denies"
    words = " ".join((left.word, *sorted(left.after)))
    return Doubt("negation", words, f"the reply {how} what the source says otherwise: {words}")


@lru_cache(maxsize=512)
def denials(reading: Reading, language: str) -> tuple[Denial, ...]:
    """The denials of a sentence in their order; "ne … pas" is one, and so is "neither … nor"."""
    return tuple(_denial(reading, place, tells) for place, tells in islice(_places(reading, language), MOST))


def _places(reading: Reading, language: str) -> Iterator[tuple[int, bool]]:
    """Where a denial stands, and whether it is a denying word and not one such as "impossible"."""
    plain, taken = reading.plain, -1
    lexical = {word.place for word in reading.words if _denies(word.text.lower(), language)}
    for place, word in enumerate(plain):
        if place in lexical:
            yield place, False
        elif word == "ne" and (partner := _partner(plain, place)):
            taken = partner
            yield place, True
        elif word in NEGATORS and word not in _GO_ON and place != taken and not _is_idle(plain, place):
            yield place, word not in _ABSORBS and plain[place + 1] not in _SOFTENED


def _denies(word: str, language: str) -> bool:
    return affirmed(word, language)[1] or lemma(word, language) in REFUSALS


def _partner(plain: tuple[str, ...], place: int) -> int:
    """Where the second half of "ne … pas" or "ne saurait" stands; 0 for "ne … que" and the "ne" that denies nothing."""
    if plain[place + 1 : place + 2] and plain[place + 1] in _CANNOT:
        return place + 1
    near = range(place + 1, min(place + 6, len(plain)))
    return next((at for at in near if plain[at] in _PARTNERS), 0)


def _is_idle(plain: tuple[str, ...], place: int) -> bool:
    """ "Not only", "no more than", "whether or not", "No, …": words that deny no clause."""
    after = plain[place + 1 : place + 2]
    if place and plain[place - 1] in _OPEN:
        return True
    return not after or after[0] in _BOUNDED | _COMPARED or (plain[place] in {"no", "non"} and after[0] in STOPS)


def _denial(reading: Reading, place: int, tells: bool) -> Denial:
    low = max((at for at in range(place) if reading.plain[at] in STOPS), default=-1)
    high = next((at for at in range(place + 1, len(reading.plain)) if reading.plain[at] in STOPS), len(reading.plain))
    before = [word.stem for word in reading.words if low < word.place < place]
    after = [word.stem for word in reading.words if place <= word.place < high]
    return Denial(reading.plain[place], frozenset(before[-NEAR:]), frozenset(after[:NEAR]), tells)


def _left(more: Sequence[Denial], less: Sequence[Denial], language: str) -> Iterator[Denial]:
    """The denials of the text that has more, without the one that is most like each of the other's."""
    rest = list(more)
    for one in less:
        rest.remove(max(rest, key=lambda other: _likeness(one, other, language)))
    yield from rest


def _likeness(one: Denial, other: Denial, language: str) -> int:
    after, around = widened(one.after, language), widened(one.before | one.after, language)
    return 2 * len(after & other.after) + len(around & (other.before | other.after))


def _is_about(left: Denial, known: frozenset[str], share: float) -> bool:
    """Whether the other text speaks of what is denied: of the words behind the denial, or those before where it ends a clause."""
    words = left.after or left.before
    return bool(words) and len(words & known) >= share * len(words)


def _is_said_otherwise(evidence: Evidence) -> bool:
    """Whether one of the texts has a word that can stand for a denial, and the other has not."""
    return any(_instead(reading) != _instead(evidence.claim) for reading in evidence.pool[:1])


def _instead(reading: Reading) -> tuple[bool, ...]:
    tokens = set(reading.plain)
    return (*(bool(words & tokens) for words in _INSTEAD), bool(restriction(reading)))
