"""A copy is whole lines of its sources, in their order, and nothing else."""

import pytest

from guardrails.base import Source
from guardrails.support.copies import is_copy

RULE, EXCEPTION = "An unused bike can be returned within 14 days.", "Sale bikes cannot be returned."
ROW = "Country: Belgium; Up to 2 kg: 6.90 €."
SOURCES = (Source("a", RULE), Source("a", EXCEPTION), Source("a", ROW))


@pytest.mark.parametrize("text", [
    RULE, RULE.rstrip("."), RULE.upper(), f"« {RULE} »", f"{RULE} {EXCEPTION}", f"{RULE} {EXCEPTION} {ROW}", EXCEPTION, ROW,
    f"{RULE.rstrip('.')}; {ROW}",
])  # fmt: skip
def test_whole_lines_in_their_order_are_a_copy(text: str) -> None:
    assert is_copy(text, SOURCES)


@pytest.mark.parametrize("text", [
    "", "   ", ".", "A bike can be returned within 14 days.", "An unused bike can be returned within 4 days.",
    "An unused bike can be returned", f"{EXCEPTION} {RULE}", f"{RULE} {RULE}", f"{RULE} It is free.", f"Yes. {RULE}",
    "Country: Belgium.", "Country: Belgium; Up to 2 kg: 6.90 €. Up to 5 kg: 9 €.",
    "An unused bike can be returned within 14 days not.",
    f"{RULE}{'x' * 9_000}",
])  # fmt: skip
def test_anything_less_or_more_is_none(text: str) -> None:
    assert not is_copy(text, SOURCES)


def test_a_line_that_is_not_cited_is_no_source() -> None:
    assert not is_copy(EXCEPTION, SOURCES[:1])
    assert not is_copy(RULE, ())
