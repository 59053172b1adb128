"""What a question wants and which sentences can give it, kind by kind in both languages; and whole answers as they are sent."""

from typing import Any

import pytest

from integrations.llms.base import NumberedPassage
from integrations.llms.extractive_lexicon import LANGUAGES
from integrations.llms.extractive_wants import WANTS
from integrations.llms.extractive_words import plain
from tests.integrations.drafting import draft, passage


def kind(question: str, language: str) -> str:
    flat = plain(question, language)
    return next((want.name for want in WANTS[language] if want.asked.search(flat)), "")


def kinds(questions: dict[str, str], language: str) -> dict[str, str]:
    return {question: kind(question, language) for question in questions}


def test_both_languages_know_the_same_kinds_in_the_same_order():
    assert [want.name for want in WANTS["en"]] == [want.name for want in WANTS["fr"]]
    assert set(WANTS) == LANGUAGES
    assert {want.without for wants in WANTS.values() for want in wants} == {0.4, 0.5, 0.7, 0.75}


def test_of_two_kinds_in_one_english_question_the_closer_one_counts():
    questions = {
        "How many times a year is it cleaned?": "often", "How much weight may I bring?": "weight",
        "How much does it weigh?": "weight", "How old must guests be?": "age", "How many years is it covered?": "time",
        "How much time do I have?": "time", "How much longer will it take?": "time", "How much space is there?": "count",
        "How much luggage may I bring?": "count", "How much is it?": "money", "What will a repair cost?": "money",
        "Price of a ticket": "money", "What are your opening hours?": "time", "How late are you open?": "time",
        "What is the notice period?": "time", "What is the deadline to return it?": "moment", "By when must I pay?": "moment",
        "Since when is it so?": "moment", "Where is the shop?": "place", "Where can I find it?": "place",
        "What should I do if it breaks?": "steps", "How would I cancel?": "steps", "Why was I charged?": "reason",
        "How far away is the beach?": "far", "How wide is the door?": "length", "How expensive is it?": "money",
        "Do you deliver?": "", "I wonder whether you deliver": "", "Thanks for your help": "",
    }  # fmt: skip
    assert kinds(questions, "en") == questions


def test_of_two_kinds_in_one_french_question_the_closer_one_counts():
    questions = {
        "Combien de fois par an est-il nettoyé ?": "often", "Quelle est la fréquence des bus ?": "often",
        "Combien pèse le colis ?": "weight", "Quel est le poids maximum ?": "weight", "Quel âge faut-il avoir ?": "age",
        "Y a-t-il un âge minimum ?": "age", "Combien de mois est-ce garanti ?": "time",
        "Combien de temps ai-je ?": "time", "Quels sont vos horaires ?": "time", "Sous combien de jours ?": "time",
        "Quelle est la durée du préavis ?": "time", "Quand serai-je remboursé ?": "moment", "Vous livrez quand ?": "moment",
        "Quelle date limite ?": "moment", "C'est combien ?": "money", "Ça coûte combien ?": "money",
        "Tarifs de la salle": "money",
        "Combien d'invités puis-je amener ?": "count", "Combien de places y a-t-il ?": "count",
        "Où se trouve le magasin ?": "place",
        "D'où vient le bois ?": "place", "Quelle adresse ?": "place", "Que dois-je faire en cas de panne ?": "steps",
        "Quelle est la procédure ?": "steps", "Pourquoi ai-je été débité ?": "reason", "À quelle distance est la plage ?": "far",
        "Quelle est la distance jusqu'à la gare ?": "far", "À combien de kilomètres est-ce ?": "far",
        "Quelle est la largeur de la porte ?": "length", "Livrez-vous ?": "", "Merci de votre aide": "",
    }  # fmt: skip
    assert kinds(questions, "fr") == questions


