"""Amounts that follow from known ones by one operation, each with its own kind."""

import pytest

from guardrails.grounding.derived_amounts import derived_amount
from guardrails.grounding.known_facts import Term
from tests.guardrails.traced import hows, origins

WAYS = [
    ("It comes to 240 €.", "A night costs 80 €.", "for 3 nights", "240 € = 3 × 80 €"),
    ("It comes to 106 €.", "Fee: 20 €.", "the meal was 86 €", "106 € = 20 € + 86 €"),
    ("You get back 66 €.", "Fee: 20 €.", "I paid 86 €", "66 € = 86 € - 20 €"),
    ("The deposit is 120 €.", "Deposit: 30 %.", "it costs 400 €", "120 € = 30 % of 400 €"),
    ("You may go down to 56 €.", "30 % less at most.", "I pay 80 €", "56 € = 80 € - 30 %"),
    ("It comes to 135 €.", "15 € for each month.", "9 months are left", "135 € = 9 months × 15 €"),
    ("Each pays 40 €.", "Rule.", "3 of us owe 120 €", "40 € = 120 € / 3"),
    ("It ends at 9:50.", "It is good for 30 minutes.", "I asked at 9:20", "9:50 = 9:20 + 30 minutes"),
    ("You are 5 kg above.", "At most 40 kg.", "mine weighs 45 kg", "5 kg = 45 kg - 40 kg"),
    ("There is room for 2,800.", "At most 10,000 names.", "I have 7,200 names", "2,800 = 10,000 - 7,200"),
    ("It is at half fare, 4.90 €.", "Fare: 9.80 €.", "", "4.90 € = 9.80 € / half"),
    ("That was 75 minutes.", "Rule.", "planned for 9:00, came at 10:15", "75 minutes = 10:15 - 9:00"),
]


@pytest.mark.parametrize(("text", "source", "ticket", "how"), WAYS)
def test_an_amount_follows(text: str, source: str, ticket: str, how: str):
    assert list(hows(text, source, ticket=ticket).values()) == [how]


@pytest.mark.parametrize(
    ("text", "source", "ticket"),
    [
        ("It comes to 250 €.", "A night costs 80 €.", "for 3 nights"),
        ("It comes to 107 €.", "Fee: 20 €.", "the meal was 86 €"),
        ("It comes to 106 $.", "Fee: 20 €.", "the meal was 86 €"),
        ("The deposit is 100 €.", "Deposit: 30 %.", "it costs 400 €"),
        ("There is room for 3,800.", "At most 10,000 names.", "I have 7,200 names"),
        ("You are 7 kg above.", "At most 40 kg.", "mine weighs 45 kg"),
    ],
)
def test_what_does_not_come_out_is_from_nowhere(text: str, source: str, ticket: str):
    assert list(origins(text, source, ticket=ticket).values()) == ["none"]


def test_money_is_rounded_to_the_cent():
    known = [Term("EUR", 10.0, "10 €"), Term("count", 3, "3")]
    assert derived_amount(Term("EUR", 3.33, "3.33 €"), known) == "3.33 € = 10 € / 3"
    assert derived_amount(Term("g", 3.33, "3.33 g"), [Term("g", 10.0, "10 g"), Term("count", 3, "3")]) == ""


def test_a_length_is_never_a_length_times_a_length():
    assert derived_amount(Term("month", 9, "9 months"), [Term("month", 3, "3 months")]) == ""
