"""A summary without a model: sentences of the thread that ask, report, promise or wait, word for word."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from guardrails.grounding.claimed_actions import claimed, committing
from guardrails.text.language import detect
from guardrails.text.sentences import split_sentences
from guardrails.text.values import find_values
from klark.assistance.recorded_turn import RecordedTurn
from klark.assistance.thread import Message

Kind = Literal["asked", "done", "promised", "open"]
MOST = 3
"""Sentences of one kind: of what was asked the first ones, else the last ones."""
LATER = frozenset({"date", "duration"})
"""Kinds of values by which support says when something will be."""


@dataclass(frozen=True, slots=True)
class Quote:
    """A sentence of a message."""

    kind: Kind
    text: str
    message: Message


def quotes_of(turn: RecordedTurn, messages: Sequence[Message]) -> list[Quote]:
    """Returns what was asked first, what support says that it has done and will do, and what waits for an answer."""
    likely = (turn.triage.language,) if turn.triage.language else ()
    answered = [place for place, each in enumerate(messages, 1) if each.public and not each.from_customer]
    waiting = [each for each in messages[answered[-1] if answered else 0 :] if each.from_customer]
    first = next((each for each in messages if each.from_customer), None)
    open_ = list(_asked(waiting))[-MOST:]
    asked = [each for each in (_asked([first]) if first else ()) if each not in open_][:MOST]
    support = [each for message in messages if not message.from_customer for each in _reported(message, likely)]
    done, promised = ([each for each in support if each.kind == kind][-MOST:] for kind in ("done", "promised"))
    return [*asked, *done, *promised, *(Quote("open", each.text, each.message) for each in open_)]


def _asked(messages: Iterable[Message]) -> Iterator[Quote]:
    """Yields the questions of each message, or its first sentence if it has none."""
    for message in messages:
        sentences = split_sentences(message.text)
        questions = [each for each in sentences if each.rstrip("\"'»”) ").endswith("?")]
        yield from (Quote("asked", each, message) for each in questions or sentences[:1])


def _reported(message: Message, likely: Sequence[str]) -> Iterator[Quote]:
    """Yields the sentences of support that say what was done, or what will be."""
    language = detect(message.text, likely)[0] or "en"
    for sentence in split_sentences(message.text):
        if sentence.rstrip().endswith("?"):
            continue
        if claimed(sentence, language):
            yield Quote("done", sentence, message)
        elif committing(sentence, language) or any(each.kind in LATER for each in find_values(sentence, language)):
            yield Quote("promised", sentence, message)
