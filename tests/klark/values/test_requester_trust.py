"""Who asks, and who reads: four levels from what the helpdesk says, and what may be told at each."""

from dataclasses import replace
from itertools import product
from typing import Any, get_args

import pytest

from guardrails.base import Level, Options, Reader, Reply, Sentence, Source
from guardrails.checks.entitled_reader import audience
from integrations.helpdesks.base import Comment, Doubt, Person, Ticket
from klark.deciding.case import case_of
from klark.delivery.render import render_handover, render_note
from klark.drafting.request import guard_options
from klark.triage.model import vectors
from klark.triage.triage import triage as triaged
from klark.values.decision import Decided
from klark.values.own_comments import OwnComments
from klark.values.policy import Rules
from klark.values.reasons import Reason
from klark.values.requester_trust import (
    LEVELS,
    NOT_TOLD,
    WHYS,
    Signs,
    Trust,
    Why,
    is_asked_for,
    judged,
    signs_of,
    trust,
    trust_words,
)
from tests.klark.said import CAMILLE, TONI, comment, noted, ticket, triage, verdict

VERIFIED = Person(CAMILLE.id, CAMILLE.name, CAMILLE.email, "customer", verified=True)
DOUBTS: tuple[Doubt, ...] = get_args(Doubt)


def wrote(author: Person, **more: Any) -> Comment:
    return replace(comment(1), author=author, **more)


SUSPENDED, UNPROVEN = replace(VERIFIED, suspended=True), replace(VERIFIED, verified=False)
NAMELESS = Person("", "Camille")

# Each reason by a ticket that has it alone, and what wins where a ticket has several.
TICKETS: tuple[tuple[Ticket, Reader, Why], ...] = (
    (ticket(wrote(VERIFIED), requester=VERIFIED), "verified", "proven"),
    (ticket(), "known", "not_told"),
    (ticket(wrote(TONI), requester=VERIFIED), "third_party", "not_the_requester"),
    (ticket(wrote(VERIFIED, doubts=("not_in_conversation",)), requester=VERIFIED), "third_party", "not_in_conversation"),
    (ticket(wrote(VERIFIED), requester=VERIFIED, cc=(TONI,)), "third_party", "in_copy"),
    (ticket(wrote(Person("9", "", CAMILLE.email.upper())), requester=VERIFIED), "unknown", "other_account"),
    (ticket(wrote(SUSPENDED), requester=SUSPENDED), "unknown", "suspended"),
    (ticket(wrote(VERIFIED, doubts=("on_behalf",)), requester=VERIFIED), "unknown", "on_behalf"),
    (ticket(wrote(VERIFIED, doubts=("not_signed_in",)), requester=VERIFIED), "unknown", "not_signed_in"),
    (ticket(wrote(VERIFIED, doubts=("unsure",)), requester=VERIFIED), "unknown", "unsure"),
    (ticket(wrote(UNPROVEN), requester=UNPROVEN), "unknown", "unverified"),
    (ticket(wrote(VERIFIED, public=False), requester=VERIFIED), "unknown", "nobody"),
    (ticket(wrote(NAMELESS), requester=NAMELESS), "unknown", "nobody"),
    (ticket(requester=NAMELESS), "third_party", "not_the_requester"),
    (ticket(wrote(Person("9")), requester=Person(VERIFIED.id, verified=True)), "third_party", "not_the_requester"),
    (ticket(wrote(VERIFIED, public=False), requester=VERIFIED, cc=(TONI,)), "third_party", "in_copy"),
    (ticket(wrote(Person("9", "", CAMILLE.email)), requester=VERIFIED, cc=(TONI,)), "third_party", "in_copy"),
    (ticket(wrote(SUSPENDED, doubts=("unsure",)), requester=SUSPENDED), "unknown", "suspended"),
    (ticket(wrote(UNPROVEN, doubts=("on_behalf", "unsure")), requester=UNPROVEN), "unknown", "on_behalf"),
)  # fmt: skip


