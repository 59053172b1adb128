"""Typing errors between two words."""

import pytest

from guardrails.text.typing_errors import slips


@pytest.mark.parametrize(("one", "other", "many"), [
    ("", "", 0), ("abc", "abc", 0), ("abc", "abd", 1), ("abc", "ab", 1), ("ab", "abc", 1), ("abcd", "abdc", 1),
    ("comemnt", "comment", 1), ("usig", "using", 1), ("kitten", "sitting", 3), ("", "abc", 3), ("ca", "abc", 3),
    ("durand", "durrand", 1), ("durand", "duradn", 1), ("durand", "dran", 2), ("durand", "dupont", 3),
])  # fmt: skip
def test_slips_are_letters_added_lost_changed_or_swapped(one: str, other: str, many: int) -> None:
    assert (slips(one, other, 9), slips(other, one, 9)) == (many, many)


@pytest.mark.parametrize("limit", [0, 1, 2])
def test_more_slips_than_the_limit_count_as_one_more(limit: int) -> None:
    pairs = [("durand", "dupont"), ("", "abc"), ("abc", ""), ("kitten", "sitting")]
    assert {slips(*pair, limit) for pair in pairs} == {limit + 1}
