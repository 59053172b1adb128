"""What a sentence itself reckons wrongly is refuted; what is right, or may be, never is."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guardrails.text.calendar_days import plus_months, plus_working, spelled, weekday_name
from tests.guardrails.traced import TODAY, refuted, traced

WRONG = [
    ("en", "That was on Tuesday 25 November 2026.", "Rule.", "", "Tuesday", "25 November 2026 is a Wednesday"),
    ("en", "28 November is a Sunday.", "Rule.", "", "Sunday", "28 November 2026 is a Saturday"),
    ("fr", "Ce sera le lundi 1er décembre.", "Règle.", "", "lundi", "1 December 2026 is a Tuesday"),
    (
        "en",
        "You have 14 days from 3 November, so until 20 November.",
        "You have 14 days.",
        "",
        "20 November",
        "3 November 2026 + 14 days = 17 November 2026, not 20 November",
    ),
    (
        "fr",
        "La demande se fait sous 30 jours, donc au plus tard le 30 novembre.",
        "Demande sous 30 jours.",
        "C'était le 8 novembre",
        "30 novembre",
        "8 November 2026 + 30 jours = 8 December 2026, not 30 novembre",
    ),
    (
        "fr",
        "Prévenez 10 jours ouvrés avant le 20 janvier 2027, donc le 10 janvier 2027.",
        "Prévenir 10 jours ouvrés avant.",
        "",
        "10 janvier 2027",
        "20 January 2027 - 10 jours ouvrés = 6 January 2027, not 10 janvier 2027",
    ),
    (
        "en",
        "The 14 days begin the day after, which takes you to today, 25 November.",
        "14 days.",
        "I signed on 12 November",
        "25 November",
        "12 November 2026 + 14 days = 26 November 2026, not 25 November",
    ),
]


@pytest.mark.parametrize(("language", "text", "source", "ticket", "words", "why"), WRONG)
def test_a_false_reckoning_is_refuted(language: str, text: str, source: str, ticket: str, words: str, why: str):
    found = refuted(text, source, ticket=ticket, language=language)
    assert list(found) == [words]
    assert not why or found[words] == why


RIGHT = [
    ("en", "That was on Wednesday 25 November 2026.", "Rule.", ""),
    ("en", "We meet on Thursday 16 September.", "Rule.", ""),  # so it is in 2027
    ("en", "On Saturdays, 28 November included, we are open.", "Rule.", ""),
    ("en", "You have 14 days from 3 November, so until 17 November.", "You have 14 days.", ""),
    ("en", "You have 14 days from 3 November, so until 16 November.", "You have 14 days.", ""),
    ("en", "You have 14 days from 8 November, so until Monday 23 November.", "You have 14 days.", ""),
    ("en", "The notice is 45 days and you began on 1 March 2026, so it renews on 1 March 2027.", "45 days.", ""),
    ("en", "It takes 3 days and was sent on 3 November, so it was due before 25 November.", "3 days.", "25 November?"),
    ("en", "Between 3 November and 9 November you have 30 days, so until 20 December.", "30 days.", ""),
    ("en", "After the 14 days, and 30 days more from 3 November, so on 20 December.", "14 days, then 30 days.", ""),
    ("fr", "Payé le 30 septembre, vous en êtes à 56 jours, donc avant le 29 décembre.", "90 jours.", ""),
    (
        "en",
        "You come on Saturday 18 July 2027.",
        "Rule.",
        "We come on Saturday 18 July 2027.",
    ),  # the customer's mistake
    ("en", "We refund within 14 days, so by 12 December.", "Refund within 14 days.", "I sent it off today"),
    ("en", "Your days begin on 3 November and the 14 days are over, so ask before 20 December.", "14 days.", ""),
    (  # a length that stands after an end does not lead to it
        "fr",
        "Dès le 5e jour, soit le 8 novembre, rien n'est rendu sauf absence de 10 jours.",
        "Dès le 5e jour, rien n'est rendu, sauf absence de 10 jours.",
        "Mon pass court depuis le 4 novembre.",
    ),
]


@pytest.mark.parametrize(("language", "text", "source", "ticket"), RIGHT)
def test_what_is_right_or_may_be_is_never_refuted(language: str, text: str, source: str, ticket: str):
    assert refuted(text, source, ticket=ticket, language=language) == {}


def test_an_end_is_not_judged_without_a_date_of_today():
    text = "You have 14 days from 3 November 2026, so until 20 November 2026."
    assert [one.origin for one in traced(text, "14 days.", ticket=text, today=None).values()].count("refuted") == 0


near = st.integers(-60, 60).map(lambda days: TODAY + timedelta(days=days))


@settings(max_examples=150, deadline=None)
@given(near, st.integers(0, 6))
def test_a_weekday_is_refuted_exactly_where_it_is_wrong(day: date, off: int):
    weekday = weekday_name((day.isoweekday() - 1 + off) % 7 + 1)
    found = refuted(f"It is on {weekday} {spelled(day)}.", "Rule.")
    assert list(found) == ([] if off == 0 else [weekday])


@settings(max_examples=150, deadline=None)
@given(near, st.integers(2, 60), st.sampled_from(["days", "working days", "months"]), st.integers(4, 25))
def test_an_end_is_refuted_where_it_is_off_and_never_where_it_is_right(start: date, count: int, unit: str, off: int):
    end = {
        "days": start + timedelta(days=count),
        "working days": plus_working(start, count) or start,
        "months": plus_months(start, count) or start,
    }[unit]
    says = "You have {0} {1} from {2}, so until {3}."
    rule = f"You have {count} {unit}."
    ticket = f"It came on {spelled(start)}."
    right = says.format(count, unit, spelled(start), spelled(end))
    wrong = says.format(count, unit, spelled(start), spelled(end + timedelta(days=off)))
    assert refuted(right, rule, ticket=ticket) == {}
    assert set(refuted(wrong, rule, ticket=ticket)) <= {spelled(end + timedelta(days=off))}
