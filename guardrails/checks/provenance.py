"""Checks that every value in a sentence (number, date, amount and so on) comes from somewhere.

G160 refuted          hit: "25 November 2026 is a Tuesday". miss: a date that fits what stands beside it.
G161 from nowhere     hit: "after 21 days" where neither a source nor the customer nor a computation gives it.
                      miss: "22 days ago" for a date that the customer gave.

Whole copies of a source are not checked.
"""

from collections.abc import Iterator

from guardrails.base import Finding, Level, Options, Reply, Sentence
from guardrails.grounding.allowed_sources import open_sentences
from guardrails.grounding.provenance import trace

REFUTED, NOWHERE = "klark.G160", "klark.G161"
MOST = 20
"""Maximum number of values reported per sentence."""


def provenance(reply: Reply, options: Options) -> list[Finding]:
    """Returns one finding per wrong value: a refuted one is a HOLD that no judge clears; an unexplained one is a HOLD
    that a judge's "supported" lowers to INFO."""
    return [finding for place, sentence in open_sentences(reply) for finding in _found(place, sentence, reply, options)]


def _found(place: int, sentence: Sentence, reply: Reply, options: Options) -> Iterator[Finding]:
    opinion = options.judged.of(place)
    doubt = Level.INFO if opinion and opinion.word == "supported" else Level.HOLD
    traced = trace(sentence, reply.ticket_text, reply.language, options.today)
    wrong = [one for one in traced if one.is_unexplained]
    for one in sorted(wrong, key=lambda one: one.origin, reverse=True)[:MOST]:
        if one.origin == "refuted":
            yield Finding(REFUTED, Level.HOLD, one.how, place, one.text, never_alone=True)
        else:
            yield Finding(NOWHERE, doubt, f'{one.kind} "{one.text}": no source has it', place, one.text)
