"""What is said to this customer in the simple present, or without a verb, is a promise; what is said of everyone is a rule."""

import pytest

from guardrails.base import Level
from guardrails.checks.promises import IDS, promises
from guardrails.promise_rules import RULES
from guardrails.promised import Promise, promised
from tests.guardrails.said import OPTIONS, ids, reply, verdict


def own(text: str) -> set[str]:
    """The classes of what is not said of everyone."""
    return {made.kind for made in promised(text) if not made.general}


def found(text: str, *sources: str, language: str = "en") -> list[str]:
    return [finding.id for finding in promises(reply(text, *sources, language=language), OPTIONS)]


PRESENT = [
    ("refund", "We refund your order."),
    ("refund", "I refund your ticket."),
    ("refund", "Our accounts team refunds your ticket."),
    ("refund", "We refund it."),
    ("refund", "We give your money back."),
    ("refund", "We credit your card."),
    ("refund", "You get a full refund."),
    ("refund", "Your ticket is refunded."),
    ("refund", "Nous remboursons votre commande."),
    ("refund", "Nous la remboursons."),
    ("refund", "Je rembourse votre billet."),
    ("refund", "L'équipe rembourse votre billet."),
    ("refund", "Votre billet est remboursé."),
    ("refund", "Vous êtes remboursé sous dix jours."),
    ("refund", "Vous recevez votre remboursement mardi."),
    ("announced", "We cancel your order."),
    ("announced", "I cancel your order today."),
    ("announced", "Our team cancels your subscription."),
    ("announced", "We extend your warranty."),
    ("announced", "We put your subscription on hold."),
    ("announced", "Your card is unblocked today."),
    ("announced", "Nous annulons votre commande."),
    ("announced", "On annule votre abonnement."),
    ("announced", "Nous l'annulons tout de suite."),
    ("announced", "Nous prolongeons votre garantie."),
    ("announced", "Votre carte est débloquée aujourd'hui."),
    ("commitment", "We replace your lamp."),
    ("commitment", "Our workshop repairs your bike."),
    ("commitment", "Your bike is repaired for you."),
    ("commitment", "Someone calls you about it."),
    ("commitment", "Nous remplaçons votre lampe."),
    ("commitment", "Nous réparons votre vélo."),
    ("commitment", "Nous la remplaçons."),
    ("commitment", "Un technicien passe chez vous."),
    ("deadline", "It ships today."),
    ("deadline", "Your parcel arrives Monday."),
    ("deadline", "You get it tomorrow."),
    ("deadline", "We reship your parcel tomorrow."),
    ("deadline", "Il part aujourd'hui."),
    ("deadline", "Votre colis arrive lundi."),
    ("deadline", "Vous l'avez demain."),
    ("deadline", "Nous vous livrons demain."),
    ("discount", "We offer you a voucher."),
    ("discount", "We knock 10 euros off your bill."),
    ("discount", "We waive your fee."),
    ("discount", "We reduce your bill."),
    ("discount", "Vous recevez un bon d'achat."),
    ("discount", "Nous réduisons votre facture."),
    ("discount", "Nous vous offrons une remise."),
    ("compensation", "We pay your hotel bill."),
    ("compensation", "We cover your taxi costs."),
    ("compensation", "Nous payons votre hôtel."),
    ("compensation", "Nous prenons en charge votre taxi."),
    ("compensation", "Nous indemnisons votre famille."),
    ("exception", "We extend the deadline for you."),
    ("exception", "Nous prolongeons le délai pour vous."),
    ("guarantee", "We guarantee your battery."),
    ("guarantee", "Your battery is guaranteed to last."),
    ("guarantee", "Nous garantissons votre batterie."),
    ("guarantee", "Votre batterie est garantie à vie."),
    ("legal", "Your landlord is breaking the law."),
    ("medical", "This cream cures your colds."),
]


@pytest.mark.parametrize(("kind", "text"), PRESENT)
def test_the_simple_present_to_this_customer_is_a_promise(kind: str, text: str):
    assert kind in own(text)


