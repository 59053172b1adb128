"""How far a context supports a claim, as one number: a logistic regression over what `likeness` sees.

The weights are fitted by scripts/fit_grounding.py and stand in grounding_weights.json, with the threshold for all uses.
"""

import json
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path

from guardrails.likeness import CLAIM, TOKENS, Likeness, in_order, run
from guardrails.sentences import split_sentences
from guardrails.words import stem

_TABLE = Path(__file__).with_name("grounding_weights.json")


def _missing(beside: Likeness) -> list[float]:
    return [match.weight if match.held < 0.5 else 0.0 for match in beside.matches]


def _lead(weights: Sequence[float]) -> float:
    end = next((place for place, weight in enumerate(weights) if not weight), len(weights))
    return sum(weights[:end])


def _share(one: Sequence[object], known: frozenset[object]) -> float:
    return sum(name in known for name in one) / max(1, len(one))


def _triples(tokens: Sequence[str]) -> list[tuple[str, ...]]:
    return list(zip(tokens, tokens[1:], tokens[2:], strict=False))


def _pairs(tokens: Sequence[str]) -> list[tuple[str, ...]]:
    return list(pairwise(tokens))


def _grams(tokens: Sequence[str], size: int = 5) -> list[str]:
    text = f" {' '.join(tokens)} "
    return [text[place : place + size] for place in range(len(text) - size + 1)]


def _beside(beside: Likeness) -> float:
    """The share of neighbouring words that stand within three of each other in the context, in the same order."""
    pairs = list(zip(beside.mates, beside.mates[1:], strict=False))
    near = {pair for step in (1, 2, 3) for pair in zip(beside.stems, beside.stems[step:], strict=False)}
    return _share(pairs, frozenset(near)) if pairs else beside.share(set(beside.stems))


def _foreign_run(beside: Likeness) -> float:
    known = frozenset(beside.best_tokens)
    return run(float(token not in known) for token in beside.tokens)


def _forms(tokens: Sequence[str], language: str) -> list[str]:
    return [stem(token, language) for token in tokens[:TOKENS]]


def _foreign_forms(beside: Likeness) -> int:
    known = frozenset(_forms(beside.best_tokens, beside.language))
    return sum(form not in known for form in _forms(beside.tokens, beside.language))


def _best(beside: Likeness) -> float:
    return beside.share(beside.best.stems) if beside.best else 0.0


def _best_order(beside: Likeness) -> float:
    stems = [word.stem for word in beside.best.words][:TOKENS] if beside.best else []
    return in_order(beside.mates[:TOKENS], stems) / max(1, len(beside.matches))


def _best_common(beside: Likeness) -> float:
    theirs, ours = (beside.best.stems if beside.best else frozenset()), frozenset(filter(None, beside.mates))
    return len(theirs & ours) / max(1, len(theirs | ours))


def _all(beside: Likeness) -> float:
    return beside.share(set(beside.stems))


def _names(beside: Likeness) -> float:
    held = [match.held for match in beside.matches if (match.word.capital and match.word.place) or match.weight == 1.3]
    return sum(held) / len(held) if held else _all(beside)


def _left(beside: Likeness, *, capital: bool = False, digits: bool = False) -> float:
    lost = (
        1 - match.held
        for match in beside.matches
        if (capital and match.word.capital and match.word.place) or (digits and match.word.text[0].isdigit())
    )
    return math.log1p(sum(lost))


def _sentences(beside: Likeness) -> float:
    return float(len(split_sentences(beside.claim[:CLAIM])))


FEATURES: Mapping[str, Callable[[Likeness], float]] = {
    "all squared": lambda beside: _all(beside) ** 2,
    "best sentence": _best,
    "two sentences": lambda beside: beside.pooled(2),
    "three sentences": lambda beside: beside.pooled(3),
    "rare": Likeness.rare_share,
    "names": _names,
    "whole": lambda beside: float(bool(beside.matches) and _all(beside) > 0.98),
    "neighbours": _beside,
    "in order": _best_order,
    "common": _best_common,
    "missing first": lambda beside: math.log1p(_lead(_missing(beside))),
    "missing last": lambda beside: math.log1p(_lead(_missing(beside)[::-1])),
    "missing names": lambda beside: _left(beside, capital=True),
    "missing figures": lambda beside: _left(beside, digits=True),
    "foreign values": lambda beside: float(min(beside.foreign_values, 3)),
    "values": lambda beside: float(bool(beside.values)),
    "denied": lambda beside: float(min(beside.denied(), 2)),
    "joined": lambda beside: float(min(beside.joined(), 2)),
    "counted": lambda beside: float(min(beside.counted(), 2)),
    "asks": lambda beside: float("?" in beside.claim),
    "length": lambda beside: math.log1p(len(beside.matches)),
    "sentences": _sentences,
    "context": lambda beside: math.log1p(len(beside.context_tokens)),
    "tokens": lambda beside: _share(beside.tokens, frozenset(beside.context_tokens)),
    "tokens best": lambda beside: _share(beside.tokens, frozenset(beside.best_tokens)),
    "tokens pairs": lambda beside: _share(_pairs(beside.tokens), frozenset(_pairs(beside.context_tokens))),
    "tokens triples": lambda beside: _share(_triples(beside.tokens), frozenset(_triples(beside.context_tokens))),
    "tokens in order": lambda beside: (
        in_order(beside.tokens[:TOKENS], beside.best_tokens[:TOKENS]) / max(1, len(beside.tokens))
    ),
    "tokens foreign": lambda beside: math.log1p(
        len(beside.tokens) - sum(t in beside.best_tokens for t in beside.tokens)
    ),
    "tokens foreign run": lambda beside: math.log1p(_foreign_run(beside)),
    "forms foreign": lambda beside: math.log1p(_foreign_forms(beside)),
    "letters": lambda beside: _share(_grams(beside.tokens), frozenset(_grams(beside.context_tokens))),
    "word letters": lambda beside: _share(
        [gram for match in beside.matches for gram in _grams([match.word.text.lower()], 3)],
        frozenset(gram for token in set(beside.context_tokens) for gram in _grams([token], 3)),
    ),
}


def features(claim: str, context: str, language: str) -> list[float]:
    """What the score is made from, in the order of `FEATURES`."""
    beside = Likeness(claim, context, language)
    return [feature(beside) for feature in FEATURES.values()]


@dataclass(frozen=True, slots=True)
class Weights:
    """The fitted table: a weight for each feature, the constant, and the score from which a claim counts as supported."""

    bias: float
    weights: tuple[float, ...]
    threshold: float


@cache
def fitted() -> Weights:
    """The shipped table."""
    table = json.loads(_TABLE.read_text(encoding="utf-8"))
    return Weights(table["bias"], tuple(table["weights"][name] for name in FEATURES), table["threshold"])


def grounding_score(claim: str, context: str, language: str) -> float:
    """How far a context supports a claim, 0 to 1. See `is_grounded` for the threshold."""
    table = fitted()
    terms = zip(table.weights, features(claim, context, language), strict=True)
    return 1 / (1 + math.exp(-table.bias - sum(weight * seen for weight, seen in terms)))


def is_grounded(score: float) -> bool:
    """Whether a score is enough for a claim to count as supported."""
    return score >= fitted().threshold
