"""How alike two texts are by their words, and which of many belong together: by stems, the rarer the more they say."""

import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from math import log, sqrt

from guardrails.text.words import fold, is_content, stem

_WORD = re.compile(r"[^\W\d_]{2,}")
READ = 4_000
TOGETHER = 0.4
"""Likeness from which on two questions are one."""


def stems_of(text: str, language: str) -> frozenset[str]:
    """The stems of what a text is about; figures and little words are left out."""
    return frozenset(stem(word, language) for word in _WORD.findall(fold(text[:READ])) if is_content(word))


def weights_of(texts: Sequence[Collection[str]]) -> dict[str, float]:
    """What each stem says, by how few of the texts hold it."""
    held = Counter(stem for text in texts for stem in set(text))
    return {stem: log(1 + len(texts) / count) for stem, count in held.items()}


def likeness(one: Collection[str], other: Collection[str], weights: Mapping[str, float]) -> float:
    """From 0 to 1: the weight of the stems they share, beside what each weighs. A stem of unknown weight counts 1."""
    shared, mine, theirs = (sum(weights.get(stem, 1.0) for stem in stems)
                            for stems in (set(one) & set(other), set(one), set(other)))  # fmt: skip
    return shared / sqrt(mine * theirs) if shared else 0.0


def groups(texts: Sequence[Collection[str]], least: float = TOGETHER) -> list[list[int]]:
    """Places of texts that belong together, the largest group first: each joins the group that has the text most like
    it, else it begins one. Only groups that share a stem are looked at."""
    weights = weights_of(texts)
    found: list[list[int]] = []
    by_stem: dict[str, set[int]] = {}
    for place, text in enumerate(texts):
        near = {group for stem in text for group in by_stem.get(stem, ())}
        scored = [(max(likeness(text, texts[other], weights) for other in found[group]), -group) for group in near]
        best, negative = max(scored, default=(0.0, 0))
        group = -negative if best >= least else len(found)
        if group == len(found):
            found.append([])
        found[group].append(place)
        for stem_ in text:
            by_stem.setdefault(stem_, set()).add(group)
    return sorted(found, key=lambda group: -len(group))
