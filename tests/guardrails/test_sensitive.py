"""Sensitive topics: own tickets are found, innocent uses of the same words are left alone, and every reason can be read."""

import json
import time
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from guardrails.base import Sensitive
from guardrails.sensitive import CATEGORIES, HELP_LINES, READ, sensitive
from guardrails.sensitive_help import with_numbers
from guardrails.sensitive_patterns.base import blocks
from guardrails.sensitive_text import plain

CASES = Path(__file__).parents[1] / "cases" / "sensitive"
SHARED = Path(__file__).resolve().parents[3] / "shared" / "data" / "intents" / "intents.jsonl"
CRITICAL = {"self_harm", "violence_threat", "child_safety", "medical_safety", "data_breach", "account_takeover"}
NOT_ORDINARY = {
    "card_payment_not_recognised", "direct_debit_payment_not_recognised", "cash_withdrawal_not_recognised", "compromised_card",
    "report_fraud", "lost_or_stolen_card", "lost_or_stolen_phone", "report_lost_card", "freeze_account", "terminate_account",
    "delete_account", "complaint", "contact_human_agent", "age_limit",
}  # fmt: skip


def _rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


TICKETS = [row for path in sorted(CASES.glob("*.jsonl")) for row in _rows(path)]
SENSITIVE = [row for row in TICKETS if row["category"]]
INNOCENT = [row for row in TICKETS if not row["category"]]


@cache
def _found(text: str) -> tuple[Sensitive, ...]:
    return sensitive(text)


def _topics(text: str) -> set[str]:
    return {found.category for found in _found(text)}


def test_there_are_tickets_enough_in_both_languages():
    counts = Counter((row["category"], row["lang"]) for row in SENSITIVE)
    assert {category for category, _ in counts} == set(CATEGORIES)
    assert all(
        counts[category, "en"] + counts[category, "fr"] >= 20 and counts[category, "fr"] >= 10
        for category in CATEGORIES
    )
    assert len(SENSITIVE) >= 320
    assert all(sum(row["lang"] == lang for row in INNOCENT) >= 200 for lang in ("en", "fr"))
    assert len({row["id"] for row in TICKETS}) == len({row["text"] for row in TICKETS}) == len(TICKETS)


def test_nearly_every_sensitive_ticket_is_handed_over():
    missed = Counter(row["category"] for row in SENSITIVE if not _found(row["text"]))
    total = Counter(row["category"] for row in SENSITIVE)
    recall = {category: 1 - missed[category] / total[category] for category in CATEGORIES}
    critical = 1 - sum(missed[category] for category in CRITICAL) / sum(total[category] for category in CRITICAL)
    assert (sum(recall.values()) / len(recall) >= 0.97, critical >= 0.99) == (True, True), missed


def test_most_sensitive_tickets_are_handed_over_for_the_right_reason():
    right = sum(row["category"] in _topics(row["text"]) for row in SENSITIVE)
    assert right / len(SENSITIVE) >= 0.95


def test_innocent_uses_are_left_alone():
    wrong = [(row["text"], _found(row["text"])) for row in INNOCENT if _found(row["text"])]
    assert len(wrong) / len(INNOCENT) <= 0.02, wrong


def test_ordinary_questions_of_a_public_set_are_left_alone():
    if not SHARED.exists():
        pytest.skip("the shared data are not beside this checkout")
    rows = [row for row in _rows(SHARED) if row["intent"] not in NOT_ORDINARY][::25]
    assert sum(bool(sensitive(row["text"])) for row in rows) / len(rows) <= 0.007


