"""How people ask: what each pattern of questions, requests, problems and courtesy takes for one, and what it does not.

The texts are folded, as `klark.steps.questions` folds them: no accents, small letters.
"""

import re

import pytest

from guardrails.words import fold
from klark.steps.asking import (
    ADDRESSED,
    AFTER_QUESTION,
    ASKING,
    COURTESY,
    EMBEDDED,
    NOT_SPLITTING,
    NUMBER,
    POINTS_BACK,
    PROBLEM,
    REQUEST,
    SPLIT,
)
from klark.steps.questions import questions

# What stands after the greeting, for sentences that begin with one; the same sentence where none does.
GREETED = {
    "Hello, where is my order": "where is my order", "Hi there! How much is it": "How much is it",
    "Bonjour Madame, où est mon colis": "où est mon colis", "Bonsoir à tous, un souci": "un souci",
    "Dear support team, my kite is lost": "my kite is lost", "Dear Sir or Madam, I write": "I write",
    "Hi Ann - can you help": "can you help", "Hello Tom, where is it": "where is it",
    "Good morning. Where is it": "Where is it", "hey where is it": "where is it", "slt g un souci": "g un souci",
    "Hallo, wo ist mein Paket": "wo ist mein Paket", "Buongiorno, dove": "dove",
    "To whom it may concern: it is lost": "it is lost",
    "Where is my order": "Where is my order", "History repeats itself, sadly": "History repeats itself, sadly",
    "I said hello, and nobody came": "I said hello, and nobody came", "Ciaotti is my name": "Ciaotti is my name",
}  # fmt: skip


def test_a_greeting_is_left_out_and_nothing_else() -> None:
    def rest(sentence: str) -> str:
        flat = fold(sentence)
        greeting = ADDRESSED.match(flat if len(flat) == len(sentence) else sentence.lower())
        return sentence[greeting.end() :] if greeting else sentence

    assert {sentence: rest(sentence) for sentence in GREETED} == GREETED


def split_by(pattern: re.Pattern[str], texts: tuple[str, ...]) -> list[str]:
    """Those that the pattern finds nothing in."""
    return [text for text in texts if not pattern.search(fold(text))]


YES: dict[str, tuple[re.Pattern[str], tuple[str, ...]]] = {
    "courtesy": (COURTESY, (
        "Merci", "Merci d'avance", "Merci beaucoup", "Un grand merci pour votre aide", "Thanks", "Thank you very much",
        "Many thanks for your help", "Thanks in advance", "Danke", "Gracias", "Cordialement", "Bien cordialement", "cdlt",
        "Best regards", "Kind regards, Ann", "Cheers", "Bonne journée", "Dans l'attente de votre retour",
        "I look forward to hearing from you", "How are you?", "I hope you are well", "Have a nice day", "I have a question",
        "J'ai une petite question", "Can you help me?", "Pouvez-vous m'aider ?", "Ok", "D'accord", "Parfait", "Très urgent !",
        "Mit freundlichen Grüßen", "Un saludo",
    )),
    "a question": (ASKING, (
        "Where is my order", "how long does it take", "Can I pay by card", "Do you ship to Spain", "Is it in stock",
        "So when will it come", "and what about Spain", "Comment faire", "Où est mon colis", "Est-ce possible", "esk c possible",
        "Combien ça coûte", "cb ça coûte", "Quand arrive-t-il", "Avez-vous du stock", "Y a-t-il un parking", "Puis-je annuler",
        "Peut-on payer en plusieurs fois", "Sous quel délai", "Jusqu'à quand", "Pourquoi",
        "Wie lange dauert es", "Gibt es einen Rabatt", "Dónde está", "Quanto costa", "Any news", "wat is the price",
    )),
    "a question within": (EMBEDDED, (
        "I would like to know if you ship to Spain", "Can you tell me how it works", "Je voudrais savoir si vous livrez",
        "Dites-moi comment faire, je me demande quand il arrive", "please confirm whether it is paid",
        "I was wondering when it comes", "merci de me dire où il est",
    )),
    "a request": (REQUEST, (
        "I would like a refund", "I'd love a blue one", "I need an invoice", "Please cancel my order", "cancel my order please",
        "let me know", "send me the invoice", "Je voudrais annuler", "Je souhaite un échange", "J'aimerais une facture",
        "J'ai besoin d'une facture", "Il me faut une facture", "Pouvez-vous me rappeler", "Merci de me rembourser",
        "Veuillez annuler", "Merci d'envoyer la facture", "Remboursez-moi", "Annulez ma commande", "Ich möchte stornieren",
        "Bitte stornieren",
        "Quisiera cancelar", "Vorrei annullare", "pls resend",
    )),
    "a problem": (PROBLEM, (
        "My parcel never arrived", "It does not work", "the screen is broken", "I can't log in", "I was charged twice",
        "I am still waiting", "It failed", "Mon colis n'est pas arrivé", "Je n'ai rien reçu", "Impossible de payer",
        "Une erreur s'affiche", "Il est cassé", "il manque une pièce", "Mon compte est bloqué", "deux fois débité",
        "Es funktioniert nicht", "Das Paket ist beschädigt", "no funciona", "non riesco",
    )),
    "what points back": (POINTS_BACK, (
        "Is it normal?", "Que faire ?", "What should I do?", "Why?", "Comment faire ?", "How so?", "Puis-je renvoyer celui-ci ?",
        "Can these be returned?", "Is there anything left?", "Est-ce que cela marche ?",
    )),
}  # fmt: skip


