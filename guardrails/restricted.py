"""What bounds the things a rule is about: "orders that come back unused", "batteries sold after 2024", "les commandes non
déballées". A claim about the customer's own thing ("your order") that leaves it out says more than its source.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from guardrails.clauses import conditions
from guardrails.doubt import Doubt
from guardrails.support import Evidence
from guardrails.synonyms import widened
from guardrails.vocabulary import word_set
from guardrails.words import Reading, Word

MOST = 4
"""How many content words of a bound are looked at."""
BETWEEN = 2
"""How many small words may stand between a noun and the participle that bounds it ("not yet paid", "non encore payées")."""

_OWN = word_set("your votre vos this these cette cet ce ces")
_YOU = word_set("you vous")
_PERSONS = word_set(
    """customers customer people persons members member subscribers subscriber buyers buyer users user students student
    anyone anybody everyone everybody those clients client membres membre personnes personne abonnes abonne adherents adherent
    etudiants etudiant acheteurs acheteur utilisateurs utilisateur ceux celles quiconque celui celle"""
)
_RELATIVES = word_set("that which who whose qui dont que lesquels lesquelles")
_SMALL = word_set("not never non pas jamais already still yet encore deja bien newly duly recently recemment")
_MEANS = word_set("by with to on at via in par avec sur a au aux dans en")
_ANY = word_set("any every each all tout toute tous toutes chaque")
_MARKS = word_set(", ; : . ! ? ( ) … —")
_VERBS = word_set(
    """is are was were has have can may must will shall should do does est sont ont peut peuvent doit doivent sera seront
    etait etaient and et or ou but mais"""
)
_PLACES = word_set(
    """within in on at by before after from until to for with without over under above below between during sous dans en sur par
    avant apres depuis jusqu pour avec sans entre pendant chez des aux au du de à"""
)
_IRREGULAR = re.compile(
    r"sold|bought|made|sent|paid|broken|kept|left|given|worn|lost|bent|torn|stolen|shown|taken|held|built|won|driven|"
    r"(?:vendu|recu|rendu|perdu|ouvert|offert|pris|mis|fait|remis|couvert|inscrit|souscrit|interrompu|suspendu|produit)e?s?"
)
_ENGLISH = re.compile(r"(?!need|speed|indeed|hundred)\w{3,}ed")
_FRENCH = re.compile(r"\w{3,}ée?s?")


@dataclass(frozen=True, slots=True)
class Bound:
    """What bounds a noun: its first words, up to where and when (`core`), and the words as far as they go (`whole`)."""

    core: tuple[Word, ...]
    whole: tuple[Word, ...]


def restriction_dropped(evidence: Evidence) -> Doubt | None:
    """The bound on the customer's own thing that a claim leaves out, or `None`; the ticket may already say it."""
    own = _own(evidence.claim)
    return _dropped(evidence, own, evidence.claim.stems - _stems(evidence.claim, own))


def bound_dropped(evidence: Evidence) -> Doubt | None:
    """The bound on anything the claim speaks of: a promise to everyone may leave out none either."""
    everything = frozenset(word.place for word in evidence.claim.words)
    return _dropped(evidence, everything, evidence.claim.stems)


def any_bound_dropped(evidence: Evidence) -> Doubt | None:
    """The bound on anything its source speaks of, named in the claim or not: "We will refund you" leaves out which orders."""
    found = bound_dropped(evidence)
    if found or not evidence.pool or _bounds_itself(evidence.claim, evidence.claim.stems):
        return found
    source = evidence.pool[0]
    things = frozenset(word.stem for word in source.words if not _is_means(source, word.place))
    return _lost(evidence, _bounds(source, things, frozenset()), widened(evidence.claim.stems, evidence.language))


def is_bounded(reading: Reading) -> bool:
    """Whether anything in a sentence is bounded."""
    return any(True for _ in _bounds(reading, reading.stems, frozenset()))


def _stems(claim: Reading, places: frozenset[int]) -> frozenset[str]:
    return frozenset(word.stem for word in claim.words if word.place in places)


def _dropped(evidence: Evidence, own: frozenset[int], said: frozenset[str]) -> Doubt | None:
    claim, nouns = evidence.claim, _stems(evidence.claim, own)
    to_you = not _YOU.isdisjoint(claim.plain)
    if not (nouns or to_you) or _bounds_itself(claim, nouns):
        return None
    wide, main = widened(nouns, evidence.language), _main(claim, own)
    known = widened(said, evidence.language)
    lost = (_lost(evidence, _bounds(reading, wide, main, persons=to_you), known) for reading in evidence.pool)
    return next(filter(None, lost), None)


