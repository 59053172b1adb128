"""How the drafter without a model chooses, keeps together and leaves out."""

import json

import pytest

from integrations.llms.base import REPLY_SCHEMA, Completion, NumberedPassage, Prompt
from integrations.llms.extractive import Extractive
from integrations.llms.extractive_lines import MOST_LINES, lines
from integrations.llms.extractive_spelling import distance
from integrations.llms.extractive_words import plain, stem, words
from integrations.llms.strict_json import checked

DELIVERY = ("Delivery to Belgium costs 5 €.", "Delivery to Switzerland costs 12 €.")


def passage(*sentences: str, title: str = "Help", id: str = "P1", language: str = "en") -> NumberedPassage:
    return NumberedPassage(id, title, sentences, language)


def draft(*questions: str, of: tuple[NumberedPassage, ...], language: str = "en") -> Completion:
    return Extractive().complete(Prompt("", "", REPLY_SCHEMA, language, questions, of))


def cited(*questions: str, of: tuple[NumberedPassage, ...], language: str = "en") -> list[str]:
    content = draft(*questions, of=of, language=language).content
    return [cite for each in content["sentences"] for cite in each["cites"]] if content["answerable"] else []


def said(*questions: str, of: tuple[NumberedPassage, ...], language: str = "en") -> list[str]:
    return [each["text"] for each in draft(*questions, of=of, language=language).content["sentences"]]


def test_a_draft_is_valid_costs_nothing_and_says_who_wrote_it():
    done = draft("How much is delivery to Belgium?", of=(passage(*DELIVERY),))
    reply = {"answerable": True, "sentences": [{"text": DELIVERY[0], "cites": ["P1.1"]}]}
    assert done == Completion(reply, json.dumps(reply, ensure_ascii=False), "extractive", 0, 0)
    assert checked(done.raw, REPLY_SCHEMA) == reply


def test_the_same_prompt_gives_the_same_draft():
    asked = Prompt("", "", REPLY_SCHEMA, "en", ("How much is delivery to Belgium?",), (passage(*DELIVERY),))
    assert Extractive().complete(asked) == Extractive().complete(asked)


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("How much is delivery to Switzerland?", ["P1.2"]),
        ("How much is delivery to Austria?", []),
        ("I live in Austria. How much is delivery?", []),
        ("How much is delivery?", ["P1.1", "P1.2"]),
    ],
)
def test_a_question_about_one_country_never_gets_the_sentence_on_another(question, expected):
    assert cited(question, of=(passage(*DELIVERY),)) == expected


def test_a_country_is_not_taken_for_a_misspelling_of_its_neighbour():
    irish = passage("La livraison en Irlande coûte 9 €.", language="fr")
    assert cited("Combien coûte la livraison en Islande ?", of=(irish,), language="fr") == []
    assert cited("Combien coûte la livraison en Irlnade ?", of=(irish,), language="fr") == ["P1.1"]


def test_a_model_number_must_be_the_one_asked_about():
    book = (passage("The battery of the X200 lasts 20 hours.", "The battery of the X300 lasts 30 hours."),)
    assert cited("How long does the X300 battery last?", of=book) == ["P1.2"]
    assert cited("How long does the X400 battery last?", of=book) == []


def test_a_name_that_the_passages_know_is_not_swapped_for_another():
    book = (passage("The showroom in Leeds opens at 10 am.", "Parking is free at the showroom in Cardiff."),)
    assert cited("What time does the Leeds showroom open?", of=book) == ["P1.1"]
    assert cited("What time does the Cardiff showroom open?", of=book) == []


def test_how_much_wants_a_price_and_how_long_a_time():
    book = (
        passage(
            "Express delivery is a popular choice.", "Express delivery costs 9 €.", "Express delivery takes 24 hours."
        ),
    )
    assert cited("How much is express delivery?", of=book) == ["P1.2"]
    assert cited("How long does express delivery take?", of=book) == ["P1.3"]
    assert cited("How much is express delivery?", of=(passage("Express delivery is a popular choice."),)) == []


def test_a_sentence_that_leans_on_the_one_before_brings_it_along():
    book = (passage("The Nova lamp is dimmable.", "It uses 9 watts of power.", title="Lamps"),)
    assert cited("How much power does the Nova lamp use?", of=book) == ["P1.1", "P1.2"]


def test_a_sentence_that_leans_on_nothing_is_not_quoted():
    assert cited("How much power does it use?", of=(passage("It uses 9 watts of power."),)) == []


@pytest.mark.parametrize(
    "limit",
    [
        "However, sale items cannot be returned.",
        "This does not apply to sale items.",
        "They must be in their original packaging.",
        "Except for gift cards.",
    ],
)
def test_a_limit_stays_with_what_it_limits(limit):
    book = (passage("You can return shoes within 30 days.", limit, "Our shoes are made in Spain."),)
    assert cited("Can I return shoes?", of=book) == ["P1.1", "P1.2"]


