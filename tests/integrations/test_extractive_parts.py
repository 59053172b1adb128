"""A question that asks two things is two questions; one that asks one is left whole."""

import pytest

from integrations.llms.extractive_parts import MOST_CHARACTERS, parts


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("How much is the Max plan and can I bring a guest?", ("How much is the Max plan ?", "can I bring a guest?")),
        ("How much is it, and how often does it run?", ("How much is it ?", "how often does it run?")),
        ("Do you ship to France and is it free?", ("Do you ship to France ?", "is it free?")),
        ("How much is it? And what time?", ("How much is it?", "And what time?")),
        ("Is the café open and are dogs allowed?", ("Is the café open ?", "are dogs allowed?")),
        ("Is parking free, and is breakfast included?", ("Is parking free ?", "is breakfast included?")),
        (
            "Can I return it, until when, and what would I get?",
            ("Can I return it ?", "until when ?", "what would I get?"),
        ),
        ("When does it open; how much is a ticket?", ("When does it open ?", "how much is a ticket?")),
        ("Do you sell lamps or do you repair them?", ("Do you sell lamps ?", "do you repair them?")),
    ],
)
def test_two_questions_in_english(question, expected):
    assert parts(question, "en") == expected


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Quel est le plafond et puis-je le relever ?", ("Quel est le plafond ?", "puis-je le relever ?")),
        ("Quel est le prix et la vaisselle est-elle fournie ?", ("Quel est le prix ?", "la vaisselle est-elle fournie ?")),
        ("Quand arrive le colis et combien ça coûte ?", ("Quand arrive le colis ?", "combien ça coûte ?")),
        ("Où est-il ? Quand arrive-t-il ?", ("Où est-il ?", "Quand arrive-t-il ?")),
        ("Combien coûte la salle, et est-ce que la musique est permise ?",
         ("Combien coûte la salle ?", "est-ce que la musique est permise ?")),
        ("Comment payer et sous combien de jours ?", ("Comment payer ?", "sous combien de jours ?")),
    ],
)  # fmt: skip
def test_two_questions_in_french(question, expected):
    assert parts(question, "fr") == expected


@pytest.mark.parametrize(
    ("question", "language"),
    [
        ("Can I return it and get a refund?", "en"),
        ("Do you deliver to Belgium and Luxembourg?", "en"),
        ("My lamp is broken and does not work. Can I return it?", "en"),
        ("I moved, can I cancel?", "en"),
        ("If I order now, when does it arrive?", "en"),
        ("Can you tell me if it is in stock and not sold out?", "en"),
        ("Puis-je échanger ou me faire rembourser ?", "fr"),
        ("Je déménage, puis-je résilier ?", "fr"),
        ("Livrez-vous en Belgique et en Suisse ?", "fr"),
        ("", "en"),
    ],
)
def test_one_question_stays_whole(question, language):
    assert parts(question, language) == (question,)


def test_what_is_told_goes_with_the_first_question_only():
    told = "I bought a lamp in the sale. Can it be returned, and until when?"
    assert parts(told, "en") == ("I bought a lamp in the sale. Can it be returned ?", "until when?")


def test_what_was_told_is_not_told_again():
    told = "I bought a lamp. Can it be returned? When do you open?"
    assert parts(told, "en") == ("I bought a lamp. Can it be returned?", "When do you open?")


def test_a_question_too_long_to_read_is_not_split():
    long = "How much is it and how long does it take? " * 100
    assert len(long) > MOST_CHARACTERS
    assert parts(long, "en") == (long,)
