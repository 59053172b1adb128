"""Passages as lines: what each is, what stands above it, what it cannot stand without."""

import pytest

from integrations.llms.base import NumberedPassage
from integrations.llms.extractive_lines import MOST_LINES, lines
from integrations.llms.extractive_words import words
from tests.integrations.drafting import Book, book, passage


def kinds(of: Book) -> list[str]:
    return [line.kind for some in of for line in some]


def above(of: Book, place: int, word: str, language: str = "en") -> float:
    (found,) = words(word, language)
    return of[0][place].around.get(found.concept, 0.0)


@pytest.mark.parametrize(
    ("sentences", "expected"),
    [
        (("Returns are free.",), ["plain"]),
        (("Return costs", "Returns are free."), ["heading", "plain"]),
        (("Are returns free?", "Yes."), ["question", "plain"]),
        (("To reset it:", "Open the lid", "Press the button"), ["lead", "item", "item"]),
        (("To reset it:", "- Open the lid", "The alarm is loud."), ["lead", "item", "plain"]),
        (("1. Open the lid.", "2. Press."), ["plain", "plain"]),
        (("Follow these steps:", "1. Open the lid.", "2. Press."), ["lead", "item", "item"]),
        (("| Plan | Price |", "| Basic | 8 |"), ["lead", "item"]),
        (("Plan: Basic; Price: 8 €.",), ["plain"]),
        (("Monday to Friday: 6 am to 10 pm",), ["plain"]),
        (("It is free.",), ["heading"]),
        (("Delivery is fast.", "It is free."), ["plain", "plain"]),
        (("Is it free?", "It is."), ["question", "reply"]),
        (("x" * 2000,), ["overlong"]),
        (("",), ["overlong"]),
    ],
)
def test_a_sentence_has_its_kind(sentences, expected):
    assert kinds(book(*sentences)) == expected


@pytest.mark.parametrize(
    ("kind_of", "quotable"),
    [
        ("Returns are free.", True),
        ("Return costs", False),
        ("Are returns free?", False),
        ("x" * 2000, False),
    ],
)
def test_headings_and_questions_are_context_only(kind_of, quotable):
    assert book(kind_of)[0][0].quotable is quotable


@pytest.mark.parametrize(
    ("second", "needs"),
    [
        ("It costs 5 €.", 0),
        ("However, sale items are excluded.", 0),
        ("Once it is open, press the button.", 0),
        ("Then press the button.", 0),
        ("It is possible to pay later.", None),
        ("It is possible 15 days a month.", 0),
        ("The lid is red.", None),
    ],
)
def test_a_sentence_may_lean_on_the_one_before(second, needs):
    assert book("Open the alarm box.", second)[0][1].needs == needs


@pytest.mark.parametrize(
    ("second", "needs"),
    [
        ("Elle coûte 5 €.", 0),
        ("Sinon, attendez.", 0),
        ("Il est possible de payer plus tard.", None),
        ("Il est possible 15 jours par mois.", 0),
        ("Il faut une pièce d'identité.", None),
        ("Au-delà, il faut un permis.", 0),
        ("Le couvercle est rouge.", None),
    ],
)
def test_a_french_sentence_may_lean_on_the_one_before(second, needs):
    assert book("Ouvrez la boîte.", second, language="fr")[0][1].needs == needs


def test_an_item_needs_its_lead_in():
    assert [line.needs for line in book("To reset it:", "Open the lid", "Press the button")[0]] == [None, 0, 0]


def test_the_title_stands_above_every_line():
    of = book("It is open.", "Mats are provided.", title="Group classes › Yoga")
    assert (above(of, 1, "yoga") > 0.5, above(of, 1, "classes") > 0.5, above(of, 1, "spinning")) == (True, True, 0.0)


def test_the_end_of_a_title_path_says_what_a_passage_is_about():
    of = book("The desk is open.", title="Arrival and departure › Arrival")
    assert (above(of, 0, "arrival") > 0.5, above(of, 0, "departure")) == (True, 0.0)


def test_a_heading_within_a_passage_does_the_same():
    of = book("Arrival", "The desk is open.", title="Arrival and departure")
    assert (above(of, 1, "arrival") > 0.5, above(of, 1, "departure")) == (True, 0.0)


def test_a_heading_stands_until_the_next_one():
    of = book("Yoga", "Mats are provided.", "Spinning", "Bikes are provided.", title="Classes")
    assert (above(of, 1, "yoga") > 0.5, above(of, 3, "yoga"), above(of, 3, "spinning") > 0.5) == (True, 0.0, True)


def test_what_a_line_leans_on_stands_above_it():
    of = book("The Nova lamp is dimmable.", "It uses 9 watts.", "The shade is red.", title="Lamps")
    assert (above(of, 1, "nova") > 0.5, above(of, 2, "nova")) == (True, 0.0)


def test_the_articles_own_question_stands_above_its_answer():
    of = book("Are returns free?", "Yes, within 30 days.")
    assert of[0][1].asked == of[0][0].concepts


def test_a_title_that_asks_is_such_a_question():
    of = book("Yes, within 30 days.", title="Are returns free?")
    assert of[0][0].asked == {word.concept for word in words("Are returns free?", "en")}


def test_lines_are_cited_by_passage_and_place():
    assert [line.ref for line in book("One lamp.", "Two lamps.")[0]] == ["P1.1", "P1.2"]


@pytest.mark.parametrize(
    ("code", "expected"), [("en", 1), ("en-GB", 1), ("EN_us", 1), ("fr", 0), ("", 0)]
)  # fmt: skip
def test_only_passages_in_the_language_are_read(code, expected):
    assert len(lines((NumberedPassage("P1", "Help", ("Lamps are red.",), code),), "en")) == expected


def test_only_so_many_lines_are_read():
    many = tuple(passage(*["Lamps are red."] * 100, id=f"P{n}") for n in range(6))
    assert sum(len(some) for some in lines(many, "en")) == MOST_LINES


def test_only_so_much_text_is_read():
    many = tuple(passage("word " * 230, id=f"P{n}") for n in range(400))
    assert len(lines(many, "en")) < 400
