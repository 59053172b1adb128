"""The bench that fits how likely an answer is finds what it should on points that are known."""

import json
from dataclasses import asdict
from pathlib import Path
from random import Random

import pytest

from klark.steps import answerable as answering
from klark.steps.answerable import Fit, Heard, Logistic, logistic
from tests.bench import fit as fitting
from tests.bench.answerable import Gathered, probability
from tests.bench.fit import (
    OF_A_TRADE,
    Model,
    Point,
    _kept,
    _others,
    _points,
    fitted,
    judge,
    points,
    reached,
    report,
    solved,
)
from tests.bench.knowledge import Document, Query, Set

SUBJECT = Logistic(0.0, {"near": Fit(0.0, 0.0, 1.0)})
ANSWER = Logistic(0.0, {"lead": Fit(0.0, 0.0, 1.0)})


def heard(near: float = 0.0, lead: float = 0.0, parts: int = 1, usual: float = 0.0) -> Heard:
    signs = {"near": near, "lead": lead, "title": 0.0, "known": 0.0}
    return Heard(signs, {"near": usual, "lead": 0.0, "title": 0.0}, parts)


@pytest.fixture(autouse=True)
def kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """What `judge` sets is put back."""
    monkeypatch.setattr(answering, "OF_THE_SUBJECT", answering.OF_THE_SUBJECT)
    monkeypatch.setattr(answering, "ANSWERED", answering.ANSWERED)


@pytest.mark.parametrize(("matrix", "right", "solution"), [
    ([[2.0]], [4.0], [2.0]), ([[0.0, 1.0], [1.0, 0.0]], [3.0, 5.0], [5.0, 3.0]),
    ([[2.0, 1.0], [1.0, 3.0]], [5.0, 10.0], [1.0, 3.0]),
])  # fmt: skip
def test_linear_equations_are_solved(matrix: list[list[float]], right: list[float], solution: list[float]) -> None:
    assert solved(matrix, right) == pytest.approx(solution)


def drawn(count: int, near: float, lead: float, *, parts: int = 1, seed: int = 3) -> list[Point]:
    """Points whose chance is logistic(1 + near × sign) × logistic(0.5 + lead × sign)."""
    draw, made = Random(seed), list[Point]()
    for _ in range(count):
        one, other = draw.gauss(0, 1), draw.gauss(0, 1)
        chance = logistic(1 + near * one) * logistic(0.5 + lead * other / parts**0.5)
        made.append(Point(heard(one, other, parts), draw.random() < chance, 1.0))
    return made


@pytest.mark.parametrize(("near", "lead", "parts"), [(2.0, 1.0, 1), (1.5, 0.0, 1), (2.0, 3.0, 9)])
def test_both_functions_of_a_product_are_found(
    near: float, lead: float, parts: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fitting, "STIFFNESS", {"subject": 1e-4, "answer": 1e-4})
    model = fitted(drawn(600, near, lead, parts=parts), SUBJECT, ANSWER)
    assert model.subject.fits["near"].weight == pytest.approx(near, rel=0.4)
    assert model.answer.fits["lead"].weight == pytest.approx(lead, rel=0.4, abs=0.4)


def test_a_fit_is_as_often_right_as_it_says() -> None:
    some = drawn(500, 2.0, 1.0)
    model = fitted(some, SUBJECT, ANSWER)
    judge(Gathered([], [], []), model)
    assert sum(probability(each.heard) for each in some) == pytest.approx(sum(each.answered for each in some), rel=0.03)


def test_a_share_of_what_is_usual_is_taken_off_before() -> None:
    rising = [Point(replaced, one.answered, 1.0) for n, one in enumerate(drawn(300, 2.0, 0.0))
              for replaced in [heard(one.heard.signs["near"] + n, one.heard.signs["lead"], usual=float(n))]]  # fmt: skip
    whole = Logistic(0.0, {"near": Fit(0.0, 0.0, 1.0, 1.0)})
    fit = fitted(rising, whole, ANSWER).subject.fits["near"]
    assert (fit.share, abs(fit.centre) < 0.2, fit.spread == pytest.approx(1.0, abs=0.1), fit.weight > 1.0) == (
        1.0,
        True,
        True,
        True,
    )


