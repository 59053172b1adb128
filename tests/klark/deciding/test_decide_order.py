"""Which reason wins where several apply, and how far each level of finding lets a draft go under each policy."""

from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest

from guardrails.base import Finding, Level, Verdict
from klark.deciding.decide import decide, stop_before_drafting
from klark.values.decision import Case
from klark.values.policy.rules import Mode, Rules
from tests.klark.said import triage, verdict

# Each row makes the one reason apply that it names, and nothing else. In the order in which they are asked.
STOPPING: tuple[tuple[str, dict[str, Any], dict[str, Any]], ...] = (
    ("sensitive", {"sensitive": ("payment_fraud",), "doubtful": False}, {}),
    ("triage_unavailable", {"trouble": "it ended"}, {}),
    ("injection", {"injection": True}, {}),
    ("asks_for_human", {"asks_for_human": True}, {}),
    ("empty", {"text": " \n"}, {}),
    ("unknown_language", {"language": None}, {}),
    ("topic_stopped", {}, {"stopped_topics": frozenset({triage().topic})}),
    ("policy_off", {}, {"rules": Rules(mode="off")}),
    ("too_long", {"text": "x" * 20_001}, {}),
    ("model_failed", {}, {"coverage": "failed"}),
    ("budget_spent", {}, {"coverage": "none", "budget_spent": True}),
    ("blocked_by_guard", {}, {"verdict": verdict(Level.BLOCK)}),
)
LOWERING: tuple[tuple[str, dict[str, Any]], ...] = (
    ("perhaps_sensitive", {"triage": triage(sensitive=("press_media",), doubtful=True)}),
    ("partly_answerable", {"coverage": "part"}),
    ("sections_only", {"coverage": "sections"}),
    ("excluded_in_copy", {"excluded_in_copy": True}),
    ("led_by_person", {"led_by_person": True}),
    ("channel", {"channel": "chat"}),
    ("held_by_guard", {"verdict": verdict(Level.HOLD)}),
    ("unread_attachment", {"unread_attachments": True}),
    ("third_party_in_copy", {"third_party": True}),
    ("searched_by_words", {"by_meaning": False}),
    ("repaired", {"repaired": True}),
    ("low_confidence", {"confidence": 0.1}),
)
READY = Case(triage(), Rules(mode="reply"), coverage="all", verdict=verdict(), confidence=1.0)


def reason(given: Case) -> str:
    return str(decide(given).reason)


@pytest.mark.parametrize(("name", "seen", "more"), STOPPING, ids=[row[0] for row in STOPPING])
def test_one_reason_alone_hands_the_ticket_over(name: str, seen: dict[str, Any], more: dict[str, Any]) -> None:
    decided = decide(replace(READY, triage=triage(**seen), **more))
    assert (decided.kind, str(decided.reason)) == ("ESCALATE", name)


@pytest.mark.parametrize(("lower", "changes"), LOWERING, ids=[row[0] for row in LOWERING])
def test_one_reason_alone_lowers_how_far_a_draft_goes(lower: str, changes: dict[str, Any]) -> None:
    decided = decide(replace(READY, **changes))
    assert (decided.kind in {"NOTE", "WAIT"}, str(decided.reason)) == (True, lower)


@pytest.mark.parametrize(("first", "second"), list(pairwise(STOPPING)), ids=lambda row: row[0])
def test_of_two_reasons_to_hand_over_the_graver_is_told(first: Any, second: Any) -> None:
    both = replace(READY, triage=triage(**{**second[1], **first[1]}), **{**second[2], **first[2]})
    assert reason(both) == first[0]


def test_whatever_else_is_wrong_a_sensitive_ticket_is_told_as_such() -> None:
    seen = {key: value for _, given, _ in reversed(STOPPING) for key, value in given.items()}
    worst = replace(READY, triage=triage(**seen), coverage="failed", verdict=verdict(Level.BLOCK))
    assert (reason(worst), reason(replace(worst, triage=triage(**{**seen, "doubtful": True})))) == (
        "sensitive",
        "sensitive",
    )


@pytest.mark.parametrize(("name", "seen", "more"), STOPPING, ids=[row[0] for row in STOPPING])
@pytest.mark.parametrize(("lower", "changes"), LOWERING, ids=[row[0] for row in LOWERING])
def test_what_hands_over_comes_before_what_only_lowers(
    name: str, seen: dict[str, Any], more: dict[str, Any], lower: str, changes: dict[str, Any]
) -> None:
    both = {**changes, **more, "triage": replace(changes.get("triage", triage()), **seen)}
    assert decide(replace(READY, **both)).kind == "ESCALATE"