MEETS: dict[str, dict[str, tuple[tuple[str, ...], tuple[str, ...]]]] = {
    "en": {
        "far": (("It is 300 m away.", "800 meters.", "It is 2 miles from here.", "It is 20 minutes on foot."), ("It is close.",)),
        "age": (("From 12 years old.", "Children are welcome.", "Open to adults."), ("Open to all.", "It costs 12 €.")),
        "often": (("Every hour.", "Twice a day.", "It is cleaned weekly."), ("At noon.", "It is clean.")),
        "weight": (("Up to 23 kg.", "It weighs 400 g.", "50 pounds at most."), ("It is heavy.", "It costs 5 €.")),
        "length": (("It is 90 cm wide.", "The room has 32 m².", "20 GB of space."), ("It is wide.", "It takes 5 minutes.")),
        "time": (("It takes 3 days.", "From 9 am.", "On Mondays.", "Within a week."), ("It is quick.", "It costs 3 €.")),
        "moment": (("Before you leave.", "On 3 May.", "May 12th", "After the show."), ("It is soon enough.", "You may.")),
        "money": (("It costs 5 €.", "It is free.", "At no extra cost.", "10 % off."), ("It is cheap.", "It takes 5 days.")),
        "count": (("At most 3.", "Two guests.", "Unlimited."), ("Many guests.",)),
        "place": (("In your account.", "On the label.", "At info@example.com"), ("It is nice.",)),
        "steps": (("Open the app.", "You can call us.", "Simply reply."), ("The app is free.",)),
        "reason": (("Because it is new.", "If it rains.", "Due to snow."), ("It is closed.",)),
    },
    "fr": {
        "far": (("C'est à 300 m.", "La plage est à 2 kilomètres.", "À 20 minutes à pied."), ("C'est tout près.",)),
        "age": (("Dès 12 ans.", "Les enfants sont admis.", "Il faut être majeur."), ("Ouvert à tous.", "Cela coûte 12 €.")),
        "often": (("Toutes les heures.", "Deux fois par jour.", "Chaque matin."), ("À midi.",)),
        "weight": (("Jusqu'à 23 kg.", "Il pèse 400 grammes."), ("Il est lourd.", "Il coûte 5 €.")),
        "length": (("90 cm de large.", "La salle fait 32 m².", "20 Go d'espace."), ("C'est large.", "Cela prend 5 minutes.")),
        "time": (("Sous 3 jours.", "Dès 9 h.", "Le lundi.", "En une semaine."), ("C'est rapide.", "Cela coûte 3 €.")),
        "moment": (("Avant votre départ.", "Le 3 mai.", "À la livraison, une fois payé."), ("C'est bientôt.",)),
        "money": (("Cela coûte 5 €.", "C'est gratuit.", "Sans frais.", "10 % de remise."), ("C'est peu cher.", "Sous 5 jours.")),
        "count": (("3 au plus.", "Deux invités.", "Illimité."), ("Des invités.",)),
        "place": (("Dans votre compte.", "Sur l'étiquette.", "Rue des Lilas"), ("C'est joli.",)),
        "steps": (("Ouvrez l'application.", "Vous pouvez nous appeler.", "Il suffit de répondre."),
                  ("L'application est gratuite.",)),
        "reason": (("Car il est neuf.", "S'il pleut, si le temps change.", "En raison de la neige."), ("C'est fermé.",)),
    },
}  # fmt: skip


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_a_sentence_gives_a_kind_of_fact_or_does_not(language: str):
    wants: dict[str, Any] = {}
    for want in WANTS[language]:
        wants[want.name] = want.met  # of the two places the wider one stands last
    found = {
        name: tuple(tuple(text for text in texts if bool(wants[name].search(text)) is meets)
                    for meets, texts in zip((True, False), pair, strict=True))
        for name, pair in MEETS[language].items()
    }  # fmt: skip
    assert found == MEETS[language]
    assert MEETS[language].keys() == wants.keys()


# Whole answers


def french(*sentences: str, title: str = "Aide", id: str = "P1") -> NumberedPassage:
    return passage(*sentences, title=title, id=id, language="fr")


def sent(*questions: str, of: NumberedPassage, language: str = "fr") -> tuple[bool, list[str], list[str]]:
    """(whether all is answered, the sentences, what is left to a person)."""
    made = draft(*questions, of=(of,), language=language)
    return made.content["answerable"], [each["text"] for each in made.content["sentences"]], list(made.open)


RATES = french("Pays: Belgique; Jusqu'à 2 kg: 6,90 €; Jusqu'à 5 kg: 9,90 €.",
               "Pays: Suisse; Jusqu'à 2 kg: 12 €; Jusqu'à 5 kg: 15 €.",
               title="Frais de livraison")  # fmt: skip
SHOP = french("La livraison en Belgique coûte 5 €.", "La livraison en Belgique prend 3 jours.",
              "Les retours sont gratuits sous 30 jours.", "Toutefois, les soldes ne sont pas repris.",
              title="Livraison et retours")  # fmt: skip


def test_a_row_of_a_french_table_is_a_french_sentence_and_another_country_has_none():
    assert sent("Combien coûte la livraison en Suisse ?", of=RATES) == (
        True, ["Suisse – jusqu'à 2 kg : 12 €, jusqu'à 5 kg : 15 €."], [],
    )  # fmt: skip
    austria = "Combien coûte la livraison en Autriche ?"
    assert sent(austria, of=RATES) == (False, [], [austria])


