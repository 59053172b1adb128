"""A sentence that was copied word for word may speak of a time that is over."""

from datetime import date

import pytest

from guardrails.base import Options, Reply, Sentence, Source
from guardrails.checks.past_times import OVER, expired

NOVEMBER = date(2026, 11, 29)


def found(text: str, language: str = "en", today: date | None = NOVEMBER, source: str = "") -> list[str]:
    reply = Reply((Sentence(text, (Source("a", source or text),)),), language)
    return [finding.id for finding in expired(reply, Options(today=today))]


@pytest.mark.parametrize(("text", "language"), [
    ("Delivery is free until 31 October 2026.", "en"), ("The offer ends on 2 November 2026.", "en"),
    ("Order by 28 November 2026 to have it for Christmas.", "en"),
    ("La livraison est offerte jusqu'au 31 octobre 2026.", "fr"), ("L'offre prend fin le 02/11/2026.", "fr"),
])  # fmt: skip
def test_a_copied_end_that_has_passed_is_held(text: str, language: str) -> None:
    assert found(text, language) == [OVER]
    assert found(text, language, date(2026, 10, 1)) == []


@pytest.mark.parametrize("text", [
    "Delivery is free until 29 November 2026.", "Delivery is free until 31 October.", "Since 3 March 2025 we deliver to Malta.",
    "Free until 31 October 2026, and for members until 31 December 2026.", "Return it within 14 days.",
    "Contracts signed before 1 April 2026 moved to these prices on 1 July 2026.",
])  # fmt: skip
def test_what_is_not_surely_over_is_not(text: str) -> None:
    assert found(text) == []


def test_other_words_than_the_sources_are_the_judges_who_knows_the_day() -> None:
    assert found("The offer ended, it was valid until 31 October 2026.", source="Free until 31 October 2026.") == []


def test_no_policy_sends_what_is_over() -> None:
    text = "The offer ends on 2 November 2026."
    (finding,) = expired(Reply((Sentence(text, (Source("a", text),)),), "en"), Options(today=NOVEMBER))
    assert finding.never_alone


def test_without_a_day_nothing_is_over() -> None:
    assert found("Delivery is free until 31 October 2026.", today=None) == []