@pytest.mark.parametrize("name", YES)
def test_what_is_taken_for(name: str) -> None:
    pattern, texts = YES[name]
    assert split_by(pattern, texts) == []


NO: dict[str, tuple[re.Pattern[str], tuple[str, ...]]] = {
    "courtesy": (COURTESY, (
        "Merci de me rembourser", "Merci de faire le nécessaire", "Merci d'annuler ma commande", "Merci d'envoyer la facture",
        "Merci de modifier mon adresse", "Thanks, where is my order?",
        "I have a question about my order number 55 and its price", "Urgent: my parcel is lost", "Perfect size?",
        "Ok but where is it", "Can you help me cancel my order?", "I am writing because the parcel I ordered is lost",
    )),
    "a question": (ASKING, (
        "My parcel is lost", "Ma commande est perdue", "Howard wrote me", "Dozens were sent", "Quantum kites are nice",
        "I know where it is", "The colour is blue", "whatsoever",
    )),
    "a question within": (EMBEDDED, ("I know the shop", "Je sais tout", "tell me more", "we understand", "knowhow is rare")),
    "a request": (REQUEST, (
        "The colour is blue", "It was sent in May", "Je suis client depuis dix ans", "pleased to meet you", "the bitter end",
    )),
    "a problem": (PROBLEM, (
        "The colour is blue", "Where is the shop", "I bought a kite in May", "Je suis client depuis dix ans", "notable words",
        "a plush kite",
    )),
    "what points back": (POINTS_BACK, ("Where is my order?", "Comment payer ?", "How long is delivery?", "the kit")),
}  # fmt: skip


@pytest.mark.parametrize("name", NO)
def test_what_is_not_taken_for(name: str) -> None:
    pattern, texts = NO[name]
    assert split_by(pattern, texts) == list(texts)


# A sentence, and the questions in it.
SPLITS = {
    "what does it cost and when does it come": ["what does it cost", "when does it come"],
    "combien coute la livraison et quand arrive mon colis": ["combien coute la livraison", "quand arrive mon colis"],
    "how long does it take, and how much is it": ["how long does it take", "how much is it"],
    "quel prix ainsi que sous quel delai": ["quel prix", "sous quel delai"],
    "where is it and also can i change it": ["where is it", "can i change it"],
    "is it red and blue": ["is it red and blue"],
    "what do bread and butter cost": ["what do bread and butter cost"],
    "combien et pour la corse": ["combien et pour la corse"],
}


def test_two_questions_in_one_sentence_are_parted_and_two_things_are_not() -> None:
    assert {text: SPLIT.split(text) for text in SPLITS} == SPLITS


def test_what_is_to_be_told_is_not_parted() -> None:
    texts = (
        "i want to know what it costs and when it comes",
        "je voudrais savoir combien et quand",
        "what is it and when is it",
    )
    assert [bool(NOT_SPLITTING.search(text)) for text in texts] == [True, True, False]


def test_a_request_after_a_thank_you_is_asked_with_or_without_its_full_stop() -> None:
    asked = ("Merci d'annuler ma commande", "Merci d'envoyer la facture", "Merci de modifier mon adresse")
    told = [questions(f"Le colis est bleu. {request}{end}", "fr") for request in asked for end in ("", ".")]
    assert told == [(f"{request}{end}",) for request in asked for end in ("", ".")]
    assert questions("Où est mon colis ? Merci d'avance", "fr") == ("Où est mon colis ?",)
    assert questions("Où est mon colis ? Merci d'avoir lu", "fr") == ("Où est mon colis ?",)


NUMBERED = {"1) How long?": "How long?", "2. How much?": "How much?", "(3) Where?": "Where?", "12.  Why?": "Why?",
            "3 kites?": "3 kites?", "2026. A year?": "2026. A year?", "1.5 kg?": "1.5 kg?"}  # fmt: skip


def test_a_number_in_a_list_is_no_part_of_the_question() -> None:
    assert {text: NUMBER.sub("", text) for text in NUMBERED} == NUMBERED


def test_a_question_ends_at_its_mark_also_where_the_next_begins_small() -> None:
    assert AFTER_QUESTION.split("Is it blue? is it red? 3 kg?") == ["Is it blue?", "is it red?", "3 kg?"]
    assert AFTER_QUESTION.split("Is it blue?! (or red)") == ["Is it blue?! (or red)"]


HOSTILE = {"letters": "a" * 4000, "spaces": " " * 4000, "greetings": "hello " * 700, "thanks": "merci " * 700,
           "joined": "-vous" * 800, "and": " and what" * 500, "quotes": "'" * 4000}  # fmt: skip


def test_no_text_makes_a_pattern_fail() -> None:
    patterns = (ADDRESSED, ASKING, EMBEDDED, REQUEST, PROBLEM, POINTS_BACK, NOT_SPLITTING)
    assert {
        name: len([pattern.search(text) for pattern in patterns]) for name, text in HOSTILE.items()
    } == dict.fromkeys(HOSTILE, 7)
