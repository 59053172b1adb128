"""The calibration and the thresholds of the triage model, from what it gives to tickets by writers that it has not seen."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from guardrails.triage.sensitive_topics import CATEGORIES
from integrations.e5.packed_model import Array
from scripts.triage_tickets import ORDINARY, Example

DIALS = {"careful": 0.1, "balanced": 0.06, "open": 0.015}
"""Position of the dial -> the share of ordinary tickets that it may hand over, of those held back, which tell more of life's
troubles than most tickets do."""
CRITICAL = 3.0
"""The cost of missing a critical topic, where missing another costs 1."""
SHARES = {"kind": ("kind", 0.005), "alone": ("kind", 0.0015), "injection": ("injection", 0.005)}
"""Threshold -> its head, and the share of customers' tickets that it may mistake: handed to a person as mail with nothing to
answer, left alone as such, and taken for injections."""
PLAIN = {"distress": 0.1, "asked": 0.5}
"""Thresholds that stay as they are: those that the held-back writers would give read plain sentences wrongly
(tests/klark/triage)."""


@dataclass(frozen=True, slots=True)
class Read:
    """Examples, and the scores of a model that has not seen their writers, by head."""

    examples: Sequence[Example]
    scores: Mapping[str, Array]

    def of(self, head: str) -> tuple[Array, Array]:
        """Returns the scores of the examples that the head has a class for, and these classes."""
        known = np.flatnonzero([head in one.classes for one in self.examples])
        return self.scores[head][known], np.array([self.examples[at].classes[head] for at in known], dtype=object)


def choose(unseen: Read) -> dict[str, Any]:
    """Returns the calibration and all thresholds, with what was measured."""
    scores, topics = unseen.of("topic")
    odds = scores[:, : len(CATEGORIES)] - scores[:, len(CATEGORIES) :]
    scale = _scale(odds, topics)
    chances = 1 / (1 + np.exp(-(scale[0] * odds + scale[1])))
    kinds = np.array([one.kind for one in unseen.examples if "topic" in one.classes])
    dials = {name: _thresholds(chances, kinds, share) for name, share in DIALS.items()}
    measured = {name: _measured(chances, topics, kinds, least) for name, least in dials.items()}
    return {"scale": scale, "thresholds": dials, "least": _least(unseen), "measured": measured}


def _scale(odds: Array, topics: Array) -> tuple[float, float]:
    """Returns slope and constant that turn the odds of the most likely topic into the probability that a ticket is
    sensitive."""
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415  # slow to import, and not all of this needs it

    fitted = LogisticRegression(C=1e6).fit(odds.max(1)[:, None], topics != ORDINARY)
    return round(float(fitted.coef_[0, 0]), 4), round(float(fitted.intercept_[0]), 4)


def _thresholds(chances: Array, kinds: Array, share: float) -> dict[str, float]:
    """Returns for each topic the probability from which missing it would cost more than a ticket handed over in vain.
    The ratio of the two costs is chosen so that about that share of ordinary tickets is handed over."""
    worth = np.array([CRITICAL if one.critical else 1.0 for one in CATEGORIES.values()])
    ordinary = chances[kinds == "ordinary"]
    costs = np.sort((worth * ordinary / np.maximum(1 - ordinary, 1e-9)).max(1))[::-1]
    cost = float(costs[int(share * len(costs))])
    return {name: round(float(cost / (cost + one)), 4) for name, one in zip(CATEGORIES, worth, strict=True)}


def _measured(chances: Array, topics: Array, kinds: Array, least: Mapping[str, float]) -> dict[str, float]:
    handed = (chances >= np.array([least[name] for name in CATEGORIES])).any(1)
    critical = np.array([bool(topic) and CATEGORIES[topic].critical for topic in topics])
    parts = {
        "found": topics != ORDINARY,
        "critical": critical,
        "look_alikes": kinds == "lookalike",
        "ordinary": kinds == "ordinary",
    }
    return {name: round(float(handed[part].mean()), 4) for name, part in parts.items()}


def _least(unseen: Read) -> dict[str, float]:
    """Returns the thresholds of the other heads."""
    found = {}
    for name, (head, share) in SHARES.items():
        scores, classes = unseen.of(head)
        chance = 1 - shares(scores)[:, -1]
        found[name] = round(float(np.quantile(chance[classes == ORDINARY], 1 - share)), 4)
        print(name, "found", (chance[classes != ORDINARY] >= found[name]).mean())
    return {**found, **PLAIN}


def shares(scores: Array) -> Array:
    """Returns scores as probabilities (softmax), row by row."""
    powers = np.exp(scores - scores.max(1, keepdims=True))
    return powers / powers.sum(1, keepdims=True)
