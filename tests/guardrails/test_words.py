"""Stems meet across inflection; negation reaches what it denies and no more."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guardrails.kinds import is_restating, kind_of
from guardrails.words import bare, fold, read, same_text, stem


@pytest.mark.parametrize(
    ("left", "right", "language"),
    [
        ("remboursement", "rembourser", "fr"),
        ("livraison", "livrés", "fr"),
        ("annulation", "annulée", "fr"),
        ("commandes", "acheter", "fr"),
        ("offerte", "gratuite", "fr"),
        ("retour", "renvoyer", "fr"),
        ("cancellation", "cancelled", "en"),
        ("parcel", "packages", "en"),
        ("refunded", "reimburse", "en"),
        ("delivery", "delivered", "en"),
        ("impossible", "possible", "en"),
    ],
)
def test_words_that_say_the_same_have_one_stem(left: str, right: str, language: str):
    assert stem(left, language) == stem(right, language)


@pytest.mark.parametrize(("left", "right"), [("contact", "contract"), ("card", "cash"), ("refund", "return")])
def test_words_that_say_something_else_do_not(left: str, right: str):
    assert stem(left, "en") != stem(right, "en")


@pytest.mark.parametrize(
    ("text", "language", "negated"),
    [
        ("Nous n'acceptons pas les chèques.", "fr", ["acceptons", "chèques"]),
        ("Nous acceptons les chèques.", "fr", []),
        ("Le paiement par chèque est impossible.", "fr", ["paiement", "chèque", "impossible"]),
        ("Il n'y a que la carte.", "fr", []),
        ("Aucun remboursement n'est accordé.", "fr", ["remboursement", "accordé"]),
        ("Refunds aren't paid in cash.", "en", ["Refunds", "paid", "cash"]),
        ("You can't cancel it, but we deliver.", "en", ["cancel"]),
        ("It is not only fast.", "en", []),
        ("Items sold without receipt.", "en", ["receipt"]),
        ("It is not impossible.", "en", []),
    ],
)
def test_negation_reaches_what_it_denies(text: str, language: str, negated: list[str]):
    assert [word.text for word in read(text, language).words if word.negated] == negated


def test_pronouns_and_small_words_are_no_evidence():
    assert read("I think that we are really happy with you", "en").stems == {"think"}


def test_case_accents_spaces_and_end_marks_make_no_other_text():
    assert same_text("« Déjà  vu ! »", "deja vu")
    assert not same_text("vu", "déjà vu")
    assert bare("  Oui. ") == "oui"


@given(st.text(max_size=200))
def test_any_text_can_be_folded_and_read(text: str):
    assert fold(fold(text)) == fold(text)
    assert all(word.stem for word in read(text, "fr").words)


@pytest.mark.parametrize(
    ("sentence", "kind"),
    [
        ("Bonjour Mme Durand,", "COURTESY"),
        ("Hello Anna-Maria,", "COURTESY"),
        ("Thank you for contacting us.", "COURTESY"),
        ("Nous restons à votre disposition pour toute question.", "COURTESY"),
        ("Nous sommes désolés pour la gêne occasionnée.", "COURTESY"),
        ("Bonjour, votre remboursement est approuvé.", "STATEMENT"),
        ("Thank you, your refund is approved.", "STATEMENT"),
        ("We are sorry that we lost your parcel.", "STATEMENT"),
        ("Hello Refund Approved Today Yes,", "STATEMENT"),
        ("Could you tell us your order number?", "QUESTION"),
        ("Please send us your order number.", "QUESTION"),
        ("Merci de nous indiquer votre numéro de commande.", "QUESTION"),
        ("Merci de nous indiquer votre mot de passe.", "INSTRUCTION"),
        ("Did you know that refunds are instant?", "STATEMENT"),
        ("Refunds are instant, right?", "STATEMENT"),
        ("Cliquez sur Enregistrer.", "INSTRUCTION"),
        ("Pour retourner un article, imprimez l'étiquette.", "INSTRUCTION"),
        ("Ne branchez pas l'appareil.", "INSTRUCTION"),
        ("To cancel, open your account.", "INSTRUCTION"),
        ("2. Send the parcel to the warehouse.", "INSTRUCTION"),
        ("Chez nous, tout est simple.", "STATEMENT"),
        ("Refunds take 3 days.", "STATEMENT"),
    ],
)
def test_a_sentence_is_classed_by_what_it_does(sentence: str, kind: str):
    assert kind_of(sentence) == kind


@pytest.mark.parametrize(
    "sentence", ["As you wrote, it broke.", "Comme vous l'indiquez, il est cassé.", "Vous indiquez qu'il manque."]
)
def test_a_sentence_that_repeats_the_customer_is_known(sentence: str):
    assert is_restating(sentence)
    assert not is_restating("It broke, as our page says.")
