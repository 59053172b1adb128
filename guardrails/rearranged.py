"""Does a claim say with its source's own words another thing, by the order they stand in?

"The harbour master assigns the berth and the skipper pays for the electricity" is not "the skipper assigns the berth", nor
"the passenger warns the driver" what "the driver warns the passenger" is. `crossed` looks at figures and at pairs of one
form; here clauses are compared, then the order within one clause, then the noun that an age or a size belongs to.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations, islice, pairwise, permutations

from guardrails.doubt import Doubt
from guardrails.polarity import is_turned_round
from guardrails.support import Evidence
from guardrails.synonyms import widened
from guardrails.vocabulary import COUNTS, word_set
from guardrails.words import Reading, stem

_SIDE = word_set(", ; : ( ) — . and but while whereas et mais tandis alors")
_UNDER = word_set(
    "if when whenever unless until once because so who which that where si quand lorsque sauf qui dont parce afin"
)
# What turns a clause round and keeps its sense: a passive, a relative, "it is … that", "village residents" for "of the village".
_TURNS = word_set("by par who which that whom whose qui que dont of de du des d")
_BE = word_set("is are was were be been being est sont etre ete etait etaient sera seront")
_VERBS = _BE | word_set(
    "can may must should will has have does do peut peuvent pouvez doit doivent devez a ont avez avons fait font"
)
_JOINS = word_set("and et")
_PRONOUNS: Mapping[str, frozenset[str]] = {
    "en": word_set("i we you he she it they them its their one this these"),
    "fr": word_set("il elle ils elles on nous vous je lui leur y en cela ce c ses son sa"),
}
MOST_PARTS = 12
"""Clauses of a sentence that are compared; each is compared with each."""
MOST_WORDS = 8
"""Weighty words of a clause whose order is looked at; each three are compared."""
OWN = 2
"""Words that a clause must have for itself, so that a lie can keep one and exchange the other."""
_SIZED = re.compile(
    r" (?P<noun>[a-z]\w{2,30}) (?:aged?|over|under|above|below|(?:older|younger|heavier|larger|longer|more|less) than|"
    r"of (?:over|under|(?:more|less) than)|de (?:plus|moins) de|agee?s? de)(?: (?:over|under|plus|moins|de|than)){0,3}"
    r" (?P<figure>\w{1,12}) "
)


@dataclass(frozen=True, slots=True)
class Clause:
    """A clause: its weighty stems in their order, its tokens, whether it hangs on another ("if …"), and whether "and" ends it."""

    stems: tuple[str, ...]
    tokens: frozenset[str]
    under: bool
    joined: bool = False

    @property
    def known(self) -> frozenset[str]:
        """The stems without their order."""
        return frozenset(self.stems)


def rearranged(evidence: Evidence) -> Doubt | None:
    """What the claim exchanges between two clauses of the cited sentence, within one, or from noun to noun."""
    if not evidence.pool:
        return None
    words = _mixed(evidence) or ("" if is_turned_round(evidence) else _reversed(evidence)) or _moved(evidence)
    return Doubt("crossed", words, f"the source does not join these so: {words}") if words else None


@lru_cache(maxsize=512)
def clauses(reading: Reading) -> tuple[Clause, ...]:
    """The clauses of a sentence, from mark to mark and from "and" or "if" to the next."""
    cuts = [at for at, token in enumerate(reading.plain) if token in _SIDE or token in _UNDER]
    edges = [-1, *cuts[: MOST_PARTS - 1], len(reading.plain)]
    found = (_clause(reading, low, high) for low, high in pairwise(edges))
    return tuple(clause for clause in found if clause.stems)


def _clause(reading: Reading, low: int, high: int) -> Clause:
    weighty = (word for word in reading.words if low < word.place < high and not word.light)
    stems = tuple(word.stem for word in weighty if word.text.isalpha())
    return Clause(
        stems,
        frozenset(reading.plain[max(low, 0) : high]),
        low >= 0 and reading.plain[low] in _UNDER,
        reading.plain[high : high + 1] != () and reading.plain[high] in _JOINS,
    )


def _mixed(evidence: Evidence) -> str:
    """A clause of the claim with words of two clauses of the source, where it has all of neither's own."""
    ours, theirs = clauses(evidence.claim), clauses(evidence.pool[0])
    owned = _owned(theirs)
    for one, other in permutations(range(len(theirs)), 2):
        if min(len(owned[one]), len(owned[other])) < OWN or _is_listed(theirs[one]) or _is_listed(theirs[other]):
            continue
        mixing = [clause for clause in ours if _mixes(clause, owned[one], owned[other], evidence)]
        mixing = [clause for clause in mixing if not _refers(clause, owned, (one, other), theirs, _pronouns(evidence))]
        apart = theirs[one].under or theirs[other].under
        if len(mixing) > apart:
            return ", ".join(stem for stem in mixing[0].stems if stem in owned[one] | owned[other])
    return ""


