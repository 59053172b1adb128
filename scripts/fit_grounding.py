#!/usr/bin/env python3
"""Fit the weights of guardrails/grounding_score.py and write guardrails/grounding_weights.json.

    uv run --with numpy python scripts/fit_grounding.py --data claims.jsonl [--write]

A logistic regression with a penalty on large weights, by Newton's method. Every set counts by `SETS`, both classes of a set
alike. Printed for each set: AUROC and balanced accuracy as fitted, over five folds (no claim on both sides), and with its
whole family of sets left out. The threshold is one for all sets: the best for `JUDGE`, near one half.
"""

import argparse
import json
import re
import sys
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from guardrails.grounding_score import FEATURES, features  # noqa: E402  # the project is no package
from tests.bench.files import read_rows  # noqa: E402
from tests.bench.grounding import FIELDS, auroc, balanced, clustered  # noqa: E402

TARGET = ROOT / "guardrails" / "grounding_weights.json"
SETS = {"begin-dev-wow": 3.5, "begin-dev-cmu": 0.5, "wice-dev": 1.5, "q2": 1.1, "rte3-fr-dev": 1.25}
"""How much a set counts; 1 where it is not named. The hardest to rank count most."""
JUDGE = "wice-dev"
PENALTY = 2.0
FOLDS = 5
STEPS = 8
NEAR = np.arange(-0.4, 0.41, 0.02)


def newton(seen: np.ndarray, truth: np.ndarray, counts: np.ndarray) -> np.ndarray:
    """The weights, the constant last."""
    table = np.hstack([seen, np.ones((len(seen), 1))])
    penalty = np.eye(table.shape[1]) * PENALTY
    penalty[-1, -1] = 1e-6
    weights = np.zeros(table.shape[1])
    for _ in range(STEPS):
        likely = 1 / (1 + np.exp(-table @ weights))
        slope = table.T @ (counts * (truth - likely)) - penalty @ weights
        curve = (table * (counts * likely * (1 - likely))[:, None]).T @ table + penalty
        weights += np.linalg.solve(curve, slope)
    return weights


def scores(seen: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """The scores before they are squeezed between 0 and 1."""
    return seen @ weights[:-1] + weights[-1]


def counted(sets: np.ndarray, truth: np.ndarray) -> np.ndarray:
    """What each row counts."""
    counts = np.zeros(len(truth))
    for name in set(sets):
        for side in (0, 1):
            rows = (sets == name) & (truth == side)
            counts[rows] = SETS.get(name, 1.0) / max(1, rows.sum())
    return counts / counts.mean()


def left_out(seen: np.ndarray, truth: np.ndarray, counts: np.ndarray, groups: np.ndarray) -> np.ndarray:
    """Each row's score by weights that were fitted without its group."""
    found = np.zeros(len(truth))
    for group in set(groups):
        rows = groups == group
        found[rows] = scores(seen[rows], newton(seen[~rows], truth[~rows], counts[~rows]))
    return found


def families(sets: np.ndarray) -> np.ndarray:
    """ "begin-dev-wow" and "begin-dev-tc" are of one family."""
    return np.array([re.split(r"-", name)[0] for name in sets])


def show(title: str, rows: list[dict], found: np.ndarray, threshold: float) -> None:
    """The figures of every set."""
    print(title)
    for name in sorted({row["set"] for row in rows}):
        judged = clustered([(row, float(score)) for row, score in zip(rows, found, strict=True) if row["set"] == name])
        print(f"  {name:16} AUROC {auroc(judged):.3f}  balanced accuracy {balanced(judged, threshold):.3f}")


def best_threshold(rows: list[dict], found: np.ndarray) -> float:
    """The best for the set with the longest contexts and the least chit-chat, which is most like a cited passage."""
    judged = clustered([(row, float(score)) for row, score in zip(rows, found, strict=True) if row["set"] == JUDGE])
    return float(max(NEAR, key=lambda cut: balanced(judged, cut)))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--write", action="store_true", help=f"write {TARGET.name}")
    given = parser.parse_args()
    rows = read_rows(given.data, FIELDS)
    raw = np.array([features(row["claim"], row["context"], row["lang"]) for row in rows])
    truth, sets = (np.array([row[name] for row in rows]) for name in ("supported", "set"))
    truth = truth.astype(float)
    middle, spread = raw.mean(0), raw.std(0) + 1e-9
    seen, counts = (raw - middle) / spread, counted(sets, truth)
    weights = newton(seen, truth, counts)
    found = scores(seen, weights)
    cut = best_threshold(rows, found)
    claims = {claim: place for place, claim in enumerate(sorted({row["claim"] for row in rows}))}
    folds = np.array([claims[row["claim"]] % FOLDS for row in rows])
    show("as fitted", rows, found, cut)
    show(f"{FOLDS} folds", rows, left_out(seen, truth, counts, folds), cut)
    show("its family left out", rows, left_out(seen, truth, counts, families(sets)), cut)
    plain = weights[:-1] / spread
    table = {
        "bias": round(float(weights[-1] - (plain * middle).sum()), 5),
        "threshold": round(1 / (1 + np.exp(-cut)), 4),
        "weights": {name: round(float(weight), 5) for name, weight in zip(FEATURES, plain, strict=True)},
    }
    print(f"{len(FEATURES) + 1} coefficients, threshold {table['threshold']}")
    if given.write:
        TARGET.write_text(json.dumps(table, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