@pytest.mark.parametrize(
    ("changes", "kind", "why"),
    [
        (
            {**dict(LOWERING)["perhaps_sensitive"], "coverage": "part", "led_by_person": True},
            "NOTE",
            "perhaps_sensitive",
        ),
        ({"coverage": "part", "led_by_person": True}, "NOTE", "partly_answerable"),
        ({"coverage": "part", "third_party": True}, "NOTE", "partly_answerable"),
        ({"coverage": "part", "verdict": verdict(Level.HOLD)}, "NOTE", "partly_answerable"),
        ({"led_by_person": True, "verdict": verdict(Level.HOLD)}, "NOTE", "led_by_person"),
        ({"led_by_person": True, "third_party": True}, "NOTE", "led_by_person"),
        ({"verdict": verdict(Level.HOLD), "third_party": True}, "WAIT", "held_by_guard"),
        ({"rules": Rules(mode="note"), "third_party": True}, "NOTE", "note_by_policy"),
        ({"rules": Rules(mode="note"), "verdict": verdict(Level.HOLD)}, "NOTE", "note_by_policy"),
        ({"rules": Rules(mode="note"), "led_by_person": True}, "NOTE", "led_by_person"),
        ({"rules": Rules(mode="queue"), "third_party": True}, "WAIT", "third_party_in_copy"),
        ({"rules": Rules(mode="queue"), "verdict": verdict(Level.HOLD)}, "WAIT", "held_by_guard"),
        ({"rules": Rules(mode="queue"), "coverage": "part"}, "NOTE", "partly_answerable"),
        ({"rules": Rules(mode="queue"), "led_by_person": True}, "NOTE", "led_by_person"),
        ({"coverage": "sections", "led_by_person": True}, "NOTE", "sections_only"),
        ({"coverage": "sections", "by_meaning": False}, "NOTE", "sections_only"),
        ({"coverage": "sections", "verdict": verdict(Level.HOLD)}, "NOTE", "sections_only"),
        ({"coverage": "sections", "rules": Rules(mode="queue", public_sections=True)}, "WAIT", "queue_by_policy"),
        (
            {"coverage": "sections", "rules": Rules(mode="reply", public_sections=True), "by_meaning": False},
            "WAIT",
            "searched_by_words",
        ),
        ({"by_meaning": False, "confidence": 0.1}, "WAIT", "searched_by_words"),
        ({"repaired": True, "confidence": 0.1}, "WAIT", "repaired"),
        ({"repaired": True, "rules": Rules(mode="note")}, "NOTE", "note_by_policy"),
        ({"by_meaning": False, "third_party": True}, "WAIT", "third_party_in_copy"),
        ({"by_meaning": False, "verdict": verdict(Level.HOLD)}, "WAIT", "held_by_guard"),
        ({"by_meaning": False, "rules": Rules(mode="note")}, "NOTE", "note_by_policy"),
        ({"by_meaning": False, "rules": Rules(mode="queue")}, "WAIT", "queue_by_policy"),
    ],
)
def test_of_two_ceilings_the_lower_one_holds(changes: dict[str, Any], kind: str, why: str) -> None:
    decided = decide(replace(READY, **changes))
    assert (decided.kind, str(decided.reason)) == (kind, why)


# mode, level of the worst finding, tolerated in (note, queue, reply), what happens
LEVELS: tuple[tuple[Mode, Level | None, tuple[Level, Level, Level], str], ...] = (
    ("reply", None, (Level.HOLD, Level.HOLD, Level.INFO), "REPLY"),
    ("reply", Level.INFO, (Level.HOLD, Level.HOLD, Level.INFO), "REPLY"),
    ("reply", Level.HOLD, (Level.HOLD, Level.HOLD, Level.INFO), "WAIT"),
    ("reply", Level.HOLD, (Level.HOLD, Level.HOLD, Level.HOLD), "REPLY"),
    ("reply", Level.HOLD, (Level.HOLD, Level.INFO, Level.INFO), "NOTE"),
    ("reply", Level.HOLD, (Level.HOLD, Level.INFO, Level.HOLD), "NOTE"),
    ("reply", Level.HOLD, (Level.INFO, Level.INFO, Level.INFO), "ESCALATE"),
    ("reply", Level.HOLD, (Level.INFO, Level.HOLD, Level.HOLD), "ESCALATE"),
    ("reply", Level.BLOCK, (Level.BLOCK, Level.BLOCK, Level.BLOCK), "ESCALATE"),
    ("queue", None, (Level.HOLD, Level.HOLD, Level.INFO), "WAIT"),
    ("queue", Level.INFO, (Level.HOLD, Level.HOLD, Level.INFO), "WAIT"),
    ("queue", Level.HOLD, (Level.HOLD, Level.HOLD, Level.INFO), "WAIT"),
    ("queue", Level.HOLD, (Level.HOLD, Level.INFO, Level.INFO), "NOTE"),
    ("queue", Level.BLOCK, (Level.HOLD, Level.HOLD, Level.INFO), "ESCALATE"),
    ("note", None, (Level.HOLD, Level.HOLD, Level.INFO), "NOTE"),
    ("note", Level.INFO, (Level.HOLD, Level.HOLD, Level.INFO), "NOTE"),
    ("note", Level.HOLD, (Level.HOLD, Level.HOLD, Level.INFO), "NOTE"),
    ("note", Level.HOLD, (Level.INFO, Level.HOLD, Level.INFO), "ESCALATE"),
    ("note", Level.BLOCK, (Level.HOLD, Level.HOLD, Level.INFO), "ESCALATE"),
    ("off", None, (Level.HOLD, Level.HOLD, Level.INFO), "ESCALATE"),
    ("off", Level.HOLD, (Level.HOLD, Level.HOLD, Level.HOLD), "ESCALATE"),
)