def test_french_steps_come_in_their_order_with_their_numbers_and_nothing_behind_them():
    steps = french("1. Ouvrez l'application.", "2. Touchez Profil.", "3. Choisissez la langue.", "L'application est gratuite.",
                   title="Changer la langue de l'application")  # fmt: skip
    assert sent("Comment changer la langue de l'application ?", of=steps) == (
        True, ["1. Ouvrez l'application.", "2. Touchez Profil.", "3. Choisissez la langue."], [],
    )  # fmt: skip


def test_a_french_list_comes_whole_behind_its_colon_and_without_its_bullets():
    listed = french("Pour réinitialiser l'alarme :", "- Ouvrez le couvercle", "• Appuyez sur le bouton rouge ;",
                    "L'alarme est bruyante.", title="Alarme")  # fmt: skip
    assert sent("Comment réinitialiser l'alarme ?", of=listed) == (
        True, ["Pour réinitialiser l'alarme :", "Ouvrez le couvercle.", "Appuyez sur le bouton rouge."], [],
    )  # fmt: skip


def test_a_french_yes_is_taken_off_and_a_bare_no_says_nothing():
    asked_there = french("Puis-je commander sans compte ?", "Oui, vous pouvez commander en tant qu'invité.",
                         "Vendez-vous des cartes cadeaux ?", "Non.")  # fmt: skip
    assert sent("Puis-je commander sans compte ?", of=asked_there)[1] == ["Vous pouvez commander en tant qu'invité."]
    assert sent("Vendez-vous des cartes cadeaux ?", of=asked_there)[:2] == (False, [])


def test_two_french_questions_are_answered_in_the_order_asked_each_with_its_limit():
    price, limited = "La livraison en Belgique coûte 5 €.", [
        "Les retours sont gratuits sous 30 jours.", "Toutefois, les soldes ne sont pas repris.",
    ]  # fmt: skip
    first, second = "Les retours sont-ils gratuits ?", "Combien coûte la livraison en Belgique ?"
    assert sent(first, second, of=SHOP) == (True, [*limited, price], [])
    assert sent(second, first, of=SHOP) == (True, [price, *limited], [])
    assert sent("Combien coûte la livraison en Belgique et combien de temps prend-elle ?", of=SHOP) == (
        True, [price, "La livraison en Belgique prend 3 jours."], [],
    )  # fmt: skip


def test_what_is_left_to_a_person_is_named_and_the_rest_is_answered():
    bikes = "Réparez-vous les vélos ?"
    assert sent(bikes, "Combien coûte la livraison en Belgique ?", of=SHOP) == (
        False, ["La livraison en Belgique coûte 5 €."], [bikes],
    )  # fmt: skip


def test_quick_french_is_read_as_it_is_meant():
    written = ("bjr c cb la livraison en belgique svp", "COMBIEN COUTE LA LIVRAISON EN BELGIQUE",
               "la livrezon en belgique coute combien ??",
               "Bonjour, je voudrais savoir combien coûte la livraison en Belgique, merci d'avance")  # fmt: skip
    assert {text: sent(text, of=SHOP)[1] for text in written} == {
        text: ["La livraison en Belgique coûte 5 €."] for text in written
    }


def test_how_far_something_is_is_told_in_both_languages_and_of_that_thing_only():
    access = french("La plage est à 2 kilomètres, soit 20 minutes à pied.", "Le parking est gratuit.", "La gare est à 800 m.",
                    title="Accès")  # fmt: skip
    near = passage("The beach is 2 miles away.", "Parking is free.", title="Getting here")
    answers = {
        "À quelle distance est la plage ?": ["La plage est à 2 kilomètres, soit 20 minutes à pied."],
        "À combien de kilomètres est la plage ?": ["La plage est à 2 kilomètres, soit 20 minutes à pied."],
        "Quelle est la distance jusqu'à la gare ?": ["La gare est à 800 m."],
        "À quelle distance est l'aéroport ?": [],
        "À quelle distance est le parking ?": [],
    }
    assert {question: sent(question, of=access)[1] for question in answers} == answers
    assert sent("How far is the beach?", of=near, language="en")[1] == ["The beach is 2 miles away."]
    assert sent("How far is the airport?", of=near, language="en")[1] == []


def test_a_reply_is_never_quoted_from_a_passage_in_the_other_language():
    both = (SHOP, passage("Delivery to Belgium costs 5 €.", id="P2"))
    made = draft("Combien coûte la livraison en Belgique ?", of=both, language="fr")
    other = draft("How much is delivery to Belgium?", of=both, language="en")
    assert [each["cites"] for each in made.content["sentences"]] == [["P1.1"]]
    assert [each["cites"] for each in other.content["sentences"]] == [["P2.1"]]
