"""A source that is no article: what a colleague answered on another ticket. Its age stands beside its title and text, and not in
them, where a figure of it could pass for one that the source says."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Answered:
    """On which ticket, on which day (YYYY-MM-DD), and how many days before the draft."""

    ticket: str
    day: str
    days: int
