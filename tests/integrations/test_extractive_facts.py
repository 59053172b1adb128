"""How a sentence shows that it gives a price, a time, a place, a number."""

import re

import pytest

from integrations.llms.extractive_facts import (
    ADDRESS,
    CONDITION,
    COUNT,
    LENGTH,
    MOMENT,
    MONEY,
    OFTEN,
    PLACE,
    STEP,
    TIME,
    WEIGHT,
)
from integrations.llms.extractive_links import (
    ANSWERS_YES_NO,
    COVERS_ALL,
    EXCLUSIVE,
    IMPERATIVE,
    LEANS,
    LIMITS,
    ONE_CASE,
)


def shows(pattern: str, sentence: str) -> bool:
    return bool(re.search(pattern, sentence, re.IGNORECASE))


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("It costs 5 €.", True),
        ("It costs €5.", True),
        ("It costs $12 a day.", True),
        ("Ask for 30 euros back.", True),
        ("Returns are free.", True),
        ("There is no extra charge.", True),
        ("La livraison est gratuite.", True),
        ("Les frais sont à votre charge.", True),
        ("A fee of 2 % applies.", True),
        ("The sauna is included in the plan.", False),
        ("It takes 5 days.", False),
        ("The euro zone is large.", False),
    ],
)
def test_a_price(sentence, expected):
    assert shows(MONEY, sentence) is expected


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("It takes 5 working days.", True),
        ("It takes a week.", True),
        ("It opens at 9 am.", True),
        ("Open on Mondays.", True),
        ("Paid on the 5th of each month.", True),
        ("Paid on the last working day.", True),
        ("It starts immediately.", True),
        ("La livraison prend trois jours.", True),
        ("Le verre est pris le premier jeudi.", True),
        ("Le dernier jour ouvré du mois.", True),
        ("Le prélèvement a lieu le 12 du mois.", True),
        ("Ouvert jusqu'à minuit.", True),
        ("À tout moment.", True),
        ("It costs 5 €.", False),
        ("The lid is red.", False),
    ],
)
def test_a_time(sentence, expected):
    assert shows(TIME, sentence) is expected


@pytest.mark.parametrize(
    ("pattern", "sentence", "expected"),
    [
        (MOMENT, "We pay after we receive it.", True),
        (MOMENT, "Dès réception.", True),
        (MOMENT, "The lid is red.", False),
        (STEP, "Just tap Save.", True),
        (STEP, "Il suffit de cliquer.", True),
        (STEP, "The lid is red.", False),
        (PLACE, "Look on the label.", True),
        (PLACE, "Dans votre compte.", True),
        (PLACE, "The lid is red.", False),
        (ADDRESS, "We are at 5 Mill Road.", True),
        (ADDRESS, "La boutique se trouve ici.", True),
        (ADDRESS, "The lid is red.", False),
        (OFTEN, "It runs every day.", True),
        (OFTEN, "Deux fois par an.", True),
        (OFTEN, "It runs.", False),
        (WEIGHT, "It weighs 5 kg.", True),
        (WEIGHT, "It is heavy.", False),
        (LENGTH, "It is 25 m long.", True),
        (LENGTH, "The room has 32 m².", True),
        (LENGTH, "20 Go de stockage", True),
        (LENGTH, "5 minutes", False),
        (COUNT, "At most 3 guests.", True),
        (COUNT, "Two lamps.", True),
        (COUNT, "Projets : illimités.", True),
        (COUNT, "A guest may read.", False),
        (COUNT, "Un invité peut lire.", False),
        (CONDITION, "It is open to students.", True),
        (CONDITION, "Members must be 16.", True),
        (CONDITION, "Il faut être majeur.", True),
        (CONDITION, "It covers half of the fees.", False),
    ],
)
def test_other_kinds_of_fact(pattern, sentence, expected):
    assert shows(pattern, sentence) is expected


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("Open the app.", True),
        ("Please do not lift the lid.", False),
        ("To cancel, reply STOP.", True),
        ("To cancel, you can call.", False),
        ("To cancel, please call us.", True),
        ("Ouvrez l'application.", True),
        ("Pour résilier, écrivez-nous.", True),
        ("Chez nous, tout est gratuit.", False),
        ("Returns are free.", False),
    ],
)
def test_a_step(sentence, expected):
    assert bool(IMPERATIVE.match(sentence)) is expected


@pytest.mark.parametrize(
    ("language", "sentence", "leans", "limits", "case"),
    [
        ("en", "It costs 5 €.", True, False, False),
        ("en", "It must be new.", True, True, False),
        ("en", "However, lamps are excluded.", True, True, False),
        ("en", "On other plans, a pass costs £8.", False, True, False),
        ("en", "If you move, you can cancel.", False, False, True),
        ("en", "Late check-out costs €25.", False, False, True),
        ("en", "Only lamps can be returned.", False, True, False),
        ("en", "This does not apply to lamps.", True, True, False),
        ("en", "Lamps are red.", False, False, False),
        ("fr", "Elle coûte 5 €.", True, False, False),
        ("fr", "Elles doivent être neuves.", True, True, False),
        ("fr", "Toutefois, les lampes sont exclues.", True, True, False),
        ("fr", "Pour les autres offres, comptez 8 €.", False, True, False),
        ("fr", "Si vous déménagez, résiliez.", False, False, True),
        ("fr", "En cas de perte, payez 25 €.", False, False, True),
        ("fr", "Sauf en Corse.", True, True, False),
        ("fr", "Les lampes sont rouges.", False, False, False),
    ],
)
def test_how_a_sentence_hangs_on_the_one_before(language, sentence, leans, limits, case):
    found = (LEANS[language].match(sentence), LIMITS[language].match(sentence), ONE_CASE[language].match(sentence))
    assert tuple(map(bool, found)) == (leans, limits, case)


@pytest.mark.parametrize(
    ("language", "sentence", "expected"),
    [
        ("en", "The sauna is only for members.", True),
        ("en", "Reserved for adults.", True),
        ("en", "The sauna is for members.", False),
        ("fr", "La salle est réservée aux membres.", True),
        ("fr", "Le mode n'est disponible que sur Android.", True),
        ("fr", "La salle est ouverte.", False),
    ],
)
def test_what_is_not_named_is_left_out(language, sentence, expected):
    assert bool(EXCLUSIVE[language].search(sentence)) is expected


@pytest.mark.parametrize(
    ("language", "sentence", "expected"),
    [
        ("en", "Any item can be returned.", True),
        ("en", "Lamps can be returned.", False),
        ("fr", "Tous les articles peuvent être rendus.", True),
        ("fr", "Les lampes peuvent être rendues.", False),
    ],
)
def test_what_covers_all(language, sentence, expected):
    assert bool(COVERS_ALL[language].search(sentence)) is expected


@pytest.mark.parametrize(("language", "word"), [("en", "Yes"), ("en", "No."), ("fr", "Oui,"), ("fr", "Non")])
def test_a_bare_yes_or_no(language, word):
    assert ANSWERS_YES_NO[language].fullmatch(word)
