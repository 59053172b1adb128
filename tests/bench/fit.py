"""Fit klark.steps.answerable: `python -m tests.bench.fit --data DIR`, the folder of all sets.

Prints the coefficients of a logistic regression over all sets, and what it reaches on each set when fitted on the others.
A set's answered queries weigh as much as those without an answer, half of which are its own and half the others'; every
set weighs the same, and has a bias of its own: what is compared is queries of one set. The mean of those is klark's.
"""

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import exp, sqrt
from pathlib import Path

from tests.bench import ready  # noqa: F401

# isort: split

from klark.steps import answerable as answering
from klark.steps.answerable import Fit, Signs
from tests.bench.answerable import Gathered, Judged, auroc, calibration_error, gathered, probability, read_sets

NAMES = ("meaning", "title", "known", "lead")
STIFFNESS = 0.05
"""How much a weight is held back: the share of the whole weight of all points that a squared weight costs."""
STEPS = 60


@dataclass(frozen=True)
class Point:
    """Signs, whether they were answered, and how much it counts."""

    signs: Signs
    answered: bool
    weight: float
    home: int = 0
    """The number of its set."""


@dataclass(frozen=True)
class Model:
    """What goes into klark.steps.answerable."""

    bias: float
    fits: Mapping[str, Fit]


def points(sets: Sequence[Gathered]) -> list[Point]:
    """Of all sets."""
    kinds = [
        (kind, answered, weight, home) for home, one in enumerate(sets)
        for kind, answered, weight in ((one.answered, True, 0.5), (one.same, False, 0.25), (one.cross, False, 0.25))
    ]  # fmt: skip
    return [
        Point(signs, answered, weight / len(kind), home)
        for kind, answered, weight, home in kinds for signs in kind if signs
    ]  # fmt: skip


def fitted(points: Sequence[Point], names: Sequence[str] = NAMES) -> Model:
    """By Newton's steps on the log-likelihood, held back a little."""
    scales = {name: _scale([point.signs[name] for point in points]) for name in names}
    homes = 1 + max(point.home for point in points)
    rows = [
        [*(float(point.home == home) for home in range(homes)),
         *((point.signs[name] - scales[name][0]) / scales[name][1] for name in names)] for point in points
    ]  # fmt: skip
    held = [1e-9] * homes + [STIFFNESS * sum(point.weight for point in points)] * len(names)
    weights = [0.0] * len(held)
    for _ in range(STEPS):
        weights = _step(weights, rows, points, held)
    fits = {name: Fit(weight, *scales[name]) for name, weight in zip(names, weights[homes:], strict=True)}
    return Model(sum(weights[:homes]) / homes, fits)


def _scale(values: Sequence[float]) -> tuple[float, float]:
    centre = sum(values) / len(values)
    return centre, sqrt(sum((value - centre) ** 2 for value in values) / len(values)) or 1.0


def _step(
    weights: list[float], rows: Sequence[Sequence[float]], points: Sequence[Point], held: Sequence[float]
) -> list[float]:  # fmt: skip
    slope = [-by * weight for by, weight in zip(held, weights, strict=True)]
    bend = [[by * (one == other) for other in range(len(held))] for one, by in enumerate(held)]
    for row, point in zip(rows, points, strict=True):
        chance = _logistic(sum(weight * value for weight, value in zip(weights, row, strict=True)))
        for one, value in enumerate(row):
            slope[one] += point.weight * (point.answered - chance) * value
            for other, beside in enumerate(row):
                bend[one][other] += point.weight * chance * (1 - chance) * value * beside
    return [weight + move for weight, move in zip(weights, solved(bend, slope), strict=True)]


def _logistic(total: float) -> float:
    return 1 / (1 + exp(-max(-30.0, min(30.0, total))))


def solved(matrix: Sequence[Sequence[float]], right: Sequence[float]) -> list[float]:
    """The solution of a system of linear equations, by elimination."""
    rows = [[*row, value] for row, value in zip(matrix, right, strict=True)]
    for place in range(len(rows)):
        best = max(range(place, len(rows)), key=lambda row: abs(rows[row][place]))
        rows[place], rows[best] = rows[best], rows[place]
        rows[place] = [value / rows[place][place] for value in rows[place]]
        for other in range(len(rows)):
            if other != place:
                factor = rows[other][place]
                rows[other] = [value - factor * by for value, by in zip(rows[other], rows[place], strict=True)]
    return [row[-1] for row in rows]


def reached(one: Gathered, model: Model) -> dict[str, float]:
    """What a model reaches on a set."""
    answering.BIAS, answering.FITS = model.bias, model.fits
    judged = Judged(*([probability(signs) for signs in kind] for kind in (one.answered, one.same, one.cross)))
    return {
        "cross": round(auroc(judged.answered, judged.cross), 3), "same": round(auroc(judged.answered, judged.same), 3),
        "ece": round(calibration_error(judged), 3),
    }  # fmt: skip


def main(arguments: Sequence[str] | None = None) -> None:
    """Fit on all sets."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else "")
    parser.add_argument(
        "--data", type=Path, required=True, help="a folder of folders with docs.jsonl and queries.jsonl"
    )
    parser.add_argument("--vectors", type=Path, default=Path(":memory:"), help="a file that keeps vectors between runs")
    parser.add_argument("--signs", type=Path, help="a file that keeps what was gathered between runs")
    parser.add_argument("--cross", type=int, help="so many queries of each other set; all, unless given")
    options = parser.parse_args(arguments)
    by_set = _kept(options.signs) or {
        name: gathered(name, sets, options.vectors, options.cross)
        for sets in [read_sets(options.data)]
        for name in sets
    }
    if options.signs:
        options.signs.write_text(json.dumps({n: [o.answered, o.same, o.cross] for n, o in by_set.items()}))
    for name, one in by_set.items():
        others = fitted(points([other for key, other in by_set.items() if key != name]))
        print(f"{name}: {reached(one, others)} when fitted on the others")
    model = fitted(points(list(by_set.values())))
    print(f"BIAS = {model.bias:.4f}")
    for name, fit in model.fits.items():
        print(f'    "{name}": Fit({fit.weight:.4f}, {fit.centre:.4f}, {fit.spread:.4f}),')
    for name, one in by_set.items():
        print(f"{name}: {reached(one, model)} when fitted on all")


def _kept(path: Path | None) -> dict[str, Gathered]:
    if path is None or not path.is_file():
        return {}
    return {name: Gathered(*kinds) for name, kinds in json.loads(path.read_text()).items()}


if __name__ == "__main__":
    main(sys.argv[1:])
