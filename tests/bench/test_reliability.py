"""Calibration figures on points that are known, and the diagram drawn of them."""

import random
import re
from xml.etree import ElementTree

import pytest

from tests.bench.reliability import ENOUGH, Judged, bins, diagram, figures, steps

NAMESPACE = "{http://www.w3.org/2000/svg}"


def judged(*rows: tuple[int, int, float]) -> Judged:
    """(right, wrong, probability given) …"""
    return [(truth, score) for right, wrong, score in rows for truth in [True] * right + [False] * wrong]


def test_a_judge_who_is_right_as_often_as_he_says_has_no_error():
    found = figures(judged((9, 1, 0.9), (1, 4, 0.2)))
    assert (found["n"], found["ece"]) == (15, 0.0)


@pytest.mark.parametrize(
    ("given", "ece", "brier", "auroc"),
    [
        (judged((1, 0, 1.0), (0, 1, 0.0)), 0.0, 0.0, 1.0),
        (judged((1, 0, 0.0), (0, 1, 1.0)), 1.0, 1.0, 0.0),
        (judged((1, 1, 0.5)), 0.0, 0.25, 0.5),
        (judged((0, 4, 0.25)), 0.25, 0.0625, 0.5),
        (judged((3, 0, 0.95), (0, 1, 0.95)), 0.2, 0.2275, 0.5),
    ],
)
def test_error_score_and_order(given: Judged, ece: float, brier: float, auroc: float):
    found = figures(given)
    assert (found["ece"], found["brier"], found["auroc"]) == (ece, brier, auroc)


def test_the_error_weighs_each_tenth_by_what_is_in_it():
    assert figures(judged((1, 0, 0.5), (3, 0, 0.95)))["ece"] == round((0.5 + 3 * 0.05) / 4, 4)


def test_the_keys_are_those_that_are_published():
    found = figures(judged((1, 1, 0.5)))
    assert list(found) == ["n", "ece", "brier", "auroc", "bins"]
    assert list(found["bins"][0]) == ["from", "to", "n", "mean", "right"]


def test_a_tenth_says_how_many_it_holds_what_was_given_and_how_many_were_right():
    assert bins(judged((1, 1, 0.32), (2, 0, 0.38))) == [{"from": 0.3, "to": 0.4, "n": 4, "mean": 0.35, "right": 0.75}]


def test_empty_tenths_are_left_out_and_1_belongs_to_the_last():
    assert [(row["from"], row["to"]) for row in bins(judged((1, 0, 0.0), (1, 0, 1.0)))] == [(0.0, 0.1), (0.9, 1.0)]


def test_steps_that_hold_too_few_are_joined_with_the_next():
    found = steps(judged((0, ENOUGH, 0.01), (1, ENOUGH - 2, 0.21), (1, 0, 0.31), (ENOUGH, 1, 0.97)))
    assert [(row["drafts"], row["right"]) for row in found] == [(ENOUGH, 0), (ENOUGH, 2), (ENOUGH + 1, ENOUGH)]
    assert [(row["low"], row["high"]) for row in found] == [(0.0, 0.05), (0.05, 0.35), (0.35, 1.0)]


def test_a_last_step_that_holds_too_few_goes_to_the_one_before():
    found = steps(judged((0, ENOUGH, 0.01), (1, 0, 0.99)))
    assert found == [{"low": 0.0, "drafts": ENOUGH + 1, "right": 1, "high": 1.0}]


def test_where_all_are_few_there_is_one_step():
    assert steps(judged((1, 0, 1.0))) == [{"low": 0.0, "drafts": 1, "right": 1, "high": 1.0}]


@pytest.mark.parametrize("seed", range(5))
def test_steps_hold_every_draft_once(seed: int):
    draw = random.Random(seed)
    given = [(draw.random() < 0.5, draw.choice([0.0, 1.0, draw.random()])) for _ in range(500)]
    found = steps(given)
    assert sum(row["drafts"] for row in found) == 500
    assert sum(row["right"] for row in found) == sum(truth for truth, _ in given)


def drawn() -> ElementTree.Element:
    return ElementTree.fromstring(diagram(bins(judged((1, 3, 0.25), (16, 0, 1.0))), "a < b & c"))


def test_the_diagram_is_svg_with_its_title():
    assert drawn().tag == f"{NAMESPACE}svg"
    assert drawn().findtext(f"{NAMESPACE}title") == "a < b & c"


def test_a_dot_stands_at_what_was_given_and_what_was_right():
    dots = [(float(dot.attrib["cx"]), float(dot.attrib["cy"])) for dot in drawn().iter(f"{NAMESPACE}circle")]
    left, top, side = 52, 34, 320
    assert dots == [(left + side * 0.25, top + side * 0.75), (left + side, top)]


def test_a_fuller_bin_has_a_larger_dot():
    small, large = [float(dot.attrib["r"]) for dot in drawn().iter(f"{NAMESPACE}circle")]
    assert (small, large) == (7.5, 12.0)


def test_a_dot_says_what_it_stands_for():
    told = [dot.findtext(f"{NAMESPACE}title") for dot in drawn().iter(f"{NAMESPACE}circle")]
    assert told == ["4 drafts, 25% given, 25% right", "16 drafts, 100% given, 100% right"]


def test_nothing_is_drawn_outside_the_diagram():
    picture = diagram(bins(judged((1, 0, 0.0), (0, 1, 1.0))), "t")
    across, up = map(int, re.findall(r'viewBox="0 0 (\d+) (\d+)"', picture)[0])
    places = [(float(x), float(y)) for x, y in re.findall(r'c?x="([\d.]+)" c?y="([\d.]+)"', picture)]
    assert [(x, y) for x, y in places if not (0 <= x <= across and 0 <= y <= up)] == []
