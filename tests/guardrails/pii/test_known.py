"""What is known is masked by value: in any case and grouping, in pieces, misspelt or inflected, and never an everyday word."""

import pytest

from guardrails.pii.known import Known, find_known, of_strangers
from tests.guardrails.marked import got, plain, wanted

NAMES = (
    Known("NAME", "Camille Durand-Lefebvre"),
    Known("NAME", "Oluwaseun O'Connor"),
    Known("NAME", "Anna van der Berg"),
    Known("NAME", "Mark Hope"),
)
FOUND = [
    "‹Camille Durand-Lefebvre› wrote",
    "‹camille durand-lefebvre› wrote",
    "‹CAMILLE DURAND LEFEBVRE› wrote",
    "‹Camille›, you there?",
    "‹camille›, you there?",
    "Mrs ‹Durand›",
    "Mrs ‹Lefebvre›",
    "‹Durand›'s order",
    "the ‹Durands› moved",
    "‹Lefebvres› all",
    "‹Camile› wrote",
    "‹Camillle› wrote",
    "‹Cammile› wrote",
    "‹Durrand› wrote",
    "‹Lefevbre› wrote",
    "‹Lefebre› wrote",
    "‹Lefèbvre› wrote",
    "‹Oluwaseun› wrote",
    "‹Oluwasuen› wrote",
    "‹oluwaseum› wrote",
    "‹O'Connor› wrote",
    "‹Connor› wrote",
    "‹Anna› wrote",
    "‹ANNA› wrote",
    "ask ‹Mark› now",
    "ask ‹Hope› now",
    "‹Camille›/‹Anna›",
    "‹Camille›, ‹Anna› et ‹Durand›",
    "l'avis d'‹Anna›",
]
LEFT = [
    "I hope you mark it",
    "ce matin",
    "une famille durable",
    "the van is here",
    "der die das",
    "la camionnette",
    "duration",
    "berge",
    "connect",
    "",
    "…",
]
VALUES = [
    (Known("EMAIL", "camille@example.com"), "at ‹camille@example.com› now"),
    (Known("EMAIL", "camille@example.com"), "at ‹CAMILLE@EXAMPLE.COM› now"),
    (Known("EMAIL", "camille@example.com"), "at ‹camille @ example.com› now"),
    (Known("EMAIL", "camille@example.com"), "at jcamille@example.com now"),
    (Known("PHONE", "+33 6 12 34 56 78"), "call +‹33612345678›"),
    (Known("PHONE", "+33 6 12 34 56 78"), "call ‹33.6.12.34.56.78›"),
    (Known("PHONE", "06 12 34 56 78"), "call ‹0612345678› now"),
    (Known("PHONE", "06 12 34 56 78"), "call ‹06-12-34-56-78› now"),
    (Known("PHONE", "06 12 34 56 78"), "call 06123456789 now"),
    (Known("FIELD", "AB-123-CD"), "plate ‹ab 123 cd›"),
    (Known("FIELD", "AB-123-CD"), "plate ‹AB/123/CD›"),
    (Known("FIELD", "AB-123-CD"), "plate xab 123 cd"),
    (Known("FIELD", "Gold member"), "a ‹gold member› here"),
    (Known("FIELD", "Été 2024"), "‹ete 2024› encore"),
    (Known("ORDER", "FR-2024-88931"), "order ‹fr 2024 88931›"),
    (Known("IBAN", "FR76 3000 6000 0112 3456 7890 189"), "on ‹FR7630006000011234567890189›"),
    (Known("CARD", "4970 1012 3456 7890"), "card ‹4970-1012-3456-7890›"),
    (Known("FIELD", "ab"), "ab is too short"),
    (Known("FIELD", "--"), "-- has no sign"),
    (Known("FIELD", ""), "nothing known"),
]


@pytest.mark.parametrize("marked", [*FOUND, *LEFT])
def test_known_names_are_found_and_everyday_words_left(marked: str):
    assert got(marked, find_known(plain(marked), NAMES)) == wanted(marked)


@pytest.mark.parametrize("marked", FOUND)
def test_known_names_are_found_with_curly_apostrophes(marked: str):
    curly = marked.replace("'", "’")
    assert got(curly, find_known(plain(curly), NAMES)) == wanted(curly)


@pytest.mark.parametrize(("known", "marked"), VALUES)
def test_known_values_are_found_however_they_are_grouped(known: Known, marked: str):
    assert got(marked, find_known(plain(marked), (known,))) == wanted(marked)


@pytest.mark.parametrize(("known", "marked"), VALUES)
def test_a_known_value_keeps_its_kind(known: Known, marked: str):
    assert {span.kind for span in find_known(plain(marked), (known,))} <= {known.kind}


def test_nothing_known_finds_nothing():
    assert list(find_known("Camille Durand", ())) == []
    assert list(find_known("Camille Durand", (Known("NAME", ""), Known("NAME", "X"), Known("NAME", "van der")))) == []


def test_a_very_long_word_is_read_in_pieces():
    marked = "-".join(["xy"] * 50) + "-‹Camille›"
    assert got(marked, find_known(plain(marked), NAMES)) == wanted(marked)


def test_signs_of_a_pattern_in_a_value_are_only_signs():
    known = Known("FIELD", "a.*b(c)[d]+")
    assert got("x ‹a b c d› y", find_known("x a b c d y", (known,))) == ["a b c d"]
    assert list(find_known("aXXbcd", (known,))) == []


STRANGERS = (Known("NAME", "Yann Montfort"), Known("NAME", "Xavier Montfort", returns=False),
             Known("EMAIL", "xavier@private.example", returns=False), Known("ORDER", "FR-88931", returns=False))  # fmt: skip


@pytest.mark.parametrize(
    ("value", "theirs"),
    [
        ("Xavier Montfort", True),
        ("xavier", True),
        ("Xavyer", True),
        ("Montfort", False),
        ("Yann Montfort", False),
        ("xavier@private.example", True),
        ("FR 88931", True),
        ("Camille", False),
        ("", False),
    ],
)
def test_a_value_is_a_strangers_where_nobody_who_is_told_has_it(value: str, theirs: bool):
    assert of_strangers(value, STRANGERS) is theirs


def test_nobody_is_a_stranger_where_all_are_told():
    assert of_strangers("Camille Durand", NAMES) is False
