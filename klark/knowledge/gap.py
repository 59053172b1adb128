"""A question that was asked and not found."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Example:
    """A ticket that asked it; `question` is masked."""

    ticket_id: str
    draft_id: int
    question: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Gap:
    """A question that was asked on `tickets` tickets and not found. `question` is its newest wording, masked. `article`:
    the title of one that is newer than the tickets and speaks of it, "" where there is none."""

    topic: str
    language: str
    question: str
    tickets: int
    partly: int
    last_at: datetime
    examples: tuple[Example, ...]
    article_id: int = 0
    article: str = ""
