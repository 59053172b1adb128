"""What a ticket is about, before any model is asked: plain code over what the customer wrote last."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from guardrails.base import Sensitive
from guardrails.clean import clean, looks_like_instruction
from guardrails.language import detect
from integrations.helpdesks.base import Comment, Priority, Ticket
from integrations.helpdesks.text import written
from klark.steps.mood import Sentiment, asks_for_human, raised, sentiment
from klark.steps.questions import questions
from klark.steps.topic import TopicWords, topic_of
from klark.steps.trust import NOT_TOLD, Trust, trust

__all__ = ["TopicWords", "Triage", "triage"]

_QUOTED = 20_000


@dataclass(frozen=True, slots=True)
class Triage:
    """What plain code knows of a ticket.

    language   ISO 639-1, or `None` where nobody can tell
    topic      a key of the tenant's topics, or ""
    sensitive  categories found, in the order found
    questions  what is asked, at most five
    injection  whether any part of the turn, its quotes included, gives orders to a machine
    trust      how sure it is that whoever reads the reply is the one whose data it may hold
    text       what the customer added in the turn (the subject where nothing else was written)
    """

    language: str | None
    topic: str
    priority: Priority
    sentiment: Sentiment
    sensitive: tuple[str, ...]
    questions: tuple[str, ...]
    asks_for_human: bool
    injection: bool
    text: str
    trust: Trust = NOT_TOLD


def triage(
    ticket: Ticket, topics: Sequence[TopicWords], sensitive: Callable[[str], Sequence[Sensitive]],
    languages: Sequence[str] = (),
) -> Triage:  # fmt: skip
    """Read the turn. Bounded by the size of the comment; asks nobody but `sensitive`.
    `languages`: those the tenant's customers write in."""
    turn = ticket.last_from_customer()
    text = _text(ticket, turn)
    whole = text if text == ticket.subject else f"{_subject(ticket, turn)}\n{text}".strip()
    language = detect(text, likely=languages)[0] or detect(whole, likely=languages)[0]
    asked = questions(text, language)
    return Triage(
        language=language,
        topic=topic_of(topics, _subject(ticket, turn), text, asked, language or ""),
        priority=raised(ticket.priority, whole),
        sentiment=sentiment(whole),
        sensitive=tuple(dict.fromkeys(found.category for found in sensitive(whole))),
        questions=asked,
        asks_for_human=asks_for_human(whole),
        injection=_gives_orders(whole, turn),
        text=text,
        trust=trust(ticket),
    )


def _text(ticket: Ticket, turn: Comment | None) -> str:
    """What was written, without what nobody can see; the subject where the body says nothing."""
    body = written_by_customer(turn.body_html, turn.body_text) if turn else ""
    subject = ticket.subject.strip()
    asks = subject.count(" ") >= 2  # "Delivery" alone asks nothing
    return subject if asks and not any(map(str.isalnum, body)) else body


def written_by_customer(body_html: str, body_text: str) -> str:
    """A comment without quotes, signature, and what nobody can see."""
    return clean(written(body_html, body_text))[0].strip()


def _subject(ticket: Ticket, turn: Comment | None) -> str:
    """The subject, where it is the turn's own: on a later turn it speaks of what was asked before."""
    return ticket.subject if turn is not None and turn is ticket.comments[0] else ""


def _gives_orders(whole: str, turn: Comment | None) -> bool:
    return looks_like_instruction(whole) or (turn is not None and looks_like_instruction(turn.body_text[:_QUOTED]))
