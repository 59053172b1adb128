"""How the scores of one search are made comparable: what stands beside an answer does not change what its scores count."""

from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from klark.knowledge.features import gram_number, grams
from klark.retrieval.query import SearchQuery
from klark.retrieval.rank import FITTED_ON, OF_COSINES, OF_WORDS, WEIGHTS, RankedPassage, _ranked, standard
from klark.values.passages import QuestionVector

Row = tuple[int, int, str, float, float, float | None, float | None]

KNOWN, OTHER = QuestionVector(f"host/{FITTED_ON}", "[1]", 1), QuestionVector("another", "[1]", 1)
ASKED = SearchQuery(("?",), {1: 3.0, 2: 4.0}, {gram_number(gram): 1.0 for gram in grams("delivery")}, (), 1.0)
NEAR: Row = (1, 1, "Delivery", 2.0, 3.0, 0.90, 0.92)
LESS: Row = (2, 2, "Payment", 4.0, 3.0, 0.86, 0.90)
BESIDE: Sequence[Row] = [(n, n, "Other", n / 10, n / 5, 0.84 + n / 9000, 0.85 + n / 9000) for n in range(3, 40)]
FAR: Sequence[Row] = [(n, n, "Filling", 5.0, 5.0, 0.62, 0.62) for n in range(50, 150)]


def ranked(rows: Sequence[Row], looked: QuestionVector | None = KNOWN) -> Mapping[int, RankedPassage]:
    """By passage."""
    return {one.passage_id: one for one in _ranked(rows, ASKED, looked)}


def apart(rows: Sequence[Row], looked: QuestionVector | None = KNOWN) -> float:
    """How far the first passage is ahead of the second."""
    found = ranked(rows, looked)
    return found[1].score - found[2].score


def told(row: Row, **others: Any) -> Row:
    """The row with other scores."""
    names = ("passage", "article", "title", "stems", "grams", "meaning", "of_title")
    return tuple(others.get(name, value) for name, value in zip(names, row, strict=True))  # type: ignore[return-value]  # zip tells no lengths


@pytest.mark.parametrize("beside", [(), BESIDE, FAR, [*BESIDE, *FAR]])
def test_two_passages_are_as_far_apart_whatever_stands_beside_them(beside: Sequence[Row]) -> None:
    assert apart([NEAR, LESS, *beside]) == pytest.approx(apart([NEAR, LESS]))


def test_the_order_of_two_passages_does_not_turn_when_a_large_help_centre_stands_beside_them() -> None:
    few, many = ranked([NEAR, LESS, *BESIDE]), ranked([NEAR, LESS, *BESIDE, *FAR])
    assert few[1].score > few[2].score
    assert many[1].score > many[2].score


def test_the_words_of_far_passages_alone_do_not_bring_them_before_a_near_one() -> None:
    assert next(iter(ranked([*FAR, NEAR]))) == 1


def test_a_cosine_counts_by_the_usual_spread_of_its_model() -> None:
    expected = WEIGHTS["meaning"] * 0.04 / OF_COSINES["meaning"] + WEIGHTS["title"] * 0.02 / OF_COSINES["title"]
    words = -WEIGHTS["stems"] * 2.0 / (OF_WORDS["stems"] * 5.0)
    assert apart([NEAR, LESS]) == pytest.approx(expected + words)


@pytest.mark.parametrize(("name", "times"), [("stems", 1.0), ("grams", 1.0)])
def test_a_score_of_words_counts_by_the_length_of_the_question(name: str, times: float) -> None:
    one = told(NEAR, stems=0.0, grams=0.0)
    more = told(one, passage=2, **{name: times})
    short = _ranked([one, more], ASKED, KNOWN)
    doubled = SearchQuery(
        ASKED.parts, {n: 2 * by for n, by in ASKED.stems.items()}, {n: 2 * by for n, by in ASKED.grams.items()}, (), 1.0
    )
    long = _ranked([one, more], doubled, KNOWN)
    assert [each.passage_id for each in short] == [2, 1]
    assert short[0].score - short[1].score == pytest.approx(2 * (long[0].score - long[1].score))


def test_the_cosines_of_a_model_nothing_is_known_of_are_compared_among_themselves() -> None:
    wide = [told(row, meaning=10 * (row[5] or 0.0), of_title=10 * (row[6] or 0.0)) for row in (NEAR, LESS, *BESIDE)]
    assert apart(wide, OTHER) == pytest.approx(apart([NEAR, LESS, *BESIDE], OTHER))
    assert apart(wide, KNOWN) > 5 * apart([NEAR, LESS, *BESIDE], KNOWN)


def test_a_passage_without_a_vector_counts_as_usual_in_meaning() -> None:
    bare = told(NEAR, passage=3, meaning=None, of_title=None)
    found = ranked([NEAR, LESS, bare])
    assert (found[3].counts["meaning"], found[3].counts["title"]) == (0.0, 0.0)
    assert found[1].score > found[3].score
    assert found[3].counts["grams"] == found[1].counts["grams"]


def test_the_letters_of_a_title_count_while_nothing_has_a_meaning() -> None:
    by_words = [told(row, meaning=None, of_title=None, stems=1.0, grams=1.0) for row in (LESS, NEAR)]
    found = ranked(by_words, None)
    assert list(found) == [1, 2]
    assert found[1].counts["title_grams"] > 0 > found[2].counts["title_grams"]
    assert {one.counts["meaning"] for one in found.values()} == {0.0}


def test_the_letters_of_a_title_are_left_out_beside_its_meaning() -> None:
    found = ranked([NEAR, LESS])
    assert {one.scores["title_grams"] for one in found.values()} == {None}
    assert {one.counts["title_grams"] for one in found.values()} == {0.0}


def test_a_question_without_words_is_answered_by_meaning_alone() -> None:
    silent = SearchQuery(("?",), {}, {}, (), 0.0)
    found = _ranked([told(LESS, stems=0.0, grams=0.0), told(NEAR, stems=0.0, grams=0.0)], silent, KNOWN)
    assert [one.passage_id for one in found] == [1, 2]
    assert found[0].counts["stems"] == found[0].counts["grams"] == 0.0


def test_what_counts_adds_up_to_the_score() -> None:
    for one in ranked([NEAR, LESS, *BESIDE, *FAR]).values():
        assert sum(one.counts.values()) == pytest.approx(one.score)


def test_equal_scores_are_ordered_by_age() -> None:
    assert [one.passage_id for one in _ranked([told(NEAR, passage=7), told(NEAR, passage=5)], ASKED, KNOWN)] == [5, 7]


@pytest.mark.parametrize(("scores", "spread", "compared"), [
    ([1.0, 3.0, None], None, [-1.0, 1.0, 0.0]), ([1.0, 3.0, None], 0.5, [-2.0, 2.0, 0.0]), ([2.0, 2.0], 4.0, [0.0, 0.0]),
    ([1.0, 3.0], 0.0, [0.0, 0.0]), ([], 2.0, []), ([None], 2.0, [0.0]),
])  # fmt: skip
def test_a_spread_that_is_given_stands_for_their_own(
    scores: Sequence[float | None], spread: float | None, compared: Sequence[float]
) -> None:
    assert standard(scores, spread) == compared
