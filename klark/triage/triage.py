"""What a ticket is about, before any drafter is called: the triage model and plain code read what nobody has answered yet."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import structlog

from guardrails.text.language import detect
from guardrails.text.sentences import split_sentences
from guardrails.triage.classifier_heads import shipped
from guardrails.triage.classify import Dial, Reading, Vectors, asked, quoted, read, remembering, sensitive, windows
from guardrails.triage.phrases import blunt
from guardrails.untrusted.clean import looks_like_instruction
from integrations.errors import IntegrationError
from integrations.helpdesks.base import Comment, Ticket
from klark.triage.priority import asks_for_human, raised
from klark.triage.topic import topic_of
from klark.triage.topic_likeness import likeness_to
from klark.values.requester_trust import trust
from klark.values.ticket_text import Unanswered, answered_thread, unanswered, unread_attachments
from klark.values.triage import TopicWords, Triage

log = structlog.get_logger(__name__)

_QUOTED = 20_000
WISHLESS = frozenset({"thanks", "receipt", "automatic"})
"""Kinds of mail in which nothing is asked for."""
MOST_SENTENCES, MOST_ASKS, LONGEST = 60, 12, 400
"""Sentences that are read one by one, things asked that are kept, and characters of each."""


def triage(
    ticket: Ticket,
    topics: Sequence[TopicWords],
    vectors: Vectors,
    languages: Sequence[str] = (),
    dial: Dial = "balanced",
    topic_vectors: Vectors | None = None,
    corrected_language: str = "",
) -> Triage:
    """Returns what is known of the ticket's turn. `languages`: those that the tenant's customers write in; `corrected_language`:
    the one that a reviewer says this customer does.

    The work is bounded by the size of the comment, and nothing is called but `vectors` and `topic_vectors`, without which
    the topic is found by its words alone. If `vectors` fails, `trouble` says why.
    """
    turn = ticket.last_from_customer()
    waiting = unanswered(ticket)
    text, whole, newest = waiting.comments[-1], waiting.whole, waiting.newest_first
    before = _read_besides(ticket, whole)
    language = corrected_language or detect(text, likely=languages)[0] or detect(whole, likely=languages)[0]
    plain = Triage(
        language=language,
        topic="", priority=ticket.priority or "normal", mood="calm", sensitive=(), asks=(),
        asks_for_human=asks_for_human(text) or asks_for_human(whole), injection=_gives_orders(turn, whole, *before),
        text=text, trust=trust(ticket), unanswered=len(whole) if waiting.text else 0, language_corrected=bool(corrected_language),
    )  # fmt: skip
    seen = _heard(plain, waiting, before, remembering(vectors), dial)
    likeness = _likeness(topics, newest.whole, topic_vectors) if topic_vectors else {}
    shown = seen.asks or waiting.comments[1:][-1:]  # the latest of several comments shows best what it is about now
    topic = topic_of(topics, waiting.subject, newest.text, shown, language or "", likeness)
    return replace(seen, topic=topic, not_for_us=_nothing_to_answer(seen, unread_attachments(ticket)))


def _heard(plain: Triage, waiting: Unanswered, before: Sequence[str], vectors: Vectors, dial: Dial) -> Triage:
    """Returns the triage with what the model reads; if it is away, with the topics that blunt phrases show, and why.
    `before`: what a drafter reads besides, which may not steer it either."""
    try:
        steered = any(read(text, vectors).injection >= shipped().least["injection"] for text in before)
        seen = _read(plain, read(waiting.whole, vectors), waiting, vectors, dial)
        return replace(seen, injection=seen.injection or steered)
    except IntegrationError as error:
        return replace(plain, sensitive=tuple(sorted(blunt(waiting.whole))), trouble=str(error))


def _read(plain: Triage, reading: Reading, waiting: Unanswered, vectors: Vectors, dial: Dial) -> Triage:
    topics, least = sensitive(reading, dial), shipped().least
    return replace(
        plain,
        priority=raised(plain.priority, reading.urgent),
        mood=reading.mood,
        sensitive=topics,
        doubtful=bool(topics) and not sensitive(reading, "open"),
        told=tuple((one.category, one.words) for one in quoted(waiting.whole, topics, vectors)),
        chances=tuple((name, round(chance, 3)) for name, chance in reading.topics.items() if chance > 0.01),
        not_for_us=reading.kind[0] if reading.kind[1] >= least["kind"] else "",
        leave_alone=reading.kind[1] >= least["alone"],
        injection=plain.injection or reading.injection >= least["injection"],
        asks=things_asked(waiting.comments, plain.language, vectors),
    )


def _likeness(topics: Sequence[TopicWords], whole: str, vectors: Vectors) -> Mapping[str, float]:
    """Returns how close the beginning of a ticket is to each topic; {} if there is nothing to compare, or the model failed."""
    beginning = windows(whole)[:1] if topics and whole.strip() else []
    try:
        return likeness_to(topics, beginning[0], vectors) if beginning else {}
    except IntegrationError as error:
        log.warning("the topic is looked for by its words alone", why=str(error))
        return {}


def _nothing_to_answer(seen: Triage, attached: bool) -> str:
    """Returns the kind of mail that nobody here has to answer, or "". Thanks that come with a request, an attachment or
    a wish for a person are a customer's."""
    if seen.asks_for_human or (seen.not_for_us in WISHLESS and (seen.asks or attached)):
        return ""
    return seen.not_for_us


def things_asked(comments: Sequence[str], language: str | None, vectors: Vectors) -> tuple[str, ...]:
    """Returns the sentences that say what the customer wants, in order; where there are too many, those of the oldest
    comments are left out. Raises what `vectors` raises."""
    newest = list(enumerate(comments))[::-1]
    split = [(place, each) for place, text in newest for each in split_sentences(text, language or "")]
    read = [(place, each) for place, each in split if any(map(str.isalnum, each))][:MOST_SENTENCES]
    wanted = dict[str, int]()
    for (place, each), asks in zip(read, asked([each for _, each in read], vectors), strict=True):
        if asks:
            wanted.setdefault(each[:LONGEST], place)
    return tuple(sorted([*wanted][:MOST_ASKS], key=wanted.__getitem__))


def _read_besides(ticket: Ticket, whole: str) -> list[str]:
    """Returns what the customer wrote that a drafter reads and `whole` does not hold: somebody has answered it."""
    thread = (text for each, text in answered_thread(ticket) if each.from_customer)
    return [text for text in (ticket.subject.strip(), *thread) if text and text not in whole]


def _gives_orders(turn: Comment | None, *texts: str) -> bool:
    quoted = turn.body_text[:_QUOTED] if turn is not None else ""
    return any(map(looks_like_instruction, (quoted, *texts)))
