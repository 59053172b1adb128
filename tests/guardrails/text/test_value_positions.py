"""Values in their order, with their places; days of a month are known as such."""

import pytest

from guardrails.text.value_positions import placed


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Pay 8 € twice: 8 € on 3 May and 8 € on 3 June.", "en"),
        ("Un délai de 3 jours, puis 3 jours, dès 9 h.", "fr"),
        ("Twenty-one days, or 3 weeks.", "en"),
    ],
)
def test_each_value_stands_where_it_says(text: str, language: str):
    found = placed(text, language)
    assert [text[one.start : one.end] for one in found] == [one.value.text for one in found]
    assert [one.start for one in found] == sorted({one.start for one in found})


@pytest.mark.parametrize(
    ("text", "language", "words"),
    [
        ("les 25, 26 et 27 novembre", "fr", ["25", "26", "27 novembre"]),
        ("Wednesday 25 and Thursday 26", "en", ["Wednesday", "25", "Thursday", "26"]),
        ("on the 12th or the 25th", "en", ["12th", "25th"]),
        ("le 15 et le 20.", "fr", ["15", "20"]),
    ],
)
def test_bare_days_are_dates(text: str, language: str, words: list[str]):
    assert [(one.value.text, one.value.kind) for one in placed(text, language)] == [(word, "date") for word in words]


@pytest.mark.parametrize(
    ("text", "language"), [("le 15 mm", "fr"), ("the 3 bikes", "en"), ("les 20 personnes", "fr"), ("the 64", "en")]
)
def test_other_numbers_are_none(text: str, language: str):
    assert all(one.value.kind != "date" for one in placed(text, language))


def test_a_listed_day_has_the_month_of_the_date_that_follows():
    first = placed("from 24 to 28 May", "en")[0]
    assert ("date", None, 5, 24) in first.value.keys
