"""What a ticket is about, before any drafter is asked: the triage model and plain code over what the customer wrote last."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import takewhile

from guardrails.clean import clean, looks_like_instruction
from guardrails.language import detect
from guardrails.sentences import split_sentences
from guardrails.triage.heads import shipped
from guardrails.triage.phrases import blunt
from guardrails.triage.reading import Dial, Mood, Reading, Vectors, asked, quoted, read, remembering, sensitive, windows
from integrations.errors import IntegrationError
from integrations.helpdesks.base import Comment, Priority, Ticket
from integrations.helpdesks.text import written
from klark.steps.mood import asks_for_human, raised
from klark.steps.topic import TopicWords, topic_of
from klark.steps.topic_likeness import likeness_to
from klark.steps.trust import NOT_TOLD, Trust, trust

__all__ = ["TopicWords", "Triage", "triage"]

_QUOTED = 20_000
WISHLESS = frozenset({"thanks", "receipt", "automatic"})
"""Kinds of mail in which nothing is asked for."""
SURE = 0.95
"""The probability from which on what is not for us is left alone; below it a person looks, so that no customer is lost."""
MOST_SENTENCES, MOST_ASKS, LONGEST = 60, 12, 400
"""Sentences that are read one by one, things asked that are kept, and characters of one."""


@dataclass(frozen=True, slots=True)
class Triage:
    """What is known of a ticket before anything is looked for.

    language   ISO 639-1, or `None` where nobody can tell
    topic      a key of the tenant's topics, or ""
    sensitive  sensitive topics found, the critical ones first; `told` the sentence that speaks most of each
    chances    sensitive topic -> probability, of those above .01
    not_for_us the kind of what nobody here has to answer, or ""; `leave_alone`: so surely that no person need look
    asks       what the customer wants, in the customer's words and order
    injection  whether any part of the turn, its quotes included, gives orders to a machine
    trust      how sure it is that whoever reads the reply is the one whose data it may hold
    text       what the customer added in the turn (the subject where nothing else was written)
    trouble    why the triage model said nothing, or ""
    """

    language: str | None
    topic: str
    priority: Priority
    mood: Mood
    sensitive: tuple[str, ...]
    asks: tuple[str, ...]
    asks_for_human: bool
    injection: bool
    text: str
    trust: Trust = NOT_TOLD
    not_for_us: str = ""
    leave_alone: bool = False
    told: tuple[tuple[str, str], ...] = ()
    chances: tuple[tuple[str, float], ...] = ()
    trouble: str = ""


def triage(
    ticket: Ticket,
    topics: Sequence[TopicWords],
    vectors: Vectors,
    languages: Sequence[str] = (),
    dial: Dial = "balanced",
) -> Triage:
    """Read the turn. Bounded by the size of the comment; asks nobody but `vectors`.
    `languages`: those the tenant's customers write in."""
    turn = ticket.last_from_customer()
    text = _text(ticket, turn)
    whole = "\n".join(dict.fromkeys(filter(None, (_subject(ticket, turn), *_unanswered(ticket, turn), text))))
    language = detect(text, likely=languages)[0] or detect(whole, likely=languages)[0]
    plain = Triage(
        language=language,
        topic="", priority=ticket.priority or "normal", mood="calm", sensitive=(), asks=(),
        asks_for_human=asks_for_human(whole), injection=_gives_orders(whole, turn), text=text, trust=trust(ticket),
    )  # fmt: skip
    seen = _heard(plain, whole, once := remembering(vectors), dial)
    likeness = _likeness(topics, whole, once, vectors) if not seen.trouble else {}
    topic = topic_of(topics, _subject(ticket, turn), text, seen.asks, language or "", likeness)
    return replace(seen, topic=topic, not_for_us=_nothing_to_answer(seen, turn))


def _heard(plain: Triage, whole: str, vectors: Vectors, dial: Dial) -> Triage:
    """With what the model reads; while it is away, with what is blunt and why it reads nothing."""
    try:
        return _read(plain, read(whole, vectors), whole, vectors, dial)
    except IntegrationError as error:
        return replace(plain, sensitive=tuple(sorted(blunt(whole))), trouble=str(error))


def _read(plain: Triage, reading: Reading, whole: str, vectors: Vectors, dial: Dial) -> Triage:
    topics, least = sensitive(reading, dial), shipped().least
    return replace(
        plain,
        priority=raised(plain.priority, reading.urgent),
        mood=reading.mood,
        sensitive=topics,
        told=tuple((one.category, one.words) for one in quoted(whole, topics, vectors)),
        chances=tuple((name, round(chance, 3)) for name, chance in reading.topics.items() if chance > 0.01),
        not_for_us=reading.kind[0] if reading.kind[1] >= least["kind"] else "",
        leave_alone=reading.kind[1] >= SURE,
        injection=plain.injection or reading.injection >= least["injection"],
        asks=things_asked(plain.text, plain.language, vectors),
    )


def _likeness(topics: Sequence[TopicWords], whole: str, once: Vectors, vectors: Vectors) -> Mapping[str, float]:
    """How close the beginning of a ticket is to each topic; nothing where the model went away meanwhile."""
    try:
        return likeness_to(topics, once(windows(whole)[:1])[0], vectors) if whole.strip() and topics else {}
    except IntegrationError:
        return {}


def _nothing_to_answer(seen: Triage, turn: Comment | None) -> str:
    """The kind of what nobody here has to answer. Thanks with a wish, an attachment or a person asked for are a customer's."""
    if seen.asks_for_human or (seen.not_for_us in WISHLESS and (seen.asks or (turn and turn.attachments))):
        return ""
    return seen.not_for_us


def things_asked(text: str, language: str | None, vectors: Vectors) -> tuple[str, ...]:
    """What the customer wants, sentence by sentence."""
    sentences = [each for each in split_sentences(text, language or "") if any(map(str.isalnum, each))][:MOST_SENTENCES]
    wanted = (each[:LONGEST] for each, asks in zip(sentences, asked(sentences, vectors), strict=True) if asks)
    return tuple(dict.fromkeys(wanted))[:MOST_ASKS]


def _text(ticket: Ticket, turn: Comment | None) -> str:
    """What was written, without what nobody can see; the subject where the body says nothing."""
    body = written_by_customer(turn.body_html, turn.body_text) if turn else ""
    subject = ticket.subject.strip()
    asks = subject.count(" ") >= 2  # "Delivery" alone asks nothing
    return subject if asks and not any(map(str.isalnum, body)) else body


def _unanswered(ticket: Ticket, turn: Comment | None) -> list[str]:
    """What the customer wrote before the turn and nobody has answered yet, oldest first."""
    before = ticket.comments[: ticket.comments.index(turn)] if turn else ()
    run = takewhile(lambda each: each.from_customer or not each.public or each.automatic, reversed(before))
    own = [written_by_customer(each.body_html, each.body_text) for each in run if each.from_customer and each.public]
    return own[::-1]


def written_by_customer(body_html: str, body_text: str) -> str:
    """A comment without quotes, signature, and what nobody can see."""
    return clean(written(body_html, body_text))[0].strip()


def _subject(ticket: Ticket, turn: Comment | None) -> str:
    """The subject, where it is the turn's own: on a later turn it speaks of what was asked before."""
    return ticket.subject.strip() if turn is not None and turn is ticket.comments[0] else ""


def _gives_orders(whole: str, turn: Comment | None) -> bool:
    return looks_like_instruction(whole) or (turn is not None and looks_like_instruction(turn.body_text[:_QUOTED]))