def _is_listed(clause: Clause) -> bool:
    """Whether "and" may join a noun and no clause: "the repair | and the transport are free"."""
    return clause.joined and len(clause.known) <= OWN and not _VERBS & clause.tokens


def _owned(theirs: tuple[Clause, ...]) -> list[frozenset[str]]:
    """What each clause has and no other clause of the sentence."""
    return [clause.known.difference(*(other.known for other in theirs if other is not clause)) for clause in theirs]


def _mixes(clause: Clause, one: frozenset[str], other: frozenset[str], evidence: Evidence) -> bool:
    wide = widened(clause.known, evidence.language)
    strange = clause.known & other - widened(one, evidence.language)
    return bool(clause.known & one and strange and one - wide and other - wide)


def _pronouns(evidence: Evidence) -> frozenset[str]:
    return _PRONOUNS["fr" if evidence.language == "fr" else "en"]


def _refers(
    clause: Clause,
    owned: Sequence[frozenset[str]],
    pair: tuple[int, int],
    theirs: Sequence[Clause],
    pronouns: frozenset[str],
) -> bool:
    """Whether the one word of a clause may be what "it" stands for in the other: "no card is needed to start it"."""
    return any(
        len(clause.known & owned[one]) == 1 and pronouns & theirs[other].tokens for one, other in (pair, pair[::-1])
    )


def _reversed(evidence: Evidence) -> str:
    """Three words of one clause that stand the other way round: "the driver warns the passenger"."""
    for ours in clauses(evidence.claim):
        for theirs in clauses(evidence.pool[0]):
            if words := _turned(_order(ours), _order(theirs)):
                said_by_another = _pronouns(evidence) & ours.tokens - theirs.tokens
                passive = _BE.isdisjoint(ours.tokens) != _BE.isdisjoint(theirs.tokens)
                if not passive and not said_by_another and not _TURNS & (ours.tokens | theirs.tokens):
                    return words
    return ""


def _order(clause: Clause) -> Mapping[str, int]:
    """Each stem that a clause has once, with its place."""
    return {one: at for at, one in enumerate(clause.stems[:MOST_WORDS]) if clause.stems.count(one) == 1}


def _turned(ours: Mapping[str, int], theirs: Mapping[str, int]) -> str:
    shared = sorted(ours.keys() & theirs.keys(), key=lambda stem: theirs[stem])
    for three in combinations(shared, 3):
        if ours[three[0]] > ours[three[1]] > ours[three[2]]:
            return ", ".join(three)
    return ""


def _moved(evidence: Evidence) -> str:
    """An age or a size with another noun of the source than its own: "dogs over 16 years"."""
    theirs = dict(_sized(evidence.pool[0], evidence.language))
    for figure, noun in _sized(evidence.claim, evidence.language):
        own = theirs.get(figure, noun)
        if own != noun and noun in evidence.pool[0].stems and own in evidence.claim.stems:
            return f"{noun}, {figure}"
    return ""


def _sized(reading: Reading, language: str) -> Iterator[tuple[str, str]]:
    for hit in islice(_SIZED.finditer(reading.folded), MOST_PARTS):
        figure = COUNTS.get(hit["figure"], hit["figure"])
        if figure.isdigit():
            yield figure, stem(hit["noun"], language)
