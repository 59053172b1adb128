"""A claim laid beside a context: which of its words the context has, where, and in what order.

Two views of the claim. Its *words* are content words by stem, and may be met by a synonym or by a word of the same root; its
*tokens* are all words as written. Neither holds pronouns, words of opinion ("think", "great") or greetings: these are no
evidence, whether the context has them or not. One pass over the context and one over the claim for each of its sentences.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from simplemma import is_known

from guardrails.sentences import split_sentences
from guardrails.synonyms import synonyms
from guardrails.values import Value, find_values, stands_in
from guardrails.vocabulary import word_set
from guardrails.words import Reading, Word, fold, lemma, read

READ = 60_000
"""Characters of a context that are read."""
CLAIM = 2_000
"""Characters of a claim that are read."""
TOKENS = 120
"""Tokens of one sentence that are compared in order."""
SYNONYM = 0.75
"""What a synonym counts beside the word itself."""
ROOT = 4
"""Letters that two words of one root share at least."""

PRONOUNS = word_set(
    """i you we he she it they me us him them my your our his her its their mine yours ours hers theirs myself yourself
    himself herself themselves this that these those one ones who s t m d ve re ll
    je j tu te t nous vous m me moi toi il elle ils elles on se s lui leur leurs eux mon ma mes ton ta tes son sa ses
    notre nos votre vos ce c cela ca ceci y en qui"""
)
OPINIONS = word_set(
    """think thought believe guess feel felt love loved like liked enjoy enjoyed hope wow cool great awesome amazing nice
    interesting fun favorite favourite agree yeah yes yea yep nope oh ah haha lol hmm well okay ok definitely absolutely
    honestly totally pretty suppose personally good best bad better crazy sad funny weird kinda glad happy interested
    prefer hate wish gonna wanna opinion beautiful wonderful fascinating don doesn didn isn wasn aren couldn wouldn won im
    penser pense croire crois aimer aime adorer adore dommage super genial interessant avis"""
)
_JOINS = word_set(
    """because so since therefore but although though while when after before until then if unless due caused led
    parce car donc mais apres avant"""
)
_AMOUNTS = word_set(
    """all every always never many most some several few only first last largest biggest main more less very too also even
    still already tous toutes toujours jamais plusieurs seul premier dernier plus moins tres aussi encore"""
)


@dataclass(frozen=True, slots=True)
class Match:
    """A word of the claim: its weight, how far the context has it (0 to 1), and the stem there that meets it."""

    word: Word
    weight: float
    held: float
    mate: str | None


@lru_cache(maxsize=65_536)
def is_opinion(word: str) -> bool:
    """Whether a lower-case word only says how someone feels about it."""
    return fold(word) in OPINIONS or lemma(word, "en") in OPINIONS


@lru_cache(maxsize=65_536)
def _weight(word: str, *, light: bool) -> float:
    """Figures and names weigh most, light words least."""
    if word[0].isdigit():
        return 1.2
    if not is_known(word, lang=("fr", "en")):
        return 1.3
    return 0.5 if light else 0.8 + 0.05 * min(len(word), 8)


def _words(reading: Reading) -> tuple[Word, ...]:
    return tuple(word for word in reading.words if not is_opinion(word.text.lower()))


def _tokens(reading: Reading) -> tuple[str, ...]:
    return tuple(
        token for token in reading.plain if token[0].isalnum() and token not in PRONOUNS and not is_opinion(token)
    )


@dataclass(frozen=True)
class Side:
    """One sentence of the context: its reading, stems in order, and tokens."""

    reading: Reading
    words: tuple[Word, ...]
    tokens: tuple[str, ...]

    @cached_property
    def stems(self) -> frozenset[str]:
        """The stems of its words."""
        return frozenset(word.stem for word in self.words)


@lru_cache(maxsize=256)
def _sides(context: str, language: str) -> tuple[Side, ...]:
    readings = (read(text, language) for text in split_sentences(context[:READ]))
    return tuple(Side(reading, _words(reading), _tokens(reading)) for reading in readings)


@dataclass(frozen=True)
class Likeness:
    """A claim beside its context; all shares are 0 to 1."""

    claim: str
    context: str
    language: str

    @cached_property
    def reading(self) -> Reading:
        """The claim as it is read."""
        return read(self.claim[:CLAIM], self.language)

    @cached_property
    def sides(self) -> tuple[Side, ...]:
        """The sentences of the context."""
        return _sides(self.context, self.language)

    @cached_property
    def stems(self) -> tuple[str, ...]:
        """All stems of the context, in order."""
        return tuple(word.stem for side in self.sides for word in side.words)

    @cached_property
    def matches(self) -> tuple[Match, ...]:
        """The claim's words as the context has them."""
        known = frozenset(self.stems)
        roots: dict[str, list[str]] = defaultdict(list)
        for stem in known:
            roots[stem[:3]].append(stem)
        return tuple(self._match(word, known, roots) for word in _words(self.reading))

    def _match(self, word: Word, known: frozenset[str], roots: Mapping[str, Sequence[str]]) -> Match:
        held, mate = (1.0, word.stem) if word.stem in known else self._other(word.stem, known, roots)
        return Match(word, _weight(word.text.lower(), light=word.light), held, mate)

    def _other(self, stem: str, known: frozenset[str], roots: Mapping[str, Sequence[str]]) -> tuple[float, str | None]:
        near = synonyms(stem, self.language) & known
        if near:
            return SYNONYM, min(near)
        if stem[0].isdigit() or len(stem) < ROOT:
            return 0.0, None
        return max(((_root(stem, other), other) for other in roots.get(stem[:3], ())), default=(0.0, None), key=_held)

    @cached_property
    def total(self) -> float:
        """The weight of all the claim's words; 1 where it has none."""
        return sum(match.weight for match in self.matches) or 1.0

    @cached_property
    def mates(self) -> tuple[str | None, ...]:
        """The claim's words as stems of the context, `None` where it has none."""
        return tuple(match.mate if match.held else None for match in self.matches)

    @cached_property
    def tokens(self) -> tuple[str, ...]:
        """The claim's tokens."""
        return _tokens(self.reading)

    @cached_property
    def context_tokens(self) -> tuple[str, ...]:
        """The context's tokens."""
        return tuple(token for side in self.sides for token in side.tokens)

    @cached_property
    def best(self) -> Side | None:
        """The sentence of the context that has most of the claim."""
        return max(self.sides, key=lambda side: self.share(side.stems), default=None)

    @cached_property
    def best_tokens(self) -> tuple[str, ...]:
        """The tokens of the sentence that has most of the claim's tokens."""
        best = max(self.sides, key=lambda side: len(frozenset(side.tokens).intersection(self.tokens)), default=None)
        return best.tokens if best else ()

    @cached_property
    def values(self) -> tuple[Value, ...]:
        """The claim's values."""
        return find_values(self.claim[:CLAIM], self.language)

    @cached_property
    def foreign_values(self) -> int:
        """How many of them the context does not have."""
        known = find_values(self.context, self.language) if self.values else ()
        return sum(not stands_in(value, known) for value in self.values)

    def share(self, stems: frozenset[str] | set[str]) -> float:
        """The weighted share of the claim's words that `stems` meet."""
        return (
            sum(match.weight * match.held for match in self.matches if match.held and match.mate in stems) / self.total
        )

    def pooled(self, sentences: int) -> float:
        """The share that the best `sentences` of the context meet together, taken greedily."""
        pool: set[str] = set()
        for _ in range(min(sentences, len(self.sides))):
            pool |= max((side.stems for side in self.sides), key=lambda stems: self.share(pool | stems))
        return self.share(pool)

    def rare_share(self) -> float:
        """The share met, where a word of few sentences weighs more than one of many."""
        spread = Counter(stem for side in self.sides for stem in side.stems)
        weights = [
            match.weight * math.log((len(self.sides) + 2) / (spread.get(match.mate or "", 0) + 0.5))
            for match in self.matches
        ]
        met = sum(weight * match.held for weight, match in zip(weights, self.matches, strict=True))
        return met / (sum(weights) or 1.0)

    def denied(self) -> int:
        """How many shared words only one side denies."""
        said: dict[str, set[bool]] = defaultdict(set)
        for word in self.best.words if self.best else ():
            said[word.stem].add(word.negated)
        return sum(
            match.mate in said and match.word.negated not in said[match.mate] for match in self.matches if match.mate
        )

    def joined(self) -> int:
        """How many words that join two facts ("because", "after") only the claim has."""
        return len([token for token in self.tokens if token in _JOINS and token not in self.best_tokens])

    def counted(self) -> int:
        """How many words of amount and degree ("all", "first", "very") only the claim has."""
        known = frozenset(self.context_tokens)
        return len([token for token in self.tokens if token in _AMOUNTS and token not in known])


def _held(found: tuple[float, str | None]) -> float:
    return found[0]


def _root(one: str, other: str) -> float:
    """How far two words are of one root: 0, or 0.7 and more."""
    same = next(
        (place for place, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other))
    )
    longer = max(len(one), len(other))
    return 0.9 * (0.5 + 0.5 * same / longer) if same >= ROOT and same >= 0.6 * longer else 0.0


def run(flags: Iterable[float]) -> float:
    """The greatest sum of neighbours that are not 0."""
    best = current = 0.0
    for weight in flags:
        current = current + weight if weight else 0.0
        best = max(best, current)
    return best


def in_order(one: Sequence[str | None], other: Sequence[str]) -> int:
    """The length of the longest common subsequence."""
    row = [0] * (len(other) + 1)
    for name in one:
        before = row
        row = [0]
        for place, theirs in enumerate(other):
            row.append(before[place] + 1 if name == theirs else max(before[place + 1], row[place]))
    return row[-1]
