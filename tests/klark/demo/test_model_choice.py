"""Who writes in the demo, and what a ticket comes to without a model."""

from dataclasses import replace

import pytest

from klark.demo import shop
from klark.demo.model_choice import DRAFTED, WRITERS, Writer, environment, expected
from klark.demo.tickets import Expect, ScriptTicket
from klark.values.reasons import Reason

TICKET = shop.tickets()[0]
ADDRESS = "127.0.0.1:4870"


def ending(*turns: tuple[str, str], replies: int = 0) -> ScriptTicket:
    kinds, reasons = tuple(kind for kind, _ in turns), tuple(reason for _, reason in turns)
    return replace(TICKET, expect=Expect(kinds, reasons, ("3 days",), ("refund",), "en", replies, ""))


def end_of(ticket: ScriptTicket) -> tuple[list[str], int, tuple[str, ...]]:
    expect = ticket.expect
    turns = zip(expect.decisions, expect.reasons, strict=True)
    return [f"{kind} {reason}" for kind, reason in turns], expect.replies, expect.must_not_contain


QUOTED = "NOTE sections_only"


@pytest.mark.parametrize(("turns", "replies", "ends"), [
    ([("REPLY", "ready")], 1, [QUOTED]), ([("WAIT", "queue_by_policy")], 0, [QUOTED]), ([("WAIT", "held_by_guard")], 0, [QUOTED]),
    ([("NOTE", "note_by_policy")], 0, [QUOTED]), ([("NOTE", "partly_answerable")], 0, [QUOTED]),
    ([("ESCALATE", "not_answerable")], 0, [QUOTED]),
    ([("REPLY", "ready"), ("SKIP", "thanks_only")], 1, [QUOTED, "SKIP thanks_only"]),
])  # fmt: skip
def test_without_a_model_every_draft_becomes_a_note_that_quotes(
    turns: list[tuple[str, str]], replies: int, ends: list[str]
) -> None:
    assert end_of(expected(ending(*turns, replies=replies), "none")) == (ends, 0, ())


@pytest.mark.parametrize("turn", [
    ("ESCALATE", "sensitive"), ("ESCALATE", "policy_off"), ("ESCALATE", "injection"), ("SKIP", "spam"), ("SKIP", "overtaken"),
])  # fmt: skip
def test_what_no_draft_led_to_ends_the_same(turn: tuple[str, str]) -> None:
    assert expected(ending(turn), "none") == ending(turn)


@pytest.mark.parametrize("writer", ["recorded", "openai"])
def test_with_a_model_the_script_stands(writer: Writer) -> None:
    assert [expected(each, writer) for each in shop.tickets()] == list(shop.tickets())


def test_every_reason_that_a_draft_leads_to_is_one_of_klarks() -> None:
    assert {Reason.READY, Reason.SECTIONS_ONLY, Reason.HELD_BY_GUARD} <= DRAFTED < set(Reason)
    assert DRAFTED & {Reason.SENSITIVE, Reason.OVERTAKEN, Reason.POLICY_OFF} == set()


def test_children_are_told_of_the_model_that_writes() -> None:
    told = {writer: environment(writer, ADDRESS, ("10.0.0.1:80",)) for writer in WRITERS}
    assert {writer: each.get("KLARK_MODEL_NAME") for writer, each in told.items()} == {
        "recorded": "recorded", "none": "", "openai": None}  # fmt: skip
    assert told["recorded"]["KLARK_PRIVATE_HOSTS"] == "10.0.0.1:80,127.0.0.1:4870"
    assert (told["openai"], "KLARK_PRIVATE_HOSTS" in told["none"]) == ({}, False)