DEEDS = [
    ("action", "Order cancelled."),
    ("action", "Done: order cancelled."),
    ("action", "Hello Ada, subscription cancelled as requested."),
    ("action", "Address changed for you."),
    ("action", "Exchange approved."),
    ("action", "Cancelled your order for you."),
    ("action", "Your order was cancelled by me."),
    ("action", "Your order was cancelled."),
    ("action", "The order was deleted by our team."),
    ("action", "It was cancelled by one of our agents."),
    ("action", "Commande annulée."),
    ("action", "Voilà, annulation enregistrée."),
    ("action", "Abonnement résilié."),
    ("action", "Adresse modifiée comme convenu."),
    ("action", "Modification faite."),
    ("action", "Votre commande a été annulée par mes soins."),
    ("action", "La commande a été supprimée par notre équipe."),
    ("refund", "Refund done."),
    ("refund", "Full refund issued today."),
    ("refund", "Money refunded."),
    ("refund", "Payment refunded."),
    ("refund", "Refunded your card."),
    ("refund", "Remboursement effectué."),
    ("refund", "Virement effectué ce jour."),
    ("refund", "Paiement remboursé."),
]


@pytest.mark.parametrize(("kind", "text"), DEEDS)
def test_a_deed_without_subject_or_verb_is_one(kind: str, text: str):
    assert (kind, True) in {(made.kind, made.done) for made in promised(text)}


NOTHING = [
    "We need your order number.",
    "We ask you to keep your receipt.",
    "We recommend you check your order.",
    "We see your order in our system.",
    "We thank you for your patience.",
    "We send you an email with a link.",
    "We keep your data for three years.",
    "Use the code that we send you.",
    "We do not cancel your order.",
    "We never cancel your order.",
    "You can change your address in Settings.",
    "You get points on every purchase.",
    "Your order is sent by post.",
    "It comes in three colours.",
    "It ships in a box.",
    "The shop is closed today.",
    "Select the order you cancelled.",
    "Payment accepted: Visa and Mastercard.",
    "Changed your mind, you have 14 days.",
    "If you look, order cancelled.",
    "Nous vous remercions de votre patience.",
    "Nous comprenons votre frustration.",
    "Nous conservons votre dossier trois ans.",
    "Nous n'annulons pas votre commande.",
    "Nous ne remboursons pas votre commande.",
    "Nous vérifions vos coordonnées.",
    "Vous pouvez modifier votre adresse.",
    "Vous avez jusqu'à lundi pour payer.",
    "Vous recevez un e-mail.",
    "Il arrive que le colis soit en retard.",
    "Votre colis est livré par La Poste.",
    "Paiement accepté : Visa.",
    "Si vous annulez votre commande, le paiement est remboursé.",
]


@pytest.mark.parametrize("text", NOTHING)
def test_what_is_near_to_such_words_is_no_promise(text: str):
    assert own(text) == set()


def test_a_question_about_a_deed_claims_none():
    assert found("Order cancelled?") == []
    assert found("Commande annulée ?", language="fr") == []


@pytest.mark.parametrize(("text", "general"), [
    ("We refund orders within 14 days.", True), ("We refund your order.", False), ("We refund all of your orders.", False),
    ("We refund it.", False), ("If it is unused, we refund it.", True), ("We guarantee batteries.", True),
    ("We guarantee the battery of your lamp.", False), ("Batteries are guaranteed.", True),
    ("Your batteries are guaranteed.", False),
    ("If you send your lamp back, we refund returns.", True),
    ("Nous remboursons les commandes.", True), ("Nous remboursons toutes vos commandes.", False),
    ("Nous le remboursons.", False), ("Nous garantissons les batteries.", True),
])  # fmt: skip
def test_a_rule_for_everyone_speaks_neither_to_you_nor_of_what_is_yours(text: str, general: bool):
    rules = {made.general for made in promised(text) if made.kind in {"refund", "guarantee"}}
    assert (general in rules, general or True not in rules) == (True, True)


