"""A source that is not an article but a colleague's answer on another ticket. Its age is kept outside its title and
text, where one of its figures could pass for one that the source states."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Answered:
    """The answer's ticket, its day (YYYY-MM-DD), and how many days before the draft that was."""

    ticket: str
    day: str
    days: int
