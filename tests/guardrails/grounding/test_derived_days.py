"""Days and lengths that follow from known ones."""

import pytest

from tests.guardrails.traced import hows, origins

DERIVED = [
    ("en", "You have until 17 November.", "You have 14 days.", "It came on 3 November", "17 November"),
    ("en", "You have until 17 November.", "You have two weeks.", "It came on 3 November", "17 November"),
    (
        "fr",
        "Vous avez jusqu'au 6 décembre 2027.",
        "La garantie dure un an.",
        "acheté le 6 décembre 2026",
        "6 décembre 2027",
    ),
    ("en", "It is covered until 30 May 2027.", "Cover lasts 6 months.", "bought on 30 November 2026", "30 May 2027"),
    ("en", "Ask by 4 December.", "Ask 10 days before.", "My stay begins on 14 December", "4 December"),
    ("en", "Expect it by Monday 30 November.", "It takes 3 working days.", "", "30 November"),
    ("fr", "Comptez d'ici le 2 décembre.", "Sous 5 jours ouvrés.", "", "2 décembre"),
    ("en", "It opens again on 1 December.", "It opens on the first of the next month.", "", "1 December"),
    ("en", "Your period began on 4 November.", "It begins the day after.", "delivered on 3 November", "4 November"),
    ("en", "You have until Monday 7 December.", "You have 14 days.", "came on 22 November", "7 December"),
    ("en", "Ask by 2 December.", "It must be less than 30 days old.", "signed on 3 November", "2 December"),
    (
        "en",
        "It begins on 12 February 2027.",
        "It begins on the anniversary.",
        "paid on 12 February",
        "12 February 2027",
    ),
    (
        "en",
        "Ask by 15 January 2027.",
        "Notice: 45 days before the anniversary.",
        "since 1 March 2026",
        "15 January 2027",
    ),
    (
        "en",
        "It is paid on Tuesday 24 November.",
        "Paid on the next Tuesday.",
        "sold on Saturday 21 November",
        "24 November",
    ),
    ("fr", "Votre contrat a fini le 13 novembre.", "Règle.", "il finissait le 13", "13 novembre"),
    ("en", "It was on 24 November.", "Rule.", "It was yesterday", "24 November"),
    ("fr", "C'était le 21 novembre.", "Règle.", "C'était samedi dernier", "21 novembre"),
]


@pytest.mark.parametrize(("language", "text", "source", "ticket", "words"), DERIVED)
def test_a_day_follows_from_a_day_and_a_length(language: str, text: str, source: str, ticket: str, words: str):
    assert origins(text, source, ticket=ticket, language=language)[words] == "derived"


LENGTHS = [
    ("en", "You took it 22 days ago.", "Rule.", "on 3 November", "22 days"),
    ("en", "That is three weeks ago.", "Rule.", "on 4 November", "three weeks"),
    ("en", "You have had it for 13 months.", "Rule.", "bought on 20 October 2025", "13 months"),
    ("fr", "Il reste 25 jours.", "Règle.", "jusqu'au 20 décembre", "25 jours"),
    ("fr", "Il n'en reste que 25.", "Règle.", "jusqu'au 20 décembre", "25"),
    ("en", "There are 16 months left.", "Cover lasts 36 months.", "I have had it 20 months", "16 months"),
    ("en", "January to March makes 3 months.", "Rule.", "", "3 months"),
    ("en", "She is 14.", "Rule.", "born on 3 May 2012", "14"),
    ("fr", "Cela fait 7 nuits.", "Règle.", "du 3 au 10 juillet", "7"),
    ("fr", "Cela fait six mois, de janvier à juin.", "Règle.", "", "six mois"),
]


@pytest.mark.parametrize(("language", "text", "source", "ticket", "words"), LENGTHS)
def test_a_length_follows_from_two_days_or_two_lengths(language: str, text: str, source: str, ticket: str, words: str):
    assert origins(text, source, ticket=ticket, language=language)[words] == "derived"


@pytest.mark.parametrize(
    ("text", "source", "ticket", "words"),
    [
        ("You have until 20 November.", "You have 14 days.", "It came on 3 November", "20 November"),
        ("Ask by 7 January 2027.", "Notice: 45 days.", "since 1 March 2026", "7 January 2027"),
        ("You took it 31 days ago.", "Rule.", "on 3 November", "31 days"),
        ("Expect it by 9 December.", "It takes 3 working days.", "", "9 December"),
    ],
)
def test_a_day_that_does_not_follow_is_from_nowhere(text: str, source: str, ticket: str, words: str):
    assert origins(text, source, ticket=ticket)[words] == "none"


def test_the_weekday_beside_a_date_is_that_of_the_date():
    assert hows("Come on Friday 27 November.", "Come within 2 working days.") == {
        "Friday": "27 November 2026 is a Friday",
        "27 November": "27 November 2026 = today + 2 working days",
    }


def test_a_weekday_beside_its_date_is_no_day_by_itself():
    found = origins("Vous avez jusqu'au 30 novembre.", "30 jours.", ticket="dimanche 8 Bonjour", language="fr")
    assert found == {"30 novembre": "none"}


def test_days_in_a_list_have_the_month_of_the_last():
    told = "changé hier, et demain ?"
    found = hows("Ce sont les 25, 26 et 27 novembre.", "Suspendu 3 jours ouvrés.", ticket=told, language="fr")
    assert [how.partition(" = ")[0] for how in found.values()] == [
        "25 November 2026",
        "26 November 2026",
        "27 November 2026",
    ]


def test_the_simplest_way_is_told():
    assert hows("Until 6 December 2026.", "It lasts 12 months.", ticket="Since 6 December 2025.") == {
        "6 December 2026": "6 December 2026 = 6 December 2025 + 12 months"
    }
