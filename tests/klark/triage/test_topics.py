"""The standard topics tell everyday tickets apart, in both languages."""

import pytest

from klark.triage.standard_topics import standard_topics
from klark.triage.topic import topic_of

ASKED = [
    ("en", "Where is my parcel? The tracking has not moved for a week.", "delivery"),
    ("fr", "Où est mon colis ? Le suivi ne bouge plus depuis lundi.", "delivery"),
    ("en", "How do I send this jacket back?", "returns"),
    ("fr", "Comment renvoyer cette veste ?", "returns"),
    ("en", "When do I get my money back?", "refunds"),
    ("fr", "Quand serai-je remboursé ?", "refunds"),
    ("en", "I forgot my password and cannot sign in.", "account"),
    ("fr", "J'ai oublié mon mot de passe.", "account"),
    ("en", "Please send me the invoice with VAT.", "invoice"),
    ("fr", "Pouvez-vous m'envoyer une facture avec la TVA ?", "invoice"),
    ("en", "My card was declined at checkout.", "payment"),
    ("fr", "Ma carte a été refusée au paiement.", "payment"),
    ("en", "I want to end my subscription.", "subscription"),
    ("fr", "Je veux résilier mon abonnement.", "subscription"),
    ("en", "The app shows an error after the update.", "technical"),
    ("fr", "L'application affiche une erreur depuis la mise à jour.", "technical"),
    ("en", "What are your opening hours?", "contact"),
    ("fr", "Quels sont vos horaires ?", "contact"),
    ("en", "The weather is lovely.", ""),
]


@pytest.mark.parametrize(("language", "text", "topic"), ASKED)
def test_a_ticket_gets_the_topic_a_person_would_give_it(language: str, text: str, topic: str) -> None:
    assert topic_of(standard_topics(), "", text, [text], language) == topic


def test_topic_keys_are_unlike() -> None:
    keys = [topic.key for topic in standard_topics()]
    assert len(set(keys)) == len(keys)
