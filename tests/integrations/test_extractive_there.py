"""Whether there is such a thing at all, and where: what a sentence must say to answer that."""

import re

import pytest

from integrations.llms.extractive_cues import OFFERS
from integrations.llms.extractive_facts import OFFERED, SOMEWHERE
from integrations.llms.extractive_words import plain
from tests.integrations.test_extractive import cited, passage, said

CLASSES = passage(
    "Wheel-truing classes for beginners take place on the first Saturday of each month and cost 35 €.",
    title="Wheel-truing classes",
)
COURS = passage(
    "Les cours de dévoilage pour débutants ont lieu le premier samedi du mois et coûtent 35 €.",
    title="Cours de dévoilage",
    language="fr",
)
AGE = passage("Pottery classes for children end when the teacher says so.", title="Pottery classes")


@pytest.mark.parametrize("question", [
    "Do you run wheel-truing classes for beginners?", "do you have wheel-truing classes?",
    "Do you offer wheel-truing classes to beginners?", "Can you teach wheel-truing classes?",
])  # fmt: skip
def test_whether_there_is_a_thing_is_answered_by_when_it_takes_place(question: str):
    assert cited(question, of=(CLASSES,)) == ["P1.1"]


@pytest.mark.parametrize("question", [
    "Proposez-vous des cours de dévoilage pour débutants ?", "Est-ce que vous organisez des cours de dévoilage ?",
])  # fmt: skip
def test_whether_there_is_a_thing_is_answered_in_french(question: str):
    assert cited(question, of=(COURS,), language="fr") == ["P1.1"]


@pytest.mark.parametrize("question", [
    "Do you run sewing classes for beginners?", "Do you run wheel-truing classes in Lyon?",
])  # fmt: skip
def test_another_thing_or_place_is_not_answered(question: str):
    assert cited(question, of=(CLASSES,)) == []


def test_a_sentence_that_does_not_say_that_there_is_such_a_thing_is_no_answer():
    assert cited("Do you run pottery classes for children?", of=(AGE,)) == []


@pytest.mark.parametrize(("text", "verb"), [
    ("Do you also run classes?", "run"), ("Would they host a birthday?", "host"), ("Do I have to pay?", None),
    ("Is it run by you?", None), ("Do you run it?", "run"),
])  # fmt: skip
def test_the_verb_of_an_offer_is_told_from_others(text: str, verb: str | None):
    found = OFFERS["en"].search(plain(text, "en"))
    assert (found["verb"] if found else None) == verb


@pytest.mark.parametrize(("sentence", "says"), [
    ("Classes take place on Saturdays.", True), ("A class costs 35 €.", True), ("Lessons are held weekly.", True),
    ("We organise classes.", True), ("Bring your own wheel.", False), ("Les cours ont lieu le samedi.", True),
    ("Le cours coûte 35 €.", True), ("Les cours sont organisés ici.", True), ("Apportez une roue.", False),
    ("Le cours est long.", False),
])  # fmt: skip
def test_a_sentence_says_that_a_thing_is_there(sentence: str, says: bool):
    assert bool(re.search(OFFERED, sentence, re.IGNORECASE)) is says


@pytest.mark.parametrize(("sentence", "says"), [
    ("Book a haul-out at least 5 working days ahead.", False), ("Stepping a mast costs 60 €.", False),
    ("Book at the harbour office.", True), ("Book online.", True), ("Call 01 99 00 00 00 to book.", True),
    ("Write to book@example.com.", True), ("It is open on Monday.", False), ("We are in Lyon.", True),
    ("It ends in March.", False), ("Les données sont hébergées en France.", True), ("Paramètres > Facturation.", True),
    ("Réservez 5 jours à l'avance.", False), ("Réservez au moins 5 jours avant.", False),
    ("Réservez au guichet.", True), ("Réservez en ligne.", True),
    ("It takes place in 3 days.", False),
])  # fmt: skip
def test_a_sentence_says_where(sentence: str, says: bool):
    assert bool(re.search(SOMEWHERE, sentence, re.IGNORECASE)) is says


def test_where_is_not_answered_by_a_sentence_without_a_place():
    crane = passage(
        "Stepping a mast with the crane costs 60 €.", "Book the crane at least 5 working days ahead.", title="Crane"
    )
    assert said("How much is the crane and where do I book the crane?", of=(crane,)) == [
        "Stepping a mast with the crane costs 60 €."
    ]
    desk = passage("Stepping a mast with the crane costs 60 €.", "Book the crane at the harbour office.", title="Crane")
    assert cited("How much is the crane and where do I book the crane?", of=(desk,)) == ["P1.1", "P1.2"]
