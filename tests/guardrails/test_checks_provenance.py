"""The check on provenance: refuted values never go out alone, values from nowhere are held, copies are let be."""

from dataclasses import replace

from guardrails.base import UNJUDGED, Level
from guardrails.checks.provenance import MOST, NOWHERE, REFUTED, provenance
from tests.guardrails.said import OPTIONS, reply
from tests.guardrails.traced import TODAY

ON = replace(OPTIONS, today=TODAY, judged=UNJUDGED)


def test_a_refuted_value_never_goes_out_alone():
    (finding,) = provenance(reply("It is on Tuesday 25 November 2026.", "It is on 25 November 2026."), ON)
    assert (finding.id, finding.level, finding.never_alone, finding.sentence, finding.words, finding.why) == (
        REFUTED,
        Level.HOLD,
        True,
        0,
        "Tuesday",
        "25 November 2026 is a Wednesday",
    )


def test_a_value_from_nowhere_is_held():
    (finding,) = provenance(reply("You have 21 days to send it.", "You may send it."), ON)
    assert (finding.id, finding.level, finding.never_alone, finding.words, finding.why) == (
        NOWHERE,
        Level.HOLD,
        False,
        "21 days",
        'duration "21 days": no source has it',
    )


def test_a_judge_whose_word_counts_clears_a_value_from_nowhere_and_no_false_reckoning():
    said = (
        reply("You have 21 days to send it.", "You may send it."),
        reply("25 November 2026 is a Tuesday.", "On 25 November 2026."),
    )
    levels = [finding.level for one in said for finding in provenance(one, replace(OPTIONS, today=TODAY))]
    assert levels == [Level.INFO, Level.HOLD]


def test_explained_values_have_no_finding():
    said = reply("You have 14 days, so until 17 November.", "You have 14 days.", ticket="It came on 3 November 2026")
    assert provenance(said, ON) == []


def test_whole_copies_are_let_be():
    copy = "It was founded on Monday 3 March 2020."
    assert provenance(reply(copy, copy), ON) == []


def test_refuted_values_come_first_and_no_more_than_some_are_told():
    many = ", ".join(f"{number} kg" for number in range(100, 140))
    found = provenance(reply(f"It is {many}, on Tuesday 25 November 2026.", "Nothing."), ON)
    assert (len(found), found[0].id) == (MOST, REFUTED)
