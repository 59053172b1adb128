"""Which lines answer: scored, held against all that was asked, and brought together with what they need."""

import pytest

from integrations.llms.extractive_bounds import bounded, holding_first
from integrations.llms.extractive_covers import bounds_all, speaks_of_all, too_little
from integrations.llms.extractive_lines import lines
from integrations.llms.extractive_pick import pick
from integrations.llms.extractive_score import alike, days_held, left_out, same_question
from integrations.llms.extractive_vocabulary import vocabulary
from integrations.llms.extractive_whole import steps, whole, whole_reply
from tests.integrations.drafting import Book, asked, book, passage, ranked, sought

GYM = book(
    "The sauna is only included in the Unlimited plan.",
    "Group classes are part of the Classic plan.",
    "The pool is open to members.",
    title="Pool and sauna",
)
AGES = book(
    "Scooters can be rented from 18 years of age.",
    "Small scooters can be rented from 12 to 17 years of age.",
    "A scooter costs 20 € a day.",
    title="Scooters",
)


def best(question: str, of: Book, language: str = "en") -> str:
    found = ranked(question, of, language)
    return found[0].line.text if found else ""


def picked(question: str, of: Book, language: str = "en") -> list[str]:
    return [line.text for line in pick(asked(question, of, language=language), of, vocabulary(of, language), language)]


def places(chosen: set[int], of: Book) -> list[int]:
    return [line.place for line in whole(chosen, of[0], "en")]


# ---- score


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("How much is a scooter?", "A scooter costs 20 € a day."),
        ("Can I rent a scooter?", "Scooters can be rented from 18 years of age."),
    ],
)
def test_the_line_that_gives_the_fact_comes_first(question, expected):
    assert best(question, AGES) == expected


def test_a_line_without_a_word_of_the_question_is_no_answer():
    assert ranked("Do you repair bikes?", AGES) == []


def test_a_country_that_is_not_there_leaves_no_line():
    of = book("Delivery to Belgium costs 5 €.", "Delivery to Spain costs 9 €.")
    assert ranked("How much is delivery to Austria?", of) == []


def test_a_line_that_names_the_fact_comes_before_one_that_only_has_such_a_value():
    of = book(
        "La carte doit être retirée dans les 3 mois.", "Le délai est de 6 semaines.", title="Carte", language="fr"
    )
    assert best("Quel est le délai pour une carte ?", of, "fr") == "Le délai est de 6 semaines."


def test_a_step_comes_before_a_mere_possibility():
    of = book("You can cancel a booking free of charge.", "To cancel a booking, reply STOP.", title="Booking")
    assert best("How can I cancel a booking?", of) == "To cancel a booking, reply STOP."


def test_a_line_on_a_return_does_not_answer_a_question_on_an_order():
    of = book("The return of a lamp costs 5 €.", "A lamp costs 20 €.")
    assert best("How much is a lamp?", of) == "A lamp costs 20 €."


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Is the sauna included in the Classic plan?", True),
        ("Is the sauna included in Belgium?", False),
        ("How much is the sauna in the Classic plan?", False),
    ],
)
def test_only_leaves_other_names_out(question, expected):
    wanted = asked(question, GYM)
    assert bool(left_out(wanted, GYM[0][0], vocabulary(GYM, "en"), "en")) is expected


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [("Open Monday to Friday.", True), ("Open daily.", True), ("Open on Sundays.", False), ("Open.", False)],
)
def test_a_day_lies_within_the_days_told(sentence, expected):
    of = book(sentence)
    assert bool(days_held(asked("Are you open on Tuesday?", of), of[0])) is expected


def test_likeness_is_the_share_of_words_in_common():
    one, two, three = book("Delivery to Belgium costs 5 €.", "Delivery to Spain costs 9 €.", "Lamps are red.")[0]
    assert (alike(one, one), alike(one, three)) == (1.0, 0.0)
    assert 0.2 < alike(one, two) < 0.8


@pytest.mark.parametrize(
    ("question", "expected"),
    [("Can I order without an account?", True), ("Can I order lamps?", False), ("Do you sell gift cards?", False)],
)
def test_the_articles_question_may_be_the_customers(question, expected):
    of = book("Can I order without an account?", "Yes, as a guest.")
    assert same_question(asked(question, of), of[0][1]) is expected


# ---- covers


