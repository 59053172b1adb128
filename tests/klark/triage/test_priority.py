"""How much haste there is, and whether a person is asked for."""

import pytest

from integrations.helpdesks.base import Priority
from klark.triage.priority import asks_for_human, raised


@pytest.mark.parametrize(("given", "urgent", "expected"), [
    ("normal", 0, "normal"), ("normal", 1, "high"), ("normal", 2, "urgent"),
    ("low", 0, "low"), ("low", 1, "high"), ("high", 0, "high"), ("high", 2, "urgent"), ("urgent", 0, "urgent"),
])  # fmt: skip
def test_a_priority_is_raised_by_haste_and_never_lowered(given: Priority, urgent: int, expected: Priority) -> None:
    assert raised(given, urgent) == expected


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
    "My name is Ann. I want to speak to a manager.",
    "My name is Ann and I want to speak to a manager.",
    "Hello, my name is Karim, can I speak to someone?",
    "Are you a bot? I want to speak to a human being.",
    "Is this a bot? Connect me to an agent.",
    "Order 12, name Ann Bell. Please call me back.",
    "I spoke to your bot. Get me a real person.",
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
    "Please tell me the name of the agent to contact the manager",
    "livraison à une personne âgée",
    "The robot vacuum does not start",
    "Mon robot de cuisine est en panne",
    "Please do not call, write to me",
    "please call me Ann",
    "Can you call me a taxi?",
])  # fmt: skip
def test_whoever_does_not_ask_for_a_person_is_answered(text: str) -> None:
    assert asks_for_human(text) is False


def test_whoever_asks_for_a_person_at_the_end_of_a_long_text_is_heard() -> None:
    assert asks_for_human(f"{'My box is torn. ' * 3_000}I want to speak to a human.") is True
