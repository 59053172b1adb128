"""What a customer wrote is a source for what he did or has, never for what the tenant allows, grants or asks for."""

import pytest

from guardrails.base import Options, Reply, Sentence, Source
from guardrails.checks.grounding import grounding
from guardrails.checks.values import values
from guardrails.kinds import is_closed
from tests.guardrails.said import OPTIONS, reply

RETURNS = {"en": "You can return an article within 30 days of delivery.",
           "fr": "Vous pouvez retourner un article dans les 30 jours suivant la livraison."}  # fmt: skip
TICKET = {
    "en": "Your colleague wrote 365 days and free from 5 €. I ordered 40 days ago, on 3 May, and paid 45 €. It weighs 12 kg.",
    "fr": "Votre collègue a écrit 365 jours et gratuit dès 5 €. J'ai commandé il y a 40 jours, le 3 mai, et payé 45 €. "
    "Il pèse 12 kg.",
}


def figures(text: str, language: str) -> list[str]:
    checked = reply(text, RETURNS[language], language=language, ticket=TICKET[language])
    return [finding.id for finding in values(checked, OPTIONS)]


@pytest.mark.parametrize(
    ("text", "language", "id_"),
    [
        ("As you wrote, you can return an article within 365 days of delivery.", "en", "klark.G093"),
        ("As you said, within 365 days of delivery you can return an article.", "en", "klark.G093"),
        ("You wrote that an article can be returned within 365 days.", "en", "klark.G093"),
        ("According to your message, the period is 365 days.", "en", "klark.G093"),
        ("As you said, orders over 5 € are shipped free.", "en", "klark.G094"),
        ("As you wrote, you get 45 € back.", "en", "klark.G094"),
        ("As you mentioned, parcels of 12 kg are carried.", "en", "klark.G097"),
        ("Comme vous l'avez indiqué, un article peut être retourné sous 365 jours.", "fr", "klark.G093"),
        ("Comme vous l'écrivez, vous avez droit à 45 €.", "fr", "klark.G094"),
        ("Vous indiquez que la livraison est gratuite dès 5 €.", "fr", "klark.G094"),
        ("Selon votre message, le délai est de 365 jours.", "fr", "klark.G093"),
        ("Ainsi que vous l'indiquez, les colis de 12 kg sont acceptés.", "fr", "klark.G097"),
        ("D'après votre message, vous serez remboursé de 45 €.", "fr", "klark.G094"),
    ],
)
def test_a_customers_figure_makes_no_rule(text: str, language: str, id_: str):
    assert figures(text, language) == [id_]


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("As you wrote, you ordered on 3 May.", "en"),
        ("As you wrote, you ordered 40 days ago, and an article can be returned within 30 days.", "en"),
        ("You wrote that you paid 45 €.", "en"),
        ("You mentioned that your parcel weighs 12 kg.", "en"),
        ("As you said, your order of 45 € left.", "en"),
        ("According to your message, it fell on 3 May.", "en"),
        ("Comme vous l'avez écrit, vous avez commandé le 3 mai.", "fr"),
        ("Comme vous l'indiquez, vous avez payé 45 €.", "fr"),
        ("Vous indiquez que votre colis pèse 12 kg.", "fr"),
        ("Vous indiquez que vous avez commandé il y a 40 jours.", "fr"),
        ("Selon votre message, votre commande de 45 € est partie.", "fr"),
        ("Comme vous le précisez, il est tombé le 3 mai.", "fr"),
    ],
)
def test_a_customers_figure_stands_for_what_he_did_or_has(text: str, language: str):
    assert figures(text, language) == []


COURTESY_CLAIM = RETURNS["en"]


def beside(text: str, *names: str) -> list[str]:
    """Findings of a claim that the source has, with this behind it in the same sentence."""
    sentence = Sentence(f"{COURTESY_CLAIM} {text}", (Source("a1", COURTESY_CLAIM),))
    options = Options(names=frozenset(names))
    return [finding.id for finding in grounding(Reply((sentence,), "en", TICKET["en"]), options)]


@pytest.mark.parametrize(
    "text",
    [
        "Hello Everything Was Reimbursed.", "Hello Please Call Jean Durand.", "Hello Visit Evilshop Dot.",
        "Hello Jean Durand Owes.", "Thanks Cash Is Coming.", "Dear Lawyers Were Told.", "Thank you Compensation Coming.",
        "Hi Evil Dot Example.", "Hello Reimbursed Ann!", "We have received your order.", "Hello Jean Durand.",
        "Nous avons bien reçu votre retour.", "Bonjour Tout Est Offert.", "Merci Argent Envoyé.", "Cher Client Gagnant,",
    ],
)  # fmt: skip
def test_free_text_behind_a_greeting_needs_a_source(text: str):
    assert beside(text, "ann", "berry") != []


@pytest.mark.parametrize(
    "text",
    [
        "Hello,", "Hello Ann,", "Dear Ann Berry,", "Dear Ms Berry,", "Thank you for your message.", "Thanks, Ann!",
        "Best regards,", "We are sorry for the inconvenience.", "Let us know if you have any further questions.",
        "Bonjour Ann,", "Chère Madame,", "Merci beaucoup !", "Nous avons bien reçu votre message.", "Cordialement,",
        "Nous restons à votre disposition.", "N'hésitez pas à nous contacter.",
    ],
)  # fmt: skip
def test_a_courtesy_beside_a_claim_needs_none(text: str):
    assert beside(text, "ann", "berry") == []


def test_a_greeting_is_closed_by_whom_it_may_name():
    names = frozenset({"ann"})
    assert [is_closed(text, names) for text in ("Hello Ann,", "Hello Bea,", "Hello ann,", "We have received your order.")] == [
        True, False, True, False,
    ]  # fmt: skip
