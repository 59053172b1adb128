"""Which of the tenant's topics a ticket is about: words compared by their stems, with room for a typo, and how close
the ticket is to each topic's description and examples."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType

from simplemma import is_known

from guardrails.text.words import fold, is_content, lemma, stem
from klark.values.triage import TopicWords

READ = 6000
_WORD = re.compile(r"[^\W_]+")
_NAMES = re.compile(r"[/,;|&()]")
_ENOUGH = 1.0
_TYPED = range(6, 41)
"""How many letters a word has in which a typo is looked for: in a shorter one a typo makes another word."""
_GAP = 2
"""Words that may stand between the words of a phrase: "changer l'adresse" fits "changer mon adresse"."""
# What is asked shows the topic better than the story around it.
_ASKED, _SUBJECT, _TOLD, _LAST = 1.5, 1.5, 1.0, 2.0
_NAMED, _LONGER = 1.0, 0.6
# If the tenant gave words, a description only breaks ties; if not, it is all there is.
_DESCRIBED, _ONLY_DESCRIBED = 0.1, 0.6
WEIGHT = 0.02
"""What one point of words is worth beside a likeness."""
APART = 0.01
"""How far ahead of the next the closest topic must be if the words alone say nothing."""


@dataclass(frozen=True, slots=True)
class _Token:
    """A word as written (folded), its dictionary form, and its stem, which synonyms share."""

    written: str
    lemma: str
    stem: str


_Words = tuple[_Token, ...]
_Starts = Sequence[Mapping[str, Sequence[tuple[str, int]]]]
"""For each of `_names`, which phrases begin with a word of that name: (topic's key, the phrase's place)."""


@dataclass(frozen=True, slots=True)
class _Known:
    """Each topic's phrases with their weights, and how they begin."""

    phrases: Mapping[str, Sequence[tuple[_Words, float]]]
    starts: _Starts


def topic_of(
    topics: Sequence[TopicWords], subject: str, text: str, asked: Sequence[str], language: str,
    likeness: Mapping[str, float] = MappingProxyType({}),
) -> str:  # fmt: skip
    """Returns the key of the topic that fits best, or "" if none does.

    `likeness`: how close the ticket is to each topic, from -1 to 1; empty if that is not known.
    """
    last = asked[-1].rsplit(". ", 1)[-1] if asked else ""
    parts = ((_SUBJECT, subject), (_TOLD, text), (_ASKED, " . ".join(asked)), (_LAST, last))
    read = [(weight, _Index(_tokens(part[:READ], language))) for weight, part in parts if part]
    known = _known(tuple(topics), language)
    begun = [(weight, part, part.begun(known.starts)) for weight, part in read]
    words = {
        key: sum(weight * _score([phrases[at] for at in sorted(found[key])], part) for weight, part, found in begun)
        for key, phrases in known.phrases.items()
    }
    return _best(words, {key: likeness.get(key, 0.0) + WEIGHT * score for key, score in words.items()})


def _best(words: Mapping[str, float], scores: Mapping[str, float]) -> str:
    """Returns the topic with the best score, if its words are enough or the next is far behind; else the one that words
    alone name."""
    first, *others = sorted(scores, key=lambda key: scores[key], reverse=True) or [""]
    apart = bool(others) and scores[first] - scores[others[0]] >= APART
    if apart or words.get(first, 0.0) >= _ENOUGH:
        return first
    named = max(words, key=lambda key: words[key], default="")
    return named if words.get(named, 0.0) >= _ENOUGH else ""


def _tokens(text: str, language: str) -> _Words:
    return tuple(_each_token(text, language))


def _each_token(text: str, language: str) -> Iterator[_Token]:
    for word in _WORD.findall(text.lower()):
        if is_content(word):
            yield _Token(fold(word), lemma(word, language), stem(word, language))


@lru_cache(maxsize=256)
def _known(topics: tuple[TopicWords, ...], language: str) -> _Known:
    """Returns the topics' phrases; a phrase that several topics share is worth less to each."""
    known = {topic.key: _phrases(topic, language) for topic in topics}
    shared = Counter(phrase for phrases in known.values() for phrase in phrases)
    starts = tuple(defaultdict[str, list[tuple[str, int]]](list) for _ in range(4))
    for key, phrases in known.items():
        for place, phrase in enumerate(phrases):
            for mine, names in zip(starts, _names(phrase[0]), strict=True):
                for name in names:
                    mine[name].append((key, place))
    weighed = {key: [(words, weight / shared[words]) for words, weight in each.items()] for key, each in known.items()}
    return _Known(weighed, starts)


def _names(word: _Token) -> tuple[Iterable[str], ...]:
    """Returns what a word is found by: as written, by its dictionary form, by its stem, and with a typo."""
    return (word.written,), (word.lemma,), (word.stem,), _shortened(word.written) if len(word.written) in _TYPED else ()


