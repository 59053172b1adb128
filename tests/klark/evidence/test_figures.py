"""What a backtest comes to: no share of nothing, each with its interval, and the best position of the dial."""

from typing import Any

import pytest

from klark.evidence.figures import figures, group, worst
from klark.evidence.intervals import share, share_percent, share_words

RIGHT, WRONG, LACKS = "right", "wrong", "incomplete"


def row(decision: str = "REPLY", verdict: str | None = RIGHT, **more: Any) -> dict[str, Any]:
    ended = {"decision": decision, "reason": "ready", "verdict": verdict}
    return {
        "id": "1", "topic": "delivery", "nothing_to_compare": "", "edited_later": [],
        "model_silent": False, "confidence": 0.9, "cost": "0.01", "cost_of_comparing": "0.002", "missing": [],
        "contradicting": [], **ended,
        "dial": dict.fromkeys(("careful", "balanced", "open"), ended), **more,
    }  # fmt: skip


def test_of_nothing_there_is_no_share() -> None:
    assert share(0, 0) == {"hits": 0, "of": 0, "share": None, "low": None, "high": None}
    empty = group([])
    assert [
        empty[name]["share"] for name in ("sent", "held", "handed_over", "left_alone", "drafted_where_answered")
    ] == [None] * 5
    assert [one["share"] for name, one in empty["of_sent"].items() if name != "not_compared"] == [None] * 3


def test_a_share_stands_with_its_interval() -> None:
    assert share(8, 10) == {"hits": 8, "of": 10, "share": 0.8, "low": 0.4902, "high": 0.9433}


def test_no_share_and_no_interval_claims_to_be_certain() -> None:
    assert share_words(share(765, 765)) == "100 % (765 of 765; 99.5 to 100 %)"
    assert share_words(share(0, 1034)) == "0 % (0 of 1034; 0 to 0.4 %)"
    assert [share_percent(one) for one in (0.0, 0.0004, 0.0031, 0.206, 0.9989, 0.9999, 1.0)] == [
        "0", "0.04", "0.3", "21", "99.9", "99.99", "100",
    ]  # fmt: skip


def test_right_and_wrong_are_shares_of_what_could_be_compared() -> None:
    of = group(
        [row(), row(verdict=WRONG), row(verdict="unclear"), row(verdict=None), row("NOTE"), row("ESCALATE", None)]
    )
    assert (of["tickets"], of["sent"]["hits"], of["held"]["hits"], of["handed_over"]["hits"]) == (6, 4, 1, 1)
    assert (of["of_sent"]["right"], of["of_sent"]["not_compared"]) == (share(1, 2), 2)
    assert (of["of_sent"]["wrong"], of["of_held"]["right"]) == (share(1, 2), share(1, 1))
    by_phone = {"verdict": None, "nothing_to_compare": "by_phone"}
    silent = [row("ESCALATE", **by_phone), row("SKIP", **by_phone)]  # without a draft there is nothing to compare
    assert group([row(), row(verdict="unclear"), row(**by_phone), row("WAIT", **by_phone), *silent])["not_compared"] == {
        "by_phone": 2, "untold": 1,
    }  # fmt: skip


def test_drafted_where_answered_counts_the_tickets_that_an_agent_answered_in_words_and_no_others() -> None:
    unanswered = [row(kind, None, nothing_to_compare=why) for kind in ("NOTE", "ESCALATE", "SKIP")
                  for why in ("no_reply", "by_phone", "by_klark", "no_words")]  # fmt: skip
    answered = [row(), row("WAIT", nothing_to_compare="other_language"), row("ESCALATE", None), row("SKIP", None)]
    assert group([*answered, *unanswered])["drafted_where_answered"] == share(2, 4)


def test_figures_stand_for_all_by_topic_and_without_what_rests_on_a_later_edit() -> None:
    of = figures([row(), row(topic="", verdict=WRONG, edited_later=["a"])])
    assert [of[name]["tickets"] for name in ("all", "without_edited_later")] == [2, 1]
    assert list(of["by_topic"]) == ["", "delivery"]
    assert (of["cost"], of["cost_per_ticket"], of["cost_of_comparing"]) == ("0.02", "0.010000", "0.004")


def test_time_is_saved_by_right_drafts_that_are_sent_and_unknown_where_nobody_has_said_how_much() -> None:
    drafts = [row(), row(), row(verdict=LACKS), row(verdict=None), row("WAIT")]
    assert (figures(drafts, minutes=4)["minutes_saved"], figures(drafts)["minutes_saved"]) == (8, None)
    assert figures([row("WAIT")], minutes=4)["minutes_saved"] == 0


def test_another_lowest_confidence_sends_what_it_alone_holds_and_holds_what_it_does_not_reach() -> None:
    unsure = {"decision": "WAIT", "reason": "low_confidence"}
    drafts = [
        row(confidence=0.95), row(verdict=WRONG, confidence=0.65), row(**unsure, verdict=WRONG, confidence=0.5),
        row("WAIT", confidence=0.99), row(reason="sections_by_policy", confidence=None), row("ESCALATE", None, confidence=None),
    ]  # fmt: skip
    told = [tuple(one.values()) for one in figures(drafts, minimum=65)["minima"]]
    # (lowest confidence, sent, sent and wrong, sent and right)
    assert told == [(0, 4, 2, 2), (60, 3, 1, 2), (65, 3, 1, 2), (70, 2, 0, 2), (80, 2, 0, 2), (90, 2, 0, 2)]


def at(careful: str, balanced: str, widest: str) -> dict[str, Any]:
    """A ticket whose draft would have been sent at each position with these verdicts; "" is handed over as sensitive."""

    def end(verdict: str) -> dict[str, Any]:
        if not verdict:
            return {"decision": "ESCALATE", "reason": "sensitive", "verdict": None}
        return {"decision": "REPLY", "reason": "ready", "verdict": verdict}

    return row(dial=dict(zip(("careful", "balanced", "open"), map(end, (careful, balanced, widest)), strict=True)))


@pytest.mark.parametrize(("tickets", "best", "as_good"), [
    ([at(RIGHT, RIGHT, RIGHT)], None, ["careful", "balanced", "open"]),
    ([at("", RIGHT, RIGHT), at("", "", RIGHT)], "open", []),
    ([at("", RIGHT, RIGHT), at("", "", WRONG)], "balanced", []),
    ([at("", WRONG, WRONG), at(RIGHT, RIGHT, RIGHT)], "careful", []),
    ([at("", RIGHT, RIGHT)], None, ["balanced", "open"]),
])  # fmt: skip
def test_the_best_position_sends_the_fewest_wrong_replies_and_then_makes_the_most_right_drafts(
    tickets: list[dict[str, Any]], best: str | None, as_good: list[str]
) -> None:
    dial = figures(tickets)["dial"]
    assert (dial["best"], dial["as_good"]) == (best, as_good)


def test_the_worst_contradict_first_then_what_would_have_been_sent_then_what_lacks_most() -> None:
    pairs = [["3", "9"]]
    rows = [
        row(id="lacks one", verdict=LACKS, missing=["a"]), row(id="right"), row("NOTE", WRONG, id="held", contradicting=pairs),
        row(id="sent", verdict=WRONG, contradicting=pairs), row(id="lacks two", verdict=LACKS, missing=["a", "b"]),
        *(row("NOTE", LACKS, id=f"note {number}", missing=["a"]) for number in range(9)),
    ]  # fmt: skip
    names = [one["id"] for one in worst(rows)]
    assert (names[:4], len(names)) == (["sent", "held", "lacks two", "lacks one"], 10)
