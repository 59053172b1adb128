"""Which of the tenant's topics a ticket is about: words compared by their stems, with room for a typing mistake."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from guardrails.words import is_content, stem

READ = 6000
_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)?")
_ENOUGH = 1.0
_GAP = 2
"""Words that may stand between the words of a phrase: "changer l'adresse" fits "changer mon adresse"."""
# What is asked tells the topic better than what is told around it.
_ASKED, _SUBJECT, _TOLD = 2.0, 1.5, 1.0
_NAMED, _DESCRIBED = 1.0, 0.4


@dataclass(frozen=True, slots=True)
class TopicWords:
    """A topic in the tenant's own words, in any of the tenant's languages."""

    key: str
    name: str
    description: str = ""
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Phrase:
    stems: tuple[str, ...]
    weight: float


def topic_of(topics: Sequence[TopicWords], subject: str, text: str, asked: Sequence[str], language: str) -> str:
    """The key of the topic that fits best, or "" where none does."""
    parts = ((_SUBJECT, subject), (_TOLD, text[:READ]), (_ASKED, " . ".join(asked)))
    read = [(weight, _stems(part, language)) for weight, part in parts if part]
    known = _phrases_of(tuple(topics), language)
    shared = _shares(known)
    scores = {
        key: sum(weight * _score(phrases, words, shared) for weight, words in read) for key, phrases in known.items()
    }
    best = max(scores, key=lambda key: scores[key], default="")
    return best if best and scores[best] >= _ENOUGH else ""


def _stems(text: str, language: str) -> tuple[str, ...]:
    return tuple(_all_stems(text, language))


def _all_stems(text: str, language: str) -> Iterator[str]:
    for word in _WORD.findall(text.lower().replace("’", "'")):
        for part in word.split("'"):
            if is_content(part):
                yield stem(part, language)


@lru_cache(maxsize=256)
def _phrases_of(topics: tuple[TopicWords, ...], language: str) -> Mapping[str, tuple[_Phrase, ...]]:
    return {topic.key: tuple(_phrases(topic, language)) for topic in topics}


def _phrases(topic: TopicWords, language: str) -> Iterator[_Phrase]:
    """Each word or phrase once, with its best weight; words of the description stand alone and weigh little."""
    weights: dict[tuple[str, ...], float] = {}
    for phrase in (topic.name, *topic.words):
        weights[_stems(phrase, language)] = _NAMED
    for name in (*_stems(topic.name, language), *_stems(topic.description, language)):
        weights.setdefault((name,), _DESCRIBED)
    yield from (_Phrase(stems, weight * (1 + 0.6 * (len(stems) - 1))) for stems, weight in weights.items() if stems)


def _shares(known: Mapping[str, Sequence[_Phrase]]) -> Mapping[tuple[str, ...], int]:
    """How many topics each phrase belongs to: what fits all topics tells none."""
    count: dict[tuple[str, ...], int] = {}
    for phrases in known.values():
        for phrase in phrases:
            count[phrase.stems] = count.get(phrase.stems, 0) + 1
    return count


def _score(phrases: Sequence[_Phrase], words: tuple[str, ...], shared: Mapping[tuple[str, ...], int]) -> float:
    return sum(phrase.weight / shared[phrase.stems] for phrase in phrases if _stands_in(phrase.stems, words))


def _stands_in(phrase: tuple[str, ...], words: tuple[str, ...]) -> bool:
    """Whether the phrase's words stand in the text in order, close to each other."""
    starts = [place for place, word in enumerate(words) if _alike(phrase[0], word)]
    return any(_goes_on(phrase[1:], words, start + 1) for start in starts)


def _goes_on(rest: tuple[str, ...], words: tuple[str, ...], place: int) -> bool:
    for wanted in rest:
        near = (at for at in range(place, min(place + 1 + _GAP, len(words))) if _alike(wanted, words[at]))
        found = next(near, None)
        if found is None:
            return False
        place = found + 1
    return True


def _alike(wanted: str, word: str) -> bool:
    """The same, or one slip of the fingers apart in a long word: left out, put in, changed or swapped."""
    if wanted == word:
        return True
    if min(len(wanted), len(word)) < 5 or abs(len(wanted) - len(word)) > 1 or wanted[0] != word[0]:
        return False
    return _one_slip(wanted, word)


@lru_cache(maxsize=65_536)
def _one_slip(one: str, other: str) -> bool:
    start = next(
        (place for place, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other))
    )
    rest, rest_of_other = one[start:], other[start:]
    if rest[1:] == rest_of_other[1:] or rest == rest_of_other[1:] or rest[1:] == rest_of_other:
        return True
    return rest[:2] == rest_of_other[1::-1] and rest[2:] == rest_of_other[2:]