def _phrases(topic: TopicWords, language: str) -> dict[_Words, float]:
    """Returns a topic's phrases with their weights. Words of the description are single and weigh little; a phrase
    weighs more than a word."""
    weights: dict[_Words, float] = {}
    for phrase in (*_NAMES.split(topic.name), *topic.words):
        words = _tokens(phrase, language)
        weights[words] = _NAMED + _LONGER * (len(words) - 1)
    described = _DESCRIBED if topic.words else _ONLY_DESCRIBED
    for word in (*_tokens(topic.name, language), *_tokens(topic.description, language)):
        weights.setdefault((word,), described)
    weights.pop((), None)
    return weights


class _Index:
    """A text's words by what they are found by, so that a topic's word costs one look and not a walk over the text."""

    def __init__(self, words: _Words) -> None:
        self._words, self._lemmas = defaultdict[str, set[int]](set), defaultdict[str, set[int]](set)
        self._related, self._unknown = defaultdict[str, set[int]](set), defaultdict[str, set[str]](set)
        self._found: dict[_Token, Mapping[int, float]] = {}
        for place, word in enumerate(words):
            self._words[word.written].add(place)
            self._lemmas[word.lemma].add(place)
            self._related[word.stem].add(place)
        for written in {word.written for word in words}:
            if len(written) in _TYPED and not is_known(written, lang=("en", "fr")):  # "changed" is not "charged"
                for rest in _shortened(written):
                    self._unknown[rest].add(written)

    def begun(self, starts: _Starts) -> Mapping[str, set[int]]:
        """Returns the places of the phrases that may begin in this text, by topic: most are not worth a closer look."""
        found = defaultdict[str, set[int]](set)
        own: tuple[Mapping[str, object], ...] = (self._words, self._lemmas, self._related, self._unknown)
        for mine, theirs in zip(own, starts, strict=True):
            for name in mine.keys() & theirs.keys():
                for key, place in theirs[name]:
                    found[key].add(place)
        return found

    def places(self, wanted: _Token) -> Mapping[int, float]:
        """Returns where a word stands and how surely: 1 for the same word, less for a typo, least for a related word
        or a synonym."""
        if wanted not in self._found:
            self._found[wanted] = self._places(wanted)
        return self._found[wanted]

    def _places(self, wanted: _Token) -> dict[int, float]:
        """Returns the surest of what a place can be, which is written last."""
        found = dict.fromkeys(self._related.get(wanted.stem, ()), 0.5)
        if self._unknown and len(wanted.written) in _TYPED:
            for written in self._slips(wanted.written):
                found |= dict.fromkeys(self._words[written], 0.9)
        found |= dict.fromkeys(self._lemmas.get(wanted.lemma, ()), 1.0)
        return found | dict.fromkeys(self._words.get(wanted.written, ()), 1.0)

    def _slips(self, wanted: str) -> set[str]:
        near = (self._unknown[rest] for rest in _shortened(wanted) & self._unknown.keys())
        return {written for some in near for written in some if _slipped(wanted, written)}


def _score(phrases: Iterable[tuple[_Words, float]], words: _Index) -> float:
    """Returns the sum over phrases; those that mean the same ("retour", "renvoyer") count once, by the surest."""
    best: dict[tuple[str, ...], float] = {}
    for phrase, weight in phrases:
        if presence := _presence(phrase, words):
            meaning = tuple(token.stem for token in phrase)
            best[meaning] = max(best.get(meaning, 0.0), weight * presence)
    return sum(best.values())


def _presence(phrase: _Words, words: _Index) -> float:
    """Returns how surely a phrase is in a text, with its words in order and close to each other: 0 to 1."""
    first = words.places(phrase[0])
    if not first or not all(rest := [words.places(wanted) for wanted in phrase[1:]]):
        return 0.0
    return max(min(likeness, _rest(rest, place + 1)) for place, likeness in first.items())


def _rest(rest: Sequence[Mapping[int, float]], place: int) -> float:
    least = 1.0
    for places in rest:
        likeness, at = max((places.get(at, 0.0), at) for at in range(place, place + 1 + _GAP))
        if not likeness:
            return 0.0
        least, place = min(least, likeness), at + 1
    return least


@lru_cache(maxsize=8_192)
def _shortened(word: str) -> frozenset[str]:
    """Returns a word and what is left of it without one of its letters: words that are one typo apart share one of these."""
    return frozenset({word, *(word[:place] + word[place + 1 :] for place in range(len(word)))})


def _slipped(wanted: str, word: str) -> bool:
    """Returns whether a long word is one typo away: a letter left out, put in, changed or swapped."""
    return abs(len(wanted) - len(word)) <= 1 and wanted[0] == word[0] and _one_slip(wanted, word)


@lru_cache(maxsize=65_536)
def _one_slip(one: str, other: str) -> bool:
    start = next(
        (place for place, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other))
    )
    rest, rest_of_other = one[start:], other[start:]
    if rest[1:] == rest_of_other[1:] or rest == rest_of_other[1:] or rest[1:] == rest_of_other:
        return True
    return rest[:2] == rest_of_other[1::-1] and rest[2:] == rest_of_other[2:]
