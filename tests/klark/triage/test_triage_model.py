"""The triage model that is shipped, asked for real: what is blunt is heard, and what only sounds so is not."""

import pytest

from guardrails.triage.classify import read, sensitive
from klark.triage.model import vectors
from klark.triage.triage import things_asked


def topics(text: str) -> tuple[str, ...]:
    return sensitive(read(text, vectors), "balanced")


BLUNT = {
    "self_harm": (
        "I want to kill myself.", "i want to die, whats the point", "Je vais me suicider ce soir.", "J'ai envie de mourir.",
        "I am going to end my life tonight.", "Je veux en finir avec la vie.", "I'm suicidal and I can't go on.",
    ),
    "violence_threat": (
        "I will come to your office and kill you all.", "Je vais venir vous tuer.", "I'm going to burn down your shop tonight.",
        "Je vais casser la gueule à votre livreur, je sais où il habite.", "Your driver punched me in the face.",
    ),
    "medical_safety": ("Your cream burned my face, I am in hospital.", "J'ai fait une réaction allergique à votre produit."),
    "data_breach": ("I can see another customer's invoices and address in my account.",),
    "account_takeover": ("Someone hacked my account and changed the e-mail address.", "On a piraté mon compte."),
}  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize(("topic", "text"), [(topic, text) for topic, texts in BLUNT.items() for text in texts])
def test_what_is_said_bluntly_is_heard(topic: str, text: str) -> None:
    assert topics(text) != ()


@pytest.mark.slow
@pytest.mark.parametrize("text", [
    "Where is my parcel?", "Is the Suicide Squad poster back in stock?", "What a killer deal, is it still on?",
    "Do you sell covers for medical devices?", "Où est mon colis ?", "Le film « Mourir peut attendre » est-il disponible ?",
    "a" * 50_000, "😡📦", "SGVsbG8gd29ybGQ=" * 100, "привет hello 你好",
])  # fmt: skip
def test_what_only_sounds_so_is_not_handed_over(text: str) -> None:
    assert topics(text) == ()


@pytest.mark.slow
@pytest.mark.parametrize(("text", "expected"), [
    ("Ich will nicht mehr leben, seit Sie mir den Strom abgestellt haben.", "self_harm"), ("Wo ist mein Paket?", ""),
    ("Ihr Fahrer hat mich bedroht, ich rufe die Polizei.", "violence_threat"), ("¿Dónde está mi pedido?", ""),
    ("Mi marido ha fallecido y quiero cancelar su contrato.", "bereavement"), ("Quando arriva il mio ordine?", ""),
    ("Voy a demandarles, mi abogado les escribirá.", "legal_threat"), ("Wanneer komt mijn bestelling?", ""),
    ("Qualcuno ha usato la mia carta senza permesso.", "payment_fraud"), ("Non voglio più vivere.", "self_harm"),
    ("Mijn man is overleden, hoe zeg ik zijn abonnement op?", "bereavement"),
    ("Ik heb brandwonden door uw crème.", "medical_safety"),
])  # fmt: skip
def test_german_spanish_italian_and_dutch_are_told_sensitive_from_not(text: str, expected: str) -> None:
    assert (expected in topics(text)) if expected else topics(text) == ()


@pytest.mark.slow
def test_what_is_asked_is_found_where_it_is_no_question() -> None:
    text = "Bonjour, je suis cliente depuis 2019. La boîte est arrivée déchirée, remboursez-moi. Bonne journée !"
    assert things_asked((text,), "fr", vectors) == ("La boîte est arrivée déchirée, remboursez-moi.",)
