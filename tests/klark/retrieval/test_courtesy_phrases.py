"""What is searched for is a text without its greetings, thanks and farewells."""

import pytest

from guardrails.text.words import fold
from klark.retrieval.courtesy_phrases import ADDRESSED, AFTER_QUESTION, COURTESY, NUMBER, substance

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


SUBSTANCE = (
    ("Hello, where is my order? Thanks, Ann", "en", "where is my order?"),
    ("Bonjour, mon colis est perdu. Merci d'avance", "fr", "mon colis est perdu."),
    ("Where is my order?", "en", "Where is my order?"),
    ("1) How long? 2) How much does it cost?", "en", "How long? How much does it cost?"),
    ("Cheers for the reply but the second lamp still flickers. It is a Nova 3.", "en",
     "Cheers for the reply but the second lamp still flickers. It is a Nova 3."),
    ("Bonne journée mais mon colis est perdu. Commande faite hier.", "fr",
     "Bonne journée mais mon colis est perdu. Commande faite hier."),
    ("Hello", "en", "Hello"),
    ("Thanks", "en", "Thanks"),
    ("", "en", ""),
)  # fmt: skip


@pytest.mark.parametrize(("text", "language", "expected"), SUBSTANCE)
def test_what_is_searched_for_is_without_courtesy_and_never_less_than_something(
    text: str, language: str, expected: str
) -> None:
    assert substance(text, language) == expected


@pytest.mark.parametrize("text", [
    "Merci", "Merci d'avance", "Merci beaucoup", "Un grand merci pour votre aide", "Thanks", "Thank you very much",
    "Many thanks for your help", "Thanks in advance", "Danke", "Gracias", "Cordialement", "Bien cordialement", "cdlt",
    "Best regards", "Kind regards, Ann", "Cheers", "Bonne journée", "Dans l'attente de votre retour",
    "I look forward to hearing from you", "How are you?", "I hope you are well", "Have a nice day", "I have a question",
    "J'ai une petite question", "Can you help me?", "Pouvez-vous m'aider ?", "Ok", "D'accord", "Parfait", "Très urgent !",
    "Mit freundlichen Grüßen", "Un saludo",
])  # fmt: skip
def test_courtesy_is_known(text: str) -> None:
    assert COURTESY.match(fold(text))


@pytest.mark.parametrize("text", [
    "Merci de me rembourser", "Merci de faire le nécessaire", "Merci d'annuler ma commande", "Merci d'envoyer la facture",
    "Merci de modifier mon adresse", "Thanks, where is my order?",
    "I have a question about my order number 55 and its price", "Urgent: my parcel is lost", "Perfect size?",
    "Ok but where is it", "Can you help me cancel my order?", "I am writing because the parcel I ordered is lost",
])  # fmt: skip
def test_a_matter_is_no_courtesy(text: str) -> None:
    assert not COURTESY.match(fold(text))


NUMBERED = {"1) How long?": "How long?", "2. How much?": "How much?", "(3) Where?": "Where?", "12.  Why?": "Why?",
            "3 kites?": "3 kites?", "2026. A year?": "2026. A year?", "1.5 kg?": "1.5 kg?"}  # fmt: skip


def test_a_number_in_a_list_is_no_part_of_the_question() -> None:
    assert {text: NUMBER.sub("", text) for text in NUMBERED} == NUMBERED


def test_a_question_ends_at_its_mark_also_where_the_next_begins_small() -> None:
    assert AFTER_QUESTION.split("Is it blue? is it red? 3 kg?") == ["Is it blue?", "is it red?", "3 kg?"]
    assert AFTER_QUESTION.split("Is it blue?! (or red)") == ["Is it blue?! (or red)"]


@pytest.mark.parametrize(("text", "kept"), [
    ("Gift Card\nHi, does it expire?\nJane Doe", "Gift Card does it expire?"),
    ("Loyalty Points\nHow do I use them?", "Loyalty Points How do I use them?"),
])  # fmt: skip
def test_a_subject_in_title_case_is_no_signature(text: str, kept: str) -> None:
    assert substance(text, "en") == kept


HOSTILE = {"letters": "a" * 4000, "spaces": " " * 4000, "greetings": "hello " * 700, "thanks": "merci " * 700,
           "joined": "-vous" * 800, "and": " and what" * 500, "quotes": "'" * 4000}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_no_text_takes_long(name: str) -> None:
    assert isinstance(substance(HOSTILE[name], "en"), str)
