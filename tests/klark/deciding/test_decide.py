"""Every row of the decision's tables, and that no way to a public reply leads around them."""

from dataclasses import replace
from itertools import product
from typing import Any, get_args

import pytest

from guardrails.base import Finding, Level, Verdict
from klark.deciding.decide import BEFORE_DRAFTING, CEILINGS, STOPS, decide, stop_before_drafting
from klark.values.decision import Case, Decided
from klark.values.draft import Coverage
from klark.values.policy.rules import MODES, Rules
from klark.values.reasons import Reason
from klark.values.wording import confidence_words
from tests.klark.said import triage, verdict

READY = Case(triage(), Rules(mode="reply"), coverage="all", verdict=verdict(), confidence=1.0)


def case(rules: dict[str, Any] | None = None, seen: dict[str, Any] | None = None, **changes: Any) -> Case:
    return replace(READY, rules=Rules(**{"mode": "reply", **(rules or {})}), triage=triage(**(seen or {})), **changes)


HOLD, BLOCK, INFO = verdict(Level.HOLD), verdict(Level.BLOCK), verdict(Level.INFO)
ALONE = replace(HOLD, findings=tuple(replace(finding, never_alone=True) for finding in HOLD.findings))
DOUBTFUL = {"sensitive": ("self_harm",), "doubtful": True}
ROWS: dict[str, tuple[Case, str, str]] = {
    "ready": (case(), "REPLY", "ready"),
    "a remark for the reader": (case(verdict=INFO), "REPLY", "ready"),
    "sensitive": (case(seen={"sensitive": ("self_harm",)}), "ESCALATE", "sensitive"),
    "perhaps sensitive": (case(seen=DOUBTFUL), "NOTE", "perhaps_sensitive"),
    "perhaps sensitive, and no draft": (case(seen=DOUBTFUL, coverage="none"), "ESCALATE", "sensitive"),
    "perhaps sensitive, and blocked": (case(seen=DOUBTFUL, verdict=BLOCK), "ESCALATE", "sensitive"),
    "orders to a machine": (case(seen={"injection": True}), "ESCALATE", "injection"),
    "nothing to answer": (case(seen={"not_for_us": "thanks", "leave_alone": True}), "SKIP", "not_for_us"),
    "perhaps nothing to answer": (case(seen={"not_for_us": "thanks"}), "ESCALATE", "not_for_us"),
    "the triage model is away": (case(seen={"trouble": "it ended"}), "ESCALATE", "triage_unavailable"),
    "asks for a person": (case(seen={"asks_for_human": True}), "ESCALATE", "asks_for_human"),
    "no known language": (case(seen={"language": None}), "ESCALATE", "unknown_language"),
    "another language": (case(seen={"language": "ja"}), "ESCALATE", "unsupported_language"),
    "a topic that is stopped": (case(stopped_topics=frozenset({"delivery"})), "ESCALATE", "topic_stopped"),
    "another topic that is stopped": (case(stopped_topics=frozenset({"returns"})), "REPLY", "ready"),
    "switched off": (case({"mode": "off"}), "ESCALATE", "policy_off"),
    "topic switched off": (case({"topics": {"delivery": "off"}}), "ESCALATE", "policy_off"),
    "too long": (case(seen={"text": "word " * 5_000}), "ESCALATE", "too_long"),
    "an empty turn after a question": (case(seen={"text": "", "unanswered": 20}), "REPLY", "ready"),
    "too long with what came before": (case(seen={"unanswered": 20_001}), "ESCALATE", "too_long"),
    "nothing written": (case(seen={"text": " ", "language": None}), "ESCALATE", "empty"),
    "only a picture": (
        case(seen={"text": " ", "language": None}, unread_attachments=True), "ESCALATE", "unread_attachment"),
    "a picture beside the words": (case(unread_attachments=True), "WAIT", "unread_attachment"),
    "nothing found that is asked": (case(seen={"asks": ()}), "REPLY", "ready"),
    "searched by words alone": (case(by_meaning=False), "WAIT", "searched_by_words"),
    "a sentence left out": (case(repaired=True), "WAIT", "repaired"),
    "quoted sections": (case(coverage="sections", confidence=0.1), "NOTE", "sections_only"),
    "quoted sections, allowed": (
        case({"public_sections": True}, coverage="sections", confidence=0.1), "REPLY", "sections_by_policy"),
    "quoted sections, allowed, while the model is away": (
        case({"public_sections": True}, coverage="sections", has_model=True), "NOTE", "sections_only"),
    "quoted sections, allowed, and a note by policy": (
        case({"public_sections": True, "mode": "note"}, coverage="sections"), "NOTE", "note_by_policy"),
    "model failed": (case(coverage="failed"), "ESCALATE", "model_failed"),
    "budget spent": (case(coverage="none", budget_spent=True), "ESCALATE", "budget_spent"),
    "not answerable": (case(coverage="none"), "ESCALATE", "not_answerable"),
    "blocked": (case(verdict=BLOCK), "ESCALATE", "blocked_by_guard"),
    "blocked, though the policy tolerates it": (
        case({"tolerate_note": Level.BLOCK, "tolerate_queue": Level.BLOCK, "tolerate_reply": Level.BLOCK}, verdict=BLOCK),
        "ESCALATE", "blocked_by_guard"),
    "held above a note": (case({"tolerate_note": Level.INFO}, verdict=HOLD), "ESCALATE", "blocked_by_guard"),
    "partly answered": (case(coverage="part"), "NOTE", "partly_answerable"),
    "led by a person": (case(led_by_person=True), "NOTE", "led_by_person"),
    "led by a person, allowed": (case({"reply_when_led": True}, led_by_person=True), "REPLY", "ready"),
    "held above the queue": (case({"tolerate_queue": Level.INFO}, verdict=HOLD), "NOTE", "held_by_guard"),
    "note by policy": (case({"mode": "note"}), "NOTE", "note_by_policy"),
    "note by topic": (case({"topics": {"delivery": "note"}}), "NOTE", "note_by_policy"),
    "held": (case(verdict=HOLD), "WAIT", "held_by_guard"),
    "held, though tolerated": (case({"tolerate_reply": Level.HOLD}, verdict=HOLD), "REPLY", "ready"),
    "never by itself": (case(verdict=ALONE), "WAIT", "held_by_guard"),
    "never by itself, though its level is tolerated": (
        case({"tolerate_reply": Level.HOLD}, verdict=ALONE), "WAIT", "held_by_guard"),
    "never by itself, though every level is tolerated": (
        case({"tolerate_reply": Level.BLOCK}, verdict=ALONE), "WAIT", "held_by_guard"),
    "never by itself, and a note by policy": (
        case({"tolerate_reply": Level.HOLD, "mode": "note"}, verdict=ALONE), "NOTE", "note_by_policy"),
    "never by itself, beside others that are tolerated": (
        case({"tolerate_reply": Level.HOLD}, verdict=replace(ALONE, findings=(*ALONE.findings, *HOLD.findings))),
        "WAIT", "held_by_guard"),
    "third party": (case(third_party=True), "WAIT", "third_party_in_copy"),
    "third party, allowed": (case({"reply_with_third_party": True}, third_party=True), "REPLY", "ready"),
    "excluded, in copy": (
        case({"reply_with_third_party": True}, excluded_in_copy=True, third_party=True), "NOTE", "excluded_in_copy"),
    "chat": (case(channel="chat"), "NOTE", "channel"),
    "a post in public": (case(channel="social"), "NOTE", "channel"),
    "a call": (case(channel="phone"), "NOTE", "channel"),
    "a side conversation": (case(channel="side_conversation"), "NOTE", "channel"),
    "nobody can tell which channel": (case(channel=""), "WAIT", "channel"),
    "made by the product itself": (case(channel="other"), "WAIT", "channel"),
    "a form": (case(channel="web"), "REPLY", "ready"),
    "by API": (case(channel="api"), "REPLY", "ready"),
    "queue by policy": (case({"mode": "queue"}), "WAIT", "queue_by_policy"),
    "queue by topic": (case({"topics": {"delivery": "queue"}}), "WAIT", "queue_by_policy"),
    "another topic's mode": (case({"topics": {"returns": "off"}}), "REPLY", "ready"),
    "not sure enough": (case(confidence=0.59), "WAIT", "low_confidence"),
    "just sure enough": (case(confidence=0.6), "REPLY", "ready"),
    "nobody can tell how sure": (case(confidence=None), "WAIT", "low_confidence"),
    "nobody need be sure": (case({"minimum_confidence": 0}, confidence=0.01), "REPLY", "ready"),
    "nobody need be sure, or can": (case({"minimum_confidence": 0}, confidence=None), "REPLY", "ready"),
    "nothing is sure enough": (case({"minimum_confidence": 100}, confidence=0.999), "WAIT", "low_confidence"),
    "sure enough for a stricter policy": (case({"minimum_confidence": 95}, confidence=0.96), "REPLY", "ready"),
    "not sure, and a note anyway": (case({"mode": "note"}, confidence=0.1), "NOTE", "note_by_policy"),
    "not sure, and waiting anyway": (case({"mode": "queue"}, confidence=0.1), "WAIT", "queue_by_policy"),
    "not sure, and held": (case(verdict=HOLD, confidence=0.1), "WAIT", "held_by_guard"),
    "not sure, and a third party": (case(third_party=True, confidence=0.1), "WAIT", "third_party_in_copy"),
    "not sure of a part": (case(coverage="part", confidence=0.1), "NOTE", "partly_answerable"),
    "budget spent, yet answered": (case(budget_spent=True), "REPLY", "ready"),
    "earned": (case(rungs={("delivery", "en"): "reply"}), "REPLY", "ready"),
    "earned in another language": (case(rungs={("delivery", "fr"): "reply"}), "WAIT", "not_yet_earned"),
    "earned for the queue": (case(rungs={("delivery", "en"): "queue"}), "WAIT", "not_yet_earned"),
    "earned for notes": (case(rungs={("delivery", "en"): "note"}), "NOTE", "not_yet_earned"),
    "earned, and the policy wants the queue": (
        case({"mode": "queue"}, rungs={("delivery", "en"): "reply"}), "WAIT", "queue_by_policy"),
    "nothing earned, and held": (case(verdict=HOLD, rungs={}), "WAIT", "held_by_guard"),
}  # fmt: skip


