"""Tables of words: folded, without contradictions, read from their files."""

import pytest

from guardrails.text import units, vocabulary
from guardrails.text.numbers import digits_for_words, readings
from guardrails.text.words import fold

TABLES = {name: getattr(vocabulary, name) for name in ("EMPTY", "LIGHT")}


@pytest.mark.parametrize("name", TABLES)
def test_tables_are_written_as_folding_leaves_words(name: str):
    assert [word for word in TABLES[name] if fold(word) != word] == []


@pytest.mark.parametrize("name", TABLES)
def test_no_table_is_empty(name: str):
    assert len(TABLES[name]) >= 10


@pytest.mark.parametrize(
    ("written", "meaning"),
    [
        ("hours", ("s", 3600)), ("heure", ("s", 3600)), ("jours", ("s", 86_400)), ("weeks", ("s", 604_800)),
        ("mois", ("month", 1)), ("ans", ("month", 12)), ("quarters", ("month", 3)),
    ],
)  # fmt: skip
def test_spans_are_in_seconds_or_months(written: str, meaning: tuple[str, int]):
    assert units.SPANS[written] == meaning


@pytest.mark.parametrize(
    ("one", "other", "times"),
    [("kg", "g", 1000), ("m", "cm", 100), ("km", "m", 1000), ("l", "ml", 1000), ("gb", "mb", 1000), ("kw", "w", 1000)],
)
def test_measures_of_one_dimension_are_comparable(one: str, other: str, times: int):
    (dimension, factor), (same, smaller) = units.MEASURES[one], units.MEASURES[other]
    assert (dimension, factor) == (same, smaller * times)


@pytest.mark.parametrize(("sign", "code"), [("€", "EUR"), ("$", "USD"), ("£", "GBP"), ("chf", "CHF"), ("euros", "EUR")])
def test_currencies_have_their_codes(sign: str, code: str):
    assert units.CURRENCIES[sign] == code


def test_working_days_are_not_days():
    assert set(units.WORKING.values()) & set(units.SPANS) == set()


@pytest.mark.parametrize(
    ("digits", "values"),
    [
        ("7", (7.0,)), ("1 000,50", (1000.5,)), ("1,500", (1500.0, 1.5)), ("1.500", (1500.0, 1.5)), ("12.50", (12.5,)),
        ("1.234.567", (1_234_567.0,)), ("1,234,567", (1_234_567.0,)), ("1,234.50", (1234.5,)), ("1.234,50", (1234.5,)),
        ("1'000", (1000.0,)), ("0,5", (0.5,)), (",5", (0.5,)), ("2026", (2026.0,)),
    ],
)  # fmt: skip
def test_digits_are_read_as_their_writers_may_have_meant_them(digits: str, values: tuple[float, ...]):
    assert readings(digits) == values


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("trente et un jours", "fr", "31 jours"), ("thirty one days", "en", "31 days"), ("dans un jour", "fr", "dans 1 jour"),
        ("within a week", "en", "within 1 week"), ("un colis", "fr", "un colis"), ("a parcel", "en", "a parcel"),
        ("two and three", "en", "2 and 3"), ("quatre-vingts euros", "fr", "80 euros"), ("one day", "en", "1 day"),
        ("no numbers here", "en", "no numbers here"), ("", "en", ""), ("a hundred grams", "en", "100 grams"),
    ],
)  # fmt: skip
def test_number_words_become_digits(text: str, language: str, expected: str):
    assert digits_for_words(text, language).text == expected


@pytest.mark.parametrize("text", ["trente et un jours", "within a week or two", "rien", "🎈 douze ballons 🎈"])
def test_each_digit_knows_where_it_came_from(text: str):
    found = digits_for_words(text, "")
    assert len(found.text) == len(found.origin)
    assert all(
        text[start:end] == sign
        for sign, (start, end) in zip(found.text, found.origin, strict=True)
        if not sign.isdigit()
    )
    assert (found.origin[0][0], found.origin[-1][1]) == (0, len(text))
