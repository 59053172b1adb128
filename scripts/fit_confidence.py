#!/usr/bin/env python3
"""Fit the weights of guardrails/confidence.py; write guardrails/confidence.json and docs/confidence.svg.

    uv run --with numpy python scripts/fit_confidence.py --data tests/cases/confidence [--write]

A logistic regression with a penalty on large weights, by projected gradient: a weight that would count the other way than
its sign may is 0. Printed are the figures where each trade is left out of the fit that judges it, of all drafts and by how
they were made. What people are told ("of 100 such drafts N were right") comes from there too, in steps wide enough to
hold forty drafts.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from guardrails.base import Level  # noqa: E402  # the project is no package
from guardrails.confidence import SIGNS, signs  # noqa: E402
from tests.bench.confidence import Labelled, read_folder  # noqa: E402
from tests.bench.reliability import Judged, diagram, figures, steps  # noqa: E402

TABLE, DIAGRAM = ROOT / "guardrails" / "confidence.json", ROOT / "docs" / "confidence.svg"
PENALTY = 1.0
STEPS = 3_000
MINIMA = (0.0, 0.3, 0.5, 0.6, 0.7, 0.75, 0.8, 0.9, 0.95)


def fit(seen: np.ndarray, truth: np.ndarray) -> np.ndarray:
    """The weights, the constant last."""
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
    """A probability for each row."""
    return 1 / (1 + np.exp(-seen @ weights[:-1] - weights[-1]))


def left_out(seen: np.ndarray, truth: np.ndarray, trades: np.ndarray) -> np.ndarray:
    """Each row's probability by weights that were fitted without its trade."""
    found = np.zeros(len(truth))
    for trade in sorted(set(trades)):
        own = trades == trade
        found[own] = likely(seen[own], fit(seen[~own], truth[~own]))
    return found


def show(drafts: Sequence[Labelled], judged: Judged) -> None:
    """The figures of all drafts, of those that no check blocks, and by how they were made."""
    kinds = {one.id.rpartition(" ")[2] for one in drafts}
    parts = {
        "all": [True] * len(drafts),
        "could be sent": [_sendable(one) for one in drafts],
        **{kind: [one.id.endswith(f" {kind}") for one in drafts] for kind in sorted(kinds)},
        **{code: [one.trade.endswith(code) for one in drafts] for code in ("en", "fr")},
    }  # fmt: skip
    for name, chosen in parts.items():
        some = [one for one, take in zip(judged, chosen, strict=True) if take]
        found = figures(some)
        right = sum(truth for truth, _ in some)
        told = " ".join(f"{key} {found[key]}" for key in ("n", "ece", "brier", "auroc"))
        print(f"{name:26} {told} right {right} mean {sum(score for _, score in some) / len(some):.3f}")
    for row in figures(judged)["bins"]:
        print(" ", row)
    sendable = [pair for one, pair in zip(drafts, judged, strict=True) if _sendable(one)]
    for least in MINIMA:
        kept = [truth for truth, score in sendable if score >= least]
        print(f"from {least:.0%}: {len(kept)} of {len(sendable)} could be sent, {sum(kept)} of them right")


def _sendable(one: Labelled) -> bool:
    """Whether only the confidence could keep the draft from being sent, under a policy that allows all."""
    return one.finished.verdict.level < Level.HOLD and not one.finished.open


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--write", action="store_true", help=f"write {TABLE.name} and {DIAGRAM.name}")
    given = parser.parse_args()
    drafts = read_folder(given.data)
    raw = np.array([[*signs(one.finished).values()] for one in drafts])
    truth, trades = np.array([float(one.right) for one in drafts]), np.array([one.trade for one in drafts])
    middle, spread = raw.mean(0), raw.std(0) + 1e-9
    seen = (raw - middle) / spread
    found = left_out(seen, truth, trades)
    judged = [(one.right, float(score)) for one, score in zip(drafts, found, strict=True)]
    show(drafts, judged)
    weights = fit(seen, truth)
    print({name: round(float(weight), 2) for name, weight in zip(SIGNS, weights, strict=False)}, "by one spread")
    plain = weights[:-1] / spread
    table = {
        "on": str(date.today()), "drafts": len(drafts), "bias": round(float(weights[-1] - (plain * middle).sum()), 5),
        "weights": {name: round(float(weight), 5) for name, weight in zip(SIGNS, plain, strict=True)},
        "bands": steps(judged),
    }  # fmt: skip
    print(json.dumps(table["bands"]))
    if given.write:
        TABLE.write_text(json.dumps(table, indent=1) + "\n", encoding="utf-8")
        title = f"{len(drafts)} labelled drafts, each trade left out in turn"
        DIAGRAM.write_text(diagram(figures(judged)["bins"], title), encoding="utf-8")


if __name__ == "__main__":
    main()
