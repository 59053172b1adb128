"""What is over by its own date is no answer, and what is to come is one only with its date."""

from dataclasses import replace
from datetime import date

import pytest

from guardrails.base import Level
from guardrails.checks.dated import ENDED, TO_COME, Bound, bounds_in, dated
from tests.guardrails.said import OPTIONS, reply

TODAY = date(2026, 11, 25)
ON = replace(OPTIONS, today=TODAY)


def found(text: str, *sources: str, language: str = "en") -> list[str]:
    return [finding.id for finding in dated(reply(text, *sources, language=language), ON)]


OVER = [
    ("en", "Until 31 January 2025, delivery is free for all orders."),
    ("en", "Delivery is free until January 31, 2025."),
    ("en", "Delivery is free till the 31st of January 2025."),
    ("en", "Delivery was free before 2025-02-01."),
    ("en", "The offer ends on 24 November 2026."),
    ("en", "The offer expires 31/01/2025."),
    ("en", "From 1 to 31 January 2025, delivery is free."),
    ("en", "From 1 January 2025 to 31 January 2025, delivery is free."),
    ("en", "Delivery is free between 1 and 31 January 2025."),
    ("en", "Delivery is free until the end of 2024, or until January 2025."),
    ("fr", "Jusqu'au 31 janvier 2025, la livraison est offerte."),
    ("fr", "La livraison est offerte jusqu’au 31/01/2025."),
    ("fr", "La livraison est offerte jusqu'en janvier 2025."),
    ("fr", "Commandez avant le 1er février 2025 pour en profiter."),
    ("fr", "Du 1er au 31 janvier 2025, la livraison est offerte."),
    ("fr", "L'offre expire le 31 janvier 2025."),
]
LATER = [
    ("en", "From 1 March 2027, returns take 60 days.", "Returns take 60 days."),
    ("en", "As of March 2027, returns take 60 days.", "Returns take 60 days."),
    ("en", "From 1 March 2027 to 31 March 2027, delivery is free.", "Delivery is free until 31 March 2027."),
    ("fr", "À partir du 1er mars 2027, le retour dure 60 jours.", "Le retour dure 60 jours."),
]
HOLDS = [
    ("en", "Until 25 November 2026, delivery is free."),
    ("en", "Until November 2026, delivery is free."),
    ("en", "Until 31 January, delivery is free."),
    ("en", "From 1 January 2025, delivery is free."),
    ("en", "Until 31 January 2025 it costs 5 €, from 1 February 2025 it is free."),
    ("en", "Until 31 December 2026 it costs 5 €, from 1 January 2027 it is free."),
    ("en", "Orders placed before 31 January 2025 keep the old warranty."),
    ("en", "Items bought between 1 and 31 January 2025 can be returned."),
    ("en", "The rules of 31 January 2025 apply."),
    ("en", "Orders are sent until 5 pm."),
    ("en", "We are open from Monday to Friday."),
    ("en", "Until 32 January 2025 nobody comes."),
    ("en", "From 31 April 2099 nobody comes."),
    ("en", "Until 3/11/2026 or, for others, until 31/12/2026, it is free."),
    ("fr", "Les commandes passées avant le 31 janvier 2025 gardent leur garantie."),
    ("fr", "À partir du 1er janvier 2025, la livraison est offerte."),
    ("fr", "Jusqu'au 31 décembre 2026, la livraison est offerte."),
]


@pytest.mark.parametrize(("language", "text"), OVER)
def test_what_is_over_is_no_answer(language: str, text: str):
    assert found(text, text, language=language) == [ENDED]


@pytest.mark.parametrize(("language", "text"), HOLDS)
def test_what_holds_today_is_left_alone(language: str, text: str):
    assert found(text, text, language=language) == []


@pytest.mark.parametrize(("language", "source", "short"), LATER)
def test_what_is_to_come_is_told_with_its_date_alone(language: str, source: str, short: str):
    assert found(short, source, language=language) == [TO_COME]


@pytest.mark.parametrize(("language", "source", "short"), LATER)
def test_what_is_to_come_may_be_told_whole(language: str, source: str, short: str):
    assert found(source, source, language=language) == []


def test_a_date_that_the_sentence_leaves_out_counts():
    assert found("Delivery is free for all orders.", "Until 31 January 2025, delivery is free for all orders.") == [
        ENDED
    ]


def test_it_waits_for_a_person_who_is_told_which_day():
    (finding,) = dated(reply(OVER[0][1], OVER[0][1]), ON)
    assert (finding.level, finding.sentence, finding.words, finding.why) == (
        Level.HOLD, 0, "31 January 2025", "what it says ended on 2025-01-31",
    )  # fmt: skip


def test_without_a_today_nothing_is_compared():
    assert dated(reply(OVER[0][1], OVER[0][1]), OPTIONS) == []


@pytest.mark.parametrize(
    ("text", "language", "bound"),
    [
        ("until 03/04/2026", "en", Bound(date(2026, 4, 3), last=True, words="03/04/2026")),
        ("from 03/04/2026", "en", Bound(date(2026, 3, 4), last=False, words="03/04/2026")),
        ("jusqu'au 03/04/2026", "fr", Bound(date(2026, 4, 3), last=True, words="03/04/2026")),
        ("until December 2026", "en", Bound(date(2026, 12, 31), last=True, words="December 2026")),
        ("from December 2026", "en", Bound(date(2026, 12, 1), last=False, words="December 2026")),
    ],
)
def test_a_date_of_two_readings_is_read_to_the_sentences_favour(text: str, language: str, bound: Bound):
    assert list(bounds_in(text, language)) == [bound]