@pytest.mark.parametrize(
    ("confidence", "words"),
    [(0.4999, "49 % < 60 %"), (0.5999, "59 % < 60 %"), (0.0, "1 % < 60 %"), (None, "— < 60 %")],
)
def test_a_person_reads_how_sure_klark_is_and_would_have_to_be(confidence: float | None, words: str) -> None:
    assert decide(case(confidence=confidence)).words == words


@pytest.mark.parametrize("thousandths", range(500, 1000, 7))
def test_the_reason_and_the_page_tell_the_same_figure_and_that_figure_decides(thousandths: int) -> None:
    likely = thousandths / 1000
    decided = decide(case(confidence=likely))
    shown = confidence_words(likely, "en").partition(", ")[2].partition(" (")[0]
    assert (decided.kind, decided.words) == (("REPLY", "") if likely >= 0.6 else ("WAIT", f"{shown} < 60 %"))


@pytest.mark.parametrize("percent", range(0, 101, 10))
def test_the_surer_the_policy_wants_to_be_the_fewer_go_out(percent: int) -> None:
    given = case({"minimum_confidence": percent}, confidence=0.55)
    assert decide(given).kind == ("REPLY" if percent <= 55 else "WAIT")


@pytest.mark.parametrize("name", ROWS)
def test_a_case_and_its_decision(name: str) -> None:
    given, kind, reason = ROWS[name]
    decided = decide(given)
    assert (decided.kind, str(decided.reason)) == (kind, reason)


