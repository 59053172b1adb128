"""How likely a draft is right: what each sign sees, which way it counts, and what people are told of it."""

from dataclasses import replace
from datetime import date
from itertools import pairwise
from math import log1p

import pytest

from guardrails.base import Finding, Level, Reply, Sentence, Source, Verdict
from guardrails.confidence import (
    MOST_FINDINGS,
    MOST_QUESTIONS,
    SIGNS,
    Band,
    Finished,
    Fitted,
    band_of,
    confidence,
    explained,
    fitted,
    probability,
    signs,
)

LINE = Source(
    "1", "The night bus to Orvane leaves at 23:10.", "Night buses", around="The night bus to Orvane leaves at 23:10."
)
REPLY = Reply((Sentence("The night bus to Orvane leaves at 23:10.", (LINE,)),), "en")
CLEAN = Verdict((), ("SUPPORTED",))
DRAFT = Finished(REPLY, CLEAN, ("When does the night bus to Orvane leave?",), agreed=1.0)


def found(*levels: Level) -> Verdict:
    return Verdict(tuple(Finding("klark.G090", level, "why") for level in levels), ("SUPPORTED",))


def asked(*questions: str, reply: Reply = REPLY) -> float:
    return signs(replace(DRAFT, questions=questions, reply=reply))["asked"]


def said(text: str, title: str = "", language: str = "en") -> Reply:
    return Reply((Sentence(text, (Source("1", text, title, around=text),)),), language)


def test_a_draft_that_has_every_word_of_the_question_has_all_that_was_asked():
    assert asked("When does the night bus to Orvane leave?") == 1.0


@pytest.mark.parametrize(
    ("question", "share"),
    [
        ("Orvane bicycles", 2 / 3),
        ("bicycles trailers", 1 / 3),
        ("bus Orvane bicycles trailers", 3 / 5),
        ("night bus Orvane bicycles", 4 / 5),
    ],
)
def test_words_that_the_draft_lacks_count_against_it(question: str, share: float):
    assert asked(question) == share


def test_a_short_question_that_lacks_a_word_tells_less_than_a_long_one_that_lacks_all():
    assert asked("And today?") == 1 / 2
    assert asked("bicycles trailers sledges skis") == 1 / 5


def test_the_question_with_least_decides():
    assert asked("When does the night bus leave?", "bicycles trailers") == 1 / 3
    assert asked("Orvane bicycles", "Orvane") == 2 / 3


def test_a_title_that_is_quoted_from_counts_as_said():
    assert asked("vouchers", reply=said("They expire in May.")) == 1 / 2
    assert asked("vouchers", reply=said("They expire in May.", "Vouchers")) == 1.0


def test_a_synonym_counts_as_the_word():
    assert asked("purchase", reply=said("Customers buy tickets on board.")) == 1.0


def test_french_words_meet_across_inflection():
    reply = said("Les chiens sont acceptés dans les trains.", language="fr")
    assert asked("Acceptez-vous un chien dans le train ?", reply=reply) == 1.0


@pytest.mark.parametrize(
    "question", ["How long to Orvane?", "How many, and how much, to Orvane?", "How often and how far to Orvane?"]
)
def test_words_that_only_ask_need_not_stand_in_an_answer(question: str):
    assert asked(question) == 1.0


def test_french_words_that_only_ask_need_not_either():
    reply = said("La livraison en Suisse prend 5 jours.", language="fr")
    assert (
        asked("Combien de temps prend la livraison en Suisse ?", "Comment, et pourquoi, la Suisse ?", reply=reply)
        == 1.0
    )


def test_a_question_without_a_word_of_weight_asks_nothing_that_could_be_missing():
    assert (asked("?"), asked("Is it?")) == (1.0, 1.0)


def test_without_any_question_nothing_was_answered():
    assert asked() == 0.0


def test_findings_are_counted_by_their_level():
    read = signs(replace(DRAFT, verdict=found(Level.INFO, Level.HOLD, Level.HOLD, Level.BLOCK)))
    assert (read["holds"], read["blocks"]) == (2.0, 1.0)