@pytest.mark.parametrize(
    "limite",
    [
        "Toutefois, les soldes sont exclues.",
        "Elles doivent être neuves.",
        "Cette offre ne s'applique pas aux soldes.",
        "Sauf en Corse.",
    ],
)
def test_a_limit_stays_with_what_it_limits_in_french(limite):
    book = (
        passage(
            "Vous pouvez retourner les chaussures sous 30 jours.", limite, "Nos tailles sont larges.", language="fr"
        ),
    )
    assert cited("Puis-je retourner les chaussures ?", of=book, language="fr") == ["P1.1", "P1.2"]


def test_steps_come_whole_and_in_order():
    book = (
        passage(
            "Open the app.",
            "Tap Profile.",
            "Then choose Language.",
            "Our app is free.",
            title="How to change the app language",
        ),
    )
    assert cited("How do I change the language of the app?", of=book) == ["P1.1", "P1.2", "P1.3"]


def test_a_list_comes_with_the_line_that_leads_to_it():
    book = (
        passage("To reset the alarm:", "- Open the lid", "- Press the red button", "The alarm is loud.", title="Alarm"),
    )
    assert said("How do I reset the alarm?", of=book) == [
        "To reset the alarm:",
        "Open the lid.",
        "Press the red button.",
    ]


def test_one_row_of_a_table_comes_with_its_header():
    book = (passage("| Plan | Price |", "| Basic | £8 |", "| Max | £22 |", title="Plans"),)
    assert said("How much is the Max plan?", of=book) == ["Plan – Price.", "Max – £22."]


def test_a_heading_is_never_quoted():
    book = (passage("Return costs", "Returns are free of charge.", title="Returns"),)
    assert cited("Are returns free?", of=book) == ["P1.2"]


def test_the_answer_under_the_very_question_is_given_without_its_yes():
    book = (
        passage("Can I order without an account?", "Yes, you can order as a guest.", "Do you sell gift cards?", "No."),
    )
    assert said("Can I order without an account?", of=book) == ["You can order as a guest."]


def test_a_bare_no_is_no_answer():
    assert said("Do you sell gift cards?", of=(passage("Do you sell gift cards?", "No."),)) == []


def test_questions_are_answered_in_the_order_asked():
    book = (passage("Gift cards are valid for 2 years.", id="P1"), passage("Shoes can be exchanged in store.", id="P2"))
    asked = ("Can I exchange shoes?", "How long are gift cards valid?")
    assert cited(*asked, of=book) == ["P2.1", "P1.1"]


def test_no_sentence_stands_twice():
    book = (passage("Gift cards are valid for 2 years."), passage("Gift cards are valid for 2 years.", id="P2"))
    assert cited("How long are gift cards valid?", "Until when are gift cards valid?", of=book) == ["P1.1"]


def test_one_open_question_leaves_the_answered_part_and_says_so():
    content = draft("How much is delivery to Belgium?", "Do you repair bikes?", of=(passage(*DELIVERY),)).content
    assert content == {"answerable": False, "sentences": [{"text": DELIVERY[0], "cites": ["P1.1"]}]}


def test_politeness_is_no_question():
    assert cited("How much is delivery to Belgium?", "Can you help me, please?", of=(passage(*DELIVERY),)) == ["P1.1"]
    assert cited("Can you help me, please?", of=(passage(*DELIVERY),)) == []


def test_what_a_follow_up_leaves_out_stands_in_the_question_before():
    assert cited("How much is delivery to Belgium?", "And to Switzerland?", of=(passage(*DELIVERY),)) == [
        "P1.1",
        "P1.2",
    ]
    both = (passage("Delivery to Belgium costs 5 €.", "Delivery to Belgium takes 3 days."),)
    assert cited("How much is delivery to Belgium?", "How long does it take?", of=both) == ["P1.1", "P1.2"]


def test_only_passages_in_the_tickets_language_are_quoted():
    french = passage("La livraison en Belgique coûte 5 €.", language="fr")
    assert cited("How much is delivery to Belgium?", of=(french,)) == []
    assert cited("How much is delivery to Belgium?", of=(passage(*DELIVERY, language="en-GB"),)) == ["P1.1"]


@pytest.mark.parametrize("language", ["de", "", "xx"])
def test_a_language_without_word_lists_is_not_drafted_in(language):
    assert cited("Delivery to Belgium?", of=(passage(*DELIVERY, language=language),), language=language) == []


def test_no_question_and_no_passage_give_no_answer():
    assert draft(of=(passage(*DELIVERY),)).content == {"answerable": False, "sentences": []}
    assert draft("How much is delivery to Belgium?", of=()).content == {"answerable": False, "sentences": []}


@pytest.mark.parametrize(
    ("question", "language"),
    [
        ("hw much is delvery to belguim pls", "en"),
        ("HOW MUCH IS DELIVERY TO BELGIUM???", "en"),
        ("c cb la livrezon en belgique svp", "fr"),
        ("combien coute la livraision en Belgiqe", "fr"),
    ],
)
def test_typos_and_text_message_spelling_are_understood(question, language):
    book = {
        "en": passage(*DELIVERY, "Our shop is closed on Sundays."),
        "fr": passage("La livraison en Belgique coûte 5 €.", "Le magasin est fermé le dimanche.", language="fr"),
    }
    assert cited(question, of=(book[language],), language=language) == ["P1.1"]


