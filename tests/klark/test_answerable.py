"""How likely an answer is: likelier the nearer the best passage is, and nobody's guess without vectors."""

import pytest

from klark.steps import answerable as answering
from klark.steps.answerable import BEHIND, FITS, answerable, signs
from klark.steps.find import Ranked

USUAL = {name: fit.centre for name, fit in FITS.items()}


def near(meaning: float | None, score: float = 0.0) -> Ranked:
    return Ranked(1, 1, score, {"stems": 1.0, "grams": 2.2, "title_grams": 1.1, "meaning": meaning, "title": meaning})


@pytest.mark.parametrize("name", list(FITS))
def test_each_sign_moves_the_chance_the_way_of_its_weight(name: str) -> None:
    low, high = (answerable({**USUAL, name: FITS[name].centre + step * FITS[name].spread}) for step in (-1, 1))
    assert (low < high) == (FITS[name].weight > 0)


def test_a_nearer_passage_makes_an_answer_likelier() -> None:
    chances = [answerable({**USUAL, "meaning": nearest}) for nearest in (0.75, 0.85, 0.95)]
    assert chances == sorted(chances)
    assert chances[0] < chances[2]


def test_a_chance_stays_between_none_and_all() -> None:
    ends = [answerable({name: step * 1e6 * fit.weight for name, fit in FITS.items()}) for step in (-1, 1)]
    assert 0.0 < ends[0] < 0.001 < 0.999 < ends[1] < 1.0


def test_the_best_passage_speaks_for_all() -> None:
    read = signs([near(0.8, 4.0), near(0.9, 1.0)], 0.5)
    assert read == {"meaning": 0.9, "title": 0.9, "known": 0.5, "lead": 3.0}


def test_the_lead_is_on_the_passage_some_places_behind() -> None:
    read = signs([near(0.8, 20.0 - number) for number in range(BEHIND + 5)], 0.5)
    assert read
    assert read["lead"] == BEHIND


def test_nobody_can_tell_without_vectors() -> None:
    assert signs([near(None)], 0.5) is None


def test_a_passage_that_has_no_vector_yet_leaves_the_others_to_speak() -> None:
    read = signs([near(None, 2.0), near(0.7, 1.0)], 0.5)
    assert read
    assert read["meaning"] == 0.7


def test_where_nothing_was_found_hardly_anything_speaks_for_an_answer() -> None:
    read = signs([], 0.5)
    assert read
    assert (read["meaning"], read["title"], read["lead"]) == (0.0, 0.0, 0.0)
    assert answerable(read) < 0.05


def test_every_sign_that_is_fitted_is_read() -> None:
    read = signs([], 0.5)
    assert read
    assert set(answering.FITS) <= set(read)
