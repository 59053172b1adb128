"""Personal data with a form of its own is found whole; amounts, dates and models that carry the question stay."""

import pytest

from guardrails.pii.patterns import find_structured
from guardrails.pii.spans import settle
from tests.guardrails.marked import got, plain, wanted

FOUND = [
    ("URL", "see ‹https://boutique.example/panier/9f27c1›."),
    ("URL", "see ‹http://a.example/?q=1&r=2›, ok"),
    ("URL", "(‹www.partage.example/a/8Hq2›)"),
    ("URL", "‹drive.example/d/1aB9xY› here"),
    ("URL", "‹ftp://files.example/x›"),
    ("EMAIL", "write ‹marie_claude.73@example.net› now"),
    ("EMAIL", "‹z.benali+shop@example.org›"),
    ("EMAIL", "‹A.B@sub.example.co.test›."),
    ("EMAIL", "‹lea[at]example[point]com›"),
    ("EMAIL", "‹lea (at) example (dot) com›"),
    ("EMAIL", "‹bigdave at example dot com›"),
    ("EMAIL", "‹jp point moreau arobase example point com›"),
    ("EMAIL", "‹o'neil@example.com›"),
    ("EMAIL", "‹anna @example.com›"),
    ("IBAN", "on ‹FR76 3000 6000 0112 3456 7890 189›"),
    ("IBAN", "on ‹FR7630006000011234567890189›"),
    ("IBAN", "on ‹fr7630006000011234567890189›"),
    ("IBAN", "on ‹GB82-WEST-1234-5698-7654-32›"),
    ("IBAN", "‹BE68 5390 0754 7034›"),
    ("CARD", "card ‹4970 1012 3456 7890›"),
    ("CARD", "‹4111-1111-1111-1111›"),
    ("CARD", "‹4111111111111111›"),
    ("CARD", "amex ‹3782 822463 10005›"),
    ("CARD", "card ending in ‹8812›"),
    ("CARD", "se terminant par ‹4417›"),
    ("CARD", "‹**** **** **** 4417›"),
    ("IP", "from ‹92.184.107.33› now"),
    ("IP", "‹2001:db8:85a3:0:0:8a2e:370:7334›"),
    ("IP", "‹2a01:cb19:8a3e:4f00:91d2:77ff:fe3c:1b20›"),
    ("BIRTH", "né le ‹14/07/1983› à Angers"),
    ("BIRTH", "née le ‹1er mars 1950›"),
    ("BIRTH", "born on ‹4 March 1961›"),
    ("BIRTH", "born ‹March 4, 1961›"),
    ("BIRTH", "DOB: ‹11/23/1987›"),
    ("BIRTH", "date of birth. It's ‹7/25/1983›"),
    ("BIRTH", "date de naissance : ‹02.11.1968›"),
    ("BIRTH", "DDN ‹28-02-1999›"),
    ("BIRTH", "date of birth ‹1990-02-14›"),
    ("BIRTH", "birthday is ‹9 June 2016›"),
    ("PHONE", "call ‹+44 7700 900812›"),
    ("PHONE", "‹(312) 555-0182›"),
    ("PHONE", "‹06 41 22 87 19›"),
    ("PHONE", "‹06.41.22.87.19›"),
    ("PHONE", "‹0641228719›"),
    ("PHONE", "‹+33 (0)6 41 22 87 19›"),
    ("PHONE", "‹0033 6 12 90 45 71›"),
    ("PHONE", "‹555-0182-44› office"),
    ("PHONE", "call ‹33 93 31›"),
    ("PHONE", "mobile ‹07700 900345›"),
    ("PHONE", "‹1-800-555-0199 ext. 42›"),
    ("PHONE", "‹9885 1152›-Office"),
    ("PHONE", "fixe : ‹02 98 44 17 60›"),
    ("ORDER", "order ‹558812›"),
    ("ORDER", "order #‹41188›"),
    ("ORDER", "commande n°‹100482233›"),
    ("ORDER", "Commande ‹CMD-2025-00917›"),
    ("ORDER", "tracking ‹1Z999AA10123456784›"),
    ("ORDER", "colis ‹XK004417823FR›"),
    ("ORDER", "booking reference ‹QX7P2L›"),
    ("ORDER", "facture ‹F2025-0418›"),
    ("ORDER", "ticket #‹90217›"),
    ("ORDER", "numéro de série ‹SN7781-20C4-119›"),
    ("ORDER", "avis n° ‹88 4410 2277 1›"),
    ("CARD", "IMEI ‹356938035643809›"),
    ("ORDER", "client n° ‹70221984›"),
    ("ACCOUNT", "customer ID ‹0099471›"),
    ("ACCOUNT", "member number ‹88301147›"),
    ("ACCOUNT", "username ‹woody_1974›"),
    ("ACCOUNT", "login est ‹claire.dt75›"),
    ("ORDER", "contrat n° ‹4409-8812-B›"),
    ("ACCOUNT", "fidélité ‹92500418›"),
]
LEFT = [
    "129,90 €",
    "1 250,00 €",
    "$40",
    "40 %",
    "10000 euros",
    "2 500 000 €",
    "12/03/2025",
    "2025-03-12",
    "le 12 mars 2025",
    "du 12/04/2025 au 18/04/2025",
    "from 2023-2025",
    "17h45",
    "8:30",
    "48 h",
    "3 à 5 jours",
    "version 3.2.1.0",
    "firmware 10.0.0.1",
    "iPhone 14",
    "WH-1000XM4",
    "Volta S2",
    "BX2",
    "M6 x 40 mm",
    "140 x 190",
    "Windows 11",
    "E404",
    "error 404",
    "order 2 lamps",
    "two orders",
    "commande de 3 lampes",
    "account is blocked",
    "my login fails",
    "born in May",
    "anniversaire samedi",
    "call me",
    "a@b",
    "user@localhost",
    "http://",
    "e.g. this",
    "and/or",
    "24/7",
    "1.5",
    "",
]


