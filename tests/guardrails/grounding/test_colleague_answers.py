"""A source that is a colleague's answer: it says so itself, whatever its id, and whatever rests on it waits for a person."""

import pytest

from guardrails.base import Level, Options, Reply, Sentence, Source
from guardrails.checks.colleague_answers import ANSWERED, colleague
from guardrails.grounding.colleague_answers import Answered
from guardrails.guard import guard
from tests.guardrails.said import OWN

RULE = "The charger of the X200 also fits the X300."
OLD, NEW = Answered("7", "2026-11-02", 23), Answered("PRJ-9", "2026-11-20", 5)
OPTIONS = Options(reader="known")


def resting(*told: Answered | None, article: str = "a") -> Reply:
    return Reply((Sentence(RULE, tuple(Source(article, RULE, answered=one) for one in told)),), "en")


def test_what_rests_on_an_answer_is_held_with_the_day_of_the_oldest() -> None:
    (finding,) = colleague(resting(None, NEW, OLD), OPTIONS)
    assert (finding.id, finding.level, finding.sentence, finding.words) == (ANSWERED, Level.HOLD, 0, "2026-11-02")


def test_what_rests_on_articles_alone_is_not_held() -> None:
    assert colleague(resting(None, None), OPTIONS) == []
    assert colleague(Reply((Sentence("Hello,"),), "en"), OPTIONS) == []


@pytest.mark.parametrize("article", ["answered/7", "answered/7/2026-11-02/23", "answered"])
def test_no_id_makes_an_article_a_colleagues_answer(article: str) -> None:
    assert colleague(resting(None, article=article), OPTIONS) == []


@pytest.mark.parametrize("reader", ["verified", "known", "unknown", "third_party"])
def test_it_is_held_for_its_age_alone_whoever_reads(reader: str) -> None:
    """It was chosen because it speaks of nobody: it is nobody's personal data."""
    options = Options(reader=reader)  # type: ignore[arg-type]  # one of the four
    assert [finding.id for finding in guard(resting(OLD), options, OWN).findings] == [ANSWERED]