COUNTING = {"ready", "sections_by_policy", "note_by_policy", "queue_by_policy", "not_yet_earned"}


@pytest.mark.parametrize("name", ROWS)
def test_a_judgement_counts_only_where_nothing_but_policy_or_rung_holds_a_draft_back(name: str) -> None:
    given, _, reason = ROWS[name]
    alone = decide(replace(given, rules=replace(given.rules, mode="reply", topics={}), rungs=None))
    assert decide(given).counts == (reason in COUNTING and alone.kind == "REPLY")


def test_every_reason_of_the_tables_has_its_case() -> None:
    reasons = {row[-1] for table in (BEFORE_DRAFTING, STOPS, CEILINGS) for row in table}
    assert {str(reason) for reason in reasons} == {reason for _, _, reason in ROWS.values()} - {
        "ready",
        "sections_by_policy",
    }


BEFORE = [name for name, (given, *_) in ROWS.items() if stop_before_drafting(given)]


def test_what_stops_before_drafting_is_known_without_a_draft() -> None:
    assert BEFORE == ["sensitive", "orders to a machine", "nothing to answer", "perhaps nothing to answer",
                      "the triage model is away", "asks for a person",
                      "no known language", "another language",
                      "a topic that is stopped", "switched off", "topic switched off", "too long",
                      "too long with what came before", "nothing written", "only a picture"]  # fmt: skip


