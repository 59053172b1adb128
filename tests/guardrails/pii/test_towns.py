"""Towns, regions and countries are no persons, where nothing says that somebody is named so."""

import pytest

from guardrails.pii.name_extent import split
from guardrails.pii.names import find_names
from guardrails.pii.towns import TOWNS, in_towns
from guardrails.pii.words import fold_in_place
from tests.guardrails.marked import got, plain, wanted

TOWN = [
    "Ireland",
    "China",
    "Paris",
    "Lyon",
    "Florida",
    "Ajaccio",
    "Tours",
    "Ghent",
    "Gand",
    "Leuven",
    "Corse",
    "Belgique",
]
SENTENCES = [
    "I opened a shop in Nancy",
    "notre atelier (Caen) ferme tôt",
    "does the van stop in Leuven?",
    "une boutique à La Rochelle et une au Mans",
    "livraison à Saint-Denis, St-Étienne ou Aix-en-Provence",
    "Nancy, Metz et Toulouse",
    "‹Nancy› told me so",
    "‹Virginie Ducasse› m'a dit oui",
    "Bonjour ‹Florence›, merci",
    "je m'appelle ‹Vienne›",
    "‹Elizabeth Mitchell› called",
]


@pytest.mark.parametrize("town", TOWN)
def test_a_town_is_one(town: str):
    assert in_towns([fold_in_place(town)]) == frozenset({0})


def test_a_name_of_several_words_is_a_town_as_a_whole():
    words = split("de Saint-Denis au Mans, Le Mans, St Denis")
    assert [words.plain[index] for index in sorted(words.towns)] == [
        "saint",
        "denis",
        "au",
        "mans",
        "le",
        "mans",
        "st",
        "denis",
    ]


def test_everyday_words_are_no_towns():
    assert in_towns(["commande", "facture", "bonjour", "order", "refund", "lampe"]) == frozenset()


def test_the_list_is_folded_and_large():
    assert all(word == fold_in_place(word) and word.isalpha() for town in TOWNS for word in town)
    assert len(TOWNS) > 15_000


def test_a_town_is_nobody_unless_something_says_so():
    for marked in SENTENCES:
        text = plain(marked)
        assert got(text, find_names(text, strangers=False)) == wanted(marked), marked
