"""Twelve things that models do to tokens, each to a token of every kind in a whole mail; what is not surely one blocks it."""

import re

import pytest

from guardrails.base import Masked
from guardrails.pii.mask import KINDS, mask, mask_all, restore

TABLE = {f"[{kind}_{number}]": f"‹{kind.lower()} {number}›" for kind in KINDS for number in (1, 2, 12)}
DRAFT = "Dear {one},\n\nyour {two} is here; see {three}.\nKind regards"
TOKEN = re.compile(r"\[([A-Z]+)_(\d+)\]")
TRANSLATED = {
    "NAME": "NOM", "MR": "MONSIEUR", "MRS": "MADAME", "DR": "DOCTEUR", "EMAIL": "COURRIEL", "PHONE": "TÉLÉPHONE",
    "ADDRESS": "ADRESSE", "CARD": "CARTE", "IBAN": "RIB", "TAX": "TVA", "SSN": "NIR", "ORDER": "COMMANDE",
    "ACCOUNT": "COMPTE", "SECRET": "MOT DE PASSE", "PLATE": "PLAQUE", "IP": "ADRESSE IP", "BIRTH": "NAISSANCE",
    "URL": "LIEN", "FIELD": "CHAMP", "TEXT": "TEXTE",
}  # fmt: skip


# K: the kind, k and t: small and with a capital, a: with accents, w: in another language; n: the number.
WAYS = {
    "case": ("[{k}_{n}]", "[{t}_{n}]"),
    "spacing": ("[ {K}_{n} ]", "[{K} {n}]", "[{K} _ {n}]", "[{K}\u00a0{n}]"),
    "brackets": ("{K}_{n}", "({K}_{n})", "<{K}_{n}>", "{{{{{K}_{n}}}}}", "[[{K}_{n}]]", "[{K}_{n}", "{K}_{n}]"),
    "punctuation": ("[{K}-{n}]", "[{K}:{n}]", "[{K}.{n}]", "[{K}#{n}]", "[{K}{n}]"),
    "accents": ("[{a}_{n}]",),
    "quoting": ('["{K}_{n}"]', "[“{K}_{n}”]", "['{K}_{n}']"),
    "translation": ("[{w}_{n}]",),
    "lines": ("[{K}_\n{n}]", "[\n{K}_{n}\n]", "[{K}\n_{n}]"),
    "escaping": ("&#91;{K}_{n}&#93;", "&#x5B;{K}_{n}&#x5D;", "&lt;{K}_{n}&gt;", "%5B{K}_{n}%5D", "[{K}&#95;{n}]"),
    "emphasis": ("[**{K}_{n}**]", "[{K}\\_{n}]", "[*{K}_{n}*]", "[<b>{K}_{n}</b>]", "[`{K}_{n}`]"),
}
ACCENTED = str.maketrans("AEOI", "ÂÉÔÎ")


def spoilt(way: str, token: str) -> str:
    """A token as a model may write it."""
    kind, number = token[1:-1].split("_")
    return way.format(K=kind, k=kind.lower(), t=kind.title(), a=kind.translate(ACCENTED), w=TRANSLATED[kind], n=number)


def drafted(one: str, two: str, three: str) -> str:
    return DRAFT.format(one=one, two=two, three=three)


def tokens(kind: str) -> tuple[str, str, str]:
    return f"[{kind}_1]", f"[{kind}_2]", f"[{kind}_12]"


@pytest.mark.parametrize("how", WAYS)
def test_a_token_of_every_kind_comes_back_through(how: str):
    texts = {
        drafted(*(spoilt(way, token) for token in tokens(kind))): drafted(*(TABLE[token] for token in tokens(kind)))
        for way in WAYS[how]
        for kind in KINDS
    }
    assert {text: restore(text, TABLE) for text in texts} == texts


@pytest.mark.parametrize("quotes", ['"{}"', "“{}”", "« {} »", "'{}'", "`{}`", "*{}*", "**{}**", "({})"])
def test_quotes_and_emphasis_around_a_token_stay(quotes: str):
    wrong = {
        kind: back
        for kind in KINDS
        if (back := restore(drafted(*map(quotes.format, tokens(kind))), TABLE))
        != drafted(*(quotes.format(TABLE[token]) for token in tokens(kind)))
    }
    assert wrong == {}


def test_a_token_may_be_repeated_or_left_out():
    for kind in KINDS:
        one, two, _ = tokens(kind)
        assert restore(f"{one}, {one} and {one}", TABLE) == ", ".join([TABLE[one]] * 2) + f" and {TABLE[one]}"
        assert restore(f"Only {two}.", TABLE) == f"Only {TABLE[two]}."


def test_two_distortions_at_once_are_read_too():
    both = {
        "[ nom_1 ]": "[NAME_1]", "**[Name 1]**": "**[NAME_1]**", "&#91;name\\_1&#93;": "[NAME_1]",
        "{{nom-1}}": "[NAME_1]", "[\n**NOM_1**\n]": "[NAME_1]", "« [Courriel_2] »": "« [EMAIL_2] »",
        "<TÉLÉPHONE_1>": "[PHONE_1]", "[mot de passe 1]": "[SECRET_1]",
    }  # fmt: skip
    wanted = {text: TOKEN.sub(lambda hit: TABLE[hit[0]], meant) for text, meant in both.items()}
    assert {text: restore(text, TABLE) for text in both} == wanted


