"""Ages, times, lengths and days: which a customer names, and within which bounds a sentence speaks of them."""

from math import inf

import pytest

from integrations.llms.extractive_values import KINDS, Value, day, holds, named, ranges, speaks, without
from tests.integrations.test_extractive import cited, passage


@pytest.mark.parametrize(
    ("question", "kind", "amount"),
    [
        ("I am 17, can I get a loan?", "age", 17),
        ("I'm 15.", "age", 15),
        ("im 15 can i join", "age", 15),
        ("I’m only 16, may I come?", "age", 16),
        ("My daughter is 12, can she swim?", "age", 12),
        ("Our youngest son is 9, is it free?", "age", 9),
        ("How much is breakfast for a 9 year old?", "age", 9),
        ("Is it fine for a 16-year-old?", "age", 16),
        ("how much does a 7 yo pay", "age", 7),
        ("J'ai 17 ans, puis-je venir ?", "age", 17),
        ("Mon fils a 14 ans", "age", 14),
        ("Ma fille a 2 ans et demi", "age", 2),
        ("un billet pour mon fils de 16 ans", "age", 16),
        ("Can I check out at 1 pm?", "clock", 13),
        ("We arrive around midnight", "clock", 24),
        ("Can we come at noon?", "clock", 12),
        ("Is 12 am too late?", "clock", 0),
        ("at 6.30 pm", "clock", 18.5),
        ("à 18 h 30 ?", "clock", 18.5),
        ("une commande passée avant 13h", "clock", 13),
        ("On arrive vers minuit", "clock", 24),
        ("My van is 2.10 m high", "length", 2.1),
        ("another city 200 km away", "length", 200_000),
        ("une planche de 240 cm", "length", 2.4),
        ("My suitcase weighs 27 kg", "weight", 27),
        ("un colis de 12,5 kilos", "weight", 12.5),
        ("une extension de 30 m²", "area", 30),
        ("My average is 14 out of 20", "mark", 14),
        ("j'ai 11,5 sur 20", "mark", 11.5),
    ],
)
def test_a_customer_names_a_value(question, kind, amount):
    assert named(question) == (Value(kind, amount),)


@pytest.mark.parametrize(
    "question",
    [
        "I am 5 minutes late",
        "is 12 days enough",
        "my parcel is 3 days late",
        "My order is 12 euros",
        "I ordered 2 lamps",
        "une lampe de 2 ans de garantie",
        "Where is order 12345?",
        "Are you open on Sunday?",
        "",
    ],
)
def test_other_numbers_are_no_such_value(question):
    assert named(question) == ()


def test_one_question_may_name_several_values():
    assert named("I am 17 and come at 9 pm") == (Value("age", 17), Value("clock", 21))


@pytest.mark.parametrize(
    ("sentence", "kind", "expected"),
    [
        ("Children from 8 to 15 can use the pool.", "age", [(8, 15)]),
        ("Members must be at least 16 years old.", "age", [(16, inf)]),
        ("You pay less if you are under 18.", "age", [(-inf, 18)]),
        ("The account is open to people of 12 to 17 years.", "age", [(12, 17)]),
        ("€14 for adults and €7 for children under 12.", "age", [(-inf, 12)]),
        ("Le compte jeune est ouvert de 12 à 17 ans, avec un accord.", "age", [(12, 17)]),
        ("Vous pouvez ouvrir un compte à partir de 18 ans.", "age", [(18, inf)]),
        ("Réservé aux moins de 26 ans.", "age", [(-inf, 26)]),
        ("Âge: 18 ans et plus; Prix: 86 €.", "age", [(18, inf)]),
        ("Il faut être majeur.", "age", []),
        ("Check-out is until 11 am.", "clock", [(-inf, 11)]),
        ("Late check-out until 2 pm costs €25.", "clock", [(-inf, 14)]),
        ("From 9 am to 4 pm.", "clock", [(9, 16)]),
        ("Early check-in from noon.", "clock", [(12, inf)]),
        ("Ouvert de 7 h 30 à 18 h 30.", "clock", [(7.5, 18.5)]),
        ("Les commandes passées avant 13 h partent.", "clock", [(-inf, 13)]),
        ("The lesson starts at 7 pm.", "clock", [(19, 19)]),
        ("The maximum height is 1.90 m.", "length", [(-inf, 1.9)]),
        ("If you move more than 30 km away.", "length", [(30_000, inf)]),
        ("A bag between 23 and 32 kg.", "weight", [(23, 32)]),
        ("Bags over 32 kg are refused.", "weight", [(32, inf)]),
        ("Un colis pèse 5 kg au plus.", "weight", [(5, 5)]),
        ("Une extension de moins de 20 m².", "area", [(-inf, 20)]),
        ("An average of at least 16 out of 20.", "mark", [(16, inf)]),
        ("Du lundi au jeudi.", "day", [(1, 4)]),
        ("Tuesday to Saturday, and on Sundays.", "day", [(2, 6), (7, 7)]),
        ("Nothing at all.", "day", []),
    ],
)
def test_a_sentence_sets_bounds(sentence, kind, expected):
    assert list(ranges(sentence, kind)) == expected


