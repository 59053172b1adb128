"""A ticket's thread as numbered messages, for people and, masked, for a model."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from guardrails.pii.mask import mask_all
from guardrails.text.sentences import split_sentences
from integrations.helpdesks.base import Comment, Ticket
from integrations.llms.base import NumberedPassage
from klark.values.people import known
from klark.values.ticket_text import MOST_OF_ONE, unanswered, written_by_customer

MOST = 30
"""Messages that are read: the first one, and the last of the others."""


@dataclass(frozen=True, slots=True)
class Message:
    """What one person wrote on the ticket. `number` is its place in the thread, from 1; `id` the comment's."""

    number: int
    id: str
    from_customer: bool
    public: bool
    at: datetime | None
    text: str

    @property
    def who(self) -> str:
        """Who wrote it and when, for a model."""
        side = "Customer" if self.from_customer else "Support" if self.public else "Support, private note"
        return f"{side}, {self.at:%A %Y-%m-%d}" if self.at else side


def messages_of(ticket: Ticket) -> tuple[Message, ...]:
    """Returns what people wrote, oldest first: nothing automatic, nothing of klark's own, nothing without words."""
    all_ = [_message(number, each) for number, each in enumerate(ticket.comments, 1) if _by_a_person(each)]
    found = [each for each in all_ if each.text]
    return tuple(found if len(found) <= MOST else [found[0], *found[1 - MOST :]])


def text_of(ticket: Ticket, number: int) -> str:
    """Returns what the message with this number says; "" if there is none, and the turn's words for 0."""
    if not number:
        return unanswered(ticket).whole
    return next((each.text for each in messages_of(ticket) if each.number == number), "")


def _by_a_person(comment: Comment) -> bool:
    return not comment.automatic and not comment.marker


def _message(number: int, comment: Comment) -> Message:
    text = written_by_customer(comment.body_html, comment.body_text)[:MOST_OF_ONE]
    return Message(number, comment.id, comment.from_customer, comment.public, comment.created_at, text)


def last_day(messages: Sequence[Message]) -> date:
    """Returns the day of the last message that has one: "today" for whoever reads the thread as it is, so that the same thread
    makes the same prompt."""
    return max((each.at.date() for each in messages if each.at), default=date.min)


def as_passages(ticket: Ticket, messages: Sequence[Message]) -> tuple[tuple[NumberedPassage, ...], Mapping[str, str]]:
    """Returns the messages as a model reads them, masked, `P3` the message with number 3; and the table that undoes the mask."""
    masked, table = mask_all([each.text for each in messages], known(ticket))
    pairs = zip(messages, masked, strict=True)
    return tuple(NumberedPassage(f"P{each.number}", each.who, split_sentences(text), "") for each, text in pairs), table
