"""Fit klark.steps.answerable: `python -m tests.bench.fit --data DIR`, the folder of all sets.

Prints the coefficients of both functions, fitted together on their product over all sets, and what they reach on each set
when fitted on the others. A set's answered queries weigh as much as those without an answer, half of which are its own and
half others'. The sets weigh the same; the invented trades (tests.bench.trades) little, as small tenants of other subjects.
"""

import argparse
import json
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from math import sqrt
from pathlib import Path

from tests.bench import ready  # noqa: F401

# isort: split

from klark.models import EVERY_TENANT, Tenant, within
from klark.steps import answerable as answering
from klark.steps.answerable import ANSWERED, OF_THE_SUBJECT, Fit, Heard, Logistic, logistic, standing
from tests.bench.answerable import Gathered, Judged, auroc, calibration_error, gathered, probability, read_sets
from tests.bench.knowledge import Query, Remembering, Set, database
from tests.bench.trades import trade, trades

STIFFNESS = {"subject": 0.001, "answer": 0.01}
"""How much a weight is held back: the share of the whole weight of all points that a squared weight costs."""
STEPS, SETTLED = 60, 1e-5
OF_A_TRADE = 0.02
"""What a trade weighs beside a set."""
CROSS = 24
"""Of the trades' questions in its language, so many are asked of each set."""


@dataclass(frozen=True)
class Point:
    """What was heard, whether there was an answer, and how much it counts."""

    heard: Heard
    answered: bool
    weight: float


@dataclass(frozen=True)
class Model:
    """What goes into klark.steps.answerable."""

    subject: Logistic
    answer: Logistic


def points(sets: Sequence[Gathered], weight: float = 1.0) -> list[Point]:
    """Of all sets."""
    kinds = [
        (kind, answered, share) for one in sets
        for kind, answered, share in ((one.answered, True, 0.5), (one.same, False, 0.25), (one.cross, False, 0.25))
    ]  # fmt: skip
    return [
        Point(heard, answered, weight * share / len(kind)) for kind, answered, share in kinds for heard in kind if heard
    ]


def fitted(points: Sequence[Point], subject: Logistic = OF_THE_SUBJECT, answer: Logistic = ANSWERED) -> Model:
    """By Fisher's scoring on the log-likelihood, held back a little; which signs there are, and how much of what is usual
    is taken off each, stays."""
    subject, answer = _scaled(subject, points), _scaled(answer, points)
    rows = [(_row(subject, point.heard), [value / sqrt(point.heard.parts) for value in _row(answer, point.heard)])
            for point in points]  # fmt: skip
    total = sum(point.weight for point in points)
    held = [
        value * total for name, by in (("subject", subject), ("answer", answer))
        for value in (1e-9, *[STIFFNESS[name]] * len(by.fits))
    ]  # fmt: skip
    weights = [1.0] * len(held)
    for _ in range(STEPS):
        before, weights = weights, _step(weights, rows, points, held)
        if max(abs(one - other) for one, other in zip(before, weights, strict=True)) < SETTLED:
            break
    cut = 1 + len(subject.fits)
    return Model(_weighed(subject, weights[:cut]), _weighed(answer, weights[cut:]))


def _row(by: Logistic, heard: Heard) -> list[float]:
    return [standing(fit, name, heard) for name, fit in by.fits.items()]


def _scaled(by: Logistic, points: Sequence[Point]) -> Logistic:
    return replace(by, fits={name: _scale(name, fit, points) for name, fit in by.fits.items()})


def _scale(name: str, fit: Fit, points: Sequence[Point]) -> Fit:
    bare = Fit(0.0, 0.0, 1.0, fit.share)
    values = [(standing(bare, name, point.heard), point.weight) for point in points]
    total = sum(weight for _, weight in values)
    centre = sum(weight * value for value, weight in values) / total
    return Fit(
        0.0, centre, sqrt(sum(weight * (value - centre) ** 2 for value, weight in values) / total) or 1.0, fit.share
    )


def _weighed(by: Logistic, weights: Sequence[float]) -> Logistic:
    fits = {name: replace(fit, weight=weight) for (name, fit), weight in zip(by.fits.items(), weights[1:], strict=True)}
    return Logistic(weights[0], fits)


def _step(
    weights: Sequence[float], rows: Sequence[tuple[list[float], list[float]]], points: Sequence[Point], held: Sequence[float]
) -> list[float]:  # fmt: skip
    """The product's slope by one function's total is its chance times what the other leaves open."""
    slope = [-by * weight for by, weight in zip(held, weights, strict=True)]
    bend = [[by * (one == other) for other in range(len(held))] for one, by in enumerate(held)]
    for (subject, answer), point in zip(rows, points, strict=True):
        cut = 1 + len(subject)
        first = logistic(_total(weights[:cut], subject))
        second = logistic(_total(weights[cut:], answer))
        row = [(1 - first) * value for value in (1.0, *subject)] + [(1 - second) * value for value in (1.0, *answer)]
        open_to = max(1e-6, 1 - first * second)
        for one, value in enumerate(row):
            slope[one] += point.weight * (point.answered - first * second) / open_to * value
            for other, beside in enumerate(row):
                bend[one][other] += point.weight * first * second / open_to * value * beside
    return [weight + move for weight, move in zip(weights, solved(bend, slope), strict=True)]


