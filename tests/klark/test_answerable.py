"""How likely an answer is: likelier the nearer the best passage is for this tenant, and nobody's guess without vectors."""

from math import log

import pytest

from klark.steps.answerable import (
    ANSWERED,
    BEHIND,
    ELSEWHERE,
    OF_THE_SUBJECT,
    Fit,
    Heard,
    Logistic,
    Signs,
    answerable,
    logistic,
    signs,
    standing,
    values,
)
from klark.steps.find import Ranked

FITS = {**OF_THE_SUBJECT.fits, **ANSWERED.fits}
USUAL = {name: fit.centre + fit.share * ELSEWHERE.get(name, 0.0) for name, fit in FITS.items()}


def near(meaning: float | None, score: float = 0.0) -> Ranked:
    return Ranked(1, 1, score, {"stems": 1.0, "grams": 2.2, "title_grams": 1.1, "meaning": meaning, "title": meaning})


def heard(parts: int = 1, usual: Signs = ELSEWHERE, **changed: float) -> Heard:
    return Heard({**USUAL, **changed}, usual, parts)


@pytest.mark.parametrize("name", list(FITS))
def test_each_sign_moves_the_chance_the_way_of_its_weight(name: str) -> None:
    low, high = (answerable(heard(**{name: USUAL[name] + step * FITS[name].spread})) for step in (-1, 1))
    assert (low < high) == (FITS[name].weight > 0)


def test_a_nearer_passage_makes_an_answer_likelier() -> None:
    chances = [answerable(heard(near=nearest)) for nearest in (0.75, 0.85, 0.95)]
    assert chances == sorted(chances)
    assert chances[0] < chances[2]


def test_a_chance_stays_between_none_and_all() -> None:
    ends = [answerable(Heard({name: step * 1e6 * fit.weight for name, fit in FITS.items()}, {})) for step in (-1, 1)]
    assert 0.0 < ends[0] < 0.001 < 0.999 < ends[1] < 1.0


def test_a_chance_is_that_of_the_subject_times_that_of_an_answer() -> None:
    assert answerable(heard()) == pytest.approx(logistic(OF_THE_SUBJECT.bias) * logistic(ANSWERED.bias))


@pytest.mark.parametrize("sure", ["lead", "title"])
def test_nothing_makes_up_for_another_subject(sure: str) -> None:
    foreign = {"near": USUAL["near"] - 0.15, "known": 0.1}
    assert answerable(heard(**foreign, **{sure: 1e3})) < 0.01


def test_the_same_signs_say_less_for_a_tenant_whose_own_sentences_come_as_near() -> None:
    close, far = ({**ELSEWHERE, "near": ELSEWHERE["near"] + step} for step in (0.03, -0.03))
    assert answerable(heard(usual=close)) < answerable(heard()) < answerable(heard(usual=far))


def test_of_a_sign_a_share_of_what_is_usual_is_taken_off() -> None:
    got = [
        standing(Fit(1.0, 0.1, 0.2, share), "near", heard(near=0.9, usual={"near": 0.6})) for share in (0.0, 0.5, 1.0)
    ]
    assert got == pytest.approx([4.0, 2.5, 1.0])


def test_a_sign_of_which_nothing_usual_is_known_is_read_as_it_is() -> None:
    assert standing(Fit(1.0, 0.1, 0.2, 1.0), "near", Heard({"near": 0.5}, {})) == pytest.approx(2.0)


def test_a_sign_adds_its_weight_for_each_spread() -> None:
    by = Logistic(0.0, {"lead": Fit(3.0, 1.0, 2.0)})
    assert values(by, Heard({"lead": 5.0}, {})) == {"lead": 6.0}


def test_the_more_parts_a_ticket_has_the_less_one_of_them_says_of_an_answer() -> None:
    leads = (USUAL["lead"] - 12, USUAL["lead"] + 12)
    far = [answerable(heard(parts, lead=leads[1])) - answerable(heard(parts, lead=leads[0])) for parts in (1, 4, 25)]
    assert far == sorted(far, reverse=True)
    assert far[2] > 0
    assert answerable(heard(9)) == pytest.approx(answerable(heard(1)))


def test_parts_share_by_their_square_root() -> None:
    one, four = (answerable(heard(parts, lead=USUAL["lead"] + 6, known=1e6)) for parts in (1, 4))
    odds = [log(chance / (1 - chance)) - ANSWERED.bias for chance in (one, four)]
    assert odds[1] == pytest.approx(odds[0] / 2)


@pytest.mark.parametrize(("total", "chance"), [(0.0, 0.5), (1e9, 1.0), (-1e9, 0.0), (log(3), 0.75)])
def test_odds_become_a_chance(total: float, chance: float) -> None:
    assert logistic(total) == pytest.approx(chance, abs=1e-9)


def test_the_nearest_passage_and_the_first_one_speak_for_all() -> None:
    read = signs([near(0.8, 4.0), near(0.9, 1.0)], 0.5)
    assert read == pytest.approx({"near": 0.85, "title": 0.9, "known": 0.5, "lead": 3.0})


def test_the_lead_is_on_the_passage_some_places_behind() -> None:
    read = signs([near(0.8, 20.0 - number) for number in range(BEHIND + 5)], 0.5)
    assert read
    assert read["lead"] == BEHIND


def test_nobody_can_tell_without_vectors() -> None:
    assert signs([near(None)], 0.5) is None


def test_a_passage_that_has_no_vector_yet_leaves_the_others_to_speak() -> None:
    read = signs([near(None, 2.0), near(0.7, 1.0)], 0.5)
    assert read
    assert read["near"] == 0.7


def test_where_nothing_was_found_hardly_anything_speaks_for_an_answer() -> None:
    read = signs([], 0.5)
    assert read
    assert (read["near"], read["title"], read["lead"]) == (0.0, 0.0, 0.0)
    assert answerable(Heard(read, ELSEWHERE)) < 0.05


def test_every_sign_that_is_fitted_is_read_and_every_one_that_is_usual_is_too() -> None:
    read = signs([], 0.5)
    assert read
    assert set(FITS) == set(read)
    assert {name for name, fit in FITS.items() if fit.share} == set(ELSEWHERE)
