"""What is asked in a text: sentence by sentence what stands alone, what needs the one before, and what asks nothing."""

import pytest

from klark.steps.questions import LONGEST, questions, substance

ASKED: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    # one question
    ("Where is my order?", "en", ("Where is my order?",)),
    ("do you ship abroad", "en", ("do you ship abroad",)),
    ("Pouvez-vous me rembourser ?", "fr", ("Pouvez-vous me rembourser ?",)),
    ("Wie lange dauert die Lieferung?", "de", ("Wie lange dauert die Lieferung?",)),
    # courtesy is left out
    ("Hello, where is my order? Thanks, Ann", "en", ("where is my order?",)),
    ("Bonjour, où est mon colis ? Merci d'avance", "fr", ("où est mon colis ?",)),
    ("Hi there! How much is it? Best regards", "en", ("How much is it?",)),
    # several
    ("How long is delivery? Can I pay by card? Do you ship to Spain?", "en",
     ("How long is delivery?", "Can I pay by card?", "Do you ship to Spain?")),
    ("Is it blue? is it red? is it green?", "en", ("Is it blue?", "is it red?", "is it green?")),
    ("1) How long? 2) How much does it cost?", "en", ("How long?", "How much does it cost?")),
    ("1. What is the price of a table?\n2. What does delivery cost?", "en",
     ("What is the price of a table?", "What does delivery cost?")),
    # two in one sentence
    ("What does delivery cost and when does the parcel arrive?", "en",
     ("What does delivery cost?", "when does the parcel arrive?")),
    ("Combien coûte la livraison et quand arrive mon colis ?", "fr",
     ("Combien coûte la livraison ?", "quand arrive mon colis ?")),
    ("How much is it and when does it come?", "en", ("How much is it and when does it come?",)),
    ("where is it and why", "en", ("where is it and why",)),
    # a problem goes with its question
    ("My parcel is broken. What can I do?", "en", ("My parcel is broken. What can I do?",)),
    ("Mon colis est perdu. Que faire ?", "fr", ("Mon colis est perdu. Que faire ?",)),
    ("I want to cancel. Until when can I cancel?", "en", ("I want to cancel. Until when can I cancel?",)),
    # a request or a problem is asked without a question mark
    ("Please cancel my order 55.", "en", ("Please cancel my order 55.",)),
    ("Je voudrais annuler ma commande.", "fr", ("Je voudrais annuler ma commande.",)),
    ("My parcel never arrived.", "en", ("My parcel never arrived.",)),
    ("I sent it back last week. Still no refund.", "en", ("I sent it back last week. Still no refund.",)),
    # nothing is asked: what is told
    ("The colour is blue.", "en", ("The colour is blue.",)),
    ("Merci", "fr", ("Merci",)),
    # asked twice, kept once
    ("Why? Why?", "en", ("Why?",)),
    ("Where is my order?\n\nWhere is my order?", "en", ("Where is my order?",)),
    # without a word
    ("", "en", ()),
    ("  \n\t", "en", ()),
    ("🙂", "en", ()),
    ("?!?", "en", ()),
)  # fmt: skip


@pytest.mark.parametrize(("text", "language", "expected"), ASKED)
def test_a_text_and_what_is_asked_in_it(text: str, language: str, expected: tuple[str, ...]) -> None:
    assert questions(text, language) == expected


@pytest.mark.parametrize(("text", "language"), [(text, language) for text, language, found in ASKED if len(found) == 1])
def test_an_unknown_language_asks_as_much(text: str, language: str) -> None:
    assert len(questions(text, None)) == 1


def test_of_many_questions_the_first_are_kept() -> None:
    many = [f"What is number {number}?" for number in range(20)]
    assert questions(" ".join(many), "en") == tuple(many[:5])


@pytest.mark.parametrize("text", ["x" * 1000 + "?", "word " * 400 + "?", "Where is it, " * 100 + "?"])
def test_a_question_without_end_is_cut(text: str) -> None:
    assert [len(each) <= LONGEST for each in questions(text, "en")] == [True] * len(questions(text, "en"))


def test_a_problem_that_would_make_the_question_too_long_is_left_out() -> None:
    problem = "My parcel did not arrive " + "because of the weather " * 20
    assert questions(f"{problem}. Where is it?", "en") == ("Where is it?",)


SUBSTANCE = (
    ("Hello, where is my order? Thanks, Ann", "en", "where is my order?"),
    ("Bonjour, mon colis est perdu. Merci d'avance", "fr", "mon colis est perdu."),
    ("Where is my order?", "en", "Where is my order?"),
    ("1) How long? 2) How much does it cost?", "en", "How long? How much does it cost?"),
    ("Hello", "en", "Hello"),
    ("Thanks", "en", "Thanks"),
    ("", "en", ""),
)


@pytest.mark.parametrize(("text", "language", "expected"), SUBSTANCE)
def test_what_is_searched_for_is_without_courtesy_and_never_less_than_something(
    text: str, language: str, expected: str
) -> None:
    assert substance(text, language) == expected
