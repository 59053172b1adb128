"""The bench of how likely an answer is measures order and calibration as it says."""

import math
from random import Random

import pytest

from klark.steps.answerable import ELSEWHERE, Heard
from tests.bench.answerable import (
    Judged,
    _by_chance,
    _gone,
    auroc,
    calibration_error,
    error_by_chance,
    probability,
    weighed,
)
from tests.bench.knowledge import Document, Query, Set


@pytest.mark.parametrize(("higher", "lower", "share"), [
    ([0.9, 0.8], [0.1], 1.0), ([0.5], [0.5], 0.5), ([0.1], [0.9], 0.0), ([3.0, 1.0], [2.0, 0.0], 0.75),
])  # fmt: skip
def test_auroc_is_the_share_of_pairs_in_order(higher: list[float], lower: list[float], share: float) -> None:
    assert auroc(higher, lower) == share


@pytest.mark.parametrize(("judged", "error"), [
    (Judged([1.0], [0.0], [0.0]), 0.0), (Judged([0.0], [1.0], [1.0]), 1.0), (Judged([0.5], [0.5], [0.5]), 0.0),
    (Judged([0.55, 0.55], [0.55], [0.55]), 0.05), (Judged([0.62], [0.62], [0.05]), 0.0475),
])  # fmt: skip
def test_who_is_right_as_often_as_he_says_has_no_calibration_error(judged: Judged, error: float) -> None:
    assert calibration_error([judged]) == pytest.approx(error)


def test_answered_and_unanswered_weigh_the_same_and_so_do_both_kinds_of_the_latter() -> None:
    points = weighed(Judged([0.9], [0.5] * 4, [0.1] * 2))
    shares = [sum(weight for score, _, weight in points if score == of) for of in (0.9, 0.5, 0.1)]
    assert shares == pytest.approx([0.5, 0.25, 0.25])
    assert sum(truth * weight for _, truth, weight in points) == 0.5


def test_sets_weigh_the_same_however_many_queries_they_have() -> None:
    right, wrong = Judged([1.0] * 50, [0.0] * 50, [0.0] * 50), Judged([0.0], [1.0], [1.0])
    assert calibration_error([right, wrong]) == pytest.approx(0.5 * calibration_error([wrong]), abs=0.01)


def test_what_is_too_high_in_one_set_and_too_low_in_another_is_told_by_set_alone() -> None:
    high, low = Judged([0.65] * 2, [0.65] * 2, [0.65] * 2), Judged([0.65] * 2, [0.05] * 2, [0.05] * 2)
    both = calibration_error([high, low])
    assert both < (calibration_error([high]) + calibration_error([low])) / 2


def spread(count: int) -> Judged:
    draw = Random(2)
    return Judged(*([draw.random() for _ in range(count)] for _ in range(3)))


def test_even_a_judge_who_is_right_has_an_error_which_shrinks_with_the_queries() -> None:
    errors = [error_by_chance([spread(count)]) for count in (10, 40, 160)]
    assert errors == sorted(errors, reverse=True)
    assert errors[0] / errors[1] == pytest.approx(math.sqrt(4), rel=0.3)


def test_chance_has_no_hand_in_what_is_certain_and_always_falls_alike() -> None:
    assert error_by_chance([Judged([1.0], [0.0], [0.0])]) == 0.0
    assert error_by_chance([spread(9)]) == error_by_chance([spread(9)])


def test_chance_is_told_of_all_sets_and_of_each() -> None:
    got = _by_chance({"a": Judged([1.0], [0.0], [0.0]), "b": spread(9)})
    assert (list(got), got["a"]) == (["all", "a", "b"], 0.0)
    assert 0.0 < got["all"] < got["b"]


def test_the_twins_of_what_answers_are_taken_out_with_it() -> None:
    documents = tuple(Document(key, "", "", "en") for key in "abcd")
    bench = Set(documents, (), {"a": "a", "b": "b", "c": "b", "d": "d"})
    assert _gone(bench, Query("q", "?", "en", frozenset("c"))) == {"b", "c"}
    assert _gone(bench, Query("q", "?", "en", frozenset("ad"))) == {"a", "d"}


def test_what_cannot_be_told_has_no_chance() -> None:
    assert probability(None) == 0.0
    assert probability(Heard({"near": 0.9, "known": 1.0, "lead": 20.0, "title": 0.95}, ELSEWHERE)) > 0.5
