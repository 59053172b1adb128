"""What a text is found by: numbers that stay the same, shares that shrink with length, and text forms the database reads."""

from collections import Counter

import pytest

from guardrails.text.words import fold
from klark.knowledge.features import (
    MOST,
    READ,
    SIZE,
    TITLE,
    gram_number,
    grams,
    impacts,
    numbered,
    rarity,
    sparse,
    stem_number,
    title_impacts,
    titled,
    weighed,
    words,
)


@pytest.mark.parametrize(("text", "folded"), [
    ("Été", "ete"), ("ÇA", "ca"), ("Straße", "strasse"), ("ﬁn", "fin"), ("", ""), ("œuf", "œuf"), ("Ελλάδα", "ελλαδα"),
])  # fmt: skip
def test_folding_takes_case_and_accents(text: str, folded: str) -> None:
    assert fold(text) == folded


@pytest.mark.parametrize(("text", "held"), [
    ("L'été, déjà !", ["l", "ete", "deja"]), ("a-b_c 12", ["a", "b_c", "12"]), ("🦊 …", []), ("", []),
])  # fmt: skip
def test_words_are_runs_of_letters_and_figures(text: str, held: list[str]) -> None:
    assert words(text) == held


def test_a_text_is_read_up_to_its_limit() -> None:
    assert len(words("x " * READ)) == READ / 2


@pytest.mark.parametrize(("word", "held"), [
    ("a", [" a "]), ("ab", [" ab "]), ("abc", [" abc", "abc "]), ("abcd", [" abc", "abcd", "bcd "]),
])  # fmt: skip
def test_a_word_has_its_runs_of_four_with_its_edges(word: str, held: list[str]) -> None:
    assert list(grams(word)) == held


def test_a_word_without_end_is_cut() -> None:
    assert sum(grams("x" * 10_000).values()) == 59


def test_runs_are_counted() -> None:
    assert grams("abc abc")[" abc"] == 2


@pytest.mark.parametrize("number", [stem_number, gram_number])
def test_numbers_are_the_same_every_time_and_within_their_bounds(number: object) -> None:
    assert callable(number)
    made = [number(text) for text in ("livraison", "livraison", "", "\ud800", "日本")]
    assert made[0] == made[1]
    assert all(0 <= one < SIZE for one in made)
    assert len(set(made)) == 4


def test_a_stem_and_a_run_of_the_same_letters_are_two_features() -> None:
    assert stem_number("abcd") != gram_number("abcd")


def test_names_that_share_a_number_add_up() -> None:
    assert numbered({"a": 2, "b": 3}, lambda name: 7) == Counter({7: 5})


def test_a_word_of_the_title_counts_several_times_and_nothing_is_changed() -> None:
    body = Counter({"a": 1, "b": 1})
    assert titled({"a": 1, "c": 2}, body) == Counter({"a": 1 + TITLE, "b": 1, "c": 2 * TITLE})
    assert body == Counter({"a": 1, "b": 1})


def test_the_tenth_time_a_word_stands_there_adds_less_than_the_second() -> None:
    worth = [impacts({1: count, 2: 50 - count}, 50.0)[1] for count in (1, 2, 10, 11)]
    assert worth == sorted(worth)
    assert worth[1] - worth[0] > worth[3] - worth[2]


def test_no_passage_scores_without_bounds() -> None:
    assert impacts({1: 10_000}, 10_000.0)[1] < 2.2


def test_a_title_is_worth_what_its_letters_are() -> None:
    assert title_impacts("Delivery") == title_impacts("DELIVERY")
    assert not title_impacts("")
    shared = title_impacts("Delivery times").keys() & title_impacts("Delivery").keys()
    assert shared == title_impacts("Delivery").keys()
    assert all(title_impacts("Delivery")[one] > title_impacts("Delivery times")[one] for one in shared)


@pytest.mark.parametrize(("holders", "passages"), [(0, 0), (1, 1), (5, 3), (10, 10), (0, 10)])
def test_a_rarity_is_never_below_nothing(holders: int, passages: int) -> None:
    assert rarity(holders, passages) >= 0.0


def test_what_no_passage_holds_has_no_weight() -> None:
    assert weighed([(1.0, [1, 2])], {2: 3.0}) == {2: 3.0}
    assert weighed([(1.0, [1])], {}) == {}
    assert weighed([], {1: 1.0}) == {}


def test_a_long_part_has_no_more_to_say_than_a_short_one() -> None:
    short, long = weighed([(1.0, [1])], {1: 1.0}), weighed([(1.0, [*range(1, 101)])], dict.fromkeys(range(1, 101), 1.0))
    assert (short[1], long[1]) == (1.0, pytest.approx(0.1))


def test_a_sparse_vector_without_features_is_one_too() -> None:
    assert sparse({}) == f"{{}}/{SIZE}"


def test_of_too_many_features_the_heaviest_are_kept() -> None:
    kept = sparse({number: float(number) for number in range(1, MOST + 101)})
    assert kept.count(":") == MOST
    assert kept.startswith("{102:101,")
