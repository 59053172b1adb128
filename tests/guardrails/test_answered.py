"""A source that is a colleague's answer: its age is in its key, and whatever rests on it waits for a person."""

import pytest

from guardrails.answered import Answered, answered
from guardrails.base import Level, Options, Reply, Sentence, Source
from guardrails.checks.colleague import ANSWERED, colleague
from guardrails.guard import guard

RULE = "The charger of the X200 also fits the X300."
OLD, NEW = Answered("7", "2026-11-02", 23), Answered("PRJ-9", "2026-11-20", 5)


def resting(*articles: str) -> Reply:
    return Reply((Sentence(RULE, tuple(Source(article, RULE) for article in articles)),), "en")


@pytest.mark.parametrize("one", [OLD, NEW])
def test_a_key_says_ticket_day_and_age(one: Answered) -> None:
    assert answered(one.key) == one


@pytest.mark.parametrize("key", [
    "", "crm", "answered", "answered/", "answered/7", "answered/7/2026-11-02", "answered/7/2026-11-02/x",
    "answered/7/8/2026-11-02/3", "guide:answered/7/2026-11-02/3", "answered//2026-11-02/3",
])  # fmt: skip
def test_an_articles_key_is_none(key: str) -> None:
    assert answered(key) is None


def test_what_rests_on_an_answer_is_held_with_the_day_of_the_oldest() -> None:
    (finding,) = colleague(resting("a", NEW.key, OLD.key), Options())
    assert (finding.id, finding.level, finding.sentence, finding.words) == (ANSWERED, Level.HOLD, 0, "2026-11-02")


def test_what_rests_on_articles_alone_is_not_held() -> None:
    assert colleague(resting("a", "b"), Options()) == []
    assert colleague(Reply((Sentence("Hello,"),), "en"), Options()) == []


def test_the_age_grounds_no_figure() -> None:
    claim = Reply(
        (Sentence("The charger fits 23 models.", (Source(OLD.key, "The charger fits all models.", "An answer"),)),),
        "en",
    )
    assert "klark.G090" in [finding.id for finding in guard(claim, Options()).findings]


def test_the_guard_asks_it_beside_all_others() -> None:
    assert [finding.id for finding in guard(resting(OLD.key), Options()).findings] == [ANSWERED]