GROUPED = [
    ("PHONE", "joignable au ‹06 41 22 87 19›"),
    ("PHONE", "call ‹+44 7700 900812›"),
    ("CARD", "carte ‹4970 1012 3456 7890›"),
    ("CARD", "‹4111 1111 1111 1111› svp"),
    ("IBAN", "sur ‹FR76 3000 6000 0112 3456 7890 189›"),
    ("SSN", "mon n° est ‹1 85 05 78 006 084 36›"),
]
BROKEN = [
    ("CARD", "‹4111 1111\n1111 1111› svp"),
    ("CARD", "‹4111 1111 \r\n1111 1111›"),
    ("CARD", "‹4111-1111-\n1111-1111›"),
    ("CARD", "‹3782\n822463 10005›"),
    ("IBAN", "‹FR76 3000 6000 0112\n3456 7890 189›"),
    ("IBAN", "‹GB82 WEST 1234 5698\n7654 32› merci"),
    ("IBAN", "‹BE68 5390 0754 7034›\nPaul"),
    ("IBAN", "‹BE68 5390 0754 7034›\n2027 begins well"),
]
APART = [
    "12\n34\n56\n78\n90\n12\n34",
    "1200 euros\n4500 euros",
    "In 2026\n2027 follows",
    "étudiant·es/salarié·es",
    "2·5 kg",
]


@pytest.mark.parametrize("space", [" ", "\u00a0", "\u202f", "\u2009", "\u2007", "\u2003", "\t"])
def test_a_number_may_be_grouped_by_any_space(space: str):
    for kind, marked in GROUPED:
        spaced = marked.replace(" ", space)
        assert got(spaced, find_structured(plain(spaced))) == wanted(spaced), kind


@pytest.mark.parametrize("marked", [
    "‹4111\u20111111\u20111111\u20111111›", "‹06\u201041\u201022\u201087\u201019›", "tel ‹06·41·22·87·19›",
    "‹1·85·05·78·006·084·36›", "‹FR76\u20113000\u20116000\u20110112\u20113456\u20117890\u2011189›",
])  # fmt: skip
def test_a_number_may_be_grouped_by_other_hyphens_and_dots(marked: str):
    assert got(marked, find_structured(plain(marked))) == wanted(marked)


def test_a_card_or_account_number_may_be_broken_by_one_line_end():
    for kind, marked in BROKEN:
        assert got(marked, find_structured(plain(marked))) == wanted(marked), kind


@pytest.mark.parametrize("text", APART)
def test_numbers_below_one_another_are_several(text: str):
    assert list(find_structured(text)) == []


def test_data_with_a_form_is_found_whole():
    for kind, marked in FOUND:
        assert got(marked, find_structured(plain(marked))) == wanted(marked), kind


def test_each_form_has_its_kind():
    for kind, marked in FOUND:
        assert [span.kind for span in settle(find_structured(plain(marked)))] == [kind], marked


def test_a_form_is_found_between_lines():
    for kind, marked in FOUND:
        longer = f"Bonjour,\n{marked}\nMerci"
        assert got(longer, find_structured(plain(longer))) == wanted(longer), kind


@pytest.mark.parametrize("text", LEFT)
def test_what_carries_the_question_is_left(text: str):
    assert list(find_structured(text)) == []


@pytest.mark.parametrize("text", LEFT)
def test_it_is_left_inside_a_sentence_too(text: str):
    assert list(find_structured(f"Is it {text} or not?")) == []