def test_a_number_that_is_not_the_tables_blocks_the_whole_draft():
    for kind in KINDS:
        damaged = [
            f"[{kind}_3]",
            f"[{kind}_0]",
            f"[{kind}_01]",
            f"[{kind}_1 2]",
            f"[{kind}]",
            f"[{kind}_]",
            f"[{kind}_ONE]",
            f"[{kind}_?]",
            f"{kind}_99",
        ]
        passed = {text: restore(drafted(text, "parcel", "it"), TABLE) for text in damaged}
        assert {text: back for text, back in passed.items() if back is not None} == {}


def test_a_type_word_of_no_kind_blocks_and_an_ordinary_bracket_does_not():
    blocked = ["[KLANT_1]", "[CUSTOMER_REF_1]", "{ZORVEK_2}", "<FOO_1>"]
    assert {text: restore(drafted(text, "parcel", "it"), TABLE) for text in blocked} == dict.fromkeys(blocked)
    kept = [
        "[1]",
        "[see below]",
        "(1)",
        "{a}",
        "<b>x</b>",
        "[Step 1]",
        "[v2]",
        "[x] done",
        "5 [kg]",
        "[link](https://shop.example/a_1)",
    ]
    assert {text: restore(drafted(text, "parcel", "it"), TABLE) for text in kept} == {
        text: drafted(text, "parcel", "it") for text in kept
    }


def test_ordinary_words_that_are_type_words_too_stay_where_no_number_follows():
    text = "Your name, order and account: call or mail us, the card and the text are in the link. Votre commande, votre carte."
    assert restore(text, TABLE) == text


def test_a_value_may_hold_anything_and_is_put_back_once():
    odd = ["[NAME_2]", "\\1 $& {0}", "", "a\nb", "😀", "\ud800", "<b>", "[ORDER_1]", "NAME_1"]
    for value in odd:
        assert restore("Hi [NAME_1]!", {"[NAME_1]": value, "[NAME_2]": "other"}) == f"Hi {value}!"


def test_a_draft_without_tokens_and_a_table_without_entries_are_fine():
    assert [restore(text, {}) for text in ("", " ", "All is well.", "😀", "\ud800")] == [
        "",
        " ",
        "All is well.",
        "😀",
        "\ud800",
    ]
    assert [restore(text, {}) for text in ("[NAME_1]", "Dear NAME_1", "[NOM]")] == [None, None, None]


def test_a_table_may_be_given_by_itself_or_with_its_text():
    masked = Masked("Hi [NAME_1]", {"[NAME_1]": "Anna"})
    assert restore("Hi [NAME_1]", masked) == restore("Hi [NAME_1]", masked.table) == "Hi Anna"


def test_a_customers_text_that_looks_like_tokens_comes_back_as_it_was():
    texts = [
        "[NAME_1] is what I typed", "order 1, order 2 and name 1", "{{EMAIL_1}} is your template",
        "I am anna@example.com [NAME_1]", "NAME_", "[anna@example.com] (bob@example.com) <c@example.com>",
        "[[anna@example.com]]", "ERROR_404 and [WH_1000]", "name_1@example.com",
    ]  # fmt: skip
    assert {text: restore(mask(text).text, mask(text)) for text in texts} == {text: text for text in texts}
    assert [text for text in texts if "@example.com" in mask(text).text] == []


def test_several_texts_share_their_tokens_and_each_comes_back():
    texts = ("I am Tamara, order 558812.", "Tamara again: tamara@example.com", "", "😀", "Where is 558812?")
    masked, table = mask_all(texts)
    assert [restore(text, table) for text in masked] == list(texts)
    assert sum(value == "Tamara" for value in table.values()) == 1
    assert [value for value in table.values() if any(value in text for text in masked)] == []


def test_a_code_that_one_place_gives_away_is_masked_in_every_other():
    said = {
        "Order 558812 is late. Where is 558812?": "Order [ORDER_1] is late. Where is [ORDER_1]?",
        "Where is 558812? My order is 558812.": "Where is [ORDER_1]? My order is [ORDER_1].",
        "Account 90417-B, yes 90417-B, not 90417-C": "Account [ACCOUNT_1], yes [ACCOUNT_1], not 90417-C",
        "Order 1234 cost 1234 euros": "Order [ORDER_1] cost 1234 euros",
    }
    assert {text: mask(text).text for text in said} == said
    assert mask_all(("It is 558812.", "My order 558812."))[0] == ("It is [ORDER_1].", "My order [ORDER_1].")


def test_a_thousand_tokens_are_put_back_in_one_pass():
    table = {f"[ORDER_{number}]": f"#{number}" for number in range(1, 1001)}
    assert restore(" ".join(table), table) == " ".join(table.values())
