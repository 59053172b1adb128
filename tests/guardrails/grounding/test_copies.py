"""A copy is a whole line of its sources, or lines that follow one another there, and nothing else."""

from dataclasses import replace

import pytest

from guardrails.base import Source
from guardrails.grounding.copies import is_copy

RULE, EXCEPTION = "An unused bike can be returned within 14 days.", "Sale bikes cannot be returned."
ROW = "Country: Belgium; Up to 2 kg: 6.90 €."


def section(*lines: str, heading: str = "") -> tuple[Source, ...]:
    """The sources that cite every line of a section."""
    return tuple(Source("a", line, around="\n".join(lines), heading=heading) for line in lines)


SOURCES = section(RULE, EXCEPTION, ROW)


@pytest.mark.parametrize("text", [
    RULE, RULE.rstrip("."), RULE.upper(), f"« {RULE} »", f"{RULE} {EXCEPTION}", f"{RULE} {EXCEPTION} {ROW}", EXCEPTION, ROW,
    f"{RULE.rstrip('.')}; {EXCEPTION}", f"{RULE.rstrip('.')} ; {EXCEPTION}",
    f"{EXCEPTION.rstrip('.')}, {ROW}", ROW.replace(" €", "\u202f€"),
])  # fmt: skip
def test_whole_lines_that_follow_one_another_are_a_copy(text: str) -> None:
    assert is_copy(text, SOURCES)


def test_a_line_of_another_section_may_be_cited_too() -> None:
    other = section("Bikes can be returned.", EXCEPTION, heading="Sale")
    assert is_copy(f"{RULE} {EXCEPTION}", (*other, *SOURCES))


TWO_LISTS = section("We accept:", "Unused bikes", "We never accept:", "Opened software")


@pytest.mark.parametrize(("text", "copied"), [
    ("We accept: Opened software.", False), ("We accept: Unused bikes; Opened software.", False),
    ("We accept: Unused bikes.", True), ("We never accept: Opened software.", True), ("Opened software", True),
])  # fmt: skip
def test_lines_with_others_between_them_are_no_copy(text: str, copied: bool) -> None:
    assert is_copy(text, TWO_LISTS) is copied


def test_lines_of_two_sections_or_articles_are_no_copy() -> None:
    accepted, refused = section("We accept:", "Bikes", heading="In France"), section("Phones", heading="In Spain")
    assert not is_copy("We accept: Phones", (*accepted, *refused))
    assert not is_copy(f"{RULE} {EXCEPTION}", (SOURCES[0], replace(SOURCES[1], article="b")))


@pytest.mark.parametrize("text", [
    "Delivery to the islands costs 4.50 €.", "Delivery to the islands costs 4,50 €.", "Delivery to the islands costs 4 50 €.",
    "Delivery to the islands costs 4, 50 €.", "Delivery to the islands costs 4. 50 €.",
])  # fmt: skip
def test_two_lines_do_not_make_one_number(text: str) -> None:
    assert not is_copy(text, section("Delivery to the islands costs 4", "50 €"))


def test_a_sentence_may_begin_with_a_figure_after_one_that_ends_with_a_figure() -> None:
    assert is_copy("Call 3900. 24 hours is the longest wait.", section("Call 3900.", "24 hours is the longest wait."))


@pytest.mark.parametrize(
    ("text", "line"), [("10² m", "102 m"), ("102 m", "10² m"), ("5½ €", "51⁄2 €"), ("x ≠ 5", "x = 5")]
)
def test_a_figure_in_another_form_is_another_figure(text: str, line: str) -> None:
    assert not is_copy(text, section(line))


@pytest.mark.parametrize("text", [
    "", "   ", ".", "A bike can be returned within 14 days.", "An unused bike can be returned within 4 days.",
    "An unused bike can be returned", f"{EXCEPTION} {RULE}", f"{RULE} {RULE}", f"{RULE} It is free.", f"Yes. {RULE}",
    "Country: Belgium.", "Country: Belgium; Up to 2 kg: 6.90 €. Up to 5 kg: 9 €.",
    "An unused bike can be returned within 14 days not.", f"{RULE.rstrip('.')}; {ROW}",
    f"{RULE}{'x' * 9_000}",
])  # fmt: skip
def test_anything_less_or_more_is_none(text: str) -> None:
    assert not is_copy(text, SOURCES)


def test_a_line_that_is_not_cited_is_no_source() -> None:
    assert not is_copy(EXCEPTION, SOURCES[:1])
    assert not is_copy(RULE, ())