RESTRICTED = [
    ("We refund your order.", "We refund orders that come back unused.", "en", "klark.G100"),
    ("We refund orders.", "We refund orders that come back unused.", "en", "klark.G100"),
    ("We refund it.", "We refund orders that come back unused.", "en", "klark.G100"),
    ("We will refund you.", "We will refund any order that comes back unused.", "en", "klark.G100"),
    ("We cancel your order.", "We cancel orders that are not paid.", "en", "klark.G141"),
    ("We replace your lamp.", "We replace lamps that arrive broken.", "en", "klark.G102"),
    ("We will call you back.", "We will call you back on any order placed by phone.", "en", "klark.G102"),
    ("We guarantee your battery.", "We guarantee batteries sold after 2024.", "en", "klark.G108"),
    ("Your parcel arrives Monday.", "Parcels ordered on Friday arrive on Monday.", "en", "klark.G105"),
    ("We offer you a voucher.", "We offer a voucher to customers who wait an hour.", "en", "klark.G104"),
    ("We cover your taxi costs.", "We cover taxi costs that a delay causes.", "en", "klark.G140"),
    ("Nous remboursons votre commande.", "Nous remboursons les commandes non déballées.", "fr", "klark.G100"),
    ("Nous vous rembourserons.", "Nous vous rembourserons les commandes non déballées.", "fr", "klark.G100"),
    ("Nous annulons votre commande.", "Nous annulons les commandes qui ne sont pas payées.", "fr", "klark.G141"),
    ("Nous remplaçons votre lampe.", "Nous remplaçons les lampes qui arrivent cassées.", "fr", "klark.G102"),
    ("Nous garantissons votre batterie.", "Nous garantissons les batteries vendues après 2024.", "fr", "klark.G108"),
    ("Votre colis arrive lundi.", "Les colis commandés vendredi arrivent lundi.", "fr", "klark.G105"),
    ("Vous recevez un bon d'achat.", "Les clients qui parrainent un ami reçoivent un bon.", "fr", "klark.G104"),
]


@pytest.mark.parametrize(("text", "source", "language", "id_"), RESTRICTED)
def test_no_rule_for_some_is_a_word_to_this_customer(text: str, source: str, language: str, id_: str):
    assert id_ in found(text, source, language=language)


FAITHFUL = [
    (
        "We refund orders that come back unused within 14 days.",
        "We refund orders that come back unused within 14 days of delivery.",
        "en",
    ),
    ("If your order comes back unused, we refund it.", "We refund orders that come back unused.", "en"),
    ("Your order arrives within 3 days.", "Your order arrives within 3 days.", "en"),
    ("Your order arrives within 3 days, in most cases.", "In most cases, your order arrives within 3 days.", "en"),
    ("We then send you a replacement at no cost.", "We then send you a replacement free of charge.", "en"),
    ("We will call you back.", "We will call you back by the number given in the order.", "en"),
    ("Nous remboursons les commandes non déballées.", "Les commandes non déballées sont remboursées.", "fr"),
    ("Si votre commande est non déballée, nous la remboursons.", "Nous remboursons les commandes non déballées.", "fr"),
    ("Vos commandes non déballées sont remboursables.", "Les commandes non déballées sont remboursables.", "fr"),
]


@pytest.mark.parametrize(("text", "source", "language"), FAITHFUL)
def test_what_the_source_says_in_the_same_way_passes(text: str, source: str, language: str):
    assert ids(verdict(text, source, language=language)) == set()


def test_such_a_word_never_goes_out_as_a_reply():
    levels = {
        finding.level
        for finding in verdict("We refund your order.", "We refund orders that come back unused.").findings
    }
    assert levels == {Level.HOLD, Level.BLOCK}


def test_the_bare_wordings_are_deeds():
    assert {(rule.kind, rule.done, rule.general) for rule in RULES if rule.bare} == {
        ("refund", True, False), ("action", True, False),
    }  # fmt: skip
    assert promised("Order cancelled.") == (
        Promise("action", "order cancelled", general=False, done=True, start=0, stop=19),
    )
    assert set(IDS) >= {rule.kind for rule in RULES if rule.bare}
