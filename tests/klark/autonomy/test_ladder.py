"""A topic climbs on evidence only, and falls by itself. The chances are exact, not simulated."""

import math
from random import Random

import pytest

from klark.autonomy.ladder import Label, Rung, Tally, Verdict, Why, down, tally, up
from klark.autonomy.sequential_tests import ENOUGH, WORSE_SENT, WORTH_SENDING, LikelihoodRatio, lowest_share
from tests.bench.autonomy import Drafts, closes, looked_at_twice, most_opened, opened_by, opens, run_of, truly

BAR = 0.97


def labels(*verdicts: Verdict) -> list[Label]:
    return [Label(each) for each in verdicts]


def judged(right: int, wrong: int = 0, rung: Rung = "queue", carried: float = 0.0) -> Tally:
    """So many labels, the wrong ones first."""
    return tally(rung, labels(*["wrong"] * wrong, *["right"] * right), carried)  # type: ignore[list-item]  # verdicts


# What the tests promise


def test_a_topic_that_is_right_in_95_percent_opens_in_at_most_one_run_in_twenty_however_often_one_looks() -> None:
    assert 0.04 < opened_by(WORTH_SENDING, 0.95, 1_000) <= 0.05


def test_a_topic_that_is_right_in_99_percent_opens_within_200_drafts_in_nine_runs_of_ten() -> None:
    assert 0.90 < opened_by(WORTH_SENDING, 0.99, 200) < most_opened(0.95, 0.99) < 0.98


def test_a_fall_to_90_percent_closes_within_60_labels_and_99_percent_stays_open_for_500() -> None:
    assert run_of(WORSE_SENT, ENOUGH, 0.90, 60)[-1] <= 0.05
    assert sum(run_of(WORSE_SENT, ENOUGH, 0.99, 3_000)) >= 500


def test_wrong_labels_leave_even_the_best_test_little() -> None:
    seen_at_95, seen_at_99 = 0.95 * 0.95 + 0.05 * 0.05, 0.99 * 0.95 + 0.01 * 0.05
    assert most_opened(seen_at_95, seen_at_99) < 0.6


def test_the_lowest_share_is_what_the_test_for_replies_rules_out() -> None:
    enough = math.ceil(ENOUGH / WORTH_SENDING.log(1, 0))
    assert (lowest_share(enough, 0) >= 0.95, lowest_share(enough - 1, 0) >= 0.95) == (True, False)
    assert lowest_share(0, 0) == pytest.approx(0, abs=1e-9)
    assert lowest_share(100, 0, carried=-1.0) < lowest_share(100, 0)


def test_labels_may_come_in_any_order() -> None:
    some = [True] * 90 + [False] * 3
    Random(7).shuffle(some)
    assert tally("queue", [Label("right" if each else "wrong") for each in some]).evidence == pytest.approx(
        judged(90, 3).evidence
    )


# Up


def test_83_right_drafts_in_a_row_earn_replies_and_82_do_not() -> None:
    assert (judged(83).climbs(BAR), judged(82).climbs(BAR)) == (True, False)
    assert (judged(82).missing(BAR), judged(0).missing(BAR), judged(83).missing(BAR)) == (1, 83, 0)


def test_what_is_said_to_be_missing_is_what_is_missing() -> None:
    for right, wrong in ((0, 1), (40, 0), (50, 2), (200, 9)):
        short = judged(right, wrong).missing(BAR)
        assert (judged(right + short, wrong).climbs(BAR), judged(right + short - 1, wrong).climbs(BAR)) == (True, False)


def test_the_share_must_also_reach_the_policys_bar() -> None:
    assert (judged(150, 1).climbs(0.97), judged(150, 1).climbs(0.995)) == (True, False)
    assert judged(199, 1).climbs(0.995)


def test_twelve_right_notes_earn_the_queue() -> None:
    assert (judged(12, rung="note").climbs(BAR), judged(11, rung="note").climbs(BAR)) == (True, False)
    assert judged(0, rung="note").missing(BAR) == 12


def test_a_topic_that_has_just_stepped_down_needs_new_labels_whatever_the_old_ones_say() -> None:
    old = [Label("right", here=False)] * 300
    assert not tally("queue", old).climbs(BAR)
    assert tally("queue", [*old, *labels(*["right"] * 12)]).climbs(BAR)  # type: ignore[list-item]  # verdicts


