"""Type words of tokens in several languages, what models put around them, and words that only look like tokens."""

import pytest

from guardrails.pii.spans import Kind
from guardrails.pii.tokens import put_back, tokenish

WORDS: list[tuple[Kind, str]] = [
    ("NAME", "NOM"),
    ("NAME", "Prénom"),
    ("NAME", "nombre"),
    ("NAME", "NOME"),
    ("NAME", "Person"),
    ("NAME", "personne"),
    ("NAME", "FULL NAME"),
    ("NAME", "first-name"),
    ("NAME", "CUSTOMER NAME"),
    ("NAME", "nom du client"),
    ("NAME", "NAAM"),
    ("NAME", "isim"),
    ("MR", "Monsieur"),
    ("MR", "HERR"),
    ("MR", "señor"),
    ("MR", "Mister"),
    ("MRS", "Madame"),
    ("MRS", "Mme"),
    ("MRS", "FRAU"),
    ("MRS", "Ms"),
    ("MRS", "señora"),
    ("DR", "Docteur"),
    ("DR", "doctor"),
    ("EMAIL", "e-mail"),
    ("EMAIL", "Courriel"),
    ("EMAIL", "MAIL"),
    ("EMAIL", "correo"),
    ("EMAIL", "adresse e-mail"),
    ("EMAIL", "EMAIL ADDRESS"),
    ("PHONE", "Téléphone"),
    ("PHONE", "TEL"),
    ("PHONE", "teléfono"),
    ("PHONE", "phone number"),
    ("PHONE", "numéro de téléphone"),
    ("PHONE", "Portable"),
    ("ADDRESS", "Adresse"),
    ("ADDRESS", "dirección"),
    ("ADDRESS", "INDIRIZZO"),
    ("ADDRESS", "adresse postale"),
    ("CARD", "Carte"),
    ("CARD", "tarjeta"),
    ("CARD", "credit card"),
    ("CARD", "carte bancaire"),
    ("IBAN", "RIB"),
    ("IBAN", "iban"),
    ("TAX", "TVA"),
    ("TAX", "VAT"),
    ("TAX", "numéro fiscal"),
    ("SSN", "NIR"),
    ("SSN", "sécu"),
    ("SSN", "social security number"),
    ("SSN", "sécurité sociale"),
    ("ORDER", "Commande"),
    ("ORDER", "pedido"),
    ("ORDER", "BESTELLUNG"),
    ("ORDER", "order number"),
    ("ORDER", "numéro de commande"),
    ("ACCOUNT", "Compte"),
    ("ACCOUNT", "cuenta"),
    ("ACCOUNT", "KONTO"),
    ("ACCOUNT", "account number"),
    ("SECRET", "mot de passe"),
    ("SECRET", "password"),
    ("SECRET", "code secret"),
    ("SECRET", "contraseña"),
    ("PLATE", "plaque"),
    ("PLATE", "immatriculation"),
    ("PLATE", "license plate"),
    ("IP", "adresse IP"),
    ("IP", "ip address"),
    ("BIRTH", "naissance"),
    ("BIRTH", "date de naissance"),
    ("BIRTH", "birthdate"),
    ("BIRTH", "date of birth"),
    ("BIRTH", "GEBURTSDATUM"),
    ("URL", "lien"),
    ("URL", "Link"),
    ("URL", "enlace"),
    ("FIELD", "champ"),
    ("FIELD", "campo"),
    ("TEXT", "texte"),
    ("TEXT", "testo"),
]
WRITTEN = [
    "[{}_1]",
    "[ {}_1 ]",
    "[{} 1]",
    "[{}-1]",
    "[{}:1]",
    "{{{}_1}}",
    "<{}_1>",
    "[[{}_1]]",
    "[**{}_1**]",
    "&#91;{}_1&#93;",
    "&lt;{}_1&gt;",
    "[{}\\_1]",
    "[{}_\n1]",
    "[\n{}_1\n]",
    "【{}_1】",
    "[{}1]",
    "[{}.1]",
    "[{}#1]",
]
NO_TOKENS = [
    "Step 1",
    "[1]",
    "[Step 2]",
    "order: 2 lamps",
    "1 name",
    "ERROR_404",
    "the WH_1000",
    "[link](https://shop.example)",
    "the (order)",
    "(name)",
    "your name and address",
    "a phone, a card",
    "Carte Vitale",
    "the card",
    "address line",
    "x[1] = 2",
    "{a}",
    "<b>bold</b>",
    "5 < 6 > 4",
    "1. Name",
    "name: 12 letters",
    "https://a.example/name_x",
    "e-mail",
    "a_b",
    "[note]",
    "[sic]",
    "☎",
    "",
]
BLOCKED = [
    "[NAME_2]",
    "[NAME_11]",
    "[NAME]",
    "[NAME_]",
    "[NAME_X]",
    "[NAME_01]",
    "[NAME_1",
    "NAME_7",
    "[IBAN_1]",
    "[ZORVEK_1]",
    "name 1",
    "[EMAIL_9]",
    "&lt;NAME_7&gt;",
    "[name]",
    "[NOM]",
    "NAME_",
    "[PASSWORD_3]",
    "[MONSIEUR_1]",
]


@pytest.mark.parametrize("written", WRITTEN)
def test_a_type_word_of_any_language_is_read(written: str):
    read = {word: put_back(f"Dear {written.format(word)}, thanks", {f"[{kind}_1]": "Value"}) for kind, word in WORDS}
    assert read == dict.fromkeys(read, "Dear Value, thanks")


@pytest.mark.parametrize(("kind", "word"), WORDS)
def test_a_type_word_with_another_number_is_refused(kind: Kind, word: str):
    assert put_back(f"Dear [{word}_2], thanks", {f"[{kind}_1]": "Value"}) is None


@pytest.mark.parametrize("text", NO_TOKENS)
def test_words_that_only_look_like_tokens_stay(text: str):
    assert put_back(f"See {text} below", {"[NAME_3]": "Anna"}) == f"See {text} below"


@pytest.mark.parametrize("text", [text for text in BLOCKED if text != "[NAME_1"])
def test_what_might_be_a_token_blocks(text: str):
    assert put_back(f"See {text} below", {"[NAME_1]": "Anna"}) is None


@pytest.mark.parametrize("text", [*BLOCKED, "[NAME_1]", "NAME_1", "[Nom 1]"])
def test_a_customers_own_tokens_are_seen(text: str):
    assert list(tokenish(f"See {text} below"))


@pytest.mark.parametrize("text", [text for text in NO_TOKENS if not any(sign.isdigit() for sign in text)])
def test_a_customers_own_words_are_no_tokens(text: str):
    assert list(tokenish(f"See {text} below")) == []


def test_longer_numbers_are_other_tokens():
    table = {f"[NAME_{number}]": f"<{number}>" for number in range(1, 31)}
    drafted = " ".join(f"[NAME_{number}]" for number in range(30, 0, -1))
    assert put_back(drafted, table) == " ".join(f"<{number}>" for number in range(30, 0, -1))


def test_a_value_that_looks_like_a_token_is_put_back_once():
    assert put_back("[NAME_1] [NAME_2]", {"[NAME_1]": "[NAME_2]", "[NAME_2]": "[NAME_1]"}) == "[NAME_2] [NAME_1]"


def test_an_omitted_token_is_no_damage():
    assert put_back("All is well.", {"[NAME_1]": "Anna"}) == "All is well."