@pytest.mark.parametrize(
    ("question", "place", "expected"),
    [
        ("Can members use the pool?", 2, True),
        ("Is the sauna included in the Unlimited plan?", 0, True),
        ("Is the sauna included in the Classic plan?", 0, True),
        ("Is the sauna heated in the Unlimited plan?", 0, False),
        ("Can members bring towels to the pool?", 2, False),
        ("My dog is wet, can it use the pool?", 2, False),
    ],
)
def test_every_word_that_weighs_must_be_spoken_of(question, place, expected):
    assert speaks_of_all(sought(question, GYM), [GYM[0][place]]) is expected


@pytest.mark.parametrize(
    ("question", "place", "expected"),
    [
        ("I am 15, can I rent a scooter?", 0, True),
        ("I am 15, can I rent a scooter?", 2, False),
        ("Can I rent a scooter?", 2, True),
    ],
)
def test_an_age_that_is_named_must_be_spoken_of(question, place, expected):
    assert bounds_all(asked(question, AGES), [AGES[0][place]]) is expected


@pytest.mark.parametrize(
    ("question", "sentence", "title", "expected"),
    [
        ("How long is the show?", "Doors open one hour before the show.", "Entry", True),
        ("How long is the show?", "The show takes two hours.", "Entry", False),
        ("Do you do braces?", "We do not offer braces.", "Teeth", False),
        ("Do you do braces?", "Braces need a very long treatment by our surgeon.", "Teeth", True),
        ("How much does it cost?", "A seat costs 8 €.", "Seats", True),
        ("Do you take Visa?", "Cards such as Visa are welcome here.", "Paying", False),
    ],
)
def test_one_word_in_common_is_too_little_unless_the_line_is_about_it(question, sentence, title, expected):
    of = book(sentence, title=title)
    assert too_little(asked(question, of), ranked(question, of)[0]) is expected


# ---- bounds


@pytest.mark.parametrize(
    ("question", "first"),
    [
        ("I am 14, can I rent a scooter?", "Small scooters can be rented from 12 to 17 years of age."),
        ("I am 30, can I rent a scooter?", "Scooters can be rented from 18 years of age."),
    ],
)
def test_the_line_that_holds_the_age_comes_first(question, first):
    assert holding_first(sought(question, AGES))[0].line.text == first


def test_without_a_value_the_order_stays():
    wanted = sought("Can I rent a scooter?", AGES)
    assert holding_first(wanted) == wanted.ranked


def test_the_rule_stands_beside_its_exception():
    wanted = sought("I am 14, can I rent a scooter?", AGES)
    assert sorted(line.place for line in bounded(wanted, wanted.ranked[0])) == [0, 1]


def test_of_a_table_only_the_row_that_holds_the_age_is_told():
    of = book(
        "Âge: 18 ans et plus; Prix: 86 €.",
        "Âge: de 15 à 17 ans; Prix: 42 €.",
        "Âge: moins de 15 ans; Prix: 17 €.",
        title="Passeport",
        language="fr",
    )
    assert picked("Combien coûte un passeport pour mon fils de 16 ans ?", of, "fr") == [
        "Âge: de 15 à 17 ans; Prix: 42 €."
    ]


def test_too_many_bounds_are_no_answer():
    of = book(*(f"A room for people from {age} years of age is blue." for age in range(20, 60, 5)), title="Rooms")
    assert picked("I am 18, is my room blue?", of) == []


# ---- whole


@pytest.mark.parametrize(
    ("sentences", "chosen", "expected"),
    [
        (("Lamps are red.", "Chairs are blue."), {0}, [0]),
        (("Lamps are red.", "They cost 5 €."), {1}, [0, 1]),
        (("Lamps are red.", "However, some are blue."), {0}, [0, 1]),
        (("Lamps can be returned.", "Only boxed lamps can be returned."), {0}, [0, 1]),
        (("Guests are free.", "Only managers can remove a user."), {0}, [0]),
        (("To reset it:", "- Open the lid", "- Press"), {0}, [0, 1, 2]),
        (("To reset it:", "- Open the lid", "- Press"), {1}, [0, 1]),
        (("Remember:",), {0}, []),
        (("Costs", "Returns are free."), {0}, []),
        (("A pass costs 8 €.", "On other plans, it is free."), {0}, [0, 1]),
    ],
)
def test_lines_come_with_what_they_need(sentences, chosen, expected):
    assert places(chosen, book(*sentences)) == expected


def test_an_answer_that_grows_too_long_is_none():
    of = book("Lamps are red.", *(f"They also come in colour {n}." for n in range(9)))
    assert places({9}, of) == []