def test_more_findings_than_a_few_say_nothing_more():
    read = signs(replace(DRAFT, verdict=found(*[Level.HOLD] * 9, *[Level.BLOCK] * 9)))
    assert (read["holds"], read["blocks"]) == (MOST_FINDINGS, MOST_FINDINGS)


def test_more_questions_than_are_read_count_as_many_as_are_read():
    assert signs(replace(DRAFT, questions=("Orvane?",) * 3))["questions"] == 3.0
    assert signs(replace(DRAFT, questions=("Orvane?",) * 99))["questions"] == MOST_QUESTIONS


@pytest.mark.parametrize(("first", "seen"), [(0, 1.0), (1, 0.5), (3, 0.25), (99, 0.01)])
def test_the_further_behind_its_first_passage_stands_the_less_it_counts(first: int, seen: float):
    assert signs(replace(DRAFT, first=first))["first"] == seen


def test_the_other_signs_are_taken_as_they_are():
    read = signs(replace(DRAFT, open=True, agreed=0.25))
    assert (read["open"], read["agreed"]) == (1.0, 0.25)
    assert signs(DRAFT)["open"] == 0.0


def test_the_length_is_that_of_the_whole_reply():
    two = Reply((*REPLY.sentences, Sentence("Board at the east gate.")), "en")
    assert signs(replace(DRAFT, reply=two))["length"] == log1p(
        len("The night bus to Orvane leaves at 23:10. Board at the east gate.")
    )


def test_there_are_at_most_ten_coefficients_and_each_sign_has_one():
    assert list(fitted().weights) == list(SIGNS)
    assert len(fitted().weights) + 1 <= 10


@pytest.mark.parametrize("name", SIGNS)
def test_no_shipped_weight_counts_the_other_way_than_its_sign_may(name: str):
    assert fitted().weights[name] * SIGNS[name].way >= 0


@pytest.mark.parametrize("name", [name for name, sign in SIGNS.items() if sign.way])
def test_no_sign_is_shipped_that_says_nothing(name: str):
    assert fitted().weights[name] != 0


@pytest.mark.parametrize(
    ("worse", "better"),
    [
        (replace(DRAFT, agreed=0.0), DRAFT),
        (replace(DRAFT, agreed=0.5), DRAFT),
        (replace(DRAFT, open=True), DRAFT),
        (replace(DRAFT, first=4), DRAFT),
        (replace(DRAFT, verdict=found(Level.HOLD)), DRAFT),
        (replace(DRAFT, verdict=found(Level.BLOCK)), replace(DRAFT, verdict=found(Level.HOLD))),
        (replace(DRAFT, verdict=found(Level.HOLD, Level.HOLD)), replace(DRAFT, verdict=found(Level.HOLD))),
        (replace(DRAFT, questions=(*DRAFT.questions, "Orvane?")), DRAFT),
        (replace(DRAFT, questions=("Do bicycles travel to Orvane?",)), DRAFT),
    ],
)
def test_what_speaks_against_a_draft_makes_it_less_likely(worse: Finished, better: Finished):
    assert confidence(worse) < confidence(better)


def test_a_remark_for_the_reader_changes_nothing():
    assert confidence(replace(DRAFT, verdict=found(Level.INFO))) == confidence(DRAFT)


def test_a_draft_that_says_what_was_asked_is_likely_and_one_about_something_else_is_not():
    other = replace(DRAFT, questions=("Can I get my money back for a broken lamp?",), agreed=0.0, first=3)
    assert confidence(DRAFT) > 0.9
    assert confidence(other) < 0.1