def test_a_right_draft_counts_no_more_once_its_article_has_changed_but_a_wrong_one_does() -> None:
    changed = [Label("right", stands=False)] * 100
    assert (tally("queue", changed).judged, tally("queue", [Label("wrong", stands=False)]).wrong) == (0, 1)


def test_nothing_is_above_replies() -> None:
    assert not judged(500, rung="reply").climbs(BAR)
    assert (up("note"), up("queue"), up("reply")) == ("queue", "reply", "reply")


# Down


def test_a_serious_error_closes_at_once_and_nothing_right_outweighs_it() -> None:
    some = tally("reply", [*labels(*["right"] * 400), Label("serious")])  # type: ignore[list-item]  # verdicts
    assert (some.falls(), some.wrong) == (Why.SERIOUS, 1)
    assert not tally("queue", [Label("serious"), *labels(*["right"] * 400)]).climbs(BAR)  # type: ignore[list-item]  # verdicts


def test_a_step_down_names_the_drafts_that_are_still_known() -> None:
    some = tally("reply", [Label("serious"), Label("serious", draft=7)])
    assert (some.serious, some.serious_ones, some.wrong_ones) == (2, [7], [7])


def test_two_errors_close_together_are_a_drop_and_one_is_not() -> None:
    right: list[Verdict] = ["right"]
    assert tally("reply", labels(*right * 100, "wrong", *right * 100)).falls() is None
    assert tally("reply", labels(*right * 100, "wrong", *right * 10, "wrong")).falls() is Why.DROP
    assert tally("reply", labels(*right * 100, "wrong", *right * 40, "wrong")).falls() is None


def test_errors_of_before_the_last_step_close_nothing() -> None:
    assert tally("reply", [Label("wrong", here=False)] * 5).falls() is None


def test_the_queue_bears_more_errors_than_replies_and_notes_bear_any() -> None:
    assert (judged(0, 3, "reply").falls(), judged(0, 2, "queue").falls()) == (Why.DROP, None)
    assert (judged(0, 3, "queue").falls(), judged(0, 30, "note").falls()) == (Why.DROP, None)


def test_one_step_is_taken_at_a_time_and_only_a_drop_leads_to_notes() -> None:
    assert [down("reply", why) for why in Why] == ["queue"] * len(Why)
    assert (down("queue", Why.SERIOUS), down("queue", Why.DROP), down("note", Why.DROP)) == ("queue", "note", "note")


def test_what_was_gained_is_lost_by_a_fall_and_what_was_lost_stays() -> None:
    assert judged(400, rung="reply").kept == 0
    assert judged(10, 5, rung="reply").kept == pytest.approx(WORTH_SENDING.log(10, 5))
    assert WORTH_SENDING.log(10, 5) < 0
    assert judged(83, carried=-1.0).climbs(BAR) is False


# The bench


def test_the_bench_labels_late_and_out_of_order_and_loses_nothing() -> None:
    some = Drafts(Random(1), truly, 1.0).labels()
    came = [next(some)[0] for _ in range(500)]
    assert came != sorted(came)
    assert set(range(400)) <= set(came)


def test_a_topic_that_is_never_wrong_opens_and_one_that_is_always_wrong_closes() -> None:
    assert opens(Drafts(Random(1), truly, 1.0), 100)
    assert not opens(Drafts(Random(1), truly, 0.0), 1_000)
    assert closes(Drafts(Random(1), truly, 0.0))[0] == 2


def test_a_second_look_takes_back_most_of_what_was_wrongly_marked_wrong() -> None:
    random = Random(3)
    blamed = sum(not looked_at_twice(random, right=True) for _ in range(20_000)) / 20_000
    assert blamed < 0.005


def test_the_exact_figures_agree_with_what_was_simulated() -> None:
    test, random = LikelihoodRatio(0.5, 0.9), Random(5)
    runs = 2_000

    def opened() -> bool:
        right = 0
        for count in range(1, 11):
            right += random.random() < 0.7
            if test.log(right, count - right) >= ENOUGH:
                return True
        return False

    assert sum(opened() for _ in range(runs)) / runs == pytest.approx(opened_by(test, 0.7, 10), abs=0.04)
