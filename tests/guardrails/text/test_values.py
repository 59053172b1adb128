"""Two spellings of one value meet; two values never do."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guardrails.text.numbers import digits_for_words, readings
from guardrails.text.values import find_values, rival, stands_in
from tests.letters import ANY


def meet(left: str, right: str, language: str) -> bool:
    """Whether every value of the left text stands among those of the right."""
    ours, theirs = find_values(left, language), find_values(right, language)
    assert ours, left
    return all(stands_in(value, theirs) for value in ours)


@pytest.mark.parametrize(
    ("left", "right", "language"),
    [
        ("sous 24 h", "dans un jour", "fr"),
        ("sous 24 heures", "24h", "fr"),
        ("en deux semaines", "14 jours", "fr"),
        ("pendant 12 mois", "un an", "fr"),
        ("24 mois", "deux ans", "fr"),
        ("3 jours", "trois jours", "fr"),
        ("3 days", "three days", "en"),
        ("a 30-day window", "thirty days", "en"),
        ("within a week", "7 days", "en"),
        ("90 minutes", "1h30", "fr"),
        ("5 working days", "five business days", "en"),
        ("3-5 jours ouvrés", "3 à 5 jours ouvrés", "fr"),
        ("1 000,50 €", "€1,000.50", "fr"),
        ("1 000,50 €", "1000,5 euros", "fr"),
        ("4,90 €", "4€90", "fr"),
        ("50 €", "50 EUR", "fr"),
        ("$1,200", "1200 dollars", "en"),
        ("5 k€", "5 000 €", "fr"),
        ("10 %", "dix pour cent", "fr"),
        ("10%", "ten percent", "en"),
        ("le 3 mars 2024", "03/03/2024", "fr"),
        ("3 March 2024", "March 3rd, 2024", "en"),
        ("2024-03-03", "3 mars 2024", "fr"),
        ("le 3 mars", "le 3 mars 2024", "fr"),
        ("in 2024", "on 3 March 2024", "en"),
        ("le 1er mai", "1 mai", "fr"),
        ("lundi", "les lundis", "fr"),
        ("tomorrow", "demain", "fr"),
        ("9 h", "9h00", "fr"),
        ("5 pm", "17:00", "en"),
        ("17h30", "5:30 p.m.", "fr"),
        ("at noon", "12:00", "en"),
        ("24h/24", "24/7", "fr"),
        ("20 kg", "20 000 g", "fr"),
        ("1,5 l", "150 cl", "fr"),
        ("2 GB", "2000 Mo", "fr"),
        ("order #12345", "n° 12345", "en"),
        ("commande cmd-12345", "CMD-12345", "fr"),
        ("v2.3.1", "version 2.3.1", "en"),
        ("２０ articles", "vingt articles", "fr"),
        ("twenty-one boxes", "21 boxes", "en"),
        ("mille deux cents pages", "1 200 pages", "fr"),
    ],
)
def test_two_spellings_of_one_value_meet(left: str, right: str, language: str):
    assert meet(left, right, language)


@pytest.mark.parametrize(
    ("left", "right", "language"),
    [
        ("24 h", "48 h", "fr"),
        ("deux jours", "24 heures", "fr"),
        ("5 days", "5 working days", "en"),
        ("5 jours ouvrés", "5 jours ouvrables", "fr"),
        ("30 days", "one month", "en"),
        ("5 €", "$5", "fr"),
        ("5 €", "50 €", "fr"),
        ("4,90 €", "49 €", "fr"),
        ("10 %", "10 €", "fr"),
        ("20 kg", "20 g", "fr"),
        ("3 mars 2024", "3 mars", "fr"),
        ("3 mars", "3 mai", "fr"),
        ("lundi", "mardi", "fr"),
        ("5 pm", "5 am", "en"),
        ("9:30", "9:00", "en"),
        ("3 items", "3 days", "en"),
        ("CMD-12345", "CMD-12354", "fr"),
        ("X200", "X300", "fr"),
        ("2.3.1", "2.3.2", "en"),
        ("un jour", "une semaine", "fr"),
        ("two items", "three items", "en"),
    ],
)
def test_two_values_never_meet(left: str, right: str, language: str):
    assert not meet(left, right, language)


def test_a_range_holds_both_its_ends():
    assert {value.text for value in find_values("de 3 à 5 jours", "fr")} == {"3 à 5 jours", "3 jours"}


def test_nothing_is_read_inside_a_link_a_phone_an_address_or_an_iban():
    text = "https://shop.example/2024/12 a12@shop.example 01 23 45 67 89 FR76 3000 6000 0112 3456 7890 189"
    assert find_values(text, "fr") == ()


@pytest.mark.parametrize(
    "text",
    [
        "You may return it.",
        "un colis",
        "a parcel",
        "one of us",
        "the second parcel",
        "I march on",
        "48 heures, vendredi",
    ],
)
def test_words_that_only_look_like_values_are_left_alone(text: str):
    kinds = {value.kind for value in find_values(text, "")}
    assert kinds == ({"duration", "date"} if "vendredi" in text else set())


def test_the_number_of_a_step_is_no_value():
    assert find_values("2. Cliquez.", "fr") == ()


def test_a_day_and_month_that_may_be_either_is_read_both_ways_in_english_only():
    assert meet("03/04/2024", "3 April 2024", "en")
    assert meet("03/04/2024", "March 4, 2024", "en")
    assert not meet("03/04/2024", "4 mars 2024", "fr")


def test_an_impossible_date_is_no_date():
    assert all(value.kind != "date" for value in find_values("le 32/13/2024", "fr"))


def test_the_source_value_of_the_same_kind_is_named():
    (value,) = find_values("five days", "en")
    other = rival(value, find_values("It weighs 2 kg and takes 3 days.", "en"))
    assert other is not None
    assert other.text == "3 days"


@pytest.mark.parametrize(
    ("digits", "numbers"),
    [
        ("1 000,50", (1000.5,)),
        ("1,000.50", (1000.5,)),
        ("1,500", (1500.0, 1.5)),
        ("3.50", (3.5,)),
        ("1.000.000", (1_000_000.0,)),
        ("12", (12.0,)),
        ("1'000", (1000.0,)),
    ],
)
def test_separators_are_read_as_both_countries_write_them(digits: str, numbers: tuple[float, ...]):
    assert readings(digits) == numbers


def test_number_words_become_digits_that_know_where_they_came_from():
    digits = digits_for_words("dans trente et un jours", "fr")
    assert digits.text == "dans 31 jours"
    assert digits.origin[5] == (5, 17)


@given(st.integers(0, 10**9))
def test_a_number_written_with_spaces_is_the_same_number(number: int):
    assert meet(f"{number:,}".replace(",", "\u202f") + " €", f"{number} €", "fr")


@given(st.text(ANY, max_size=200))
def test_any_text_has_values_and_no_exception(text: str):
    assert all(value.keys and value.kind for value in find_values(text, ""))


@pytest.mark.parametrize(
    "piece", ["1 000 ", "1 ", "5 to ", "two ", "3/4/", "A1-", "-1", "janvier ", "1,", "a", "www.", "+1", "a@"]
)
def test_a_long_hostile_text_is_read(piece: str):
    assert isinstance(find_values(piece * (20_000 // len(piece)), ""), tuple)


@pytest.mark.parametrize(
    ("odd", "plain"),
    [("5 mın", "5 min"), ("12 MİNUTES", "12 minutes"), ("10 dayſ", "10 days"), ("5 uſd", "5 usd"),
     ("3 avrıl 2024", "3 avril 2024"), ("lundı", "lundi"), ("demaın", "demain"), ("à mıdi", "à midi"),
     ("29 € par moıs", "29 € par mois"), ("2 mıllions €", "2 millions €"), ("3 buſiness days", "3 business days")],
)  # fmt: skip
def test_a_letter_that_a_pattern_takes_for_another_one_makes_the_same_value(odd: str, plain: str):
    assert [value.keys for value in find_values(odd, "")] == [value.keys for value in find_values(plain, "")] != []
