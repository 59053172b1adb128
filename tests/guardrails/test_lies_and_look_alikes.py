"""False sentences made of a source's own words, and true ones that look like them: time, crossing, and words that turn."""

import pytest

from guardrails.anchors import misplaced
from guardrails.base import Level, Source
from guardrails.checks.grounding import CROSSED, TIME, TURNED, grounding
from guardrails.crossed import crossed
from guardrails.doubt import Doubt
from guardrails.support import Evidence, gather
from guardrails.turned import turned
from tests.guardrails.said import OPTIONS, reply

SOURCES = {
    "return": ("en", "You can return an article within 30 days of delivery."),
    "refund": ("en", "We refund within 5 working days after the parcel has reached us."),
    "cancel": ("en", "You can cancel the booking free of charge up to 48 hours before arrival."),
    "renew": ("en", "The membership renews every year unless you cancel it a month before."),
    "retour": ("fr", "Vous pouvez retourner un article dans les 30 jours suivant la livraison."),
    "remboursement": ("fr", "Le remboursement a lieu sous 5 jours ouvrés après réception du colis."),
    "annulation": ("fr", "L'annulation est gratuite jusqu'à 48 heures avant l'arrivée."),
    "abonnement": ("fr", "L'abonnement se renouvelle chaque année sauf résiliation un mois avant."),
    "warranty": ("en", "The warranty covers the frame for 5 years and the battery for 2 years."),
    "delivery": ("en", "Delivery takes 2 to 3 working days in France and 5 to 7 working days in Spain."),
    "plans": ("en", "The Basic plan has 3 users and the Pro plan has 10 users."),
    "bread": ("en", "Our bread contains gluten and our cakes contain nuts."),
    "hours": ("en", "The shop is open from Monday to Saturday, from 9 am to 6 pm."),
    "offer": ("en", "The offer runs from 1 March to 30 April 2026."),
    "receipt": ("en", "You must keep the receipt to claim the warranty."),
    "garantie": ("fr", "La garantie couvre le cadre pendant 5 ans et la batterie pendant 2 ans."),
    "livraison": ("fr", "La livraison prend 2 à 3 jours ouvrés en France et 5 à 7 jours ouvrés en Espagne."),
    "formules": ("fr", "La formule Basique compte 3 utilisateurs et la formule Pro 10 utilisateurs."),
    "pain": ("fr", "Le pain contient du gluten et les gâteaux contiennent des noix."),
    "horaires": ("fr", "Le magasin est ouvert du lundi au samedi, de 9 h à 18 h."),
    "enfants": ("fr", "Les enfants voyagent gratuitement avec un adulte."),
    "ticket": ("fr", "Il faut conserver le ticket de caisse pour faire jouer la garantie."),
    "postage": ("en", "Return postage is free in France and Belgium."),
    "deposit": ("en", "The deposit is returned within 7 days if nothing is damaged."),
    "frais": ("fr", "Les frais de retour sont gratuits en France et en Belgique."),
    "caution": ("fr", "La caution est rendue sous 7 jours si rien n'est abîmé."),
    "desk": ("en", "The desk can always be reached."),
    "pool": ("en", "The pool is open from May to September."),
    "prices": ("en", "Adults pay 12 € and children pay 6 €."),
    "tarifs": ("fr", "Les adultes paient 12 € et les enfants 6 €."),
    "vélo": ("fr", "Nous réparons et vérifions le vélo sous 10 jours."),
    "rembourse": ("fr", "Nous remboursons sous 5 jours."),
}  # fmt: skip


def evidence(claim: str, name: str) -> Evidence:
    language, text = SOURCES[name]
    return gather(claim, (Source("a1", text),), language)


def kind(doubt: Doubt | None) -> str:
    return doubt.kind if doubt else ""