@pytest.mark.parametrize(("given", "level", "why"), TICKETS)
def test_a_ticket_is_read_for_who_wrote_and_who_will_read(given: Ticket, level: Reader, why: Why) -> None:
    assert trust(given) == Trust(level, why)


def test_every_reason_has_a_ticket_and_every_level_and_reason_its_words() -> None:
    assert {why for _, _, why in TICKETS} == set(get_args(Why)) == set(WHYS)
    assert {level for _, level, _ in TICKETS} == set(get_args(Reader)) == set(LEVELS)


@pytest.mark.parametrize(("given", "level", "why"), TICKETS)
def test_what_is_the_requesters_own_comes_to_mind_for_them_alone(given: Ticket, level: Reader, why: Why) -> None:
    assert is_asked_for(given) is (level in {"verified", "known"})


@pytest.mark.parametrize(("given", "level", "why"), TICKETS)
def test_a_reply_that_a_third_party_would_read_waits(given: Ticket, level: Reader, why: Why) -> None:
    seen = triaged(given, (), vectors)
    assert case_of(seen, Rules(), given, OwnComments(frozenset())).third_party is (level == "third_party")


def every_case() -> list[Signs]:
    writers: tuple[Any, ...] = ("requester", "same_address", "other", "nobody")
    doubts = [frozenset[Doubt](), *(frozenset({doubt}) for doubt in DOUBTS), frozenset(DOUBTS)]
    return [Signs(*one) for one in product(writers, (True, False), doubts, (True, False), (True, False, None))]


def test_only_one_case_of_all_is_verified() -> None:
    cases = every_case()
    assert len(cases) == 288
    assert [one for one in cases if judged(one).level == "verified"] == [Signs(verified=True)]
    assert [one for one in cases if judged(one).level == "known"] == [Signs()]


def test_another_sign_against_them_never_raises_the_level() -> None:
    order: tuple[Reader, ...] = ("third_party", "unknown", "known", "verified")
    for one in every_case():
        worse = Signs(one.writer, in_copy=True, doubts=frozenset(DOUBTS), suspended=True, verified=False)
        assert order.index(judged(worse).level) <= order.index(judged(one).level)


def test_the_doubts_are_those_of_the_turn_alone() -> None:
    first, last = wrote(VERIFIED, doubts=("unsure",)), replace(comment(2), author=VERIFIED)
    assert signs_of(ticket(first, last, requester=VERIFIED)) == Signs(verified=True)


def test_the_triage_knows_who_asks() -> None:
    assert triaged(ticket(wrote(VERIFIED), requester=VERIFIED), (), vectors).trust == Trust("verified", "proven")
    assert triaged(ticket(cc=(TONI,)), (), vectors).trust == Trust("third_party", "in_copy")


def test_the_checks_are_told_who_reads() -> None:
    told = [guard_options(Rules(), triage(trust=Trust(level, "not_told"))).reader for level in LEVELS]
    assert told == list(LEVELS)


# What may be told

FACT = Source("crm", "Order 1204 ships on: 2026-11-27.", "Known of this customer", personal=True)
RULE = Source(
    "a1", "Write to help@shop.example about order 99887766.", around="Write to help@shop.example about order 99887766."
)


def held(text: str, level: Reader, *sources: Source, wrote: str = "") -> list[str]:
    reply = Reply((Sentence(text, sources),), "en", wrote)
    return [
        finding.words for finding in audience(reply, guard_options(Rules(), triage(trust=Trust(level, "not_told"))))
    ]


@pytest.mark.parametrize("level", LEVELS)
def test_a_fact_on_the_requester_is_for_the_verified_one_alone(level: Reader) -> None:
    expected = [] if level == "verified" else ["Order 1204 ships on"]
    assert held("Your order ships on 27 November.", level, FACT) == expected
    assert held(FACT.text, level, FACT, RULE) == expected