@pytest.mark.parametrize(("mode", "level", "tolerated", "kind"), LEVELS)
def test_a_level_of_finding_and_how_far_the_draft_may_go(
    mode: Mode, level: Level | None, tolerated: tuple[Level, Level, Level], kind: str
) -> None:
    note, queue, reply = tolerated
    rules = Rules(mode=mode, tolerate_note=note, tolerate_queue=queue, tolerate_reply=reply)
    assert decide(replace(READY, rules=rules, verdict=verdict(level))).kind == kind


@pytest.mark.parametrize(
    ("topics", "topic", "kind"),
    [
        ({}, "delivery", "REPLY"),
        ({"delivery": "note"}, "delivery", "NOTE"),
        ({"delivery": "queue"}, "delivery", "WAIT"),
        ({"delivery": "off"}, "delivery", "ESCALATE"),
        ({"delivery": "off"}, "returns", "REPLY"),
        ({"delivery": "off"}, "", "REPLY"),
        ({"": "off"}, "", "ESCALATE"),
        ({"Delivery": "off"}, "delivery", "REPLY"),
    ],
)
def test_a_topics_own_mode_comes_before_the_policys(topics: dict[str, Mode], topic: str, kind: str) -> None:
    rules = Rules(mode="reply", topics=topics)
    assert decide(replace(READY, rules=rules, triage=triage(topic=topic))).kind == kind


def test_a_topic_may_be_allowed_what_the_policy_denies_the_rest() -> None:
    rules = Rules(mode="off", topics={"delivery": "reply"})
    assert [
        decide(replace(READY, rules=rules, triage=triage(topic=topic))).kind for topic in ("delivery", "other")
    ] == [
        "REPLY",
        "ESCALATE",
    ]


@pytest.mark.parametrize(
    ("language", "spoken", "why"),
    [
        ("en", ("en", "fr"), "ready"),
        ("fr", ("en", "fr"), "ready"),
        ("fr", ("en",), "unsupported_language"),
        ("en", (), "unsupported_language"),
        ("EN", ("en",), "unsupported_language"),
        ("", ("en",), "unsupported_language"),
        (None, (), "unknown_language"),
    ],
)
def test_only_the_policys_languages_are_answered(language: str | None, spoken: tuple[str, ...], why: str) -> None:
    assert reason(replace(READY, rules=Rules(mode="reply", languages=spoken), triage=triage(language=language))) == why


@pytest.mark.parametrize(("length", "why"), [(19_999, "ready"), (20_000, "ready"), (20_001, "too_long")])
def test_what_a_drafter_cannot_read_whole_goes_to_a_person(length: int, why: str) -> None:
    assert reason(replace(READY, triage=triage(text="x" * length))) == why


def test_the_worst_findings_are_told_and_lesser_ones_are_not() -> None:
    findings = (
        Finding("klark.G090", Level.INFO, "long", 0, ""),
        Finding("klark.G100", Level.HOLD, "a refund is promised", 0, "refund"),
        Finding("klark.G090", Level.HOLD, "a number is not in the source", 0, "5"),
    )
    decided = decide(replace(READY, verdict=Verdict(findings, ("SUPPORTED",))))
    assert decided.words == "klark.G100 refund\nklark.G090 5"


@pytest.mark.parametrize("coverage", ["all", "part", "sections", "none", "failed"])
@pytest.mark.parametrize("level", [None, *Level])
def test_before_the_model_nothing_is_asked_of_a_draft(coverage: Any, level: Level | None) -> None:
    given = replace(READY, coverage=coverage, verdict=verdict(level), budget_spent=True)
    assert stop_before_drafting(given) is None


@pytest.mark.parametrize(
    ("coverage", "spent", "why"),
    [
        ("none", True, "budget_spent"), ("none", False, "not_answerable"), ("failed", True, "model_failed"),
        ("part", True, "partly_answerable"), ("sections", True, "sections_only"), ("all", True, "ready"),
    ],
)  # fmt: skip
def test_a_spent_budget_is_told_only_where_it_left_the_customer_without_an_answer(
    coverage: Any, spent: bool, why: str
) -> None:
    assert reason(replace(READY, coverage=coverage, budget_spent=spent)) == why