@pytest.mark.parametrize("name", BEFORE)
def test_a_perfect_draft_does_not_clear_a_stop(name: str) -> None:
    given, kind, reason = ROWS[name]
    assert stop_before_drafting(given) == decide(given)
    assert (kind, reason) == (decide(given).kind, str(decide(given).reason))


SENSITIVE: tuple[dict[str, Any], ...] = ({}, {"sensitive": ("fraud",)}, {"sensitive": ("fraud",), "doubtful": True})


def test_a_public_reply_needs_everything_at_once() -> None:
    """All combinations: a reply goes out only where nothing at all speaks against it."""
    coverages: tuple[Coverage, ...] = get_args(Coverage)
    flags = (False, True)
    for mode, coverage, level, third, led, sensitive, confidence in product(
        MODES, coverages, (None, *Level), flags, flags, SENSITIVE, (None, 0.1, 0.9)
    ):
        given = case({"mode": mode}, sensitive, coverage=coverage, verdict=verdict(level),
                     third_party=third, led_by_person=led, confidence=confidence)  # fmt: skip
        clean = mode == "reply" and coverage == "all" and (level or Level.INFO) == Level.INFO
        allowed = clean and confidence == 0.9 and not (third or led or sensitive)
        assert (decide(given).kind == "REPLY") == allowed, given


@pytest.mark.parametrize("tolerated", Level)
def test_a_blocked_draft_never_reaches_a_customer_or_a_queue(tolerated: Level) -> None:
    for mode in MODES:
        rules = {"mode": mode, "tolerate_note": tolerated, "tolerate_queue": tolerated, "tolerate_reply": tolerated}
        assert decide(case(rules, verdict=BLOCK)).kind == "ESCALATE", mode


def test_the_words_say_what_decided() -> None:
    assert decide(case(verdict=HOLD)).words == "klark.G160 5"
    assert decide(case(seen={"sensitive": ("fraud", "press")})).words == "fraud, press"
    assert decide(case(seen={"language": "ja"})).words == "ja"
    assert decide(case()) == Decided("REPLY", Reason.READY)


def test_words_of_many_findings_stay_short_and_are_whole() -> None:
    findings = tuple(Finding(f"klark.G{number}", Level.HOLD, "why", 0, "x" * 90) for number in range(300, 320))
    told = decide(case(verdict=Verdict(findings, ("SUPPORTED",)))).words
    assert told.split("\n") == [f"klark.G{number} {'x' * 90}" for number in (300, 301)]
    assert len(decide(case(verdict=Verdict((replace(findings[0], words="x" * 400),), ("SUPPORTED",)))).words) == 300


def test_the_words_of_a_blocked_draft_are_not_repeated() -> None:
    assert decide(case(verdict=verdict(Level.BLOCK))).words == "klark.G160"
