"""What a question asks: its words by weight, its names, its kind of fact, and what it leaves unsaid."""

import pytest

from integrations.llms.extractive_question import TOLD, Asked
from integrations.llms.extractive_values import Value
from integrations.llms.extractive_vocabulary import also, opposites, vocabulary
from integrations.llms.extractive_words import words
from tests.integrations.drafting import asked, book

SHOP = book(
    "Delivery to Belgium costs 5 €.",
    "Delivery to Switzerland costs 12 €.",
    "The Nova lamp is sold in Leeds.",
    "We repair lamps.",
)


def terms(of: Asked) -> set[str]:
    return {term.word.folded for term in of.terms}


def weight(of: Asked, word: str) -> float:
    return next(term.weight for term in of.terms if term.word.folded == word)


def kind(question: str, language: str = "en") -> str:
    want = asked(question, language=language).want
    return want.name if want else ""


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("How much is the lamp?", "money"),
        ("What does the lamp cost?", "money"),
        ("What is the price of the lamp?", "money"),
        ("which amount is due", "money"),
        ("How long does delivery take?", "time"),
        ("What time does it open?", "time"),
        ("When does it open?", "moment"),
        ("Until when can I pay?", "moment"),
        ("What day is it paid?", "moment"),
        ("How many lamps are there?", "count"),
        ("How often does it run?", "often"),
        ("How heavy is it?", "weight"),
        ("How much weight does it carry?", "weight"),
        ("How big is the room?", "length"),
        ("How far ahead can I book?", "far"),
        ("How old must I be?", "age"),
        ("What is the minimum age?", "age"),
        ("Where is your shop?", "place"),
        ("Where do I click?", "place"),
        ("How do I pay?", "steps"),
        ("Why is it late?", "reason"),
        ("Can I pay by card?", ""),
        ("Is it free?", ""),
    ],
)
def test_a_question_wants_a_kind_of_fact(question, expected):
    assert kind(question) == expected


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Combien coûte la lampe ?", "money"),
        ("Quel est le prix de la lampe ?", "money"),
        ("À partir de quel montant est-ce offert ?", "money"),
        ("À combien sont les frais ?", "money"),
        ("Quel est le délai ?", "time"),
        ("Combien de temps faut-il ?", "time"),
        ("À quelle heure ouvrez-vous ?", "time"),
        ("Quand serai-je livré ?", "moment"),
        ("Quel jour est-ce prélevé ?", "moment"),
        ("Jusqu'à quand puis-je payer ?", "moment"),
        ("Combien de lampes y a-t-il ?", "count"),
        ("Tous les combien passe-t-il ?", "often"),
        ("Combien pèse le colis ?", "weight"),
        ("Quelles sont les dimensions ?", "length"),
        ("À quel âge peut-on venir ?", "age"),
        ("Où est votre boutique ?", "place"),
        ("Comment payer ?", "steps"),
        ("Pourquoi est-ce si long ?", "reason"),
        ("Puis-je payer par carte ?", ""),
        ("Est-ce gratuit ?", ""),
    ],
)
def test_a_french_question_wants_a_kind_of_fact(question, expected):
    assert kind(question, "fr") == expected


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("How much is delivery to Belgium?", {"delivery", "belgium"}),
        ("What is the price of delivery?", {"delivery"}),
        ("What is the price?", {"price"}),
        ("How heavy is the lamp?", {"lamp"}),
        ("How old must a driver be?", {"driver"}),
        ("I am 17, can I rent a lamp?", {"rent", "lamp"}),
        ("My son is 14, can he use the lamp?", {"lamp"}),
        ("Is a van of 2.10 m allowed?", {"van"}),
        ("[NAME_1] here, do you repair lamps?", {"repair", "lamps"}),
        ("Can you help me?", set()),
    ],
)
def test_words_that_the_fact_says_by_itself_are_not_asked(question, expected):
    assert terms(asked(question, SHOP)) == expected


def test_rare_words_weigh_more_than_common_ones():
    found = asked("Is delivery to Belgium free?", SHOP)
    assert weight(found, "belgium") > weight(found, "delivery")


def test_goods_and_light_words_and_numbers_weigh_little():
    found = asked("Can I bring two new items to the cupboard?", SHOP)
    assert weight(found, "cupboard") == 1.0
    assert max(weight(found, word) for word in ("bring", "two", "new", "items")) <= 0.5


def test_the_story_weighs_less_than_the_question():
    found = asked("Yesterday the cupboard broke. Do you repair lamps?", SHOP)
    assert (weight(found, "cupboard") <= TOLD, weight(found, "lamps") > 0.5) == (True, True)


def test_without_a_question_all_is_asked():
    assert weight(asked("My cupboard broke.", SHOP), "cupboard") == 1.0


def test_what_follows_because_is_only_beside_it():
    found = asked("Do you repair lamps because my cupboard broke?", SHOP)
    assert weight(found, "cupboard") < weight(found, "lamps")


@pytest.mark.parametrize(
    ("question", "musts"),
    [
        ("Is delivery to Austria free?", {"austria"}),
        ("Is delivery to austria free?", {"austria"}),
        ("Do you repair the X400?", {"x400"}),
        ("Do you repair the Zephyr lamp?", {"zephyr"}),
        ("Do you repair the Nova lamp?", set()),
        ("Do you repair lamps?", set()),
    ],
)
def test_countries_codes_and_unknown_names_must_be_met(question, musts):
    assert {term.word.folded for term in asked(question, SHOP).terms if term.must} == musts