@pytest.mark.parametrize(
    "reply",
    [
        Reply((), "en"),
        Reply((Sentence(""),), ""),
        Reply((Sentence("\ud800\x00"),), "xx"),
        Reply((Sentence("🙂" * 5_000),), "fr"),
        Reply((Sentence("word " * 20_000),), "en"),
        Reply((Sentence("Short.", (LINE,)),) * 2_000, "en"),
    ],
    ids=["nothing", "empty", "broken", "emoji", "long", "many"],
)
@pytest.mark.parametrize("questions", [(), ("",), ("\ud800",), ("Orvane " * 5_000,)])
def test_whatever_the_draft_there_is_a_probability(reply: Reply, questions: tuple[str, ...]):
    assert 0 < confidence(Finished(reply, CLEAN, questions)) < 1


def table(bias: float = 0.0, **weights: float) -> Fitted:
    return Fitted(bias, {name: weights.get(name, 0.0) for name in SIGNS}, date(2026, 11, 25), 100, ())


@pytest.mark.parametrize(
    ("given", "seen", "likely"),
    [
        (table(), {"asked": 1.0}, 0.5),
        (table(1.0), {}, 0.7311),
        (table(1.0, asked=-1.0), {"asked": 1.0}, 0.5),
        (table(0.0, asked=2.0, first=-1.0), {"asked": 1.0, "first": 1.0}, 0.7311),
        (table(-1e6), {}, 0.0),
        (table(1e6), {}, 1.0),
    ],
)
def test_a_probability_is_the_logistic_function_of_the_weighed_signs(
    given: Fitted, seen: dict[str, float], likely: float
):
    assert round(probability(seen, given), 4) == likely


def test_the_steps_that_people_are_told_of_follow_each_other_from_0_to_1():
    steps = fitted().bands
    assert (steps[0].low, steps[-1].high) == (0.0, 1.0)
    assert [one.high for one, _ in pairwise(steps)] == [other.low for _, other in pairwise(steps)]


def test_the_steps_hold_all_labelled_drafts_and_enough_each():
    steps = fitted().bands
    assert sum(one.drafts for one in steps) == fitted().drafts
    assert min(one.drafts for one in steps) >= 40


def test_a_step_that_is_given_more_was_right_as_often_or_more_but_for_chance():
    shares = [one.right / one.drafts for one in fitted().bands]
    assert [round(later, 2) for earlier, later in pairwise(shares) if later < earlier - 0.05] == []


@pytest.mark.parametrize("likely", [0.0, 0.049, 0.3, 0.5, 0.949, 0.999, 1.0])
def test_a_draft_is_told_by_the_step_it_stands_in(likely: float):
    step = band_of(likely)
    assert step.low <= likely <= step.high


def test_the_border_belongs_to_the_step_above():
    first, second = fitted().bands[:2]
    assert band_of(first.high) == second


@pytest.mark.parametrize(("right", "told"), [(0, 0), (1, 2), (40, 98), (41, 100)])
def test_of_a_hundred_is_rounded(right: int, told: int):
    assert Band(0.9, 1.0, 41, right).of_hundred == told


@pytest.mark.parametrize("name", SIGNS)
def test_a_sign_is_at_its_best_where_it_speaks_for_the_draft_most(name: str) -> None:
    best, way = SIGNS[name].best, SIGNS[name].way
    assert (best is None) == (way == 0)
    if best is not None:
        worse = [probability({**signs(DRAFT), name: best - way * step}, fitted()) for step in (0.0, 0.25, 0.5, 1.0)]
        assert worse == sorted(worse, reverse=True)


def test_what_costs_a_draft_most_is_told_first() -> None:
    worse = replace(DRAFT, agreed=0.0, verdict=found(Level.HOLD))
    told = explained(worse)
    assert {one.name: one.value for one in told} == signs(worse)
    assert [one.otherwise for one in told] == sorted((one.otherwise for one in told), reverse=True)
    assert {one.name for one in told if one.otherwise > confidence(worse)} >= {"agreed", "holds"}


def test_a_sign_that_is_at_its_best_costs_nothing() -> None:
    told = {one.name: one for one in explained(replace(DRAFT, first=0, open=False))}
    assert [told[name].otherwise for name in ("first", "open", "length")] == [confidence(replace(DRAFT, first=0))] * 3
