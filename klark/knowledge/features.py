"""What a text is found by: its stems and its character 4-grams, as sparse vectors of numbered features.

A passage holds each feature's BM25 impact, a query each feature's rarity, and their inner product is the score. So the
database scores a passage in one operation, and a query of many sentences is still one vector.
BM25 with k1 = 1.2, b = 0.75: Robertson & Zaragoza 2009, https://doi.org/10.1561/1500000019
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from math import log, sqrt
from zlib import crc32

from guardrails.text.words import fold

Features = Mapping[int, float]

SIZE = 2**29
"""How many numbers features are hashed to; two words that share one are as rare as they are harmless."""
MOST = 8_000
"""Features kept of one text: pgvector takes 16,000 (https://github.com/pgvector/pgvector#sparsevec)."""
K1, B = 1.2, 0.75
TITLE = 3
"""How many times a word of the title counts."""
USUAL_STEMS, USUAL_GRAMS, USUAL_TITLE = 95.0, 850.0, 50.0
"""How many stems and 4-grams a passage usually has, and 4-grams a title; fixed, so that a passage's impacts never
change when others come and go."""
READ = 100_000
"""Characters of a passage that are read."""

_WORD = re.compile(r"\w+")


def words(text: str) -> list[str]:
    """Returns the folded words of a text."""
    return _WORD.findall(fold(text[:READ]))


def grams(text: str) -> Counter[str]:
    """Returns how often each run of four characters is in the text's words, whose edges are marked by spaces."""
    edged = [f" {word[:60]} " for word in words(text)]
    return Counter([word[start : start + 4] for word in edged for start in range(max(1, len(word) - 3))])


def stem_number(stem: str) -> int:
    """Returns the number of a stem's feature."""
    return crc32(b"s" + stem.encode(errors="replace")) % SIZE


def gram_number(gram: str) -> int:
    """Returns the number of a 4-gram's feature."""
    return crc32(b"g" + gram.encode(errors="replace")) % SIZE


def numbered(counts: Mapping[str, int], number: Callable[[str], int]) -> Counter[int]:
    """Returns the counts by the features' numbers."""
    by_number = Counter[int]()
    for name, count in counts.items():
        by_number[number(name)] += count
    return by_number


def impacts(counts: Mapping[int, float], usual: float) -> Features:
    """Returns each feature's BM25 impact in a text; `usual` is the usual length, in features."""
    length = K1 * (1 - B + B * sum(counts.values()) / usual)
    return {number: count * (K1 + 1) / (count + length) for number, count in counts.items()}


@lru_cache(50_000)
def title_impacts(title: str) -> Features:
    """Returns the impact of each 4-gram of a title."""
    return impacts(numbered(grams(title), gram_number), USUAL_TITLE)


def titled(title: Mapping[str, int], body: Mapping[str, int]) -> Counter[str]:
    """Returns the counts of a passage, with its title's counted `TITLE` times."""
    counted = Counter(body)
    for name, count in title.items():
        counted[name] += TITLE * count
    return counted


def rarity(holders: float, passages: float) -> float:
    """Returns the weight of a feature that `holders` of `passages` have."""
    return log(1 + max(0.0, passages - holders + 0.5) / (holders + 0.5))


def weighed(parts: Iterable[tuple[float, Iterable[int]]], rarities: Mapping[int, float]) -> Features:
    """Returns one vector for a query and its parts, given as (weight, features); a part's share shrinks with its length."""
    total: Counter[int] = Counter()
    for weight, numbers in parts:
        known = {number: rarities[number] for number in numbers if number in rarities}
        for number, value in known.items():
            total[number] += weight * value / sqrt(len(known))  # type: ignore[assignment]  # a Counter of floats
    return total


def sparse(features: Features) -> str:
    """Returns pgvector's text form, numbered from 1: `{3:0.5,9:1.25}/536870912`; the heaviest where there are too many."""
    kept = sorted(features.items(), key=lambda pair: -abs(pair[1]))[:MOST]
    return "{" + ",".join(f"{number + 1}:{value:.5g}" for number, value in sorted(kept) if value) + f"}}/{SIZE}"
