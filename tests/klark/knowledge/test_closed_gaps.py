"""Which gaps have an article by now, judged by words alone."""

from datetime import UTC, datetime, timedelta

import pytest

from klark.knowledge.closed_gaps import Told, filled
from klark.knowledge.gap import Gap
from klark.knowledge.similarity import stems_of

ASKED = datetime(2026, 3, 1, tzinfo=UTC)
LATER = ASKED + timedelta(days=1)
CLASSES = "Wheel-truing classes for beginners take place on Saturdays."


def gap(question: str, language: str = "en") -> Gap:
    return Gap("", language, question, 1, 0, ASKED, ())


def told(text: str, at: datetime = LATER, language: str = "en", number: int = 7) -> Told:
    return Told(number, "Title", language, at, stems_of(text, language))


@pytest.mark.parametrize(("question", "one", "article"), [
    ("Do you run wheel-truing classes for beginners?", told(CLASSES), 7),
    ("Do you run wheel-truing classes for beginners?", told(CLASSES, ASKED), 0),
    ("Do you run wheel-truing classes for beginners?", told(CLASSES, language="fr"), 0),
    ("Do you run sewing classes for children?", told(CLASSES), 0),
    ("Any classes?", told(CLASSES), 0),
    ("", told(CLASSES), 0),
])  # fmt: skip
def test_an_article_fills_a_gap_where_one_sentence_speaks_of_it(question: str, one: Told, article: int) -> None:
    assert filled(gap(question), [one]).article_id == article


def test_the_newest_of_several_is_named() -> None:
    some = [told(CLASSES, LATER, number=number) for number in (2, 1)]
    assert filled(gap("Are there wheel-truing classes?"), some).article_id == 2


def test_without_articles_a_gap_stays_as_it_is() -> None:
    one = gap("Are there wheel-truing classes?")
    assert filled(one, []) == one
