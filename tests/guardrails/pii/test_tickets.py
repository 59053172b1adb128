"""What stays on a ticket whose people are known: the customer's question, whole."""

import pytest

from guardrails.pii.mask import Known, find, mask, mask_all, restore
from tests.guardrails.marked import plain, wanted

KNOWN = (Known("NAME", "Sabine Payen"), Known("EMAIL", "sabine@payen.example"))
KEPT = [
    "j'ai perdu ma carte Matelot, komen faire en payan par cb",
    "Je pars d'Ajaccio et rentre à Tours",
    "la date anniversaire du bail est le 3 mai 2027",
    "I need it before 20 December 2026",
    "je ne le reçois pas le 12/11/2026",
    "Helo, I wnat to add a tabel",
    "They wrote from Zorvek and Zorvek promised a refund",
    "billet pour Vauquemont",
    "Dear Zorvek, where is my key",
    "our old tool Bilanor, twelve SEO faults",
    "Monsieur le Directeur, une question",
    "Nous restons au Cap des Ormes",
    "réservation à l'Ascension",
    "The pitch has 27 square metres, 2 places libres",
    "Bien à vous, Zorvek",
]
FOUND = [
    "Bonjour ‹Sabine›, merci",
    "je m'appelle ‹Zorvek Talun›",
    "my sister ‹Anne› moved",
    "ma fille ‹Pauline› en profite",
    "Madame ‹Payen›",
    "née le ‹20/12/1971›",
    "my birthday is ‹9 June 2016›",
    "Cordialement,\n‹Hélène Rastignac›",
    "as promised\n‹sabine›",
    "‹Virginie Ducasse› m'a dit oui",
]


@pytest.mark.parametrize("text", KEPT)
def test_a_question_stays_whole(text: str):
    assert mask(text, KNOWN).text == text


@pytest.mark.parametrize("marked", FOUND)
def test_a_person_who_is_named_is_masked(marked: str):
    text = plain(marked)
    assert [text[span.start : span.end] for span in find(text, KNOWN)] == wanted(marked)


def test_what_is_masked_on_a_ticket_comes_back_exactly():
    texts = [plain(marked) for marked in (*KEPT, *FOUND)]
    masked, table = mask_all(texts, KNOWN)
    assert [restore(one, table) for one in masked] == texts


def test_where_nobody_is_known_a_lone_strange_word_is_somebody():
    text = "why is Zorvek so rude"
    assert (mask(text).text, mask(text, KNOWN).text) == ("why is [NAME_1] so rude", text)


def test_a_small_word_that_joins_two_names_is_no_name():
    both = (Known("NAME", "Dorothy and Ken Ashdown"),)
    assert mask("And what if Ken pays, and Dorothy?", both).text == "And what if [NAME_1] pays, and [NAME_2]?"
