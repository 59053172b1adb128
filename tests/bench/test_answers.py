"""The figures on tenants' tickets, from invented endings; and one invented tenant through the whole path."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from klark.demo.recordings import Lie
from klark.evidence.intervals import wilson
from klark.models import EVERY_TENANT, Article, Tenant, within
from tests.bench import answers
from tests.bench.answered import Ended, figures, holds, percentile, plain, right
from tests.bench.answers import known_tenant

FACTS: dict[str, Any] = {
    "must_contain": [["30 days", "thirty days"], "4 €"],
    "must_not_contain": ["14 days"],
    "decision_in": ["REPLY"],
}
GOOD = "Within 30 days, for 4 €."


def ended(
    decision: str = "REPLY", text: str = GOOD, kind: str = "answerable", reason: str = "ready", **more: Any
) -> Ended:
    expect = {**FACTS, **more.pop("expect", {})}
    return Ended({"id": 1, "kind": kind, "expect": expect}, decision, reason, text, **more)


def share(name: str, *some: Ended) -> float | None:
    value: float | None = figures(some)[name]
    return value


# What a text holds


@pytest.mark.parametrize(("text", "wanted", "stands"), [
    ("it costs 12 €", "12 €", True), ("it costs 112 €", "12 €", False), ("it costs 1,12 €", "12 €", False),
    ("in 30 days", ["a month", "30 days"], True), ("within 14,5 hours", "14", False), ("version 14.", "14", True),
    ("it's free", "it’s free", True), ("12 € and 112 €", "12 €", True),
])  # fmt: skip
def test_a_wording_stands_in_a_text_and_in_no_longer_figure(text: str, wanted: Any, stands: bool) -> None:
    assert holds(plain(text), wanted) is stands


@pytest.mark.parametrize(("text", "is_right"), [
    (GOOD, True), ("<p>Within thirty&nbsp;days, 4 €</p>", True), ("Within 30 days.", False), ("", False),
    ("Within 30 days, not 14 days, for 4 €.", False),
])  # fmt: skip
def test_a_right_text_holds_every_fact_and_nothing_false(text: str, is_right: bool) -> None:
    assert right(text, FACTS) is is_right


# Figures


@pytest.mark.parametrize(("name", "one", "value"), [
    ("good_reply", ended(), 1), ("good_reply", ended("WAIT"), 0), ("good_draft", ended("WAIT"), 1),
    ("good_draft", ended("ESCALATE"), 0), ("good_draft", ended(text="Within 30 days or 14 days, for 4 €"), 0),
    ("section_hit", ended(text="Within 30 days or 14 days, for 4 €"), 1), ("found", ended(page=GOOD), 1), ("found", ended(), 0),
    ("discarded", ended("ESCALATE", served=GOOD), 1), ("discarded", ended("NOTE", served=GOOD), 0),
    ("led_by_person", ended("NOTE", led=True), 1), ("wrong_reply", ended(text="Within 30 days."), 1),
    ("wrong_reply", ended(expect={"decision_in": ["NOTE"]}), 1), ("wrong_reply", ended("NOTE", text="No."), 0),
    ("useless_draft", ended("NOTE", kind="unanswerable"), 1), ("abstained", ended("NOTE", kind="unanswerable"), 1),
    ("abstained", ended(kind="account_data"), 0), ("sensitive", ended("ESCALATE", kind="sensitive"), 1),
    ("false_sensitive", ended("ESCALATE", reason="sensitive"), 1), ("skipped", ended("REPLY", kind="not_for_us"), 1),
    ("injection", ended("SKIP", kind="injection"), 0), ("everyday_good", ended(kind="answerable_everyday"), 1),
    ("everyday_good", ended(expect={"everyday_words": True}), 1), ("everyday_found", ended(), None),
])  # fmt: skip
def test_each_share_counts_what_its_name_says(name: str, one: Ended, value: float | None) -> None:
    assert share(name, one) == value


def test_a_lie_counts_where_it_went_out_and_not_as_a_wrong_reply() -> None:
    lie = Lie("1", 0, "scope", "Within 30 days, for anyone.")
    out, held = ended(text=f"Hello. {lie.text} 4 €", lie=lie), ended("WAIT", text=lie.text, lie=lie)
    got = figures([out, held, ended()], lies=True)
    assert (got["lies"], got["lies_replied"], got["lies_by_kind"], "wrong_reply" in got) == (
        2,
        0.5,
        {"scope": 1},
        False,
    )


def test_what_was_handed_over_as_sensitive_is_left_out_of_a_second_set_of_figures() -> None:
    got = figures([ended(), ended("ESCALATE", "", reason="sensitive")])
    assert (got["good_reply"], got["without_sensitive"]) == (
        0.5, {"answerable": 1, "good_draft": 1.0, "good_reply": 1.0, "section_hit": 1.0})  # fmt: skip


def test_sizes_and_causes_are_told() -> None:
    some = [
        ended(page="x" * 400, judge_calls=2, unknown_claims=1),
        replace(ended(text="Within 30 days."), page="x" * 800),
    ]
    got = figures(some)
    assert (got["tokens_p50"], got["judge_calls"], got["unknown_claims"], got["draft_words_p95"]) == (100, 2, 1, 3)
    assert (got["wrong"], got["reasons"]) == (["1 (answerable): lacks a fact or says a false one"], {"REPLY ready": 2})


@pytest.mark.parametrize(("one", "why"), [
    (ended("ESCALATE", "", reason="sensitive"), "not drafted: sensitive"),
    (ended("ESCALATE", "", reason="not_answerable", page="Within a year."), "not found; escalate not_answerable"),
    (ended("NOTE", "30 days.", reason="partly_answerable", page=GOOD, served="30 days."),
     "found, what the model wrote is not right; note partly_answerable"),
    (ended("ESCALATE", "", reason="blocked_by_guard", page=GOOD, served=GOOD),
     "found, what the model wrote is right; escalate blocked_by_guard"),
    (ended("NOTE", reason="led_by_person", page=GOOD, led=True), "right, but note: led_by_person, an agent answered before"),
])  # fmt: skip
def test_each_ticket_without_a_right_reply_is_named_with_where_it_was_lost(one: Ended, why: str) -> None:
    assert figures([one, replace(ended(), ticket={**one.ticket, "id": 2})])["missed"] == {"1": why}


def test_without_tickets_nothing_is_said() -> None:
    assert (figures([])["good_reply"], figures([])["intervals"]["good_reply"], percentile([], 0.5)) == (
        None,
        None,
        None,
    )


@pytest.mark.parametrize(("hits", "of", "interval"), [
    (0, 10, [0.0, 0.2775]), (10, 10, [0.7225, 1.0]), (5, 10, [0.2366, 0.7634]), (0, 0, None),
])  # fmt: skip
def test_a_share_has_its_interval(hits: int, of: int, interval: list[float] | None) -> None:
    assert wilson(hits, of) == interval


# The whole path

ARTICLE = {
    "id": "loans", "title": "Lending", "lang": "en", "updated": "2026-09-01",
    "body_html": "<p>A novel is lent for 4 weeks.</p><p>Each day late costs 20 cents.</p>",
}  # fmt: skip
TICKET = {
    "id": "t1", "kind": "answerable", "subject": "Novels", "channel": "email", "history": [], "cc": [],
    "body_html": "<p>Hello, how long is a novel lent, and what does each day late cost?</p>",
    "requester": {"name": "Ann Lee", "email": "ann@reader.example"},
    "expect": {"decision_in": ["REPLY"], "must_contain": ["4 weeks", "20 cents"], "must_not_contain": ["2 weeks"]},
}  # fmt: skip
SENTENCES = [
    {"text": "A novel is lent for 4 weeks.", "quotes": ["A novel is lent for 4 weeks."], "answers": [1]},
    {"text": "Being late costs 20 cents a day.", "quotes": ["Each day late costs 20 cents."], "answers": [2]},
]
FILES: dict[str, list[Any]] = {
    "articles": [ARTICLE], "tickets": [TICKET],
    "replies": [{"id": "t1", "answerable": True, "asks": ["how long", "how much"], "sentences": SENTENCES}],
    "verdicts": [
        *({"claim": each["text"], "verdict": "supported", "relevant": True} for each in SENTENCES),
        {"claim": "A novel is lent for 2 weeks.", "verdict": "contradicted", "relevant": True},
    ],
    "lies": [{"id": "t1", "n": 1, "kind": "number", "text": "A novel is lent for 2 weeks."}],
}  # fmt: skip


@pytest.fixture
def library(tmp_path: Path) -> Path:
    folder = tmp_path / "library"
    folder.mkdir()
    for name, some in FILES.items():
        (folder / f"{name}.jsonl").write_text("".join(f"{json.dumps(each)}\n" for each in some))
    return folder


def ends(library: Path, *more: str) -> list[Ended]:
    return answers._tenant(library, answers._options(["--data", str(library), *more]))


@pytest.mark.django_db
def test_a_recorded_reply_goes_its_whole_way(library: Path) -> None:
    (one,) = ends(library)
    assert (one.good, one.found, one.judge_calls, one.unknown_claims) == (True, True, 1, 0)
    assert one.reason == "searched_by_words"  # nothing has vectors in the tests


@pytest.mark.django_db
def test_a_lie_is_played_and_held_by_the_judge(library: Path) -> None:
    first, second = ends(library, "--play", "lies")
    assert (first.lie == second.lie == Lie("t1", 0, "number", "A novel is lent for 2 weeks.")) is True
    assert (first.decision, first.reason) == ("WAIT", "held_by_guard")


@pytest.mark.django_db
def test_without_a_model_whole_sections_stand_in_a_note(library: Path) -> None:
    (one,) = ends(library, "--model", "none")
    assert (one.decision, one.reason, one.complete, one.judge_calls) == ("NOTE", "sections_only", True, 0)


@pytest.mark.django_db
def test_articles_are_learnt_once_and_a_crowd_stands_beside_them(library: Path, tmp_path: Path) -> None:
    crowd = tmp_path / "docs-en"
    crowd.mkdir()
    (crowd / "docs.jsonl").write_text(json.dumps({"id": "x", "title": "Bikes", "body": "A bike < a car."}))
    alone, again, beside = known_tenant(library, []), known_tenant(library, []), known_tenant(library, [crowd])
    with within(EVERY_TENANT):
        keys = {each: sorted(Article.of(each).values_list("key", flat=True)) for each in (alone, beside)}
        tenants = Tenant.objects.filter(name="library").count()
    assert (alone == again, tenants, keys) == (True, 2, {alone: ["loans"], beside: ["docs-en-x", "loans"]})
