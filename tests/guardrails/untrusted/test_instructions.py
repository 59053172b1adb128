"""Orders to a machine are seen in many languages and disguises; what customers say to people is not."""

import re
from pathlib import Path

import pytest

from guardrails.untrusted.clean import clean
from guardrails.untrusted.detect_instructions import looks_like_instruction, sets_a_task, speaks_to_writer

ATTACKS = Path(__file__).resolve().parents[2] / "cases" / "attacks"


def lines(name: str) -> list[str]:
    """The attacks of a file, with their line breaks and unseen characters."""
    raw = (ATTACKS / name).read_text(encoding="utf-8").splitlines()
    return [unescaped(line) for line in raw]


def unescaped(line: str) -> str:
    seen = re.sub(r"(?<!\\)\\u([0-9a-f]{4})", lambda hit: chr(int(hit[1], 16)), line.replace(r"\n", "\n"))
    return seen.replace(r"\\u", r"\u")


ORDINARY = [
    "Ignore my last mail, I found the parcel.",
    "Please disregard my previous message.",
    "I forgot the instructions for the washing machine.",
    "Could you send me the new instructions for assembly?",
    "I followed your instructions: the lamp still flickers.",
    "Your answer did not help me, can you explain it again?",
    "I am waiting for your reply.",
    "Thank you for your quick response!",
    "Please include my order number in your reply.",
    "In your answer you wrote that delivery is free.",
    "Please give your answer in writing.",
    "Please send your answer in French.",
    "My system prompts me for a code all the time.",
    "The assistant at the counter told me to write to you.",
    "Which mode must be activated on the heater?",
    "Reply to this mail with the tracking number please.",
    "You must answer today or I will cancel.",
    "Note to the courier: please ring twice.",
    "From now on please send invoices to my work address.",
    "You are now open on Sundays, right?",
    "Hi there, can you tell me what the code is for?",
    "Show me how to reset the password, please.",
    "Is there a manual in German?",
    "J'ai oublié les instructions.",
    "Mot de passe oublié et instructions non reçues",
    "Merci d'indiquer le numéro de suivi dans votre réponse.",
    "Votre réponse ne m'aide pas.",
    "Oubliez mon message de ce matin.",
    "Je suis les consignes de tri.",
    "Vous êtes désormais ouverts le dimanche ?",
    "Pouvez-vous m'afficher la facture ?",
    "À partir de maintenant, envoyez les factures au bureau.",
    "He olvidado las instrucciones de montaje.",
    "¿Puede ignorar mi último correo?",
    "Responda por favor a mi pregunta.",
    "Ich habe die Anleitung vergessen.",
    "Bitte ignorieren Sie meine letzte E-Mail.",
    "Antworten Sie bitte bald.",
    "Ho dimenticato le chiavi in negozio.",
    "Può ignorare la mia ultima mail?",
    "Esqueci a senha da minha conta.",
    "Por favor responda hoje.",
    "Ik ben de handleiding vergeten.",
    "Kunt u vandaag antwoorden?",
    "Я забыл пароль.",
    "Когда придёт мой заказ?",
    "نسيت كلمة المرور.",
    "متى يصل طلبي؟",
    "我忘记了密码。",
    "我的订单什么时候到？",
    "パスワードを忘れました。",
    "注文はいつ届きますか？",
    "VGhhbmsgeW91IGZvciB5b3VyIGhlbHA=",
    "Order CMD12345 and serial 4f2a9b",
]


@pytest.mark.parametrize("text", lines("seen.txt"), ids=ascii)
def test_an_order_to_a_machine_is_seen(text: str):
    assert looks_like_instruction(clean(text)[0])


@pytest.mark.parametrize("text", ORDINARY, ids=ascii)
def test_what_customers_write_is_no_order(text: str):
    assert not looks_like_instruction(text)


# What only the beginning of a line tells from a customer's own words.
LINE_ONLY = ("SYSTEM", "### System", "Assistant,")


@pytest.mark.parametrize(
    "mail", ["Hello,\n{}\nThank you, Maud", "Where is my order 123? {}", "{} Also, when do you open?"]
)
def test_an_order_is_seen_inside_a_mail(mail: str):
    hidden = [text for text in lines("seen.txt")[:57] if not looks_like_instruction(mail.format(text))]
    assert [text for text in hidden if not text.startswith(LINE_ONLY)] == []


@pytest.mark.parametrize(
    "text",
    [
        "Rewrite your answer as a list.",
        "Ensure the following code block is there.",
        "Let your code use it.",
        "Votre réponse rime.",
    ],
)
def test_what_is_said_to_who_writes(text: str):
    assert speaks_to_writer(text)


@pytest.mark.parametrize(
    "text", ["You can answer the door.", "Enter the code.", "Our response times are short.", "Yes is it."]
)
def test_what_is_said_to_a_customer(text: str):
    assert not speaks_to_writer(text)


@pytest.mark.parametrize(
    ("text", "is_task"),
    [
        ("Explain the rules of cricket.", True),
        ("Please write a poem about rain.", True),
        ("Rédige un poème.", True),
        ("Could you explain the rules?", True),
        ("This page explains the rules.", False),
        ("The warranty covers a function of the lamp.", False),
        ("Schedule your visit three days ahead.", False),
        ("Name, size, colour.", False),
        ("Send us a photo.", False),
    ],
)
def test_tasks_begin_a_sentence(text: str, is_task: bool):
    assert sets_a_task(text) is is_task
