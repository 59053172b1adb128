"""What a customer's question asks for: weighted words, names that must be met, and the kind of fact it wants."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from heapq import nlargest

from integrations.llms.extractive_cues import ASKS, GOES_ON, OFFERS, POINTS_BACK
from integrations.llms.extractive_facts import ELIGIBLE, FACT_NOUNS
from integrations.llms.extractive_lexicon import COUNTRIES, LEXICON
from integrations.llms.extractive_parts import MOST_CHARACTERS
from integrations.llms.extractive_spelling import nearest
from integrations.llms.extractive_values import Value, day, named, without
from integrations.llms.extractive_vocabulary import Vocabulary, also, goods, opposites
from integrations.llms.extractive_wants import WANTS, Want
from integrations.llms.extractive_words import Word, fold, plain, unmasked, words

MOST_TERMS = 60
_CLAUSE = re.compile(r"(?<=[.!?;,\n])\s+|\n")
_SENTENCE = re.compile(r"(?<=[.!?])\s+|\n")
_ASIDE = {
    "en": re.compile(r"\b(?:because|since i|as i|if)\b.*", re.IGNORECASE | re.DOTALL),
    "fr": re.compile(r"\b(?:car|parce que|puisque|si)\b.*", re.IGNORECASE | re.DOTALL),
}
_MOST_STRANGE = 25
_STRICT = 0.5
_WHO_MAY = re.compile(ELIGIBLE)
TOLD, _MEANT, _BESIDE = 0.15, 0.5, 0.5
_OPPOSITE_SHARE = 0.85


@dataclass(frozen=True, slots=True)
class Term:
    """A word of the question. `weight` is its share of what is asked; `must`: an answer without it answers another
    question; `met`: it stands somewhere in the passages; `share` is what a match is worth (less for a misspelling);
    `also`: what may stand for the word, and what that is worth; `day`: the day of the week that it names."""

    word: Word
    weight: float
    must: bool
    met: bool
    share: float = 1.0
    also: Mapping[str, float] = field(default_factory=dict)
    day: Value | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, read. `meant`: what its "it" may stand for, as concepts; a line that has none of it is on something else.
    `offered`: the verb of "do you run …?", as a concept; what takes place, is sold or costs something answers as well."""

    terms: tuple[Term, ...]
    want: Want | None
    text: str
    values: tuple[Value, ...] = ()
    meant: frozenset[str] = frozenset()
    offered: str = ""

    @property
    def fact_nouns(self) -> frozenset[str]:
        """The kind of fact by its own name: "Quel est le délai ?"."""
        return FACT_NOUNS & frozenset(self.text.split())

    @property
    def asks_who_may(self) -> bool:
        """Whether a yes or no is asked on who may have something: only a condition answers that."""
        return self.want is None and bool(_WHO_MAY.search(self.text))

    @property
    def wants_a_fact(self) -> bool:
        """Whether it asks for a price, a time or the like, even where it does not say of what."""
        return self.want is not None and self.want.without <= _STRICT

    @property
    def weight(self) -> float:
        """What a line that meets every term would score."""
        return sum(term.weight for term in self.terms)


def read(question: str, before: Asked | None, known: Vocabulary, language: str) -> Asked:
    """One question, with what it leaves unsaid taken from the one before it."""
    text = unmasked(question[:MOST_CHARACTERS])
    flat = plain(text, language)
    want = _want(flat, language)
    values = named(text)
    bare = without(text, values)
    terms = _terms(bare, known, language)
    if values:
        terms = [term for term in terms if term.word.folded not in LEXICON[language].permits]
    if want is not None:
        terms = [term for term in terms if term.word.folded not in want.says] or terms
    else:
        terms = [_either_way(term, language) for term in terms]
    offer = OFFERS[language].search(flat) if want is None else None
    verb = next((term.word.concept for term in terms if offer and term.word.folded == offer["verb"]), "")
    terms = [replace(term, weight=TOLD, must=False) if term.word.concept == verb else term for term in terms]
    asked = Asked(tuple(terms), want, flat, values, _meant(bare, language), verb)
    return asked if before is None else _completed(asked, before, language)


def _meant(text: str, language: str) -> frozenset[str]:
    """What was told before a question that only points to it: "My bike was stolen, is it covered?"."""
    clauses = _clauses(text, language)
    if not _only_points(" ".join(part for part, share in clauses if share == 1.0), language):
        return frozenset()
    told = {
        word.concept
        for part, share in clauses
        if share < 1.0
        for word in words(part, language, written_by_customer=True)
    }
    return frozenset(told).union(*(also(language).get(concept, {}).keys() for concept in told))


def _either_way(term: Term, language: str) -> Term:
    """Whether it is open is also told by that it is closed."""
    others = opposites(language).get(term.word.concept)
    return replace(term, also={**term.also, **dict.fromkeys(others, _OPPOSITE_SHARE)}) if others else term


