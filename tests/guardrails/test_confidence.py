"""How likely a draft is right: what each sign sees, which way it counts, and what people are told of it."""

from dataclasses import replace
from datetime import date
from itertools import pairwise

import pytest

from guardrails.base import UNJUDGED, Finding, Judged, Level, Opinion, Reply, Sentence, Source, State, Verdict
from guardrails.confidence import (
    MOST_FINDINGS,
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

LINE = Source("1", "The night bus to Orvane leaves at 23:10.", "Night buses")
REPLY = Reply((Sentence("It leaves at ten past eleven.", (LINE,)),), "en")
ANSWERED = Judged((Opinion("supported", relevant=True),), (True,), trusted=True)


def verdict(*states: State, ids: tuple[str, ...] = (), level: Level = Level.HOLD) -> Verdict:
    return Verdict(tuple(Finding(each, level, "why") for each in ids), states or ("SUPPORTED",))


DRAFT = Finished(REPLY, verdict(), ANSWERED)


@pytest.mark.parametrize(
    ("states", "supported", "denied"),
    [
        (("SUPPORTED",), 1.0, 0.0), (("COPIED",), 1.0, 0.0), (("UNJUDGED",), 0.0, 0.0), (("CONTRADICTED",), 0.0, 1.0),
        (("UNSUPPORTED", "SUPPORTED"), 0.5, 0.5), (("COPIED", "SUPPORTED", "UNJUDGED", "CONTRADICTED"), 0.5, 0.25),
    ],
)  # fmt: skip
def test_the_states_of_the_sentences_are_counted_by_their_share(
    states: tuple[State, ...], supported: float, denied: float
):
    read = signs(replace(DRAFT, verdict=verdict(*states)))
    assert (read["supported"], read["denied"]) == (supported, denied)


def test_a_draft_without_a_sentence_has_nothing_supported():
    assert signs(replace(DRAFT, verdict=Verdict((), ())))["supported"] == 0.0


def test_a_draft_from_which_a_denied_sentence_was_left_out_is_told_from_one_that_was_whole():
    assert [signs(replace(DRAFT, repaired=repaired))["repaired"] for repaired in (False, True)] == [0.0, 1.0]


def test_what_code_finds_counts_beside_what_a_judge_says():
    found = verdict(ids=("klark.G160", "klark.G156", "klark.G152", "klark.G154"))
    assert signs(replace(DRAFT, verdict=found))["hard"] == 2.0
    assert signs(replace(DRAFT, verdict=verdict(ids=("klark.G161",), level=Level.INFO)))["hard"] == 0.0


@pytest.mark.parametrize(
    ("judged", "answered"),
    [
        (ANSWERED, 1.0), (replace(ANSWERED, answered=(True, False)), 0.0), (replace(ANSWERED, answered=()), 0.0),
        (replace(ANSWERED, trusted=False), 0.0), (UNJUDGED, 0.0),
    ],
)  # fmt: skip
def test_only_a_judge_whose_word_counts_says_that_all_is_answered(judged: Judged, answered: float):
    assert signs(replace(DRAFT, judged=judged))["answered"] == answered


@pytest.mark.parametrize(("first", "seen"), [(0, 1.0), (1, 0.5), (3, 0.25), (99, 0.01)])
def test_the_further_behind_its_first_passage_stands_the_less_it_counts(first: int, seen: float):
    assert signs(replace(DRAFT, first=first))["first"] == seen


def test_there_are_at_most_ten_coefficients_and_each_sign_has_one():
    assert list(fitted().weights) == list(SIGNS)
    assert len(fitted().weights) + 1 <= 10


@pytest.mark.parametrize("name", SIGNS)
def test_no_shipped_weight_counts_the_other_way_than_its_sign_may(name: str):
    assert fitted().weights[name] * SIGNS[name].way >= 0


@pytest.mark.parametrize(
    ("worse", "better"),
    [
        (replace(DRAFT, verdict=verdict("UNJUDGED"), judged=UNJUDGED), DRAFT),
        (replace(DRAFT, verdict=verdict("UNSUPPORTED")), DRAFT),
        (replace(DRAFT, verdict=verdict("CONTRADICTED")), DRAFT),
        (replace(DRAFT, verdict=verdict(ids=("klark.G160",))), DRAFT),
    ],
)
def test_what_speaks_against_a_draft_makes_it_less_likely(worse: Finished, better: Finished):
    assert confidence(worse) < confidence(better)


@pytest.mark.parametrize("worse", [replace(DRAFT, open=True), replace(DRAFT, first=4), replace(DRAFT, judged=UNJUDGED)])
def test_nothing_that_speaks_against_a_draft_makes_it_likelier(worse: Finished):
    assert confidence(worse) <= confidence(DRAFT)


def test_a_draft_that_its_judge_supports_is_likely_and_one_that_he_denies_is_not():
    denied = replace(DRAFT, verdict=verdict("CONTRADICTED"), judged=UNJUDGED, open=True)
    assert confidence(DRAFT) > 0.6
    assert confidence(denied) < 0.25


@pytest.mark.parametrize(
    "reply",
    [Reply((), "en"), Reply((Sentence("\ud800\x00"),), "xx"), Reply((Sentence("Short.", (LINE,)),) * 2_000, "en")],
    ids=["nothing", "broken", "many"],
)
def test_whatever_the_draft_there_is_a_probability(reply: Reply):
    states: tuple[State, ...] = ("UNJUDGED",) * len(reply.sentences)
    assert 0 < confidence(Finished(reply, Verdict((), states))) < 1


def table(bias: float = 0.0, **weights: float) -> Fitted:
    return Fitted(bias, {name: weights.get(name, 0.0) for name in SIGNS}, date(2026, 11, 25), 100, ())


@pytest.mark.parametrize(
    ("given", "seen", "likely"),
    [
        (table(), {"first": 1.0}, 0.5), (table(1.0), {}, 0.7311), (table(1.0, first=-1.0), {"first": 1.0}, 0.5),
        (table(0.0, supported=2.0, first=-1.0), {"supported": 1.0, "first": 1.0}, 0.7311), (table(-1e6), {}, 0.0),
        (table(1e6), {}, 1.0),
    ],
)  # fmt: skip
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


@pytest.mark.parametrize("likely", [0.0, 0.049, 0.3, 0.5, 0.949, 0.999, 1.0])
def test_a_draft_is_told_by_the_step_it_stands_in(likely: float):
    step = band_of(likely)
    assert step.low <= likely <= step.high


def test_the_border_belongs_to_the_step_above():
    for below, above in pairwise(fitted().bands):
        assert band_of(below.high) == above


def test_a_step_that_is_given_more_was_right_as_often_or_more_but_for_chance():
    shares = [one.right / one.drafts for one in fitted().bands]
    assert [round(later, 2) for earlier, later in pairwise(shares) if later < earlier - 0.05] == []


@pytest.mark.parametrize(("right", "told"), [(0, 0), (1, 2), (40, 98), (41, 100)])
def test_of_a_hundred_is_rounded(right: int, told: int):
    assert Band(0.9, 1.0, 41, right).of_hundred == told


def test_a_remark_for_the_reader_changes_nothing():
    remark = replace(DRAFT, verdict=verdict(ids=("klark.G161",), level=Level.INFO))
    assert confidence(remark) == confidence(DRAFT)


def test_more_findings_than_a_few_say_nothing_more():
    assert signs(replace(DRAFT, verdict=verdict(ids=("klark.G160",) * 9)))["hard"] == MOST_FINDINGS


def test_what_a_judge_says_is_no_finding_of_klarks_own():
    said = tuple(f"klark.G15{number}" for number in range(6))
    assert signs(replace(DRAFT, verdict=verdict(ids=said)))["hard"] == 0.0


def test_what_the_drafter_leaves_open_is_seen():
    assert (signs(DRAFT)["open"], signs(replace(DRAFT, open=True))["open"]) == (0.0, 1.0)


@pytest.mark.parametrize("name", SIGNS)
def test_a_sign_is_at_its_best_where_it_speaks_for_the_draft_most(name: str):
    best, way = SIGNS[name].best, SIGNS[name].way
    assert (best is None) == (way == 0)
    if best is not None:
        worse = [probability({**signs(DRAFT), name: best - way * step}, fitted()) for step in (0.0, 0.25, 0.5, 1.0)]
        assert worse == sorted(worse, reverse=True)


def test_a_sign_that_is_at_its_best_costs_nothing():
    assert {one.otherwise for one in explained(DRAFT)} == {confidence(DRAFT)}


def test_what_costs_a_draft_most_is_told_first() -> None:
    worse = replace(DRAFT, verdict=verdict("UNSUPPORTED", ids=("klark.G160",)))
    told = explained(worse)
    assert {one.name: one.value for one in told} == signs(worse)
    assert [one.otherwise for one in told] == sorted((one.otherwise for one in told), reverse=True)
