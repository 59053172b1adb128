"""Likeness by words: rare ones say more, and what belongs together is put together."""

import pytest

from klark.knowledge.similarity import groups, likeness, stems_of, weights_of


def test_little_words_figures_and_endings_do_not_count() -> None:
    assert stems_of("How do I cancel the 2 orders?", "en") == stems_of("Cancelled order", "en")
    assert stems_of("Où sont mes colis ?", "fr") == stems_of("Le colis", "fr")
    assert stems_of("12 34", "en") == frozenset()


def test_a_rare_word_says_more_than_a_common_one() -> None:
    weights = weights_of([{"parcel", "lost"}, {"parcel", "late"}, {"parcel", "blue"}])
    assert weights["lost"] > weights["parcel"]
    assert likeness({"parcel", "lost"}, {"lost", "kite"}, weights) > likeness(
        {"parcel", "late"}, {"parcel", "kite"}, weights
    )


@pytest.mark.parametrize(
    ("one", "other", "like"), [({"a"}, {"a"}, 1.0), ({"a"}, {"b"}, 0.0), (set(), set(), 0.0), ({"a"}, set(), 0.0)]
)
def test_likeness_lies_between_nothing_and_the_same(one: set[str], other: set[str], like: float) -> None:
    assert likeness(one, other, {}) == like


def test_questions_about_one_thing_are_one_group_the_largest_first() -> None:
    asked = [
        "Do you sell gift cards?", "Where is the workshop?", "Can I buy a gift card?", "Is there a gift card for sale?",
        "workshop where?", "Can I pay in bitcoin?",
    ]  # fmt: skip
    assert groups([stems_of(text, "en") for text in asked]) == [[0, 2, 3], [1, 4], [5]]


def test_texts_without_words_stay_alone() -> None:
    assert groups([frozenset(), frozenset(), frozenset({"a"})]) == [[0], [1], [2]]


def test_many_questions_are_grouped_in_time() -> None:
    texts = [frozenset({f"w{n % 40}", f"v{n % 40}", "parcel"}) for n in range(400)]
    assert [len(group) for group in groups(texts)] == [10] * 40