@pytest.mark.parametrize(
    "text",
    [
        "this update is killing me",
        "mourir de rire",
        "dead battery",
        "attorney general's gift card",
        "where is the kill switch",
        "la mort du disque dur",
        "la batterie est morte",
        "my phone died",
        "I'm dying to try it",
        "",
        "😀",
    ],
)
def test_figures_of_speech_are_no_emergency(text: str):
    assert sensitive(text) == ()


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("je n'en peux plus, je veux que tout s'arrête", Sensitive("self_harm", "que tout s arrete")),
        ("I don't see the point of going on", Sensitive("self_harm", "the point … going on")),
        ("my late husband's account", Sensitive("bereavement", "my late husband")),
        ("someone changed my e-mail and I can't get in", Sensitive("account_takeover", "someone changed … e mail")),
    ],
)
def test_implicit_words_are_found_with_the_words_that_decide(text: str, found: Sensitive):
    assert sensitive(text) == (found,)


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("il est parti la semaine dernière, il faut fermer son compte", "bereavement"),
        ("je vois les factures d'un autre client dans mon espace", "data_breach"),
        ("I am thinking about SUICIDE", "self_harm"),
        ("i am thinking about suicde", "self_harm"),
        ("je pense au suicideee", "self_harm"),
        ("jvais porter plainte", "legal_threat"),
        ("mon compte a ete pirate", "account_takeover"),
        ("mon compte a été piratté", "account_takeover"),
        ("harcelement de votre vendeur", "discrimination_harassment"),
        ("I don’t want to live anymore", "self_harm"),
        ("I dont want to live anymore", "self_harm"),
    ],
)
def test_case_accents_apostrophes_short_forms_and_slips_do_not_hide_a_topic(text: str, topic: str):
    assert topic in _topics(text)


def test_an_innocent_reading_does_not_excuse_another_sentence():
    innocent = "The Suicide Squad film was great."
    assert sensitive(innocent) == ()
    assert _topics(f"{innocent} I want to kill myself.") == {"self_harm"}


def test_hints_need_company(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("guardrails.sensitive.heard", lambda *_: None)  # which would be company
    assert sensitive("je n'en peux plus") == ()
    assert _topics("je n'en peux plus, je n'ai plus aucun espoir") == {"self_harm"}


def test_critical_topics_come_first():
    found = [topic.category for topic in sensitive("My lawyer will call you. I want to die.")]
    assert found == ["self_harm", "legal_threat"]


def test_the_critical_six_are_marked():
    assert {name for name, category in CATEGORIES.items() if category.critical} == CRITICAL


def test_every_topic_has_its_texts_in_both_languages():
    texts = [
        text
        for category in CATEGORIES.values()
        for text in (category.title, category.todo, category.call, category.note)
    ]
    assert all(set(text) == {"en", "fr"} and all(text.values()) for text in texts)
    assert len(CATEGORIES) == 16


def test_self_harm_alone_names_help_lines():
    assert [name for name, category in CATEGORIES.items() if "{help_line}" in category.note["en"]] == ["self_harm"]
    lines = {country: HELP_LINES[country] for country in ("FR", "US", "CA", "BE", "CH")}
    assert lines == {"FR": "3114", "US": "988", "CA": "988", "BE": "0800 32 123", "CH": "143"}
    assert (HELP_LINES["GB"], HELP_LINES["IE"]) == ("116 123 (Samaritans)", "116 123 (Samaritans)")
    assert with_numbers(CATEGORIES["self_harm"].note["fr"], "FR", "fr").count("3114") == 1


def test_every_rule_file_is_read_and_every_rule_has_a_weight():
    weights = {name: [block.weight for block in blocks(name)] for name in CATEGORIES}
    assert all(found and all(0 < weight <= 1 for weight in found) for found in weights.values())


def test_a_text_is_seen_folded_with_its_sentences_divided():
    assert plain("J'ai PAS reçu!! mon colis… I don't know") == " j ai pas recu . mon colis . i dont know "


def test_the_end_of_a_long_ticket_is_read_too():
    assert _topics("where is my order? " * READ + "I want to kill myself") == {"self_harm"}


@pytest.mark.parametrize(
    "text",
    [
        "a " * 200_000,
        "my my " * 50_000,
        "je vais " * 50_000,
        "the customer " * 50_000,
        "\ud800" * 10_000,
        "." * 100_000,
    ],
)
def test_hostile_input_ends_quickly(text: str):
    started = time.process_time()
    sensitive(text)
    assert time.process_time() - started < 20
