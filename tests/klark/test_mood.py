"""How a customer feels, how much haste there is, whether a person is asked for: a sentence and what is read in it."""

import pytest

from integrations.helpdesks.base import Priority
from klark.steps.mood import READ, Sentiment, asks_for_human, raised, sentiment

MOODS: tuple[tuple[str, Sentiment], ...] = (
    # judged
    ("I am very happy with it", "positive"),
    ("Great service, thank you", "positive"),
    ("Super, merci beaucoup", "positive"),
    ("Je suis ravie de mon achat", "positive"),
    ("bravo !", "positive"),
    ("Your service is awful and the worst", "negative"),
    ("C'est nul", "negative"),
    ("Votre livraison est inadmissible", "negative"),
    ("I am FURIOUS", "negative"),
    # denied
    ("I am not happy", "negative"),
    ("Je ne suis pas content", "negative"),
    ("peu satisfait de la livraison", "negative"),
    ("It isn't great", "negative"),
    ("It wasn't a good, not even a nice experience", "neutral"),
    ("ce n'est pas nul", "neutral"),
    ("It is not terrible", "neutral"),
    ("I don't hate it", "neutral"),
    # said otherwise
    ("I have asked for the third time", "negative"),
    ("c'est la troisième fois que je vous écris", "negative"),
    ("never again", "negative"),
    ("Plus jamais", "negative"),
    ("what a joke", "negative"),
    ("n'importe quoi", "negative"),
    ("j'en ai marre", "negative"),
    ("I am sick and tired of waiting", "negative"),
    ("c'est absurde", "negative"),
    # balanced, and which weighs more
    ("I love the colour but the service is terrible", "neutral"),
    ("I love the colour but the service is terrible!!", "negative"),
    ("I LOVE THE COLOUR BUT THE SERVICE IS TERRIBLE", "negative"),
    ("Lovely colour, great size, but terrible service", "positive"),
    # says nothing of a mood
    ("Where is my order?", "neutral"),
    ("WHERE IS MY ORDER PLEASE ANSWER NOW", "neutral"),
    ("Where is it!!", "neutral"),
    ("Mon colis n'est pas arrivé", "neutral"),
    ("Not terrible!!", "neutral"),
    ("", "neutral"),
    ("  \n ", "neutral"),
    ("🙂🙂", "neutral"),
    ("1234 5678", "neutral"),
)


@pytest.mark.parametrize(("text", "mood"), MOODS)
def test_a_sentence_and_its_mood(text: str, mood: Sentiment) -> None:
    assert sentiment(text) == mood


@pytest.mark.parametrize("text", [text for text, mood in MOODS if mood == "negative"])
def test_accents_and_curly_apostrophes_do_not_hide_anger(text: str) -> None:
    assert sentiment(text.replace("'", "\u2019")) == "negative"


def test_a_mood_far_down_in_a_long_text_is_not_read() -> None:
    assert (sentiment("x " * READ + "terrible"), sentiment("terrible " + "x " * READ)) == ("neutral", "negative")


HASTE: tuple[tuple[Priority | None, str, Priority], ...] = (
    # what the text says
    (None, "It is urgent", "urgent"),
    (None, "URGENT", "urgent"),
    (None, "Urgence : panne totale", "urgent"),
    (None, "asap please", "urgent"),
    (None, "as soon as possible", "urgent"),
    (None, "dès que possible", "urgent"),
    (None, "au plus vite", "urgent"),
    (None, "dans les plus brefs délais", "urgent"),
    (None, "Please answer right now", "urgent"),
    (None, "I need it by tomorrow", "high"),
    (None, "J'en ai besoin pour demain", "high"),
    (None, "I am locked out", "high"),
    (None, "Je suis bloqué", "high"),
    (None, "the deadline is near", "high"),
    (None, "C'est le dernier délai", "high"),
    # what it does not say
    (None, "rien d'urgent", "normal"),
    (None, "not urgent at all", "normal"),
    (None, "il n'y a pas d'urgence", "normal"),
    (None, "no rush", "normal"),
    (None, "It was delivered yesterday", "normal"),
    (None, "the insurgents", "normal"),
    (None, "", "normal"),
    # denied once and said once
    (None, "C'est urgent, vraiment pas de temps", "urgent"),
    (None, "No rush for the invoice, but the repair is urgent", "urgent"),
    # what the helpdesk says is never lowered
    ("low", "Hello", "low"),
    ("normal", "Hello", "normal"),
    ("high", "no rush", "high"),
    ("urgent", "no hurry at all", "urgent"),
    ("low", "It is urgent", "urgent"),
    ("low", "I need it today", "high"),
    ("high", "It is urgent", "urgent"),
    ("urgent", "I need it by tomorrow", "urgent"),
)


@pytest.mark.parametrize(("given", "text", "expected"), HASTE)
def test_a_priority_is_raised_by_words_of_haste_and_never_lowered(
    given: Priority | None, text: str, expected: Priority
) -> None:
    assert raised(given, text) == expected


@pytest.mark.parametrize("text", [
    "I want to speak to a human",
    "Can I talk to a person?",
    "Can I talk with a real person please",
    "I'd like to speak with someone",
    "get me a manager",
    "transfer me to an operator",
    "human please",
    "no more bots",
    "please call me",
    "Call me back",
    "Can someone please call me?",
    "Please call me.",
    "please call me !\nAnn",
    "Could you please call me\nAnn Lowe",
    "Je veux parler à un humain",
    "Je voudrais parler à un conseiller",
    "passez-moi un responsable",
    "rappelez-moi",
    "quelqu'un peut me rappeler ?",
    "pas de robot svp",
    "un humain svp",
    "assez des réponses automatiques",
    "Ich will mit einem Menschen sprechen",
    "quiero hablar con una persona",
    "I ALREADY ASKED. I WANT A HUMAN",
])  # fmt: skip
def test_whoever_asks_for_a_person_is_heard(text: str) -> None:
    assert asks_for_human(text) is True


@pytest.mark.parametrize("text", [
    "",
    "Where is my order?",
    "are you a human?",
    "am I talking to a bot?",
    "I already spoke to an agent",
    "J'ai déjà parlé à un conseiller",
    "call me if you need more",
    "appelez-moi si besoin",
    "Do I need to speak to an agent to cancel?",
    "the person who delivered it was rude",
    "my agent code is 5",
    "contact the real estate agent",
    "livraison à une personne âgée",
    "The robot vacuum does not start",
    "Mon robot de cuisine est en panne",
    "Please do not call, write to me",
    "please call me Ann",
    "Can you call me a taxi?",
])  # fmt: skip
def test_whoever_does_not_ask_for_a_person_is_answered(text: str) -> None:
    assert asks_for_human(text) is False