def test_a_misspelling_is_read_as_the_word_of_the_articles():
    assert terms(asked("hw much is delvery to belguim", SHOP)) == {"delivery", "belgium"}
    assert {term.share for term in asked("delvery", SHOP).terms} == {0.9}


def test_values_are_read_apart():
    assert asked("I am 17, can I rent a lamp at 9 pm?", SHOP).values == (Value("age", 17), Value("clock", 21))


def test_a_day_of_the_week_is_a_word_with_a_day():
    assert [term.day for term in asked("Do you deliver on Sundays?", SHOP).terms if term.day] == [Value("day", 7)]


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ("How much is delivery to Belgium?", "And to Switzerland?", {"delivery", "switzerland"}),
        ("How much is delivery to Belgium?", "How long does it take?", {"delivery", "belgium"}),
        ("How much is delivery to Belgium?", "How often does it run?", {"delivery", "belgium", "run"}),
        ("How much is delivery to Belgium?", "Until when?", {"delivery", "belgium"}),
        ("How much is delivery to Belgium?", "Do you repair lamps?", {"repair", "lamps"}),
    ],
)
def test_what_a_follow_up_leaves_out_stands_in_the_question_before(first, second, expected):
    assert terms(asked(second, SHOP, before=asked(first, SHOP))) == expected


def test_a_follow_up_without_a_kind_of_fact_keeps_the_one_before():
    want = asked("And to Switzerland?", SHOP, before=asked("How much is delivery to Belgium?", SHOP)).want
    assert (want.name if want else "") == "money"


def test_the_verb_of_a_question_that_points_back_weighs_little():
    found = asked("How often does it run?", SHOP, before=asked("How much is delivery?", SHOP))
    assert weight(found, "run") == 0.5


@pytest.mark.parametrize(
    ("question", "meant"),
    [
        ("My bike was stolen, is it covered?", {"bike", "stolen"}),
        ("I lost my jacket. Can you send it to me?", {"lost", "jacket"}),
        ("My lamp is broken. Do you repair lamps?", set()),
        ("Is it covered?", set()),
    ],
)
def test_what_it_stands_for_was_told_before(question, meant):
    found = asked(question).meant
    assert {word.concept for name in meant for word in words(name, "en")} <= found
    assert bool(found) is bool(meant)


@pytest.mark.parametrize(
    ("question", "language", "nouns"),
    [
        ("Quel est le délai de livraison ?", "fr", {"delai"}),
        ("Quels sont les frais et la durée ?", "fr", {"frais", "duree"}),
        ("What is the deadline?", "en", {"deadline"}),
        ("How long does it take?", "en", set()),
    ],
)
def test_a_fact_may_be_asked_by_its_own_name(question, language, nouns):
    assert asked(question, language=language).fact_nouns == nouns


@pytest.mark.parametrize(
    ("question", "language", "expected"),
    [
        ("Can I get the scholarship?", "en", True),
        ("Am I eligible for the grant?", "en", True),
        ("When can I get the scholarship?", "en", False),
        ("Can I open the lid?", "en", False),
        ("Ai-je droit à la remise ?", "fr", True),
        ("Puis-je avoir la remise ?", "fr", True),
        ("Puis-je payer par carte ?", "fr", False),
    ],
)
def test_who_may_have_something_is_a_question_of_its_own(question, language, expected):
    assert asked(question, language=language).asks_who_may is expected


@pytest.mark.parametrize(
    ("question", "expected"),
    [("How much is it?", True), ("When is it?", True), ("How do I do it?", False), ("Is it so?", False)],
)
def test_some_questions_want_a_fact_even_of_nothing(question, expected):
    assert asked(question).wants_a_fact is expected


def test_the_general_word_may_stand_for_the_special_one_but_not_the_other_way_round():
    (dog,), (pet,) = words("dog", "en"), words("pet", "en")
    assert pet.concept in also("en")[dog.concept]
    assert dog.concept not in also("en").get(pet.concept, {})


def test_opposites_answer_a_yes_or_no_only():
    (opened,), (closed,) = words("open", "en"), words("closed", "en")
    assert closed.concept in opposites("en")[opened.concept]
    yes_no, moment = asked("Is the shop open?"), asked("When is the shop open?")
    told = [next(term.also for term in each.terms if term.word.concept == opened.concept) for each in (yes_no, moment)]
    assert [closed.concept in each for each in told] == [True, False]


def test_a_vocabulary_knows_names_and_how_rare_a_word_is():
    known = vocabulary(SHOP, "en")
    (delivery,), (belgium,), (lamp,) = words("delivery", "en"), words("Belgium", "en"), words("lamp", "en")
    (nova,) = words("the Nova", "en")
    assert known.rarity[belgium.concept] > known.rarity[delivery.concept] >= 0.5
    assert (nova.concept in known.names, lamp.concept in known.names) == (True, False)
    assert belgium.concept in known.countries


def test_a_name_that_begins_a_sentence_stays_a_name():
    of = book("Unlimited members swim.", "Ask for the Unlimited plan.")
    (unlimited,) = words("unlimited", "en")
    assert unlimited.concept in vocabulary(of, "en").names


def test_a_word_that_stands_small_elsewhere_is_no_name():
    of = book("Ask for the Basic plan.", "The rooms are basic.", "All basic rooms are warm.")
    (basic,) = words("basic", "en")
    assert basic.concept not in vocabulary(of, "en").names