def test_points_that_weigh_nothing_say_nothing() -> None:
    told = drawn(300, 2.0, 0.0)
    lied = [Point(one.heard, not one.answered, 0.0) for one in told]
    first, second = (fitted(some, SUBJECT, ANSWER).subject.fits["near"] for some in (told, told + lied))
    assert first.weight == pytest.approx(second.weight)


def test_every_set_weighs_the_same_and_its_answers_as_much_as_the_rest() -> None:
    small = Gathered([heard(1.0)], [heard()], [heard(), heard()])
    large = Gathered([heard(1.0)] * 8, [heard()] * 4, [heard()] * 2)
    made = points([small, large])
    assert sum(point.weight for point in made if point.answered) == pytest.approx(1.0)
    assert sum(point.weight for point in made if not point.answered) == pytest.approx(1.0)


def test_a_trade_weighs_little_beside_a_set() -> None:
    one = Gathered([heard()], [heard()], [heard()])
    made = _points({"set": one, "trade-en": one}, {"trade-en"}.__contains__)
    assert sum(point.weight for point in made) == pytest.approx(1 + OF_A_TRADE)


def test_what_cannot_be_told_is_no_point() -> None:
    assert points([Gathered([None, heard(1.0)], [None], [None])]) == [Point(heard(1.0), answered=True, weight=0.25)]


def test_what_a_model_reaches_is_measured_with_it() -> None:
    model = Model(Logistic(0.0, {"near": Fit(9.0, 0.5, 0.1)}), Logistic(30.0, {}))
    assert reached(judge(Gathered([heard(1.0)], [heard()], [heard()]), model)) == {
        "cross": 1.0, "same": 1.0, "ece": 0.0, "lowest": 1.0,
    }  # fmt: skip
    assert reached(judge(Gathered([heard()], [heard(1.0)], [heard()]), model))["same"] == 0.0


def test_a_set_is_asked_what_the_others_are_and_trades_of_its_language_are() -> None:
    def made(name: str, language: str, count: int) -> Set:
        queries = tuple(Query(f"{name}{n}", "?", language, frozenset("a")) for n in range(count))
        return Set((Document("a", "", "", language),), queries, {})

    sets = {"big": made("big", "en", 4), "other": made("other", "fr", 6)}
    small = {
        "shop-en": made("shop-en", "en", 2),
        "shop-fr": made("shop-fr", "fr", 2),
        "gym-en": made("gym-en", "en", 1),
    }
    asked = {name: [query.id for query in _others(name, one, sets, small, 3)] for name, one in (sets | small).items()}
    assert asked["big"] == ["shop-en0", "shop-en1", "gym-en0", "other0", "other2", "other4"]
    assert asked["shop-en"] == ["gym-en0", "big0", "big2", "other0", "other2", "other4"]


def test_what_was_heard_is_kept_and_read_again(tmp_path: Path) -> None:
    one = Gathered([heard(1.0, parts=3)], [None], [heard()])
    path = tmp_path / "heard.json"
    assert _kept(path) == _kept(None) == {}
    path.write_text(json.dumps({"set": asdict(one)}))
    assert _kept(path) == {"set": one}


def test_the_report_judges_each_home_by_the_others_and_prints_what_to_write_down(
    capsys: pytest.CaptureFixture[str],
) -> None:
    def told(shift: float) -> Gathered:
        return Gathered([heard(2 + shift, 2 + n / 9) for n in range(3)], [heard(2.0, n / 9) for n in range(3)],
                        [heard(-2.0, n / 5) for n in range(3)])  # fmt: skip

    report(
        {"one": told(0.0), "two": told(0.2), "shop-en": told(0.1), "shop-fr": told(0.3)},
        ("shop-en", "shop-fr").__contains__,
    )
    lines = capsys.readouterr().out.splitlines()
    assert [line.partition(":")[0] for line in lines[:6]] == [
        "one",
        "two",
        "shop-en",
        "shop-fr",
        "all sets",
        "all trades",
    ]
    assert [line.partition(" = ")[0] for line in lines[-2:]] == ["OF_THE_SUBJECT", "ANSWERED"]
    assert len(lines) == 14
