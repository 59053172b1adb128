"""Dates and times as French and English write them: each spelling by what it means, and words that only look like one."""

import pytest

from guardrails.text.values import find_values, stands_in

MONTHS_EN = [
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December",
]  # fmt: skip
MONTHS_FR = [
    "janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre", "décembre",
]  # fmt: skip


def keys(text: str, language: str = "en") -> set[tuple[str | float | None, ...]]:
    """Every reading of every date and time in a text."""
    return {key for value in find_values(text, language) if value.kind in ("date", "time") for key in value.keys}


def kinds(text: str, language: str = "en") -> list[str]:
    return [value.kind for value in find_values(text, language)]


def date(year: int | None, month: int | None, day: int | None) -> set[tuple[str | float | None, ...]]:
    return {("date", year, month, day)}


def at(hour: int, minute: int = 0) -> tuple[str, int]:
    return "time", hour * 60 + minute


def test_every_month_is_read_in_both_languages_before_and_behind_its_day():
    for number, (english, french) in enumerate(zip(MONTHS_EN, MONTHS_FR, strict=True), start=1):
        wanted = date(2025, number, 14)
        spellings = (f"on 14 {english} 2025", f"on {english} 14, 2025", f"the 14th of {english} 2025")
        assert [keys(text) for text in spellings] == [wanted] * 3
        assert keys(f"le 14 {french} 2025", "fr") == wanted
        assert keys(f"LE 14 {french.upper()} 2025", "fr") == wanted


def test_short_months_are_read_with_a_day_and_not_without():
    said = {
        "on 14 Jan 2025": (2025, 1, 14), "on Feb. 14, 2025": (2025, 2, 14), "14 Mar": (None, 3, 14),
        "Apr 3": (None, 4, 3), "3 jun": (None, 6, 3), "Jul 4th": (None, 7, 4), "Aug 31": (None, 8, 31),
        "3 Sept": (None, 9, 3), "3 Oct": (None, 10, 3), "3 nov.": (None, 11, 3), "le 3 janv.": (None, 1, 3),
        "le 3 févr. 2025": (2025, 2, 3), "le 3 avr.": (None, 4, 3), "le 3 juil.": (None, 7, 3),
        "le 3 déc.": (None, 12, 3), "le 3 aout": (None, 8, 3), "le 3 fevrier": (None, 2, 3),
    }  # fmt: skip
    assert {text: keys(text) for text in said} == {text: date(*parts) for text, parts in said.items()}
    assert [keys(text) for text in ("the mar on it", "in sep", "dec it", "a jan")] == [set()] * 4


def test_ordinal_days_are_days():
    said = {
        "March 1st": (None, 3, 1), "March 2nd": (None, 3, 2), "March 3rd": (None, 3, 3),
        "March 21st, 2025": (2025, 3, 21), "March the 4th": (None, 3, 4), "the 4th of March": (None, 3, 4),
        "1er mars": (None, 3, 1), "le 1er avril 2025": (2025, 4, 1),
    }  # fmt: skip
    assert {text: keys(text) for text in said} == {text: date(*parts) for text, parts in said.items()}


def test_a_date_in_figures_is_read_as_its_country_writes_it():
    assert keys("2025-02-14") == date(2025, 2, 14)
    assert [keys(f"le 14{mark}02{mark}2025", "fr") for mark in "/.-"] == [date(2025, 2, 14)] * 3
    assert keys("le 05/03/2025", "fr") == date(2025, 3, 5)
    assert keys("on 05/03/2025") == date(2025, 3, 5) | date(2025, 5, 3)
    assert keys("on 25/03/2025") == keys("on 03/25/2025") == date(2025, 3, 25)
    assert keys("le 05/03/25", "fr") == date(2025, 3, 5)
    assert keys("avant le 05/03", "fr") == date(None, 3, 5)


def test_figures_that_are_no_date_are_none():
    texts = ("le 32/01/2025", "le 10/13/2025", "on 00/05/2025", "24/7", "3/4 cup", "1/2/3/4", "10.0.0.2025", "5-10")
    assert [text for text in texts if keys(text, "fr") and "date" in kinds(text, "fr")] == []


def test_a_month_alone_is_a_date_behind_its_preposition():
    said = {
        ("in March", "en"): (None, 3, None), ("by late June", "en"): (None, 6, None),
        ("of May 2025", "en"): (2025, 5, None), ("March 2025", "en"): (2025, 3, None),
        ("en août", "fr"): (None, 8, None), ("fin mars", "fr"): (None, 3, None),
        ("fin de juillet", "fr"): (None, 7, None), ("en décembre 2025", "fr"): (2025, 12, None),
    }  # fmt: skip
    assert {key: keys(*key) for key in said} == {key: date(*parts) for key, parts in said.items()}


