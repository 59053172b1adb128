"""The bench that fits how likely an answer is finds what it should on points that are known."""

from random import Random

import pytest

from klark.steps import answerable as answering
from klark.steps.answerable import Fit
from tests.bench.answerable import Gathered, Judged, auroc, calibration_error, probability
from tests.bench.fit import NAMES, Model, Point, fitted, points, reached, solved


def _point(value: float, weight: float = 1.0, *, answered: bool = False) -> Point:
    return Point(signs(value), answered, weight)


def signs(value: float, name: str = "meaning") -> dict[str, float]:
    return {**dict.fromkeys(NAMES, 0.0), name: value}


@pytest.fixture(autouse=True)
def kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """What `reached` sets is put back."""
    monkeypatch.setattr(answering, "BIAS", answering.BIAS)
    monkeypatch.setattr(answering, "FITS", answering.FITS)


@pytest.mark.parametrize(("matrix", "right", "solution"), [
    ([[2.0]], [4.0], [2.0]), ([[0.0, 1.0], [1.0, 0.0]], [3.0, 5.0], [5.0, 3.0]),
    ([[2.0, 1.0], [1.0, 3.0]], [5.0, 10.0], [1.0, 3.0]),
])  # fmt: skip
def test_linear_equations_are_solved(matrix: list[list[float]], right: list[float], solution: list[float]) -> None:
    assert solved(matrix, right) == pytest.approx(solution)


@pytest.mark.parametrize(("higher", "lower", "share"), [
    ([1.0], [0.0], 1.0), ([0.0], [1.0], 0.0), ([1.0], [1.0], 0.5), ([3.0, 1.0], [2.0, 0.0], 0.75),
])  # fmt: skip
def test_auroc_is_the_share_of_pairs_in_order(higher: list[float], lower: list[float], share: float) -> None:
    assert auroc(higher, lower) == share


def test_a_judge_who_is_right_as_often_as_he_says_has_no_calibration_error() -> None:
    assert calibration_error(Judged([0.55, 0.55], [0.55], [0.55])) == pytest.approx(0.05)
    assert calibration_error(Judged([1.0], [0.0], [0.0])) == 0.0
    assert calibration_error(Judged([0.0], [1.0], [1.0])) == 1.0


def test_the_sign_that_tells_is_the_one_that_counts() -> None:
    draw = Random(3)
    some = [
        Point({**signs(draw.gauss(1.0 if answered else -1.0, 1.0)), "known": draw.random()}, answered, 1.0)
        for answered in (True, False) for _ in range(200)
    ]  # fmt: skip
    model = fitted(some)
    assert model.fits["meaning"].weight > 1.0
    assert abs(model.fits["known"].weight) < 0.3
    assert model.fits["lead"] == Fit(0.0, 0.0, 1.0)
    assert abs(model.bias) < 0.5


def test_what_only_tells_sets_apart_does_not_count() -> None:
    draw = Random(5)
    some = [
        Point({**signs(draw.gauss(1.0 if answered else -1.0, 1.0)), "title": 5.0 * home + draw.random()}, answered,
              1.0 if answered == bool(home) else 0.2, home)
        for answered in (True, False) for home in (0, 1) for _ in range(200)
    ]  # fmt: skip
    model = fitted(some)
    assert abs(model.fits["title"].weight) < 0.6 < model.fits["meaning"].weight


def test_points_that_weigh_nothing_say_nothing() -> None:
    told = [_point(1.0, answered=True), _point(-1.0)]
    lied = [_point(-1.0, 0.0, answered=True), _point(1.0, 0.0)]
    assert fitted(told).fits["meaning"].weight > 0
    assert fitted(told + lied).fits["meaning"].weight == pytest.approx(fitted(told).fits["meaning"].weight, rel=0.05)


def test_every_set_weighs_the_same_and_its_answers_as_much_as_the_rest() -> None:
    small = Gathered([signs(1.0)], [signs(0.0)], [signs(0.0), signs(0.0)])
    large = Gathered([signs(1.0)] * 8, [signs(0.0)] * 4, [signs(0.0)] * 2)
    made = points([small, large])
    assert sum(point.weight for point in made if point.answered) == pytest.approx(1.0)
    assert sum(point.weight for point in made if not point.answered) == pytest.approx(1.0)


def test_what_cannot_be_told_is_no_point_and_no_chance() -> None:
    assert points([Gathered([None, signs(1.0)], [None], [None])]) == [_point(1.0, 0.25, answered=True)]
    assert probability(None) == 0.0


def test_what_a_model_reaches_is_measured_with_it() -> None:
    model = Model(0.0, {"meaning": Fit(9.0, 0.5, 0.1)})
    assert reached(Gathered([signs(1.0)], [signs(0.0)], [signs(0.0)]), model) == {"cross": 1.0, "same": 1.0, "ece": 0.0}
    assert reached(Gathered([signs(0.0)], [signs(1.0)], [signs(0.0)]), model)["same"] == 0.0
