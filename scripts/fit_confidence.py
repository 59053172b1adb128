#!/usr/bin/env python3
"""Fits the weights of guardrails/confidence.py and writes guardrails/confidence.json.

    uv run --with numpy python scripts/fit_confidence.py --drafts FILE… [--write]

A FILE is what `python -m tests.bench.answers --drafts FILE` writes: a draft a line, with its signs and whether it was right and
could be sent. The fit is a logistic regression with a penalty on large weights, by projected gradient: a weight whose direction
contradicts its sign's is set to 0. The printed figures come from fits that leave out the tenant they are measured on; so does
what people are told ("of 100 such drafts N were right"), in steps wide enough to hold forty drafts.
"""

import argparse
import json
import sys
from datetime import date
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from guardrails.confidence import SIGNS  # noqa: E402  # the project is no package
from tests.bench.reliability import figures, steps  # noqa: E402

TABLE = ROOT / "guardrails" / "confidence.json"
PENALTY = 1.0
STEPS = 3_000


def fit(seen: np.ndarray, truth: np.ndarray) -> np.ndarray:
    """Returns the weights for standardized signs (one row per draft), the constant last."""
    table = np.hstack([seen, np.ones((len(seen), 1))])
    wanted = np.array([*(sign.way for sign in SIGNS.values()), 0])
    shrink = np.append(np.full(seen.shape[1], PENALTY), 0.0)
    step = 1 / (0.25 * np.linalg.norm(table.T @ table, 2) + PENALTY)
    weights = np.zeros(table.shape[1])
    for _ in range(STEPS):
        likely = 1 / (1 + np.exp(-table @ weights))
        weights = weights + step * (table.T @ (truth - likely) - shrink * weights)
        weights = np.where(weights * wanted < 0, 0.0, weights)
    return weights


def likely(seen: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Returns a probability for each row."""
    return 1 / (1 + np.exp(-seen @ weights[:-1] - weights[-1]))


def left_out(seen: np.ndarray, truth: np.ndarray, tenants: np.ndarray) -> np.ndarray:
    """Returns each row's probability, by weights that were fitted without its tenant."""
    found = np.zeros(len(truth))
    for tenant in sorted(set(tenants)):
        own = tenants == tenant
        found[own] = likely(seen[own], fit(seen[~own], truth[~own]))
    return found


def main() -> None:
    """Fits, prints the figures and, with `--write`, writes the weights."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--drafts", type=Path, nargs="+", required=True)
    parser.add_argument("--write", action="store_true", help=f"write {TABLE.name}")
    given = parser.parse_args()
    drafts = [json.loads(line) for path in given.drafts for line in path.read_text("utf-8").splitlines()]
    raw = np.array([[one["signs"][name] for name in SIGNS] for one in drafts])
    truth, tenants = np.array([float(one["right"]) for one in drafts]), np.array([one["tenant"] for one in drafts])
    middle, spread = raw.mean(0), raw.std(0) + 1e-9
    seen = (raw - middle) / spread
    judged = [(one["right"], float(score)) for one, score in zip(drafts, left_out(seen, truth, tenants), strict=True)]
    weights = fit(seen, truth)
    plain = weights[:-1] / spread
    table = {
        "on": str(date.today()), "drafts": len(drafts), "bias": round(float(weights[-1] - (plain * middle).sum()), 5),
        "weights": {name: round(float(weight), 5) for name, weight in zip(SIGNS, plain, strict=True)},
        "bands": steps(judged),
    }  # fmt: skip
    print(json.dumps({**table, "left_out": figures(judged)}, indent=1))
    if given.write:
        TABLE.write_text(json.dumps(table, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