def _total(weights: Sequence[float], row: Sequence[float]) -> float:
    return weights[0] + sum(weight * value for weight, value in zip(weights[1:], row, strict=True))


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


def judge(one: Gathered, model: Model) -> Judged:
    """What a model makes of a set."""
    answering.OF_THE_SUBJECT, answering.ANSWERED = model.subject, model.answer
    return Judged(*([probability(heard) for heard in kind] for kind in (one.answered, one.same, one.cross)))


def reached(judged: Judged) -> dict[str, float]:
    """Figures of a set; `lowest`: the lowest chance of an answered query."""
    return {
        "cross": round(auroc(judged.answered, judged.cross), 3), "same": round(auroc(judged.answered, judged.same), 3),
        "ece": round(calibration_error([judged]), 3), "lowest": round(min(judged.answered), 2),
    }  # fmt: skip


def gather(data: Path, vectors: Path, most: int | None) -> dict[str, Gathered]:
    """All sets of a folder, and the trades, each with questions of the others."""
    sets, small = read_sets(data), trades()
    embedder = Remembering(vectors)
    with database("bench"):
        return {
            name: gathered(_tenant(name), one, _others(name, one, sets, small, most), embedder)
            for name, one in (sets | small).items()
        }


def _tenant(name: str) -> int:
    with within(EVERY_TENANT):
        return Tenant.objects.create(slug=name, name=name).pk


def _others(name: str, own: Set, sets: Mapping[str, Set], small: Mapping[str, Set], most: int | None) -> list[Query]:
    language = own.documents[0].language
    near = [
        query for key, one in small.items() for query in one.queries
        if query.language == language and trade(key) != trade(name)
    ]  # fmt: skip
    return [
        *_spread(near, CROSS),
        *(query for key, one in sets.items() if key != name for query in _spread(one.queries, most)),
    ]


def _spread(queries: Sequence[Query], most: int | None) -> Sequence[Query]:
    return queries[:: max(1, -(-len(queries) // most))] if most else queries


def report(by_set: Mapping[str, Gathered], small: Callable[[str], bool]) -> None:
    """Each home (a set, or a trade in all its languages) by a fit on the others; then the fit on all."""
    homes = {name: trade(name) if small(name) else name for name in by_set}
    unseen: dict[str, Judged] = {}
    for home in dict.fromkeys(homes.values()):
        model = fitted(_points({name: one for name, one in by_set.items() if homes[name] != home}, small))
        unseen |= {name: judge(by_set[name], model) for name in by_set if homes[name] == home}
    model = fitted(_points(by_set, small))
    known = {name: judge(one, model) for name, one in by_set.items()}
    for title, judged in (("fitted on the others", unseen), ("fitted on all", known)):
        for name, one in judged.items():
            print(f"{name}: {reached(one)} when {title}")
        for title_of, kind in (("sets", False), ("trades", True)):
            some = [one for name, one in judged.items() if small(name) is kind]
            print(f"all {title_of}: ece {calibration_error(some):.3f} when {title}")
    for name, by in (("OF_THE_SUBJECT", model.subject), ("ANSWERED", model.answer)):
        fits = ", ".join(
            f'"{sign}": Fit({fit.weight:.4f}, {fit.centre:.4f}, {fit.spread:.4f}, {fit.share})'
            for sign, fit in by.fits.items()
        )
        print(f"{name} = Logistic({by.bias:.4f}, {{{fits}}})")


def _points(by_set: Mapping[str, Gathered], small: Callable[[str], bool]) -> list[Point]:
    return [point for name, one in by_set.items() for point in points([one], OF_A_TRADE if small(name) else 1.0)]


def main(arguments: Sequence[str] | None = None) -> None:
    """Fit on all sets."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else "")
    parser.add_argument(
        "--data", type=Path, required=True, help="a folder of folders with docs.jsonl and queries.jsonl"
    )
    parser.add_argument("--vectors", type=Path, default=Path(":memory:"), help="a file that keeps vectors between runs")
    parser.add_argument("--heard", type=Path, help="a file that keeps what was heard between runs")
    parser.add_argument("--cross", type=int, help="so many queries of each other set; all, unless given")
    options = parser.parse_args(arguments)
    by_set = _kept(options.heard) or gather(options.data, options.vectors, options.cross)
    if options.heard:
        options.heard.write_text(json.dumps({name: asdict(one) for name, one in by_set.items()}))
    report(by_set, trades().__contains__)


def _kept(path: Path | None) -> dict[str, Gathered]:
    if path is None or not path.is_file():
        return {}
    return {
        name: Gathered(**{kind: _heard(some) for kind, some in one.items()})
        for name, one in json.loads(path.read_text()).items()
    }


def _heard(kept: Sequence[dict[str, object] | None]) -> list[Heard | None]:
    return [Heard(**one) if one else None for one in kept]  # type: ignore[arg-type]  # as asdict wrote it


if __name__ == "__main__":
    main(sys.argv[1:])