@pytest.mark.parametrize(
    ("sentence", "value", "expected"),
    [
        ("Children from 8 to 15 can use the pool.", Value("age", 12), True),
        ("Children from 8 to 15 can use the pool.", Value("age", 7), False),
        ("Members must be at least 16 years old.", Value("age", 15), False),
        ("Late check-out until 2 pm.", Value("clock", 13), True),
        ("Check-out is until 11 am.", Value("clock", 13), False),
        ("Open from Monday to Friday.", Value("day", 3), True),
        ("Open from Monday to Friday.", Value("day", 7), False),
        ("Open daily.", Value("day", 7), True),
        ("Ouvert 7 jours sur 7.", Value("day", 7), True),
        ("La livraison prend 7 jours ouvrés.", Value("day", 7), False),
    ],
)
def test_bounds_hold_a_value_or_not(sentence, value, expected):
    assert holds(sentence, value) is expected


@pytest.mark.parametrize(
    ("sentence", "kind", "expected"),
    [
        ("Il faut être majeur.", "age", True),
        ("Adults only.", "age", True),
        ("A parent must sign.", "age", True),
        ("Children under 10 need an adult.", "age", True),
        ("Records are kept for 10 years.", "age", False),
        ("La garantie est de 2 ans.", "age", False),
        ("Breakfast is from 7 am.", "clock", True),
        ("It takes 24 hours.", "clock", False),
        ("The pool is 25 metres long.", "length", True),
        ("The pool is warm.", "length", False),
    ],
)
def test_a_sentence_speaks_of_a_kind_of_value(sentence, kind, expected):
    assert speaks(sentence, kind) is expected


@pytest.mark.parametrize(
    ("question", "left"),
    [
        ("I am 17, can I join?", "I am , can I join?"),
        ("My dog is 11 years old. Can I insure him?", "My dog is years old. Can I insure him?"),
        ("Can I check out at 1 pm?", "Can I check out at ?"),
        ("Is it free?", "Is it free?"),
        ("J'ai 17 ans, puis-je venir ?", "J' ai , puis-je venir ?"),
    ],
)
def test_without_its_value_a_question_keeps_its_subject(question, left):
    assert " ".join(without(question, named(question)).split()) == left


@pytest.mark.parametrize(
    ("word", "expected"),
    [("monday", 1), ("sundays", 7), ("mercredi", 3), ("samedis", 6), ("months", None), ("day", None)],
)
def test_a_word_names_a_day_of_the_week(word, expected):
    assert day(word) == (Value("day", expected) if expected else None)


def test_values_are_found_in_linear_time():
    for kind in KINDS:
        assert list(ranges("a " * 50_000, kind)) == []
    assert named("1" * 20_000) == ()


@pytest.mark.parametrize(("question", "low", "high"), [
    ("What is the price for a boat of 10 to 12 m?", 10, 12), ("a parcel of 2-5 kg", 2, 5),
    ("un bateau de 10 à 12 m", 10, 12), ("a flat between 40 and 60 m²", 40, 60),
])  # fmt: skip
def test_a_range_is_named_whole(question: str, low: float, high: float):
    (value,) = [each for each in named(question) if each.until is not None]
    assert (value.amount, value.until) == (low, high)
    assert str(low) not in without(question, [value])


@pytest.mark.parametrize(("sentence", "meets"), [
    ("10 to 12 m – 28 €", True), ("12 to 15 m – 35 €", False), ("up to 10 m – 20 €", False), ("11 to 14 m – 30 €", True),
    ("over 8 m – 30 €", True), ("a berth of 11 m – 30 €", True), ("a berth of 14 m – 30 €", False),
])  # fmt: skip
def test_a_range_is_met_by_what_shares_more_than_its_end(sentence: str, meets: bool):
    assert holds(sentence, Value("length", 10, 12)) is meets


def test_a_row_for_another_range_is_not_told():
    rows = passage("Length: up to 10 m; Price: 20 €.", "Length: 10 to 12 m; Price: 28 €.", "Length: 12 to 15 m; Price: 35 €.",
                   title="Berth prices for a boat")  # fmt: skip
    assert cited("What is the price for a boat of 10 to 12 m?", of=(rows,)) == ["P1.2"]
    assert cited("What is the price for a boat of 12 m?", of=(rows,)) == ["P1.2", "P1.3"]