@pytest.mark.parametrize(("text", "wrote", "words"), [
    ("We have camille.durand@example.org on file.", "", ["camille.durand@example.org"]),
    ("We have camille.durand@example.org on file.", "I am camille.durand@example.org", []),
    ("You live at 12 rue des Lilas, 69003 Lyon.", "", ["12 rue des Lilas, 69003 Lyon"]),
    ("Write to help@shop.example.", "", []),
    ("Your number is +33 6 12 34 56 78.", "", ["+33 6 12 34 56 78"]),
    ("Your number is +33 6 12 34 56 78.", "call +33612345678", []),
    ("Delivery takes 3 to 5 working days.", "", []),
    ("Hello Camille,", "", ["Camille"]),
])  # fmt: skip
def test_values_come_from_the_knowledge_or_from_the_one_who_wrote(text: str, wrote: str, words: list[str]) -> None:
    assert held(text, "third_party", RULE, wrote=wrote) == words
    assert held(text, "verified", RULE, wrote=wrote) == []


@pytest.mark.parametrize(("text", "sources", "alone"), [
    ("Your order ships on 27 November.", (FACT,), False), ("Your order ships on 27 November.", (RULE, FACT), False),
    ("Write to camille.durand@example.org.", (RULE,), True), ("Your number is +33 6 12 34 56 78.", (), True),
])  # fmt: skip
@pytest.mark.parametrize("level", ["known", "unknown", "third_party"])
def test_a_fact_may_never_go_out_by_itself_and_a_value_where_the_policy_lets_it(
    text: str, sources: tuple[Source, ...], alone: bool, level: Reader
) -> None:
    checked = audience(Reply((Sentence(text, sources),), "en"), Options(reader=level))
    assert [(finding.level, finding.never_alone) for finding in checked] == [(Level.HOLD, not alone)]


def test_the_tenants_own_address_may_be_told_however_the_sentence_ends() -> None:
    shops = Source("a2", "Lille (3 quai du Vernoy), Nantes (41 rue de la Brière).")
    assert held("Passez à notre boutique de Nantes, 41 rue de la Brière.", "known", shops) == []
    assert held("Passez à notre boutique de Nantes, 43 rue de la Brière.", "known", shops) != []


def test_the_finding_holds_and_says_to_whom_it_would_go() -> None:
    reply = Reply((Sentence("It ships on 27 November.", (FACT,)),), "en")
    (finding,) = audience(reply, guard_options(Rules(), triage(trust=Trust("unknown", "suspended"))))
    assert (finding.id, finding.level, finding.sentence) == ("klark.G085", Level.HOLD, 0)
    assert finding.why == "personal or account data would go to a requester whom nobody knows: Order 1204 ships on"


# How it is told


@pytest.mark.parametrize(("found", "language", "words"), [
    (Trust("verified", "proven"), "en", "verified requester (the helpdesk has proof of the address)"),
    (Trust("verified", "proven"), "fr-CA", "demandeur vérifié (le helpdesk a vérifié l'adresse)"),
    (Trust("third_party", "in_copy"), "fr", "un tiers lit aussi (quelqu'un d'autre est en copie)"),
    (NOT_TOLD, "de", "known requester, not verified (the helpdesk does not say whether the address is theirs)"),
])  # fmt: skip
def test_a_level_in_words(found: Trust, language: str, words: str) -> None:
    assert trust_words(found, language) == words


def test_every_word_stands_in_both_languages() -> None:
    assert [pair for pair in (*LEVELS.values(), *WHYS.values()) if pair[0] == pair[1] or not all(pair)] == []


def test_the_note_and_the_handover_say_who_asks() -> None:
    suspended = Trust("unknown", "suspended")
    reply = Reply((Sentence("It takes 3 days."),), "en")
    note = render_note("", noted(reply, verdict(), triage=triage(trust=suspended)), "fr").text
    assert "À vérifier\xa0: Qui demande\xa0: demandeur inconnu (le demandeur est suspendu dans le helpdesk)" in note
    given_over = render_handover(
        Decided("ESCALATE", Reason.ASKS_FOR_HUMAN), triage(trust=suspended), "", Rules(), "en"
    ).text
    assert "- Who asks: unknown requester (the requester is suspended at the helpdesk)" in given_over
