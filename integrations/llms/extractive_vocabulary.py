"""The words of all passages given, and what may stand for a word: how rare it is, whether it is a name, its kind."""

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from integrations.llms.extractive_lexicon import COUNTRIES, LEXICON
from integrations.llms.extractive_lines import Line
from integrations.llms.extractive_spelling import by_sound
from integrations.llms.extractive_words import Word, dealings, words

_GOODS = {
    "en": frozenset({"order", "item", "product", "article", "goods", "parcel", "package"}),
    "fr": frozenset({"commande", "article", "produit", "colis", "paquet"}),
}


_GOODS_SHARE, _KIND_SHARE = 0.6, 0.85


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The words of all passages: how rare each concept is (0.5 everywhere, 1 nowhere), which are names."""

    rarity: Mapping[str, float]
    spelt: Mapping[str, Sequence[Word]]
    names: frozenset[str]
    countries: frozenset[str]
    dealings: frozenset[str]


def vocabulary(book: Sequence[Sequence[Line]], language: str) -> Vocabulary:
    """Counted over the lines and titles of `book`."""
    found = [line for passage in book for line in passage]
    counts = Counter(concept for line in found for concept in {word.concept for word in line.words})
    titles = {concept for line in found for concept in line.around}
    most = math.log(1 + len(found))
    rarity = {
        concept: 0.5 + 0.5 * math.log((1 + len(found)) / (1 + count)) / (most or 1) for concept, count in counts.items()
    }
    every = [word for line in found for word in line.words]
    return Vocabulary(
        {**dict.fromkeys(titles, 0.75), **rarity},
        by_sound(every),
        _names(found),
        frozenset(word.concept for word in every if word.folded in COUNTRIES),
        dealings(language),
    )


def _names(found: Sequence[Line]) -> frozenset[str]:
    """What stands with a capital wherever it does not begin a sentence."""
    small = {word.concept for line in found for word in line.words[1:] if not word.named}
    return frozenset(word.concept for line in found for word in line.words if word.named) - small


@lru_cache(maxsize=4)
def goods(language: str) -> frozenset[str]:
    """What the thing bought may be called."""
    return _concepts(_GOODS[language], language)


@lru_cache(maxsize=4)
def also(language: str) -> dict[str, dict[str, float]]:
    """What may stand for a concept: any name of the goods for another, the general word for the special one."""
    found = {one: dict.fromkeys(goods(language) - {one}, _GOODS_SHARE) for one in goods(language)}
    for general, special in LEXICON[language].kinds.items():
        for one in _concepts(special, language):
            found.setdefault(one, {}).update(dict.fromkeys(_concepts([general], language), _KIND_SHARE))
    return found


@lru_cache(maxsize=4)
def opposites(language: str) -> dict[str, frozenset[str]]:
    """The other ends of a concept's scale."""
    scales = [_concepts(scale, language) for scale in LEXICON[language].opposites]
    return {one: scale - {one} for scale in scales for one in scale}


def _concepts(listed: Iterable[str], language: str) -> frozenset[str]:
    return frozenset(word.concept for word in words(" ".join(listed), language))
