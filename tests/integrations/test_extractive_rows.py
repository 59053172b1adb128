"""Rows of tables: told from prose, cut down to the columns that were asked, and written as a sentence."""

import pytest

from integrations.llms.base import NumberedPassage
from integrations.llms.extractive_lines import lines
from integrations.llms.extractive_question import read
from integrations.llms.extractive_rows import columns, is_row, sentence
from integrations.llms.extractive_vocabulary import vocabulary

PLAN = "Plan: Home; Price per month: £10.99; Screens: 2; Quality: 1080p."
ZONE = "Zone: Hors zone euro; Paiement: 2 %; Retrait: 3 € par retrait."


def wanted(row: str, question: str, language: str) -> frozenset[int]:
    book = lines((NumberedPassage("P1", "Tarifs" if language == "fr" else "Plans", (row,), language),), language)
    return columns(row, read(question, None, vocabulary(book, language), language), language)


@pytest.mark.parametrize(
    "text",
    [
        PLAN,
        ZONE,
        "Bachelor; EU students: €1,200; Other students: €6,500.",
        "Country: Belgium; Price: 6.90 €.",
        "Country: Belgium; Price: 6.90 €",
    ],
)
def test_a_row_is_known_by_its_named_cells(text):
    assert is_row(text) is True


@pytest.mark.parametrize(
    "text",
    [
        "Monday to Friday: 6 am to 10 pm.",
        "Delivery is free; returns are not.",
        "Open the app; then tap Profile.",
        "Note: bring your card.",
        "| Plan | Price |",
        "",
    ],
)
def test_prose_is_no_row(text):
    assert is_row(text) is False


@pytest.mark.parametrize(
    ("row", "question", "language", "expected"),
    [
        (PLAN, "How much is the Home plan?", "en", {1}),
        (PLAN, "How many screens does the Home plan have?", "en", {2}),
        (PLAN, "What quality does the Home plan have?", "en", {3}),
        (PLAN, "What is the Home plan?", "en", {1, 2, 3}),
        (ZONE, "Combien coûte un retrait hors zone euro ?", "fr", {2}),
        (ZONE, "Combien coûte un paiement hors zone euro ?", "fr", {1}),
        (ZONE, "Que coûte la zone euro ?", "fr", {1, 2}),
    ],
)
def test_only_the_columns_that_were_asked_are_told(row, question, language, expected):
    assert wanted(row, question, language) == expected


def test_a_column_that_bounds_the_others_is_not_left_out():
    row = "Plan: Classic; Price per month: £29.90; Minimum term: 6 months."
    assert wanted(row, "How much is the Classic plan?", "en") == {1, 2}


@pytest.mark.parametrize(
    ("row", "told", "language", "expected"),
    [
        (PLAN, {1}, "en", "Home – price per month: £10.99."),
        (PLAN, {1, 2}, "en", "Home – price per month: £10.99, screens: 2."),
        (ZONE, {2}, "fr", "Hors zone euro – retrait : 3 € par retrait."),
        ("Country: Belgium; Price: 6.90 €.", {1}, "en", "Belgium – price: 6.90 €."),
        ("Bachelor; EU students: €1,200; Others: €6,500.", {1}, "en", "Bachelor – EU students: €1,200."),
        (
            "Bachelor; EU students: €1,200; Others: €6,500.",
            {1, 2},
            "en",
            "Bachelor – EU students: €1,200; others: €6,500.",
        ),
        ("Zone: Europe; Prix: 1,50 €; Délai: 3 jours.", {1, 2}, "fr", "Europe – prix : 1,50 € ; délai : 3 jours."),
    ],
)
def test_a_row_reads_as_a_sentence(row, told, language, expected):
    assert sentence(row, told, language) == expected