def _lost(evidence: Evidence, bounds: Iterable[Bound], known: frozenset[str]) -> Doubt | None:
    lost = next((bound for bound in bounds if _is_lost(bound, known, evidence.ticket.stems)), None)
    if lost is None:
        return None
    words = " ".join(word.text for word in lost.whole)
    return Doubt("condition dropped", words, f'the reply leaves out that the source speaks only of "{words}"')


def _is_means(reading: Reading, place: int) -> bool:
    """ "By the card used for the order": how and where, which a promise need not say."""
    before = reading.plain[max(0, place - BETWEEN) : place]
    return not _MEANS.isdisjoint(before) and _ANY.isdisjoint(before)


def _bounds_itself(claim: Reading, nouns: frozenset[str]) -> bool:
    """A claim with a bound or condition of its own says it in its own words; whether these stand is asked elsewhere."""
    return any(found.words for found in conditions(claim)) or any(True for _ in _bounds(claim, nouns, frozenset()))


def _own(claim: Reading) -> frozenset[int]:
    """The places of the two content words after "your" or "this"."""
    found: set[int] = set()
    for place, token in enumerate(claim.plain):
        if token in _OWN:
            found.update([word.place for word in claim.words if word.place > place][:2])
    return frozenset(found)


def _main(claim: Reading, own: frozenset[int]) -> frozenset[str]:
    """The stems beside the nouns and after "you", where the claim's own verb stands: in the source it ends the bound."""
    you = next((place for place, token in enumerate(claim.plain) if token in _YOU), len(claim.plain))
    beside = {word.stem for word in [word for word in claim.words if word.place > you][:1]}
    for before, after in pairwise(claim.words):
        beside.update([after.stem] if before.place in own else [], [before.stem] if after.place in own else [])
    return frozenset(beside)


def _is_lost(bound: Bound, known: frozenset[str], ticket: frozenset[str]) -> bool:
    core = {word.stem for word in bound.core}
    if all(word.light for word in bound.core) or core & known:
        return False
    return not {word.stem for word in bound.whole if not word.light or word.text.isdigit()} <= known | ticket


def _bounds(reading: Reading, nouns: frozenset[str], main: frozenset[str], *, persons: bool = False) -> Iterator[Bound]:
    """What bounds the nouns of these stems, and, where asked, those who are addressed."""
    things = [word.place for word in reading.words if word.stem in nouns]
    people = [place for place, token in enumerate(reading.plain) if persons and token in _PERSONS]
    for place in sorted({*things, *people}):
        before = _before(reading, place)
        if before:
            yield Bound(before, before)
        begin = _begins(reading, place)
        core = _words(reading, begin, main, _VERBS | _PLACES) if begin else ()
        if core and begin:
            yield Bound(core, _words(reading, begin, main, _VERBS))


def _before(reading: Reading, place: int) -> tuple[Word, ...]:
    """ "Unopened parcels", "damaged lamps": the participle before a noun."""
    return tuple(
        word
        for word in reading.words
        if word.place == place - 1 and (_ENGLISH.fullmatch(reading.plain[word.place]) or word.text.lower() == "broken")
    )


def _begins(reading: Reading, place: int) -> int | None:
    """Where the clause or participle that bounds the noun at `place` begins."""
    after = reading.plain[place + 1 : place + 2]
    if after and after[0] in _RELATIVES:
        return place + 2
    at = place + 1
    while at < len(reading.plain) and at <= place + BETWEEN and reading.plain[at] in _SMALL:
        at += 1
    return at if at < len(reading.plain) and _is_participle(reading.tokens[at], reading.plain[at]) else None


def _is_participle(token: str, plain: str) -> bool:
    return any(form.fullmatch(word) for form, word in ((_ENGLISH, plain), (_FRENCH, token), (_IRREGULAR, plain)))


def _words(reading: Reading, begin: int, main: frozenset[str], stops: frozenset[str]) -> tuple[Word, ...]:
    """The content words from `begin` to a mark, to a word that ends it once it has one, or to the claim's own verb."""
    at = {word.place: word for word in reading.words}
    found: list[Word] = []
    for place in range(begin, len(reading.plain)):
        token, word = reading.plain[place], at.get(place)
        if (
            token in _MARKS
            or (found and not stops.isdisjoint({token, reading.tokens[place]}))
            or (word and word.stem in main)
            or len(found) == MOST
        ):
            break
        found.extend([word] if word else [])
    return tuple(found)
