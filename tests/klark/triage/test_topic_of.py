"""Which of a tenant's topics a text is about: by its words, their relatives, a slip of the fingers; or none."""

import sys
from dataclasses import fields, replace
from types import FrameType
from typing import Any

import pytest

from klark.intake.thanks import only_thanks
from klark.triage.topic import topic_of
from klark.values.triage import TopicWords, digest_of_topics

TOPICS = (
    TopicWords("delivery", "Delivery", "", ("delivery", "livraison", "parcel", "colis", "shipping")),
    TopicWords("returns", "Returns / retours", "", ("return", "retour", "send back", "renvoyer")),
    TopicWords("invoice", "Invoices", "bills and receipts", ("invoice", "facture", "changer l'adresse")),
    TopicWords("warranty", "Warranty", "What we repair when a device breaks"),
)

ABOUT = (
    # a word of the tenant's, in either language
    ("Where is my parcel?", "en", "delivery"), ("Où est mon colis ?", "fr", "delivery"),
    ("I need an invoice", "en", "invoice"), ("LIVRAISON", "fr", "delivery"),
    # another form of it
    ("livraisons", "fr", "delivery"), ("Je veux renvoyer cet article", "fr", "returns"),
    ("I have returned it", "en", "returns"), ("mes factures", "fr", "invoice"),
    # words of a phrase with others between
    ("I want to send it back", "en", "returns"), ("changer mon adresse", "fr", "invoice"),
    # a slip of the fingers
    ("where is my parcle", "en", "delivery"), ("delivry", "en", "delivery"), ("invoce", "en", "invoice"),
    ("livriason", "fr", "delivery"),
    # the description serves where there are no words
    ("Can you repair my device", "en", "warranty"), ("warranty", "en", "warranty"),
    # nothing of the tenant's
    ("What is the weather", "en", ""), ("", "en", ""), ("🙂", "en", ""), ("and the of", "en", ""),
)  # fmt: skip


@pytest.mark.parametrize(("text", "language", "expected"), ABOUT)
def test_a_text_and_its_topic(text: str, language: str, expected: str) -> None:
    assert topic_of(TOPICS, "", text, [text] if text else [], language) == expected


@pytest.mark.parametrize(
    ("subject", "text", "asked", "expected"),
    [
        ("Delivery", "Hello", [], "delivery"),
        ("Delivery", "I have a question", ["Where can I find the invoice?"], "invoice"),
        ("", "The delivery was quick. How do I return it?", ["How do I return it?"], "returns"),
        ("Hello", "My parcel came with a wrong invoice.", ["What does shipping cost?"], "delivery"),
        ("", "I paid the invoice.", ["Where is my parcel?"], "delivery"),
    ],
)
def test_what_is_asked_tells_more_than_what_is_told(subject: str, text: str, asked: list[str], expected: str) -> None:
    assert topic_of(TOPICS, subject, text, asked, "en") == expected


def test_a_word_of_two_topics_tells_neither_alone() -> None:
    twins = (TopicWords("a", "Alpha", "", ("order",)), TopicWords("b", "Beta", "", ("order", "parcel")))
    assert topic_of(twins, "", "my order and my parcel", ["Where is my parcel?"], "en") == "b"


def test_the_order_of_topics_decides_nothing() -> None:
    texts = [(text, language) for text, language, _ in ABOUT if text]
    there, back = ([topic_of(order, "", text, [text], language) for text, language in texts]
                   for order in (TOPICS, TOPICS[::-1]))  # fmt: skip
    assert there == back


def test_without_topics_nothing_is_about_anything() -> None:
    assert topic_of((), "Delivery", "Where is my parcel?", ["Where is my parcel?"], "en") == ""


def test_a_word_far_down_in_a_long_text_is_not_read() -> None:
    assert topic_of(TOPICS, "", "x " * 6000 + "parcel", [], "en") == ""


@pytest.mark.parametrize("name", ["", " ", "/", "the", "()", "…"])
def test_a_topic_whose_name_says_nothing_is_never_the_topic(name: str) -> None:
    assert topic_of((TopicWords("odd", name),), "the", "the and / ()", ["the?"], "en") == ""


THANKS = (
    "Thanks!", "Thank you so much, it works now", "Merci beaucoup, bonne journée", "Danke", "It is resolved",
    "OK thanks", "Thank you\nAnn Lowe", "Parcel received, thanks", "colis reçu merci", "thanks 👍", "thx",
    "Merci pour votre réponse rapide", "Hello Tom, thanks!", "Muchas gracias", "MERCIIIII", "Problème résolu",
    "Bonjour Camille,\nMerci !\nAnn Lowe",
)  # fmt: skip
TICKETS = (
    "", " ", "👍", "ok", "Super", "Merci de me rappeler", "Oui merci", "yes thanks", "No thanks",
    "Thanks but it still does not work", "Thanks, when will it come?", "remboursement merci", "I thank you for nothing",
    "Thanks, and one more thing: where is my invoice", "merci " * 200, "Thanks for sending the wrong parcel",
    "Merci, mais je n'ai rien reçu", "Thank you, I will wait until Friday",
)  # fmt: skip


@pytest.mark.parametrize("text", THANKS)
def test_thanks_alone_need_no_answer(text: str) -> None:
    assert only_thanks(text) is True


@pytest.mark.parametrize("text", TICKETS)
def test_one_word_more_than_thanks_is_a_ticket(text: str) -> None:
    assert only_thanks(text) is False


def test_the_steps_grow_with_the_topics_and_the_text_and_not_with_their_product() -> None:
    sounds = [first + second for first in ("ba", "ce", "di", "fo", "gu", "la", "me", "ni") for second in "bcdfg"]
    topics = tuple(TopicWords(each, each, "", tuple(f"{each}{one}{two}" for one in "aeiou" for two in "bcdfglmn"))
                   for each in sounds)  # fmt: skip
    text = " ".join(f"{each}{one}{two}" for each in sounds[::2] for one in "aou" for two in "rstvxz")
    assert (topic_of(topics, "", text, [], "en"), len(topics) * 40, len(text.split())) == ("", 1600, 360)
    steps = 0

    def count(frame: FrameType, event: str, arg: Any) -> None:  # as the interpreter passes it
        nonlocal steps
        steps += event == "call"

    sys.setprofile(count)
    try:
        topic_of(topics, "", text, [], "en")
    finally:
        sys.setprofile(None)
    assert steps < 40 * (1600 + 360)


def test_topics_are_others_by_what_they_are_found_by_and_not_by_their_priority() -> None:
    one = TopicWords(
        "warranty", "Warranty", "Repairs", ("broken",), ("It broke.",), (("fr", "Garantie"),), "high", "high"
    )
    others = [replace(one, **{each.name: ()}) for each in fields(one)]
    changed = [digest_of_topics((other,)) != digest_of_topics((one,)) for other in others]
    assert changed == [each.name not in ("priority", "highest_priority") for each in fields(one)]