LATE = [
    ("return", "You can return an article 30 days after delivery."),
    ("return", "You can return an article before delivery within 30 days."),
    ("refund", "We refund 5 working days before the parcel has reached us."),
    ("refund", "Until the parcel has reached us, we refund within 5 working days."),
    ("cancel", "You can cancel the booking free of charge up to 48 hours after arrival."),
    ("cancel", "You can cancel the booking free of charge within 48 hours of arrival."),
    ("renew", "The membership renews every year unless you cancel it a month after."),
    ("retour", "Vous pouvez retourner un article 30 jours après la livraison."),
    ("retour", "Vous pouvez retourner un article dans les 30 jours précédant la livraison."),
    ("remboursement", "Le remboursement a lieu sous 5 jours ouvrés avant réception du colis."),
    ("annulation", "L'annulation est gratuite jusqu'à 48 heures après l'arrivée."),
    ("annulation", "L'annulation est gratuite dans les 48 heures avant l'arrivée."),
    ("abonnement", "L'abonnement se renouvelle chaque année sauf résiliation un mois après."),
]
IN_TIME = [
    ("return", "You have 30 days after delivery to return an article."),
    ("return", "An article can be returned up to 30 days after delivery."),
    ("return", "The return period ends 30 days after delivery."),
    ("return", "An article may be returned within 30 days following delivery."),
    ("refund", "After the parcel has reached us, we refund within 5 working days."),
    ("refund", "Once the parcel has reached us, we refund within 5 working days."),
    ("cancel", "Until 48 hours before arrival you can cancel the booking free of charge."),
    ("renew", "The membership renews every year; cancel it a month before to stop it."),
    ("retour", "Vous disposez de 30 jours après la livraison pour retourner un article."),
    ("retour", "Un article peut être retourné jusqu'à 30 jours après la livraison."),
    ("retour", "Le délai de retour est de 30 jours après la livraison."),
    ("remboursement", "Après réception du colis, le remboursement a lieu sous 5 jours ouvrés."),
    ("annulation", "Jusqu'à 48 heures avant l'arrivée, l'annulation est gratuite."),
    ("abonnement", "Sauf résiliation un mois avant, l'abonnement se renouvelle chaque année."),
]
MIXED = [
    ("prices", "Children and adults pay 6 €."),
    ("prices", "Children pay 12 €."),
    ("tarifs", "Les adultes et les enfants paient 6 €."),
    ("tarifs", "Les adultes paient 6 €."),
    ("warranty", "The warranty covers the frame for 2 years and the battery for 5 years."),
    ("warranty", "The warranty covers the battery for 5 years."),
    ("warranty", "The frame and the battery are covered for 5 years."),
    ("delivery", "Delivery to Spain takes 2 to 3 working days."),
    ("delivery", "For Spain, it is 2 to 3 working days."),
    ("plans", "The Basic plan has 10 users."),
    ("plans", "The Pro plan has 3 users."),
    ("bread", "Our bread contains nuts."),
    ("hours", "The shop is open on Monday and Saturday."),
    ("hours", "The shop is open from Saturday to Monday, from 9 am to 6 pm."),
    ("offer", "The offer runs on 1 March and 30 April 2026 only."),
    ("receipt", "You must claim the warranty to keep the receipt."),
    ("garantie", "La garantie couvre le cadre pendant 2 ans et la batterie pendant 5 ans."),
    ("garantie", "La garantie couvre la batterie pendant 5 ans."),
    ("livraison", "La livraison en Espagne prend 2 à 3 jours ouvrés."),
    ("formules", "La formule Basique compte 10 utilisateurs."),
    ("pain", "Le pain contient des noix."),
    ("horaires", "Le magasin est ouvert le lundi et le samedi."),
    ("horaires", "Le magasin est ouvert du samedi au lundi, de 9 h à 18 h."),
    ("enfants", "Les adultes voyagent gratuitement avec un enfant."),
    ("ticket", "Il faut faire jouer la garantie pour conserver le ticket de caisse."),
]
KEPT_APART = [
    ("prices", "Children pay 6 €, unlike adults."),
    ("prices", "Adults pay more and children pay 6 €."),
    ("tarifs", "Pour les enfants, c'est 6 €."),
    ("warranty", "The warranty covers the battery for 2 years and the frame for 5 years."),
    ("warranty", "The battery is covered by the warranty for 2 years."),
    ("warranty", "The frame is covered for five years, the battery for two years."),
    ("delivery", "In Spain, delivery takes 5 to 7 working days."),
    ("delivery", "Delivery to France takes 2 to 3 working days."),
    ("delivery", "For Spain, it is 5 to 7 working days."),
    ("plans", "With the Pro plan you have 10 users, with Basic 3 users."),
    ("bread", "Our cakes contain nuts."),
    ("bread", "There is gluten in our bread and there are nuts in our cakes."),
    ("hours", "From Monday to Saturday, the shop is open from 9 am to 6 pm."),
    ("hours", "The shop is open between Monday and Saturday."),
    ("offer", "The offer begins on 1 March and ends on 30 April 2026."),
    ("receipt", "To claim the warranty, you must keep the receipt."),
    ("garantie", "La garantie couvre la batterie pendant 2 ans et le cadre pendant 5 ans."),
    ("garantie", "La batterie est garantie 2 ans."),
    ("livraison", "En Espagne, la livraison prend 5 à 7 jours ouvrés."),
    ("formules", "La formule Pro compte 10 utilisateurs."),
    ("pain", "Les gâteaux contiennent des noix."),
    ("horaires", "Du lundi au samedi, le magasin est ouvert de 9 h à 18 h."),
    ("enfants", "Avec un adulte, les enfants voyagent gratuitement."),
    ("ticket", "Pour faire jouer la garantie, il faut conserver le ticket de caisse."),
]
TAKEN_BACK = [
    ("pool", "The pool was open from May to September."),
    ("vélo", "Nous réparions le vélo sous 10 jours."),
    ("postage", "Return postage is rarely free in France and Belgium."),
    ("postage", "Return postage is free outside France and Belgium."),
    ("postage", "Return postage is free, even beyond France and Belgium."),
    ("postage", "Return postage is free in France and Belgium, but not for you."),
    ("postage", "Return postage is free in France or Belgium, not both."),
    ("postage", "Return postage used to be free in France and Belgium."),
    ("return", "An article can hardly be returned within 30 days of delivery."),
    ("return", "You can return an article at any time within 30 days of delivery or later."),
    ("refund", "You refund within 5 working days after the parcel has reached us."),
    ("refund", "We refund within 5 working days after the parcel has reached you."),
    ("deposit", "The deposit is returned within 7 days if something is damaged."),
    ("receipt", "It is optional to keep the receipt to claim the warranty."),
    ("frais", "Les frais de retour sont rarement gratuits en France et en Belgique."),
    ("frais", "Les frais de retour sont gratuits hors de France et de Belgique."),
    ("frais", "Les frais de retour sont gratuits en France et en Belgique, pas pour vous."),
    ("frais", "Les frais de retour étaient gratuits en France et en Belgique."),
    ("retour", "Vous pouviez retourner un article dans les 30 jours suivant la livraison."),
    ("retour", "Vous pouvez difficilement retourner un article dans les 30 jours suivant la livraison."),
    ("caution", "La caution est rendue sous 7 jours si tout est abîmé."),
    ("ticket", "Il est inutile de conserver le ticket de caisse pour faire jouer la garantie."),
    ("rembourse", "Vous remboursez sous 5 jours."),
]
UPHELD = [
    ("desk", "The desk can be reached at any time."),
    ("desk", "The desk can be used to reach us."),
    ("pool", "If the pool was open in May, it is open in September."),
    ("pool", "The pool opens from May to September."),
    ("vélo", "Vous vérifiez le vélo que nous réparons."),
    ("vélo", "Les réparations du vélo se font sous 10 jours."),
    ("postage", "In Belgium and France, return postage is free."),
    ("postage", "Return postage is free for you in France."),
    ("postage", "You do not pay return postage in France and Belgium."),
    ("return", "Any article can be returned within 30 days of delivery."),
    ("return", "An article cannot be returned beyond 30 days of delivery."),
    ("refund", "You will be refunded within 5 working days after the parcel has reached us."),
    ("refund", "You get a refund within 5 working days once we have the parcel."),
    ("deposit", "The deposit is returned within 7 days unless something is damaged."),
    ("deposit", "If nothing is damaged, you get the deposit back within 7 days."),
    ("receipt", "You need the receipt to claim the warranty."),
    ("frais", "En France et en Belgique, les frais de retour sont gratuits."),
    ("frais", "Pour vous, les frais de retour sont gratuits en France."),
    (
        "retour",
        "Si l'article était commandé en ligne, vous pouvez le retourner dans les 30 jours suivant la livraison.",
    ),
    ("retour", "Tout article peut être retourné dans les 30 jours suivant la livraison."),
    ("caution", "La caution est rendue sous 7 jours, sauf si quelque chose est abîmé."),
    ("ticket", "Vous devez conserver le ticket de caisse pour faire jouer la garantie."),
    ("rembourse", "Vous serez remboursé sous 5 jours."),
    ("rembourse", "Nous vous remboursons sous 5 jours."),
]


