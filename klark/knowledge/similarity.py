"""How similar two texts are by their stems, where rarer stems weigh more, and which of many texts belong together."""

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from math import log, sqrt

from guardrails.text.words import fold, is_content, stem

_WORD = re.compile(r"[^\W\d_]{2,}")
READ = 4_000
ANSWERED = 0.5
"""Share of a question's stems in one sentence of a draft and its sources, from which the question counts as answered."""
TOGETHER = 0.4
"""Likeness from which two questions count as one."""


def stems_of(text: str, language: str) -> frozenset[str]:
    """Returns the stems of a text's content words; numbers and function words are left out."""
    return frozenset(stem(word, language) for word in _WORD.findall(fold(text[:READ])) if is_content(word))


def covers(question: str, told: Iterable[str], language: str) -> bool:
    """Returns whether any of the texts has half of the stems of what is asked; False for a question without content words."""
    wanted = stems_of(question, language)
    return bool(wanted) and any(len(wanted & stems_of(each, language)) >= ANSWERED * len(wanted) for each in told)


def weights_of(texts: Sequence[Collection[str]]) -> dict[str, float]:
    """Returns each stem's weight: the fewer of the texts have it, the more it weighs."""
    held = Counter(stem for text in texts for stem in set(text))
    return {stem: log(1 + len(texts) / count) for stem, count in held.items()}


def likeness(one: Collection[str], other: Collection[str], weights: Mapping[str, float]) -> float:
    """Returns 0 to 1: the weight of the stems they share, relative to the weight of each. A stem of unknown weight counts 1."""
    shared, mine, theirs = (sum(weights.get(stem, 1.0) for stem in stems)
                            for stems in (set(one) & set(other), set(one), set(other)))  # fmt: skip
    return shared / sqrt(mine * theirs) if shared else 0.0


def groups(texts: Sequence[Collection[str]], least: float = TOGETHER) -> list[list[int]]:
    """Returns the places of texts that belong together, the largest group first.

    Each text joins the group with the text most like it, if the likeness is at least `least`; otherwise it begins a
    group.
    """
    weights = weights_of(texts)
    total = [sum(weights[stem] for stem in set(text)) for text in texts]
    found: list[list[int]] = []
    group_of: list[int] = []
    holders: dict[str, list[int]] = defaultdict(list)
    for place, text in enumerate(texts):
        shared: dict[int, float] = defaultdict(float)
        for stem_ in set(text):
            for other in holders[stem_]:
                shared[other] += weights[stem_]
            holders[stem_].append(place)
        scored = ((both / sqrt(total[place] * total[other]), -group_of[other]) for other, both in shared.items())
        best, negative = max(scored, default=(0.0, 0))
        group = -negative if best >= least else len(found)
        if group == len(found):
            found.append([])
        found[group].append(place)
        group_of.append(group)
    return sorted(found, key=lambda group: -len(group))
