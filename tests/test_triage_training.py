"""What the triage model learns from a ticket, and how its thresholds follow from tickets that it has not seen."""

import json
from pathlib import Path

import numpy as np
import pytest

from guardrails.triage.sensitive_topics import CATEGORIES
from scripts.triage_thresholds import Read, choose
from scripts.triage_tickets import HEADS, Example, read

TOPICS = list(HEADS["topic"])


def written(tmp_path: Path, **row: object) -> list[Example]:
    file = tmp_path / "thistle.jsonl"
    row = {"id": "1", "lang": "en", "label": "", "mood": "calm", "urgent": 1, **row}
    file.write_text(f"{json.dumps(row)}\n\n", encoding="utf-8")
    return list(read([file]))


def test_a_sensitive_ticket_teaches_its_topic_and_nothing_about_sentences(tmp_path: Path) -> None:
    (only,) = written(tmp_path, kind="sensitive", label="self_harm", mood="upset", text="Goodbye.")
    assert (only.writer, only.kind) == ("thistle", "sensitive")
    assert only.classes == {"topic": "self_harm", "kind": "", "injection": "", "mood": "upset", "urgent": 1}


def test_an_ordinary_ticket_teaches_which_of_its_sentences_ask(tmp_path: Path) -> None:
    text = "I bought a lamp. It flickers. Can I have another?"
    whole, *sentences = written(tmp_path, kind="ordinary", text=text, asks=["Can I have another?"])
    assert whole.classes["topic"] == ""
    assert [(one.text, one.classes["asked"]) for one in sentences] == [
        ("I bought a lamp.", False), ("It flickers.", False), ("Can I have another?", True),
    ]  # fmt: skip


def test_mail_that_is_not_for_support_has_no_mood(tmp_path: Path) -> None:
    (only,) = written(tmp_path, kind="not_for_us", label="advert", text="Rank first!")
    assert (only.classes["kind"], "mood" in only.classes, "urgent" in only.classes) == ("advert", False, False)


def unseen(seed: int = 1, ordinary: int = 400, apart: float = 4.0) -> Read:
    """Ordinary tickets with low scores for every topic, and tickets of each topic that score higher for it."""
    chance, examples, rows = np.random.default_rng(seed), list[Example](), []
    for number in range(ordinary):
        examples.append(Example(f"o{number}", "", "w", "ordinary", {"topic": "", "kind": "", "injection": ""}))
        rows.append(chance.normal(-3, 1, len(CATEGORIES)))
    for number, topic in enumerate([*CATEGORIES] * 10):
        examples.append(Example(f"s{number}", "", "w", "sensitive", {"topic": topic, "kind": "", "injection": ""}))
        rows.append(chance.normal(-3, 1, len(CATEGORIES)) + apart * (np.array([*CATEGORIES]) == topic))
    examples.append(Example("l", "", "w", "lookalike", {"topic": ""}))
    rows.append(chance.normal(-3, 1, len(CATEGORIES)))
    for head in ("kind", "injection"):
        label = HEADS[head][0]
        examples.append(Example(head, "", "w", "not_for_us", {head: label}))
        rows.append(np.full(len(CATEGORIES), -9.0))
    topic = np.hstack([np.array(rows), np.zeros((len(rows), 1))])
    others = {
        head: np.array([[9.0 * (one.classes.get(head) == label) for label in HEADS[head]] for one in examples])
        for head in ("kind", "injection")
    }
    return Read(examples, {"topic": topic, **others})


def test_the_more_open_the_dial_the_fewer_ordinary_tickets_it_hands_over() -> None:
    measured = choose(unseen())["measured"]
    shares = [measured[name]["ordinary"] for name in ("careful", "balanced", "open")]
    assert shares == [pytest.approx(0.1, abs=0.005), pytest.approx(0.06, abs=0.005), pytest.approx(0.015, abs=0.005)]
    assert measured["careful"]["found"] > measured["balanced"]["found"] > measured["open"]["found"]


def test_missing_a_critical_topic_costs_more_so_its_threshold_is_lower() -> None:
    balanced = choose(unseen())["thresholds"]["balanced"]
    critical, other = balanced["self_harm"], balanced["press_media"]
    assert critical < other
    assert critical / (1 - critical) == pytest.approx(other / (1 - other) / 3, rel=0.02)


def test_the_probability_that_a_ticket_is_sensitive_is_calibrated_on_tickets_that_were_not_learnt() -> None:
    seen = unseen()
    slope, constant = choose(seen)["scale"]
    odds, topics = seen.of("topic")[0][:, :-1].max(1), seen.of("topic")[1]
    chance = 1 / (1 + np.exp(-(slope * odds + constant)))
    assert chance.mean() == pytest.approx((topics != "").mean(), abs=0.01)


def test_mail_is_left_alone_only_above_what_nearly_no_customer_reaches() -> None:
    least = choose(unseen())["least"]
    assert least["kind"] <= least["alone"]
    assert 0 < least["injection"] < 1
