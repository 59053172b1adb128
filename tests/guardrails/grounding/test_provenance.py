"""Each value of a sentence is from a source, from the customer, or from a reckoning; what is from nowhere is told."""

import pytest

from tests.guardrails.traced import hows, origins, traced


@pytest.mark.parametrize(
    ("text", "source", "language"),
    [
        ("Up to 1 500 visits are included.", "Up to 1,500 visits are included.", "en"),
        ("La leçon coûte 6,90 €.", "Price of a lesson: €6.90.", "fr"),
        ("We answer within one day.", "We answer within 24 h.", "en"),
        ("La garantie dure un an.", "La garantie dure 12 mois.", "fr"),
        ("You may bring twelve guests.", "You may bring 12 guests.", "en"),
        ("We are open until 5 p.m.", "We are open until 17:00.", "en"),
        ("Open in March.", "Open on 3 March 2027.", "en"),
        ("A 1.5 l bottle is fine.", "Bottles up to 150 cl are fine.", "en"),
        ("Choose the 5th.", "Days: the 5th or the 20th.", "en"),
        ("It costs 8 € a month.", "Monthly fee: 8 €.", "en"),
        ("The saddle has a 24-month guarantee.", "Part: saddle; Guarantee (months): 24.", "en"),
    ],
)
def test_a_value_stands_in_the_source_in_another_notation(text: str, source: str, language: str):
    assert set(origins(text, source, language=language).values()) == {"source"}


def test_a_value_may_stand_around_the_cited_sentence_or_in_its_title():
    around = traced("It takes 3 weeks.", "Repairs take a while.", around="Repairs take a while.\nCount 3 weeks.")
    titled = traced("Prices of 2027.", "Prices.", title="Prices 2027")
    assert [(one.origin, one.how) for one in (around["3 weeks"], titled["2027"])] == [
        ("source", "stands around the cited sentence"),
        ("source", "stands around the cited sentence"),
    ]


@pytest.mark.parametrize(
    ("text", "ticket", "language"),
    [
        ("Your order 48213 is on its way.", "Where is order 48213?", "en"),
        ("You bought it on 3 May 2026.", "I bought it on 03/05/2026", "en"),
        ("Vos 430 € arrivent.", "jai payé 430e", "fr"),
        ("Going down to 50 € is not possible.", "Can I go down to 50?", "en"),
        ("You have had it for 14 months.", "I've had it fourteen months", "en"),
    ],
)
def test_a_value_is_the_customers(text: str, ticket: str, language: str):
    assert set(origins(text, "Nothing.", ticket=ticket, language=language).values()) == {"customer"}


def test_the_source_goes_before_the_customer():
    assert origins("It takes 3 days.", "It takes 3 days.", ticket="Really 3 days?") == {"3 days": "source"}


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("It takes 5 days.", "It takes 3 days."),
        ("It costs 12 €.", "It costs 12 kg."),
        ("It weighs 12 kg.", "It weighs 12 g."),
        ("Call before 9 March 2031.", "Call before 9 April 2031."),
        ("You save 15 %.", "You save 10 %."),
        ("It takes 24 months.", "There are 24 chairs."),
        ("You get 5 chairs.", "It takes 5 days."),
        ("You pay by the week: 8 € a week.", "You pay 8 € at the end."),
    ],
)
def test_what_nothing_explains_is_from_nowhere(text: str, source: str):
    assert "none" in origins(text, source).values()


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("One of us will call you, and no one else.", "en"),
        ("Un vélo neuf est une bonne idée.", "fr"),
        ("Un conseiller vous répond, et un seul.", "fr"),
        ("Second, ask a friend.", "en"),
    ],
)
def test_ordinary_words_are_no_values(text: str, language: str):
    assert origins(text, "Nothing.", language=language) == {}


def test_nine_is_a_value_where_something_is_counted():
    assert origins("Comptez neuf jours.", "Comptez 9 jours.", language="fr") == {"neuf jours": "source"}


def test_to_is_no_terabyte_in_english():
    found = traced("It was lent in 2019 to a museum.", "It was lent in 2019.")
    assert [(one.text, one.kind, one.origin) for one in found.values()] == [("2019", "number", "source")]


def test_values_come_in_the_order_of_the_sentence():
    found = traced("Pay 8 € within 3 days, by 9:30, for 2 bikes.", "Pay 8 € within 3 days, by 9:30, for 2 bikes.")
    assert list(found) == ["8 €", "3 days", "9:30", "2"]


def test_today_may_be_used():
    assert hows("Send it today, Wednesday.", "Send it.") == {
        "today": "25 November 2026 = today",
        "Wednesday": "25 November 2026 = today",
    }


def test_without_a_date_of_today_nothing_is_counted_from_it():
    assert traced("You have until 28 November.", "You have 3 days.", today=None)["28 November"].origin == "none"


def test_what_is_derived_helps_the_next():
    text = "The 21 days ended on 22 October, so you are 34 days late."
    assert hows(text, "You have 21 days.", ticket="It ended on 1 October 2026") == {
        "22 October": "22 October 2026 = 1 October 2026 + 21 days",
        "34 days": "34 days = from today to 22 October (22 October 2026)",
    }


def test_two_unexplained_values_do_not_explain_each_other():
    found = origins("After 40 days, so on 4 January 2027.", "Nothing.")
    assert list(found.values()).count("none") >= 1


@pytest.mark.parametrize("piece", ["1 ", "12 € ", "3 November ", "20 % of 400 € = ", "£1 x 2 so ", "25, ", "le 5, "])
def test_a_very_long_sentence_is_read_to_its_end(piece: str):
    text = (piece * 20_000)[:20_000]
    found = traced(text, text[:5_000], ticket=text[:5_000])
    assert all(one.origin in ("source", "customer", "derived", "refuted", "none") for one in found.values())
