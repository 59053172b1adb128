"""How far probabilities can be believed: calibration error over ten bins of equal mass, Brier score, AUROC.

python -m tests.bench.reliability FILE…      drafts as tests.bench.answers writes them: prints one JSON object
"""

import json
import sys
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

Judged = list[tuple[bool, float]]
"""Whether a draft was right, and the probability it was given."""
BINS = 10
ENOUGH = 40
"""Drafts from which on people are told how many of them were right."""


def figures(judged: Judged) -> dict[str, Any]:
    """`ece`: how far, on average, the probability is from the share that was right among those in the same bin."""
    rows = bins(judged)
    return {
        "n": len(judged),
        "ece": round(sum(row["n"] * abs(row["mean"] - row["right"]) for row in rows) / len(judged), 4),
        "brier": round(sum((truth - score) ** 2 for truth, score in judged) / len(judged), 4),
        "auroc": round(auroc(judged), 4),
        "bins": rows,
    }


def bins(judged: Judged, count: int = BINS) -> list[dict[str, Any]]:
    """Bins of equal mass by what was given: how many, their mean probability, and the share that was right."""
    ranked = sorted(judged, key=lambda one: one[1])
    edges = [round(place * len(ranked) / count) for place in range(count + 1)]
    return [_bin(ranked[low:high]) for low, high in pairwise(edges) if high > low]


def auroc(judged: Judged) -> float:
    """The chance that a right draft was given more than a wrong one; .5 where all are alike or none can be compared."""
    right, wrong = ([score for truth, score in judged if truth == wanted] for wanted in (True, False))
    won = sum((one > other) + (one == other) / 2 for one in right for other in wrong)
    return won / (len(right) * len(wrong)) if right and wrong else 0.5


def _bin(some: Judged) -> dict[str, Any]:
    return {
        "from": round(some[0][1], 4),
        "to": round(some[-1][1], 4),
        "n": len(some),
        "mean": round(sum(score for _, score in some) / len(some), 4),
        "right": round(sum(truth for truth, _ in some) / len(some), 4),
    }


def steps(judged: Judged) -> list[dict[str, Any]]:
    """Neighbouring twentieths joined until each step holds enough, and was right at least as often as the one below; as
    guardrails.confidence.Band. One where all are few."""
    rows: list[dict[str, Any]] = []
    for place in range(2 * BINS):
        low, high = place / (2 * BINS), (place + 1) / (2 * BINS)
        some = [truth for truth, score in judged if low <= score < high or score == high == 1]
        if rows and rows[-1]["drafts"] < ENOUGH:
            rows[-1] = _joined(rows[-1], some, high)
        else:
            rows.append(_joined({"low": low, "drafts": 0, "right": 0}, some, high))
    return _rising(rows if len(rows) < 2 or rows[-1]["drafts"] >= ENOUGH else [*rows[:-2], _both(*rows[-2:])])


def _rising(rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Joins a step with the one below it that was right more often: that is chance, and nobody should be told it."""
    rising: list[dict[str, Any]] = []
    for row in rows:
        rising.append(row)
        while len(rising) > 1 and _share(rising[-1]) < _share(rising[-2]):
            rising[-2:] = [_both(*rising[-2:])]
    return rising


def _share(row: dict[str, Any]) -> float:
    return float(row["right"] / row["drafts"]) if row["drafts"] else 0.0


def _joined(row: dict[str, Any], some: Sequence[bool], high: float) -> dict[str, Any]:
    return {**row, "high": high, "drafts": row["drafts"] + len(some), "right": row["right"] + sum(some)}


def _both(one: dict[str, Any], other: dict[str, Any]) -> dict[str, Any]:
    return {**one, "high": other["high"], **{key: one[key] + other[key] for key in ("drafts", "right")}}


if __name__ == "__main__":
    drafts = [json.loads(line) for name in sys.argv[1:] for line in Path(name).read_text("utf-8").splitlines()]
    print(json.dumps(figures([(one["right"], one["confidence"]) for one in drafts])))
