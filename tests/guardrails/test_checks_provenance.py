"""The check on provenance: refuted values never go out alone, values from nowhere are held, copies are let be."""

import time
from dataclasses import replace

from guardrails.base import Level, Reply, Sentence, Source
from guardrails.checks.provenance import MOST, NOWHERE, REFUTED, provenance
from tests.guardrails.said import OPTIONS, reply
from tests.guardrails.traced import TODAY

ON = replace(OPTIONS, today=TODAY, closing=("We reply within 9 days.",))


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


def test_explained_values_have_no_finding():
    said = reply("You have 14 days, so until 17 November.", "You have 14 days.", ticket="It came on 3 November 2026")
    assert provenance(said, ON) == []


def test_whole_copies_and_the_tenants_closing_are_let_be():
    copy = "It was founded on Monday 3 March 2020."
    assert provenance(reply(copy, copy), ON) == []
    assert provenance(reply("We reply within 9 days."), ON) == []


def test_refuted_values_come_first_and_no_more_than_some_are_told():
    many = ", ".join(f"{number} kg" for number in range(100, 140))
    found = provenance(reply(f"It is {many}, on Tuesday 25 November 2026.", "Nothing."), ON)
    assert (len(found), found[0].id) == (MOST, REFUTED)


def test_a_reply_of_twenty_sentences_is_quick():
    cited = (Source("a", "You have 14 days; 64 € a month.", around="Each further one: 12 €."),)
    said = tuple(Sentence(f"Pay {64 + place} € within 14 days, by {place + 1} December.", cited) for place in range(20))
    whole = Reply(said, "en", "It came on 3 November 2026")
    provenance(whole, ON)
    start = time.process_time()
    provenance(replace(whole, ticket_text="It came on 4 November 2026"), ON)
    assert time.process_time() - start < 0.25  # 50 ms where nothing else runs
