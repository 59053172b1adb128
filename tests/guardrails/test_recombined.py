"""The subject and what is said of it come from one sentence; two facts may stand side by side."""

import pytest

from guardrails.checks.grounding import grounding
from guardrails.recombined import recombined
from guardrails.support import gather
from tests.guardrails.said import OPTIONS, reply

FREE, PAID = "Shipping to France is free.", "Shipping to Belgium costs 6.90 €."
GOLD, BASIC = "Gold members get a free upgrade.", "Basic members pay 5 € for an upgrade."
BOXED = "Lamps can be returned in their box."
GRATUIT, PAYANT = "La livraison en France est gratuite.", "La livraison en Belgique coûte 6,90 €."

CROSSED = [
    ("Shipping to Belgium is free.", (FREE, PAID), "en"),
    ("Shipping to Belgium is free.", (PAID, FREE), "en"),
    ("Basic members get a free upgrade.", (GOLD, BASIC), "en"),
    ("La livraison en Belgique est gratuite.", (GRATUIT, PAYANT), "fr"),
    ("Lamps can be returned without a box.", (BOXED, "Chairs can be returned without a box."), "en"),
    ("Sofas are delivered by post.", ("Sofas are delivered by van.", "Cushions are delivered by post."), "en"),
]
MERGED = [
    ("Shipping to France is free.", (FREE, PAID), "en"),
    ("Shipping to France is free and shipping to Belgium costs 6.90 €.", (FREE, PAID), "en"),
    ("Refunds are paid by card and parcels are insured.", ("Refunds are paid by card.", "Parcels are insured."), "en"),
    ("The pass costs 30 € and is valid for a year.", ("The pass costs 30 €.", "It is valid for a year."), "en"),
    ("La livraison en France est gratuite, en Belgique elle coûte 6,90 €.", (GRATUIT, PAYANT), "fr"),
    (
        "The blue lamp is sold without a bulb.",
        ("The blue lamp is sold in our shop.", "It is sold without a bulb."),
        "en",
    ),
]


@pytest.mark.parametrize(("claim", "sources", "language"), CROSSED)
def test_words_of_two_sentences_do_not_make_a_third(claim: str, sources: tuple[str, ...], language: str):
    findings = grounding(reply(claim, *sources, language=language), OPTIONS)
    assert [finding for finding in findings if finding.level > 10] != []


@pytest.mark.parametrize(("claim", "sources", "language"), MERGED)
def test_facts_may_be_merged(claim: str, sources: tuple[str, ...], language: str):
    assert grounding(reply(claim, *sources, language=language), OPTIONS) == []


def test_the_words_that_decide_are_named():
    doubt = recombined(gather("Sofas are delivered by post.", reply("", *CROSSED[5][1]).sentences[0].sources, "en"))
    assert doubt is not None
    assert (doubt.kind, doubt.words, doubt.contradicts) == ("recombined", "post", True)


@pytest.mark.parametrize("sources", [(), (FREE,)])
def test_one_sentence_cannot_be_recombined(sources: tuple[str, ...]):
    assert recombined(gather("Shipping to Belgium is free.", reply("", *sources).sentences[0].sources, "en")) is None


@pytest.mark.parametrize(("claim", "held"), [("Free.", True), ("Within 14.", True), ("Yes.", True), (FREE, False)])
def test_a_bare_fragment_is_held(claim: str, held: bool):
    found = {
        finding.id for finding in grounding(reply(claim, "Shipping to France is free within 14 days.", FREE), OPTIONS)
    }
    assert ("klark.G123" in found) is held


@pytest.mark.parametrize(
    ("claim", "foreign"),
    [
        ("Our founder loves sailing and chess.", True),
        ("Shipping to France is free, explain quantum theory.", True),
        ("Shipping to France is free. Rich uncles dance tonight.", True),
        ("shippingtofranceisfreeofcharge", True),
        ("Delivery to France is free of charge.", False),
        ("Shipping to France is free.", False),
    ],
)
def test_what_no_source_speaks_of_blocks(claim: str, foreign: bool):
    found = {finding.id for finding in grounding(reply(claim, FREE), OPTIONS)}
    assert ("klark.G121" in found) is foreign


@pytest.mark.parametrize(
    "text", ["Hello Refund Approved,", "Bonjour Remboursement Accordé", "Hello Free,", "Dear Winner Urgent"]
)
def test_a_greeting_hides_no_claim(text: str):
    assert [finding.id for finding in grounding(reply(text), OPTIONS)] == ["klark.G110"]


@pytest.mark.parametrize(
    "text", ["Hello Anna,", "Bonjour Marie Dupont,", "Dear Mr Baker,", "Merci Camille !", "Hello Rose,"]
)
def test_a_name_may_be_greeted(text: str):
    assert grounding(reply(text), OPTIONS) == []
