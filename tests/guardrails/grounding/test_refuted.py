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
    ("fr", "Cela fait 3 × 80 € = 250 €.", "80 € la nuit.", "3 nuits", "250 €", "3 × 80 € = 240, not 250 €"),
    ("fr", "3 nuits à 80 €, soit 250 €.", "80 € la nuit.", "3 nuits", "250 €", "3 at 80 € = 240, not 250 €"),
    ("en", "64 € + 2 × 12 € = 90 €.", "64 €; 12 €.", "2", "90 €", "64 € + 2 × 12 € = 88, not 90 €"),
    ("en", "It is 30% of €400, so €100.", "30%.", "€400", "€100", "30% of €400 = 120, not €100"),
    ("fr", "70 % des 450 €, soit 300 €.", "70 %.", "450 €", "300 €", "70 % of 450 € = 315, not 300 €"),
    ("en", "You pay 45 € in total: 30 € and 20 €.", "30 €. 20 €.", "", "45 €", "30 € + 20 € = 50, not 45 €"),
    (
        "en",
        "Up to 10,000 names fit, so with your 7,200 there is room for 3,800 more.",
        "Up to 10,000 names.",
        "I have 7,200 names",
        "3,800",
        "10,000 - 7,200 is not 3,800",
    ),
    (
        "fr",
        "À 11 mois sur 12 mois, il vous reste donc 3 mois.",
        "Garantie 12 mois.",
        "acheté il y a 11 mois",
        "3 mois",
        "12 mois - 11 mois is not 3 mois",
    ),
    ("en", "On 3 November, 32 days ago, it began.", "Rule.", "3 November", "32 days", ""),
    ("fr", "C'était le 3 novembre, il y a 32 jours.", "Règle.", "3 novembre", "32 jours", ""),
    (
        "en",
        "At 14 months your bike is still within the 12-month guarantee.",
        "It has a 12-month guarantee.",
        "I bought it 14 months ago",
        "14 months",
        "14 months > 12-month",
    ),
    (
        "en",
        "At 11 months it is no longer covered by the 12-month guarantee.",
        "It has a 12-month guarantee.",
        "I bought it 11 months ago",
        "11 months",
        "11 months < 12-month",
    ),
    ("en", "Your 380 € exceeds the limit of 400 €.", "At most 400 €.", "380 €", "380 €", "380 € < 400 €"),
    ("fr", "Vos 24 kg sont là : 24 kg est inférieur à 20 kg.", "20 kg.", "24 kg", "24 kg", "24 kg > 20 kg"),
    (
        "en",
        "At 9:25 the 30 minutes of your 9:10 link had run out.",
        "A link is good for 30 minutes.",
        "9:10, 9:25",
        "30 minutes",
        "from 9:25 to 9:10 < 30 minutes",
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
    ("fr", "3 nuits à 80 €, soit 240 €.", "80 € la nuit.", "3 nuits"),
    ("fr", "Les 2 premières sont à 64 €, soit 76 € avec la troisième à 12 €.", "64 € ; 12 €.", ""),
    ("en", "64 € + 2 × 12 € = 88 €.", "64 €; 12 €.", "2"),
    ("en", "It is 30% of €400, so €120.", "30%.", "€400"),
    ("en", "You pay 50 € in total: 30 € and 20 €.", "30 €. 20 €.", ""),
    ("en", "You pay 75 € in total: 30 € for each friend and 15 € for yours.", "30 €. 15 €.", "2 friends"),
    ("en", "It costs 45 € in total, 30 € now and 20 € on 3 May.", "30 €. 20 €. In all 45 €.", ""),
    ("en", "At 14 months your bike is no longer within the 12-month guarantee.", "12-month.", "14 months"),
    (
        "en",
        "At 14 months the lamp (12 months) is over, the frame (36 months) still covered.",
        "12 and 36 months.",
        "14 months",
    ),
    ("en", "After 90 days you still have 30 days to object.", "After 90 days, 30 days to object.", ""),
    ("en", "At 14 months, only parts replaced within 12 months are still covered.", "12 months.", "14 months"),
    ("en", "Your 430 € exceeds the limit of 400 €.", "At most 400 €.", "430 €"),
    ("en", "Your 380 € does not exceed 400 €.", "At most 400 €.", "380 €"),
    ("en", "You took it on 3 November, about three weeks ago.", "Rule.", "3 November"),
    ("en", "With 45 of 50 there is room for 5 more.", "At most 50.", "45"),
    ("en", "At 9:45 the 30 minutes of your 9:10 link had run out.", "Good for 30 minutes.", "9:10, 9:45"),
    (
        "en",
        "You come on Saturday 18 July 2027.",
        "Rule.",
        "We come on Saturday 18 July 2027.",
    ),  # the customer's mistake
    ("en", "We refund within 14 days, so by 12 December.", "Refund within 14 days.", "I sent it off today"),
    ("en", "Your days begin on 3 November and the 14 days are over, so ask before 20 December.", "14 days.", ""),
    ("fr", "Vous avez 5 jours, il vous reste 2 options et 3 bons.", "5 jours ; 2 options ; 3 bons.", ""),
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


@settings(max_examples=150, deadline=None)
@given(st.integers(2, 40), st.integers(2, 500), st.integers(-50, 50))
def test_a_product_is_refuted_exactly_where_it_is_wrong(count: int, price: int, off: int):
    found = refuted(
        f"That is {count} × {price} €, so {count * price + off} €.", f"Price: {price} €.", ticket=f"{count}"
    )
    assert (found == {}) == (off == 0 or count * price + off < 0)
