"""What is known of a ticket before anything is retrieved: triage and its second reader."""

import hashlib
import json
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, get_args

from guardrails.triage.classify import Mood
from integrations.helpdesks.base import Priority
from integrations.llms.base import Completion, Prompt
from klark.values.requester_trust import NOT_TOLD, Trust

Bound = Priority | Literal[""]
"""A limit of a topic's priorities; "" for none."""


@dataclass(frozen=True, slots=True)
class Triage:
    """What is known of a ticket before anything is retrieved.

    language   ISO 639-1, or `None` if it is not known
    topic      a key of the tenant's topics, or ""
    sensitive  sensitive topics found, the critical ones first; `told`: the most telling sentence for each; `doubtful`: none of
               them is sure
    chances    sensitive topic -> probability, of those above .01
    not_for_us the kind of mail that nobody here has to answer, or ""; `leave_alone`: so surely that no person need check
    asks       what the customer wants, in the customer's words and order
    injection  whether any part of the turn, its quotes included, gives orders to a machine
    trust      how sure it is that the reader of the reply is the one whose data it may hold
    text       what the customer added in the turn (the subject if nothing else was written)
    unanswered characters of everything that the customer wrote and nobody has answered yet; 0 if that is a bare subject
    trouble    why the triage model said nothing, or ""
    language_corrected  a reviewer has named the language, here or on an earlier ticket of the requester's
    lowest_priority     what the topic's tickets have at least, "" if that is not said: `priority` is no lower, unless corrected
    highest_priority    what they have at most, "" likewise; the helpdesk's own priority and a sensitive topic stand above it
    priority_corrected  `priority` is the one that a reviewer has named, on an earlier draft of the ticket
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
    doubtful: bool = False
    chances: tuple[tuple[str, float], ...] = ()
    unanswered: int = 0
    trouble: str = ""
    language_corrected: bool = False
    lowest_priority: Bound = ""
    highest_priority: Bound = ""
    priority_corrected: bool = False


PRIORITIES: tuple[Priority, ...] = get_args(Priority)
"""From the least urgent on."""
URGENT, SOON, USUAL = range(3)


def urgency(priority: str, mood: str) -> int:
    """Returns how soon a person should look at a ticket: URGENT, then SOON (a high priority, or an angry customer), then all
    others in their turn, so that nobody of low priority waits for ever."""
    if priority == "urgent":
        return URGENT
    return SOON if priority == "high" or mood == "angry" else USUAL


def asks_for_haste(priority: str) -> bool:
    """Returns whether a priority by itself brings a ticket forward, whatever the customer's mood."""
    return urgency(priority, "calm") < USUAL


@dataclass(frozen=True, slots=True)
class TopicWords:
    """A topic in the tenant's own words, in any of the tenant's languages. `examples`: what customers wrote about it; `names`:
    pairs of a language and what it is called there, where that is not `name`. `priority`: that of its tickets at least, or "";
    `highest_priority`: at most."""

    key: str
    name: str
    description: str = ""
    words: tuple[str, ...] = ()
    examples: tuple[str, ...] = ()
    names: tuple[tuple[str, str], ...] = ()
    priority: Bound = ""
    highest_priority: Bound = ""

    def named(self, language: str) -> str:
        """Returns what the topic is called in a language."""
        return dict(self.names).get(language, self.name)


@lru_cache(maxsize=64)  # they are the same from ticket to ticket
def digest_of_topics(topics: tuple[TopicWords, ...]) -> str:
    """Returns a hash of what all topics are found by: a ticket may get another one only if it is another."""
    counts = ((each.key, each.name, each.description, each.words, each.examples, each.names) for each in topics)
    return hashlib.sha256(json.dumps(sorted(counts)).encode(errors="replace")).hexdigest()


@dataclass(frozen=True, slots=True)
class SecondReading:
    """The second reader's prompt, and what it said or why it said nothing."""

    prompt: Prompt
    completion: Completion | None = None
    failed: str = ""
