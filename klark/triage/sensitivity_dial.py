"""What the positions of the dial for sensitive tickets make of one ticket."""

from collections.abc import Sequence

from guardrails.triage.classifier_heads import shipped
from guardrails.triage.classify import Dial

Chances = Sequence[tuple[str, float]]
"""Sensitive topics with their probabilities (0 to 1), as a ticket's triage records them."""


def topics_at(chances: Chances, dial: Dial) -> list[str]:
    """Returns the topics that hand a ticket with these probabilities over at this position of the dial."""
    least = shipped().thresholds[dial]
    return [name for name, chance in chances if chance >= least.get(name, 2.0)]


def handed_over(chances: Chances, dial: Dial) -> bool:
    """Returns whether a ticket with these probabilities is handed over at this position of the dial."""
    return bool(topics_at(chances, dial))
