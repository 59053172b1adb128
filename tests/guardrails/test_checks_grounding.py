"""A claim rests on its source, or the words that decide are named."""

import pytest

from guardrails.base import Level
from guardrails.checks.grounding import grounding
from guardrails.support import gather, is_verbatim
from tests.guardrails.said import OPTIONS, reply


def found(text: str, *sources: str, **more) -> list[str]:
    """The ids that grounding finds in a reply of one sentence."""
    return [finding.id for finding in grounding(reply(text, *sources, **more), OPTIONS)]


@pytest.mark.parametrize(
    ("claim", "source", "language"),
    [
        ("You can return it within 30 days.", "Items can be sent back within 30 days.", "en"),
        ("Cheques are not accepted.", "We do not accept cheques.", "en"),
        ("You cannot pay by cheque.", "Payment by cheque is impossible.", "en"),
        ("Outlet items can't be returned.", "Items can be returned, unless they are outlet items.", "en"),
        ("Only unworn items can be returned.", "Items cannot be returned unless they are unworn.", "en"),
        ("You have to keep the receipt.", "The receipt must be kept.", "en"),
        ("Pink is the colour of charm.", "Pink is the most charming colour.", "en"),
        ("Every jacket is waterproof.", "All jackets are waterproof.", "en"),
        ("It costs at least 5 euros.", "It costs a minimum of €5.", "en"),
        ("La livraison est offerte dès 50 €.", "La livraison est gratuite à partir de 50 €.", "fr"),
        ("Les chèques sont refusés.", "Nous n'acceptons pas les chèques.", "fr"),
        (
            "L'annulation est possible tant que le colis n'est pas parti.",
            "Vous pouvez annuler tant que le colis n'est pas parti.",
            "fr",
        ),
        ("Il faut conserver le ticket.", "Le ticket doit être gardé.", "fr"),
    ],
)
def test_the_same_in_other_words_is_supported(claim: str, source: str, language: str):
    assert found(claim, source, language=language) == []


@pytest.mark.parametrize(
    ("claim", "source", "language", "id_"),
    [
        ("Our founder loves sailing.", "Refunds are paid by card.", "en", "klark.G121"),
        ("Refunds are not paid by card.", "Refunds are paid by card.", "en", "klark.G112"),
        ("Nous acceptons les chèques.", "Nous n'acceptons pas les chèques.", "fr", "klark.G112"),
        ("Outlet items can be returned.", "Items can be returned, unless they are outlet items.", "en", "klark.G112"),
        ("Items can be returned.", "Items can be returned, unless they are worn.", "en", "klark.G113"),
        ("Les articles sont repris.", "Les articles sont repris, sauf la lingerie.", "fr", "klark.G113"),
        ("Items can be returned, only if you are a member.", "Items can be returned.", "en", "klark.G114"),
        ("Refunds are paid in cash.", "Refunds are paid by card.", "en", "klark.G115"),
        ("Le pull est en coton.", "Le pull est en laine.", "fr", "klark.G115"),
        ("Our shop in Lyon opens early.", "Our shop in Paris opens early.", "en", "klark.G116"),
        ("You must return the box.", "You can return the box.", "en", "klark.G117"),
        ("You can keep the receipt.", "You must keep the receipt.", "en", "klark.G117"),
        ("The lamp flickers.", "The lamp might flicker.", "en", "klark.G117"),
        ("All jackets run small.", "Some jackets run small.", "en", "klark.G118"),
        ("Cards can be used online.", "Cards can only be used online.", "en", "klark.G118"),
        ("Shipping is always free.", "Shipping is free.", "en", "klark.G118"),
        ("Shipping is free up to €50.", "Shipping is free from €50.", "en", "klark.G119"),
        ("The battery charges for 4 hours.", "The battery charges for at least 4 hours.", "en", "klark.G119"),
    ],
)
def test_each_departure_has_its_finding(claim: str, source: str, language: str, id_: str):
    assert id_ in found(claim, source, language=language)


@pytest.mark.parametrize(
    "text", ["Refunds are quick.", "Hello Anna, refunds are quick.", "Bonjour. Tout est remboursé."]
)
def test_a_statement_without_a_source_is_held(text: str):
    findings = grounding(reply(text), OPTIONS)
    assert [(finding.id, finding.level) for finding in findings] == [("klark.G110", Level.HOLD)]


def test_an_instruction_and_a_question_need_a_source():
    assert found("Send the parcel to the warehouse.") == ["klark.G120"]
    assert found("Could you send us the code that we sent you?") == ["klark.G110"]


def test_a_contradiction_blocks_and_names_the_words():
    (finding,) = grounding(reply("Our shop in Lyon opens early.", "Our shop in Paris opens early."), OPTIONS)
    assert (finding.level, finding.words) == (Level.BLOCK, "Lyon")
    assert finding.why == 'the reply names "Lyon", where the source names "Paris"'


def test_a_condition_that_the_customer_meets_may_be_left_out_when_it_only_says_when():
    rule = "If your parcel is damaged, open a claim."
    assert found("Open a claim.", rule, ticket="My parcel is damaged!") == []
    assert found("Open a claim.", rule, ticket="Where is it?") == ["klark.G113"]


def test_an_exception_is_not_excused_by_the_ticket():
    rule = "Items can be returned, unless they are worn."
    assert found("Items can be returned.", rule, ticket="It is not worn.") == ["klark.G113"]


def test_each_claim_of_a_sentence_is_judged():
    assert found("Refunds are paid by card. Our founder loves sailing.", "Refunds are paid by card.") == ["klark.G121"]


def test_a_claim_may_be_merged_from_two_sources():
    assert (
        found("Refunds are paid by card and parcels are insured.", "Refunds are paid by card.", "Parcels are insured.")
        == []
    )


def test_what_the_customer_wrote_is_no_source_for_words():
    rule = "Refunds are paid by card."
    assert found("You wrote that the lamp flickers.", ticket="Hi, my lamp flickers!") == ["klark.G110"]
    assert found("As you wrote, refunds are free.", rule, ticket="Refunds are free.") == ["klark.G121"]
    assert (
        found("As you wrote, everybody gets a voucher.", rule, ticket="Everybody gets a voucher.")[-1] == "klark.G121"
    )


def test_words_of_the_passage_count_less_than_those_of_the_cited_sentence():
    whole = gather("Parcels are insured abroad", reply("", "Parcels are insured abroad.").sentences[0].sources, "en")
    near = gather(
        "Parcels are insured abroad", reply("", "Parcels are insured.", around="Abroad.").sentences[0].sources, "en"
    )
    assert whole.coverage == 1.0
    assert 0.7 < near.coverage < 1.0


def test_only_whole_sentences_are_verbatim():
    sources = reply("", "One rule. Another rule, unless it rains.").sentences[0].sources
    assert is_verbatim("another RULE, unless it rains", sources)
    assert is_verbatim("One rule. Another rule, unless it rains.", sources)
    assert not is_verbatim("Another rule", sources)
    assert not is_verbatim("", sources)