@pytest.mark.parametrize("token", ["[NAME_1]", "[ORDER_12]", "{{EMAIL_3}}"])
def test_a_masked_word_asks_nothing(token):
    assert cited(f"{token} here, how much is delivery to Belgium for {token}?", of=(passage(*DELIVERY),)) == ["P1.1"]


def test_the_story_around_a_question_does_not_drown_it():
    told = "Last summer my brother gave me a lovely lamp. It fell off the shelf. How much is delivery to Belgium?"
    assert cited(told, of=(passage(*DELIVERY),)) == ["P1.1"]


def test_a_question_too_long_to_read_is_not_called_answered():
    long = "How much is delivery to Belgium? " + "word " * 1000
    assert draft(long, of=(passage(*DELIVERY),)).content["answerable"] is False


def test_a_question_too_many_is_not_called_answered():
    assert draft(*["How much is delivery to Belgium?"] * 21, of=(passage(*DELIVERY),)).content["answerable"] is False


@pytest.mark.parametrize(
    "hostile", ["a" * 2_000_000, "word " * 400_000, "ez " * 600_000, "It " * 600_000, "\ud800" * 1000, "\x00"]
)
@pytest.mark.parametrize("language", ["en", "fr"])
def test_hostile_text_is_passed_over(hostile, language):
    """Nothing breaks, and nothing of it is quoted."""
    given = (NumberedPassage("P1", hostile, (hostile, "Zephyr lamps cost 5 €."), language),)
    asked = {"en": "How much do Zephyr lamps cost?", "fr": "Combien coûtent les lampes Zephyr ?"}[language]
    assert set(said(asked, hostile, of=given, language=language)) <= {"Zephyr lamps cost 5 €."}


def test_only_so_many_lines_are_read():
    many = tuple(passage(*(f"Line {number}." for number in range(100)), id=f"P{each}") for each in range(50))
    assert sum(len(found) for found in lines(many, "en")) == MOST_LINES


@pytest.mark.parametrize(
    ("language", "family"),
    [
        ("en", ["deliver", "delivery", "deliveries", "delivered"]),
        ("en", ["refund", "refunds", "refunded", "refundable"]),
        ("en", ["cancel", "cancelled", "cancelling", "cancellation"]),
        ("fr", ["livrer", "livraison", "livraisons", "livrons", "livré"]),
        ("fr", ["rembourser", "remboursement", "remboursons", "remboursée"]),
        ("fr", ["annuler", "annulation", "annulée"]),
    ],
)
def test_the_words_of_one_family_share_a_stem(language, family):
    assert len({stem(word, language) for word in family}) == 1


def test_synonyms_share_a_concept_but_not_a_stem():
    warranty, guarantee = words("warranty guarantee", "en")
    assert (warranty.concept == guarantee.concept, warranty.stem == guarantee.stem) == (True, False)


def test_cb_is_a_card_or_how_much():
    assert plain("je paie par CB", "fr") == "je paie par carte"
    assert plain("CB coûte la livraison", "fr") == "combien coute la livraison"


@pytest.mark.parametrize(
    ("left", "right", "edits"), [("", "abc", 3), ("form", "from", 1), ("kitten", "sitting", 3), ("same", "same", 0)]
)
def test_two_swapped_letters_are_one_edit(left, right, edits):
    assert distance(left, right) == edits


@pytest.mark.parametrize(
    ("questions", "left"),
    [
        (("How much is delivery to Belgium?",), ()),
        (("How much is delivery to Belgium and do you repair bikes?",), ("do you repair bikes?",)),
        (("How much is delivery to Belgium?", "Do you repair bikes?"), ("Do you repair bikes?",)),
        (("Do you repair bikes?", "Can you help me?"), ("Do you repair bikes?",)),
        (("How much does it cost?",), ("How much does it cost?",)),
    ],
)
def test_what_is_left_to_a_person_is_named(questions, left):
    assert draft(*questions, of=(passage(*DELIVERY),)).open == left


def test_a_row_of_a_table_is_sent_as_a_sentence():
    rows = ("Plan: Home; Price per month: £10.99; Screens: 2.", "Plan: Family; Price per month: £15.99; Screens: 5.")
    book = (passage(*rows, title="Plans"),)
    assert said("How much is the Home plan?", of=book) == ["Home – price per month: £10.99."]
    assert said("How much is the Home plan and how many screens does the Home plan have?", of=book) == [
        "Home – price per month: £10.99, screens: 2."
    ]


def test_lines_of_two_passages_answer_one_question_in_turn():
    book = (
        passage("Scooters can be rented from 18 years of age.", title="Scooters"),
        passage("Small scooters can be rented from 12 to 17 years of age.", title="Scooters › Small", id="P2"),
    )
    assert cited("I am 14, can I rent a scooter?", of=book) == ["P2.1", "P1.1"]