@pytest.mark.parametrize(("name", "claim"), LATE)
def test_the_other_side_of_an_event_is_seen(name: str, claim: str):
    assert kind(misplaced(evidence(claim, name))) == "time"


@pytest.mark.parametrize(("name", "claim"), [*IN_TIME, *KEPT_APART, *UPHELD])
def test_what_keeps_its_side_is_let_go(name: str, claim: str):
    assert misplaced(evidence(claim, name)) is None


@pytest.mark.parametrize(("name", "claim"), MIXED)
def test_what_is_said_of_another_is_seen(name: str, claim: str):
    assert kind(crossed(evidence(claim, name))) == "crossed"


@pytest.mark.parametrize(("name", "claim"), [*KEPT_APART, *IN_TIME, *UPHELD])
def test_what_is_said_of_the_same_is_let_go(name: str, claim: str):
    assert crossed(evidence(claim, name)) is None


@pytest.mark.parametrize(("name", "claim"), TAKEN_BACK)
def test_what_takes_a_statement_back_is_seen(name: str, claim: str):
    assert kind(turned(evidence(claim, name))) == "turned"


@pytest.mark.parametrize(("name", "claim"), [*UPHELD, *IN_TIME, *KEPT_APART])
def test_what_says_the_same_by_other_small_words_is_let_go(name: str, claim: str):
    assert turned(evidence(claim, name)) is None


@pytest.mark.parametrize("name", SOURCES)
def test_a_source_never_doubts_itself(name: str):
    itself = evidence(SOURCES[name][1], name)
    assert (misplaced(itself), crossed(itself), turned(itself)) == (None, None, None)


def test_a_claim_without_a_source_is_no_matter_of_these():
    bare = gather("You refund us before delivery, rarely.", (), "en")
    assert (misplaced(bare), crossed(bare), turned(bare)) == (None, None, None)


def test_each_holds_with_an_id_of_its_own():
    cases = {TIME: LATE[2], CROSSED: MIXED[1], TURNED: TAKEN_BACK[0]}
    for id_, (name, claim) in cases.items():
        language, text = SOURCES[name]
        found = grounding(reply(claim, text, language=language), OPTIONS)
        assert [(one.id, one.level) for one in found] == [(id_, Level.HOLD)]


def test_an_opened_shop_is_not_a_closed_one():
    (closed,) = grounding(reply("Le magasin est fermé du lundi au samedi.", "Le magasin est ouvert du lundi au samedi.",
                                language="fr"), OPTIONS)  # fmt: skip
    assert closed.words == "fermé"
