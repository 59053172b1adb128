"""Postal addresses: as streets are written in several countries, announced, in lines, and in parts."""

import pytest

from guardrails.pii.mask import find
from guardrails.pii.postal_addresses import find_blocks
from tests.guardrails.marked import got, plain, wanted

STREETS = [
    "livrez au ‹14 rue des Tilleuls, 35000 Rennes›",
    "au ‹8 bis impasse du Moulin, 44300 Nantes›.",
    "‹27 avenue du Général Leclerc, 92340 Bourg-la-Reine›",
    "‹112 boulevard Voltaire›",
    "‹60 quai de la Rapée, 75012 Paris›, merci",
    "‹9 allée des Mimosas, résidence Les Pins, 06400 Cannes›",
    "‹3 place du Marché\n13100 Aix-en-Provence›",
    "‹14 Alder Close, Bristol BS6 7QT›",
    "‹2207 Maple Ridge Road, Apt 5, Denver, CO 80203›",
    "‹9 Harbour View, Whitby YO21 3PU›",
    "‹Hauptstraße 12, 10827 Berlin›",
    "‹Prinsengracht 12, 1015 DV Amsterdam›",
    "‹Via Garibaldi 4, 20121 Milano›",
    "‹Calle Mayor 12, 28013 Madrid›",
    "‹P.O. Box 4471, Boise, ID 83702›",
    "‹BP 70214›, 38019",
]
ANNOUNCED = [
    "my address is ‹22 Vesturgata 66 Suite 4 Reykjavik›.",
    "change my address to ‹92 Eusebio Davila 57, Pyrga› please",
    "please ship it to ‹40 Mill Lane› instead",
    "We moved to ‹33 Wattle Street, Brunswick VIC 3056› now",
    "I live at ‹18 Trebcinska 860, Horka› now",
    "mon adresse : ‹12 bis rue des lilas 13005 marseille›",
    "j'habite ‹15 rue jean jaures 93200 saint denis›",
    "livrez à ‹31 rue Saint-Michel 33000 Bordeaux› svp",
]
LINES = [
    "Jo Bloom\n‹71 Cedar Lane\nPortland, OR 97205›\nthanks",
    "‹28 Handvaerkervej 35\nSuite 096\nWien\nGuatemala 37791›",
    "‹98 Kromwater 38\n Apt. 705›\n Zoetermeer",
]
PARTS = [
    "flat is ‹Apt. 680›",
    "‹Suite 776›",
    "zip code is ‹20547›",
    "postcode ‹LS6 2AB›",
    "code postal ‹29200›",
    "‹48.8566, 2.3522›",
    "‹USCGC Lussier\nFPO AE 05609›",
]
NONE = [
    "delivery takes 3 to 5 days",
    "sent to 2 people",
    "moved to 12 March",
    "livré en 48 heures",
    "livraison le 3 mai",
    "l'adresse est fausse",
    "my address is wrong",
    "expédié 2 colis",
    "retourner 3 articles",
    "retourné sous 14 jours",
    "la livraison de mon casque Nocto 2 en Belgique",
    "I live in Leeds",
    "3 days in a row",
    "2 of them on the way",
    "10 chaises\n20 tables",
    "Step 1\nStep 2",
    "1 250,00 €",
    "version 14.2",
    "2500 points",
    "35000 euros",
]


@pytest.mark.parametrize("marked", [*STREETS, *ANNOUNCED, *PARTS])
def test_an_address_is_found_whole(marked: str):
    spans = [span for span in find(plain(marked)) if span.kind == "ADDRESS"]
    text = plain(marked)
    covered = {place for span in spans for place in range(span.start, span.end)}
    at = text.index(wanted(marked)[0])
    whole = range(at, at + len(wanted(marked)[0]))
    assert [text[place] for place in whole if text[place].isalnum() and place not in covered] == []


@pytest.mark.parametrize("marked", LINES)
def test_lines_of_an_address_are_one(marked: str):
    assert got(marked, find_blocks(plain(marked))) == wanted(marked)


@pytest.mark.parametrize("text", NONE)
def test_amounts_and_days_are_no_addresses(text: str):
    assert [span for span in find(text) if span.kind == "ADDRESS"] == []


@pytest.mark.parametrize("marked", ANNOUNCED)
def test_what_follows_an_address_stays(marked: str):
    text = plain(marked)
    tail = text[text.index(wanted(marked)[0]) + len(wanted(marked)[0]) :]
    last = max(span.end for span in find(text))
    assert text[last:] == tail
