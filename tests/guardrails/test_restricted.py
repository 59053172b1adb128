"""A rule for some ("orders that come back unused") does not hold for the customer's own thing, of which nobody knows it."""

import pytest

from guardrails.base import Source
from guardrails.doubt import Doubt
from guardrails.restricted import any_bound_dropped, bound_dropped, is_bounded, restriction_dropped
from guardrails.support import Evidence, gather
from guardrails.words import read
from tests.guardrails.said import ids, verdict


def evidence(claim: str, source: str, language: str = "en", ticket: str = "") -> Evidence:
    return gather(claim, [Source("a1", source)], language, ticket)


def dropped(claim: str, source: str, language: str = "en", ticket: str = "") -> str:
    """The words that the claim leaves out, or ""."""
    doubt = restriction_dropped(evidence(claim, source, language, ticket))
    return doubt.words if doubt else ""


@pytest.mark.parametrize(("claim", "source", "words"), [
    ("Your battery has a two-year warranty.", "Batteries sold after 2024 have a two-year warranty.", "sold 2024"),
    ("We refund your order.", "We refund orders that come back unused.", "come back unused"),
    ("We cancel your order.", "We cancel orders that are not paid.", "paid"),
    ("Your lamp is replaced.", "Lamps that arrive broken are replaced.", "arrive broken"),
    ("Your parcel arrives Monday.", "Parcels ordered on Friday arrive on Monday.", "ordered Friday"),
    ("Your order can be returned.", "Unopened orders can be returned.", "Unopened"),
    ("Your lamp is replaced.", "Broken lamps are replaced.", "Broken"),
    ("This parcel is insured.", "Parcels sent by courier are insured.", "sent courier"),
    ("Your order can be returned.", "Orders not yet opened can be returned.", "opened"),
    ("You pay half.", "Students who show a card pay half.", "show card"),
    ("You get a key.", "Those who rent a locker get a key.", "rent locker"),
])  # fmt: skip
def test_a_bound_on_the_customers_own_thing_may_not_be_left_out(claim: str, source: str, words: str):
    assert dropped(claim, source) == words


@pytest.mark.parametrize(("claim", "source", "words"), [
    ("Votre commande est remboursable.", "Les commandes non déballées sont remboursables.", "déballées"),
    ("Votre batterie a une garantie.", "Les batteries vendues après 2024 ont une garantie.", "vendues 2024"),
    ("Votre lampe est remplacée.", "Les lampes qui arrivent cassées sont remplacées.", "arrivent cassées"),
    ("Vos articles sont repris.", "Les articles que vous recevez abîmés sont repris.", "recevez abîmés"),
    ("Cette commande part lundi.", "Les commandes passées vendredi partent lundi.", "passées vendredi"),
])  # fmt: skip
def test_nor_in_french(claim: str, source: str, words: str):
    assert dropped(claim, source, "fr") == words


@pytest.mark.parametrize(("claim", "source", "language"), [
    ("We refund orders that come back unused.", "We refund orders that come back unused.", "en"),
    ("Your unopened order can be returned.", "Unopened orders can be returned.", "en"),
    ("Your battery, sold after 2024, has a warranty.", "Batteries sold after 2024 have a warranty.", "en"),
    ("If your lamp arrives broken, it is replaced.", "Lamps that arrive broken are replaced.", "en"),
    ("Your order that came back unused is refunded.", "Orders that come back unused are refunded.", "en"),
    ("Your parcel has a tracking number.", "Every parcel has a tracking number.", "en"),
    ("Your parcel, which is insured, has a number.", "Parcels, which are insured, have a number.", "en"),
    ("Returns are free.", "Returns sent by post are free.", "en"),
    ("You can pay by card.", "Card payments are possible.", "en"),
    ("Vos commandes non déballées sont remboursables.", "Les commandes non déballées sont remboursables.", "fr"),
    ("Votre colis a un numéro.", "Chaque colis a un numéro.", "fr"),
    ("Si votre lampe arrive cassée, elle est remplacée.", "Les lampes qui arrivent cassées sont remplacées.", "fr"),
])  # fmt: skip
def test_what_is_said_or_never_bounded_is_not_left_out(claim: str, source: str, language: str):
    assert dropped(claim, source, language) == ""


def test_the_ticket_may_say_it():
    claim, source = "Your battery has a warranty.", "Batteries sold after 2024 have a warranty."
    assert dropped(claim, source, ticket="You sold me a battery.") == "sold 2024"
    assert dropped(claim, source, ticket="It was sold to me in 2024.") == ""


def test_a_promise_to_everyone_may_leave_out_no_bound_either():
    said = evidence("We refund orders.", "We refund orders that come back unused.")
    assert restriction_dropped(said) is None
    assert bound_dropped(said) == Doubt(
        "condition dropped",
        "come back unused",
        'the reply leaves out that the source speaks only of "come back unused"',
    )


def test_a_word_to_this_customer_leaves_out_what_it_does_not_even_name():
    said = evidence("We will refund you.", "We will refund any order that comes back unused.")
    assert bound_dropped(said) is None
    left_out = any_bound_dropped(said)
    assert left_out is not None
    assert left_out.words == "comes back unused"


def test_by_what_means_need_not_be_said():
    assert (
        any_bound_dropped(evidence("We will call you.", "We will call you by the number given in the order.")) is None
    )
    assert any_bound_dropped(evidence("We will call you.", "Nothing of the kind.")) is None


def test_a_claim_without_a_source_leaves_nothing_out():
    bare = gather("We will call you.", [], "en")
    assert (restriction_dropped(bare), bound_dropped(bare), any_bound_dropped(bare)) == (None, None, None)


@pytest.mark.parametrize(("text", "language", "bounded"), [
    ("Orders that come back are refunded.", "en", True), ("Orders paid by card are refunded.", "en", True),
    ("Damaged lamps are replaced.", "en", True), ("Orders are refunded.", "en", False), ("We need a receipt.", "en", False),
    ("Les lampes cassées sont remplacées.", "fr", True), ("Les lampes dont le pied tremble.", "fr", True),
    ("Les lampes sont garanties.", "fr", False),
])  # fmt: skip
def test_what_bounds_a_noun(text: str, language: str, bounded: bool):
    assert is_bounded(read(text, language)) == bounded


@pytest.mark.parametrize(("claim", "source", "language"), [
    ("Your battery has a two-year warranty.", "Batteries sold after 2024 have a two-year warranty.", "en"),
    ("Votre commande est remboursable.", "Les commandes non déballées sont remboursables.", "fr"),
])  # fmt: skip
def test_the_guard_holds_it_as_a_dropped_condition(claim: str, source: str, language: str):
    assert ids(verdict(claim, source, language=language)) == {"klark.G113"}