def test_steps_come_in_one_run():
    of = book("The app is free.", "Open the app.", "Tap Profile.", "Then choose Language.", "The app is small.")
    assert sorted(steps(of[0][2], of[0], "en")) == [1, 3]


def test_a_line_that_is_no_step_brings_none():
    of = book("The app is free.", "Open the app.")
    assert steps(of[0][0], of[0], "en") == []


def test_a_reply_under_a_question_comes_whole():
    of = book("Can I return it?", "Yes, you can.", "Send it to us.", "Is it free?", "Yes, it is free.")
    assert sorted(whole_reply(of[0][1], of[0])) == [1, 2]


# ---- pick


def test_the_age_that_is_excluded_is_answered_by_the_rule():
    of = book("The personal loan goes up to 40,000 €.", "You must be at least 18 years old.", title="Personal loan")
    assert picked("I am 17, can I get a personal loan?", of) == ["You must be at least 18 years old."]


def test_without_a_sentence_on_the_age_there_is_no_answer():
    of = book("The personal loan goes up to 40,000 €.", title="Personal loan")
    assert picked("I am 17, can I get a personal loan?", of) == []


def test_a_mortgage_is_not_answered_from_the_personal_loans():
    of = book("You can repay a personal loan early without a fee.", title="Personal loans")
    assert picked("Can I repay a mortgage early without a fee?", of) == []


def test_late_check_out_comes_with_the_rule():
    of = book(
        "Check-in is from 3 pm.",
        "Check-out is until 11 am.",
        "Late check-out until 2 pm costs 25 €.",
        title="Check-in and check-out",
    )
    assert picked("Can I check out at 1 pm?", of) == [
        "Check-out is until 11 am.",
        "Late check-out until 2 pm costs 25 €.",
    ]


def test_the_exception_for_a_case_comes_with_the_rule():
    of = book(
        "You can cancel once the minimum term has ended.",
        "To cancel, open the app.",
        "If you move, you can cancel during the minimum term.",
        title="Cancelling",
    )
    assert picked("Can I cancel before the end of the minimum term?", of) == [
        "You can cancel once the minimum term has ended.",
        "If you move, you can cancel during the minimum term.",
    ]


def test_the_price_of_one_case_comes_with_the_price():
    of = book(
        "La carte est gratuite.",
        "En cas de perte, la carte coûte 25 €.",
        "Elle est bleue.",
        title="Carte",
        language="fr",
    )
    assert picked("Combien coûte la carte ?", of, "fr")[:2] == [
        "La carte est gratuite.",
        "En cas de perte, la carte coûte 25 €.",
    ]


def test_above_a_bound_the_next_sentence_tells():
    of = book(
        "Une déclaration suffit pour une extension de moins de 20 m².", "Au-delà, il faut un permis.",
        title="Travaux", language="fr",
    )  # fmt: skip
    assert picked("Faut-il un permis pour une extension de 30 m² ?", of, "fr") == [
        "Une déclaration suffit pour une extension de moins de 20 m².",
        "Au-delà, il faut un permis.",
    ]


def test_rule_and_exception_may_stand_in_two_passages():
    of = lines(
        (
            passage("Scooters can be rented from 18 years of age.", title="Scooters"),
            passage("Small scooters can be rented from 12 to 17 years of age.", title="Scooters › Small", id="P2"),
        ),
        "en",
    )
    assert sorted(picked("I am 14, can I rent a scooter?", of)) == [
        "Scooters can be rented from 18 years of age.",
        "Small scooters can be rented from 12 to 17 years of age.",
    ]


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Can I get the merit grant?", ["It is open to students with good marks."]),
        ("How much is the merit grant?", []),
    ],
)
def test_who_may_have_something_is_told_by_its_condition(question, expected):
    of = book("The merit grant covers half of the fees.", "It is open to students with good marks.", title="Grants")
    assert picked(question, of)[1:] == expected


def test_what_only_points_needs_what_it_points_to():
    of = book("Damage by floods is not covered.", "Cash is covered.", title="Cover")
    assert picked("My bike was stolen, is it covered?", of) == []
    assert picked("My cash was stolen, is it covered?", of) == ["Cash is covered."]


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Are you open on Tuesday?", ["We are open Monday to Friday."]),
        ("Are you open on Saturday?", []),
    ],
)
def test_a_day_is_met_by_the_days_that_hold_it(question, expected):
    assert picked(question, book("We are open Monday to Friday.", title="Opening")) == expected