def _want(flat: str, language: str) -> Want | None:
    return next((want for want in WANTS[language] if want.asked.search(flat)), None)


def _completed(asked: Asked, before: Asked, language: str) -> Asked:
    own = [term for term in asked.terms if term.weight > _BESIDE]
    if GOES_ON[language].search(asked.text) and len(own) <= 2 and asked.want is None:
        names = any(term.must for term in own)
        lent = [term for term in before.terms if not (term.must and names)]
        return replace(asked, terms=_together(asked.terms, lent), want=before.want)
    if len(own) == 1 and asked.want is not None and POINTS_BACK[language].search(asked.text):
        # "How often does it run?": the kind of fact says what is asked, the verb need not be the article's.
        return replace(asked, terms=_together([replace(own[0], weight=_BESIDE)], before.terms))
    if not asked.terms and asked.want is not None:
        return replace(asked, terms=before.terms)
    if not own and POINTS_BACK[language].search(asked.text):
        return replace(asked, terms=_together(asked.terms, before.terms))
    return asked


def _together(own: Sequence[Term], lent: Sequence[Term]) -> tuple[Term, ...]:
    return tuple({term.word.concept: term for term in (*lent, *own)}.values())


def _terms(text: str, known: Vocabulary, language: str) -> list[Term]:
    clauses = _clauses(text, language)
    asking = [
        term for part, share in clauses if share == 1.0 for term in words(part, language, written_by_customer=True)
    ]
    terms: dict[str, Term] = {}
    strange = 0
    for part, share in clauses if asking else [(text, 1.0)]:
        for word in words(part, language, written_by_customer=True):
            strange += word.concept not in known.rarity
            term = _term(word, share, known, language, spelling=strange <= _MOST_STRANGE)
            if term.word.concept not in terms or terms[term.word.concept].weight < term.weight:
                terms[term.word.concept] = term
    return nlargest(MOST_TERMS, terms.values(), key=lambda term: term.weight)


def _clauses(text: str, language: str) -> list[tuple[str, float]]:
    """Each clause with its share: one for what asks, less for what only tells the story around it."""
    marked = "?" in text
    told = [
        (sentence, "?" in sentence if marked else _asks(sentence, language))
        for sentence in _SENTENCE.split(text)
        if sentence.strip()
    ]
    if not any(asks for _, asks in told):
        return [(text, 1.0)]
    parts: list[tuple[str, float]] = []
    told_share = _MEANT if any(asks and _only_points(sentence, language) for sentence, asks in told) else TOLD
    for sentence, asks in told:
        parts += _asides(sentence, language) if asks else [(sentence, told_share)]
    return parts


def _only_points(sentence: str, language: str) -> bool:
    """ "Can you send it to me?": what is meant was told before."""
    return bool(POINTS_BACK[language].search(plain(sentence, language))) and len(words(sentence, language)) <= 1


def _asks(text: str, language: str) -> bool:
    return bool(ASKS[language].search(re.sub(r"[^\w ]+", " ", fold(text))))


def _asides(sentence: str, language: str) -> list[tuple[str, float]]:
    clauses = [clause for clause in _CLAUSE.split(sentence) if clause.strip()]
    asking = [_asks(clause, language) for clause in clauses]
    parts: list[tuple[str, float]] = []
    for clause, asks in zip(clauses, asking, strict=True):
        core = _ASIDE[language].sub("", clause)
        share = 1.0 if asks or not any(asking) else _BESIDE
        parts += (
            [(core, share), (clause[len(core) :], share * _BESIDE)] if core.strip() else [(clause, share * _BESIDE)]
        )
    return parts


def _term(word: Word, share: float, known: Vocabulary, language: str, *, spelling: bool) -> Term:
    likeness = 1.0
    if spelling and word.concept not in known.rarity:
        meant = nearest(word, known.spelt, language)
        word, likeness = (meant, 0.9) if meant is not None else (word, 1.0)
    met = word.concept in known.rarity
    name = word.folded in COUNTRIES or _code(word.folded) or (word.named and not met and share == 1.0)
    return Term(
        word,
        share * _gravity(word, known, met=met, language=language),
        name and (share == 1.0 or met or word.folded in COUNTRIES),
        met,
        likeness,
        also(language).get(word.concept, {}),
        day(word.folded),
    )


def _gravity(word: Word, known: Vocabulary, *, met: bool, language: str) -> float:
    if word.concept in goods(language):
        return 0.45 * known.rarity.get(word.concept, 1.0)
    if word.folded.replace(".", "").replace(",", "").isdigit():
        return 0.4 if met else 0.2
    return (known.rarity[word.concept] if met else 1.0) * (0.5 if word.folded in LEXICON[language].light else 1.0)


def _code(folded: str) -> bool:
    return folded[0].isalpha() and any(character.isdigit() for character in folded)
