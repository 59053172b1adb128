"""A doubt about a claim, as the functions in `doubts` and `polarity` give it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Doubt:
    """A departure: what kind, the words that decide, one line of why, and whether it contradicts the source."""

    kind: str
    words: str
    why: str
    contradicts: bool = False