def test_words_that_months_share_with_other_words_are_no_dates():
    texts = (
        "You may return it.",
        "They march on.",
        "An august house.",
        "Mai tai",
        "Il mars",
        "the dec",
        "June's lamp",
        "May we?",
    )
    assert [text for text in texts if keys(text) or keys(text, "fr")] == []


def test_every_weekday_is_one_and_the_same_in_both_languages():
    english = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
    french = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
    for number, (one, other) in enumerate(zip(english, french, strict=True), start=1):
        assert keys(f"closed on {one}s") == keys(f"fermé le {other}", "fr") == {("weekday", number)}
    assert keys("the mondayish mood") == set()


def test_days_seen_from_today_are_told_apart():
    said = {
        "today": "today", "tonight": "today", "aujourd'hui": "today", "aujourd’hui": "today", "tomorrow": "tomorrow",
        "demain": "tomorrow", "yesterday": "yesterday", "hier": "yesterday",
    }  # fmt: skip
    assert {text: keys(f"It arrives {text}.", "") for text in said} == {
        text: {("relative", day)} for text, day in said.items()
    }
    assert keys("hierarchy todays cahier", "") == set()


def test_every_way_to_write_an_hour_is_the_same_hour():
    half_past_five = (
        ("5:30 pm", "en"), ("5:30pm", "en"), ("5:30 p.m.", "en"), ("5:30 PM", "en"), ("17:30", "en"), ("17:30", "fr"),
    )  # fmt: skip
    assert [keys(f"at {text}", language) for text, language in half_past_five] == [{at(17, 30)}] * 6
    assert [at(17, 30) in keys(f"à {text}", "fr") for text in ("17h30", "17 h 30", "17h30 min", "17 heures 30")] == [
        True
    ] * 4
    assert keys("at 5 pm") == {at(17)}
    assert keys("at 12 am") == {at(0)}
    assert keys("at 12 pm") == keys("at noon") == keys("at midday") == keys("à midi", "fr") == {at(12)}
    assert keys("until midnight") == keys("jusqu'à minuit", "fr") == {at(0)}
    assert keys("at 5 o'clock") == {at(5), at(17)}


def test_an_hour_of_the_day_is_no_length_of_time_and_the_reverse():
    nine = find_values("à 9 h", "fr")
    assert stands_in(nine[0], find_values("à 9h00", "fr"))
    assert stands_in(nine[0], find_values("pendant 9 heures", "fr"))
    assert not stands_in(find_values("à 9h00", "fr")[0], find_values("à 21h00", "fr"))
    assert not stands_in(find_values("at 9 am")[0], find_values("at 9 pm"))
    assert not stands_in(find_values("48 h", "fr")[0], find_values("4 h 08", "fr"))


def test_figures_that_are_no_time_are_none():
    texts = ("a ratio of 4:3", "on channel 9", "the noon edition", "minuit", "99:99", "5 amps", "9 parts")
    assert [text for text in texts if "time" in kinds(text)] == []


def test_all_day_and_all_week_is_one_value():
    spellings = ("24/7", "24h/24", "24 h sur 24", "24 / 7", "7j/7", "7 jours sur 7", "24 heures/24")
    assert [{key for value in find_values(text, "fr") for key in value.keys} for text in spellings] == [
        {("always", None)}
    ] * 7


@pytest.mark.parametrize(
    ("part", "whole", "stands"),
    [
        ("14 March", "14 March 2025", True),
        ("March 2025", "14 March 2025", True),
        ("in March", "14 March 2025", True),
        ("14 March 2025", "14 March", False),
        ("14 March", "in March", False),
        ("14 March 2024", "14 March 2025", False),
        ("14 March", "14 April", False),
        ("in 2025", "14 March 2025", True),
        ("in 2024", "14 March 2025", False),
        ("Monday", "14 March 2025", False),
        ("tomorrow", "14 March 2025", False),
        ("tomorrow", "yesterday", False),
        ("at 9:00", "9 March", False),
    ],
)
def test_a_date_stands_only_in_one_that_says_as_much_or_more(part: str, whole: str, stands: bool):
    (ours,) = find_values(part, "en")
    assert stands_in(ours, find_values(whole, "en")) is stands


def test_two_dates_of_one_sentence_are_two_values():
    values = [value.text for value in find_values("du 3 mars 2025 au 5 avril 2025 à 17:30, le lundi", "fr")]
    assert values == ["3 mars 2025", "5 avril 2025", "lundi", "17:30"]


def test_a_date_is_shown_as_it_was_written():
    assert [value.text for value in find_values("On March the 3rd, 2025, at 5 p.m. it opens", "en")] == [
        "March the 3rd, 2025",
        "5 p.m.",
    ]
