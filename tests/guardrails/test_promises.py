"""What commits the tenant, in twelve classes: wordings of both languages, what denies them, and what allows them."""

import json
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from guardrails.base import Level
from guardrails.checks.catalogue import CATALOGUE
from guardrails.checks.promises import IDS, promises
from guardrails.promise_rules import CLASSES, LANGUAGES, RULES, TOPICS
from guardrails.promised import Promise, folded, is_conditional, promised
from tests.guardrails.said import OPTIONS, reply

FOLDER = Path(__file__).resolve().parent.parent / "cases" / "promises"
UNSEEN = sorted(FOLDER.glob("*_unseen.jsonl"))
BUILT = {half: sorted(FOLDER.glob(f"*_built_{half}.jsonl")) for half in ("odd", "even")}
IDIOMS = sorted(FOLDER.glob("*_idioms.jsonl"))
FILES = sorted(set(FOLDER.glob("*.jsonl")) - {*UNSEEN, *BUILT["odd"], *BUILT["even"], *IDIOMS})
OWN, ANY = 0.6, 0.85
"""The share of the unseen promises that must be found by their own class, and by any; docs/guardrails.md has the figures."""


def cases(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def found(text: str, *sources: str, language: str = "en", allowed: tuple[str, ...] = ()) -> list[str]:
    options = replace(OPTIONS, allowed_promises=frozenset(allowed))
    return [finding.id for finding in promises(reply(text, *sources, language=language), options)]


def found_in(case: dict[str, Any]) -> list[str]:
    return found(case["text"], *filter(None, [case["source"]]), language=case["lang"])


def kinds(text: str) -> list[str]:
    return [made.kind for made in promised(text)]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_each_promise_is_found_by_its_class(path: Path):
    missed = [case["text"] for case in cases(path) if case["flag"] and IDS[case["class"]] not in found_in(case)]
    assert missed == []


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_statement_of_policy_is_no_promise(path: Path):
    assert [case["text"] for case in cases(path) if not case["flag"] and found_in(case)] == []


def shares(paths: list[Path]) -> tuple[int, float, float]:
    """How many promises the files have, and the shares found by their own class and by any."""
    hits = [(case["class"], found_in(case)) for path in paths for case in cases(path) if case["flag"]]
    return (
        len(hits),
        sum(IDS[kind] in ids for kind, ids in hits) / len(hits),
        sum(bool(ids) for _, ids in hits) / len(hits),
    )


def test_what_no_rule_was_made_for_is_found_as_often_as_the_docs_say():
    count, own, any_ = shares(UNSEEN)
    assert (count, own >= OWN, any_ >= ANY) == (40, True, True), (own, any_)


def test_every_promise_that_the_frames_were_tuned_on_is_found():
    assert [case["text"] for path in BUILT["odd"] for case in cases(path) if case["flag"] and not found_in(case)] == []


def test_the_half_that_the_frames_were_never_tuned_on_is_found_as_well():
    count, own, any_ = shares(BUILT["even"])
    assert (count, own >= 0.85, any_ >= 0.98) == (120, True, True), (own, any_)


def test_two_of_three_promises_in_idioms_are_found():
    count, _, any_ = shares(IDIOMS)
    assert (count, any_ >= 0.64) == (96, True), any_


@pytest.mark.parametrize("half", ["odd", "even"])
def test_no_rule_told_as_a_fact_is_a_word_given_to_this_customer(half: str):
    told = [case["text"] for path in BUILT[half] for case in cases(path) if not case["flag"] and not case["class"]]
    assert (len(told), [text for text in told for made in promised(text) if not made.general]) == (120, [])


def test_no_statement_with_the_words_of_promises_is_one():
    alike = [case for path in BUILT["odd"] for case in cases(path) if not case["flag"] and case["class"]]
    assert (len(alike), [case["text"] for case in alike if found_in(case)]) == (206, [])


def test_statements_that_no_rule_was_made_for_are_nearly_never_promises():
    stated = [case for path in UNSEEN for case in cases(path) if not case["flag"]]
    assert (len(stated), sum(bool(found_in(case)) for case in stated) <= 2) == (40, True)


def test_no_unseen_case_is_one_that_the_rules_have_seen():
    seen = {case["text"] for path in FILES for case in cases(path)}
    assert [case["text"] for path in UNSEEN for case in cases(path) if case["text"] in seen] == []


def test_there_are_cases_enough_of_every_class_in_both_languages():
    every = [case for path in FILES for case in cases(path)]
    counted = Counter((case["lang"], case["class"], case["flag"]) for case in every)
    assert sum(case["flag"] for case in every) >= 490
    assert sum(not case["flag"] for case in every) >= 480
    assert {key for key, count in counted.items() if count >= 14} == {
        (language, kind, flag) for language in LANGUAGES for kind in CLASSES for flag in (True, False)
    }


def test_every_class_has_an_id_of_its_own_that_is_explained():
    assert list(IDS) == list(CLASSES)
    assert len(set(IDS.values())) == 12
    assert set(IDS.values()) <= set(CATALOGUE)
    assert list(TOPICS) == list(CLASSES)
    assert {rule.kind for rule in RULES} == set(CLASSES)


@pytest.mark.parametrize("kind", CLASSES)
def test_the_example_of_each_class_hits_it_and_its_counterpart_misses(kind: str):
    entry = CATALOGUE[IDS[kind]]  # type: ignore[index]  # CLASSES are the keys
    assert IDS[kind] in found(entry.hit)  # type: ignore[index]
    assert found(entry.miss) == []


@pytest.mark.parametrize(("kind", "level"), [
    ("refund", Level.BLOCK), ("action", Level.BLOCK), ("announced", Level.BLOCK), ("commitment", Level.HOLD),
    ("fault", Level.BLOCK), ("discount", Level.BLOCK), ("compensation", Level.BLOCK), ("exception", Level.BLOCK),
    ("deadline", Level.HOLD), ("legal", Level.BLOCK), ("medical", Level.BLOCK), ("guarantee", Level.HOLD),
])  # fmt: skip
def test_only_a_commitment_a_deadline_and_a_guarantee_may_be_let_pass_by_a_person(kind: str, level: Level):
    hit = CATALOGUE[IDS[kind]].hit  # type: ignore[index]
    noticed = {finding.id: finding.level for finding in promises(reply(hit), OPTIONS)}
    assert noticed[IDS[kind]] == level  # type: ignore[index]


@pytest.mark.parametrize("text", [
    "We cannot refund you.", "We won't refund you.", "You will not be refunded.", "No refund will be issued.",
    "We never cancel your order.", "Nous ne vous rembourserons pas.", "Vous ne serez pas remboursé.",
    "Je n'ai pas annulé votre commande.", "On rembourse pas.", "Aucun remboursement ne sera effectué.",
    "This is not our fault.", "Ce n'est pas notre faute.",
])  # fmt: skip
def test_a_refusal_is_no_promise(text: str):
    assert kinds(text) == []


@pytest.mark.parametrize(("text", "kind"), [
    ("We won't fail to refund you.", "refund"), ("We will not only refund you but call you.", "refund"),
    ("Nous ne manquerons pas de vous rembourser.", "refund"), ("This will never happen again.", "guarantee"),
    ("Cela ne se reproduira plus.", "guarantee"), ("We won't charge you.", "discount"), ("Vous ne paierez rien.", "discount"),
    ("The visit will not cost you anything.", "discount"), ("La visite ne vous coûtera rien.", "discount"),
    ("It is our fault, not your bank's.", "fault"), ("La faute nous revient, pas à votre banque.", "fault"),
])  # fmt: skip
def test_a_denial_that_promises_is_one(text: str, kind: str):
    assert kind in kinds(text)


@pytest.mark.parametrize(("text", "seen"), [
    ("Once your order has been shipped, you can follow it.", []),
    ("When it is here, your return is accepted.", []),
    ("Si votre compte a été bloqué, écrivez-nous.", []),
    ('The page shows "Your order has been cancelled".', []),
    ("Cliquez sur « J'ai annulé ma commande ».", []),
    ("After checking, I have cancelled your order.", ["action"]),
    ("Après vérification, nous avons annulé votre commande.", ["action"]),
    ("As you asked, your order has been cancelled.", ["action"]),
])  # fmt: skip
def test_what_tells_when_a_deed_is_done_is_no_deed(text: str, seen: list[str]):
    assert kinds(text) == seen


def test_a_question_claims_no_deed_but_one_that_states_does():
    assert found("Has your order been cancelled?") == []
    assert found("Votre carte est bloquée ?", language="fr") == []
    assert found("Your order has been cancelled, ok?") == ["klark.G101"]


def test_what_a_more_telling_class_says_is_no_mere_commitment():
    assert kinds("We will refund you.") == ["refund"]
    assert kinds("We will call you back, and we will refund you.") == ["refund", "commitment"]
    assert sorted(kinds("We will call you tomorrow.")) == ["commitment", "deadline"]


@pytest.mark.parametrize(("given", "plain"), [
    ("We'll pay 10% or €5.", " we will pay 10 percent or euros 5 $ "), ("J’ai « été » là !", " j ai ete la $ "),
    ("I can't, won't and don't.", " i can not will not and do not $ "), ("", "  $ "),
    ("It's well done.", " it is well done $ "),
])  # fmt: skip
def test_a_sentence_as_the_rules_see_it(given: str, plain: str):
    assert folded(given) == plain


def test_a_promise_says_which_words_make_it():
    made = Promise("refund", "we will refund", general=False, done=False, start=5, stop=20)
    assert promised("Then we'll refund you.") == (made,)


RULE = "Refunds are paid within 14 days of the return."


def test_a_promise_to_this_customer_is_not_the_tenants_rule():
    assert found("We will refund you within 14 days.", RULE) == ["klark.G100", "klark.G105"]
    assert found(
        "Nous vous rembourserons sous 14 jours.", "Les retours sont remboursés sous 14 jours.", language="fr"
    ) == ["klark.G100"]


def test_a_rule_for_everyone_is_knowledge_where_a_source_speaks_of_it():
    assert found("We refund returns within 14 days.", RULE) == []
    assert found("We refund returns within 14 days.", "Returns are easy.") == ["klark.G100"]
    assert found("We refund returns within 14 days.") == ["klark.G100"]


def test_a_promise_on_a_condition_needs_a_source_that_sets_one():
    promise = "If the course is called off, we will refund the fee."
    assert found(promise, "If a course is called off, the fee is refunded.") == []
    assert found(promise, "The fee of a course is refunded.") == ["klark.G100"]
    assert found("If you like, we will refund the fee.", "If a course is called off, the fee is refunded.") == [
        "klark.G100"
    ]


def test_what_a_source_promises_in_the_same_way_is_its_word():
    assert found("We'll call you back about your order.", "We will call you back on any order.") == []
    assert found("We'll repaint your kitchen.", "We will call you back on any order.") == ["klark.G102"]


def test_a_deed_is_nobodys_rule():
    assert found("Your order has been shipped now.", "You get a mail: your order has been shipped.") == ["klark.G101"]


@pytest.mark.parametrize("kind", ["refund", "action"])
def test_the_policy_allows_one_class_and_only_what_a_source_supports(kind: str):
    text, source = {
        "refund": ("We will refund the return.", RULE),
        "action": ("Your order has been cancelled.", "Status of order 1204: cancelled."),
    }[kind]
    assert found(text, source, allowed=(kind,)) == []
    assert found(text, source) == [IDS[kind]]  # type: ignore[index]
    assert found(text, allowed=(kind,)) == [IDS[kind]]  # type: ignore[index]
    assert found(text, "Our shop is in Lyon.", allowed=(kind,)) == [IDS[kind]]  # type: ignore[index]
    assert found(text, source, allowed=("guarantee",)) == [IDS[kind]]  # type: ignore[index]


def test_a_source_that_says_the_opposite_supports_nothing():
    assert found("We will refund the return.", "The return is not refunded.", allowed=("refund",)) == ["klark.G100"]


@pytest.mark.parametrize(("text", "sets"), [
    ("If it is late, tell us.", True), ("Once it is here, tell us.", True), ("S'il est tard, dites-le.", True),
    ("If you wish, tell us.", False), ("Si vous le souhaitez, dites-le.", False), ("Tell us.", False),
    ("After checking, we tell you.", False), ("Après vérification, nous le disons.", False),
])  # fmt: skip
def test_what_a_customer_may_wish_is_no_condition(text: str, sets: bool):
    assert is_conditional(folded(text)) == sets


def test_no_wording_has_what_a_folded_sentence_cannot_have():
    read = [pattern.pattern for rule in RULES for pattern in (rule.pattern, rule.innocent) if pattern]
    assert [text for text in read if not text.isascii() or text != text.lower()] == []
    assert [text for text in read if "'" in text or "-" in text or "  " in text] == []
