"""A question that customers asked and the knowledge did not answer."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class AskedTicket:
    """A ticket on which it was asked; `question` is masked. Two helpdesks may each have a ticket of the same number."""

    connection_id: UUID
    ticket_id: str
    draft_id: int
    question: str
    at: datetime

    @property
    def ticket(self) -> tuple[UUID, str]:
        """Returns what tells the ticket from every other."""
        return self.connection_id, self.ticket_id


@dataclass(frozen=True, slots=True)
class Gap:
    """A question that was asked on `tickets` tickets and not answered; on `partly` of them, the rest of the ticket was.
    `question` is its newest wording, masked. `examples`: the newest tickets; `asked`: all of them, newest first. `article`: the
    title of one that is newer than the tickets and covers it, or "". `topic`: its name in the reader's language; `key`: its key.
    """

    topic: str
    language: str
    question: str
    tickets: int
    partly: int
    last_at: datetime
    examples: tuple[AskedTicket, ...]
    asked: tuple[AskedTicket, ...] = ()
    article_id: int = 0
    article: str = ""
    key: str = ""
