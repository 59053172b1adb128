"""Checks whether the reply claims that something was done for this customer.

G101 claimed action   hit: "We have refunded you." miss: "We refund within 14 days", or an action that a cited source reports.
"""

from guardrails.base import Finding, Level, Options, Reply, Sentence
from guardrails.grounding.allowed_sources import trusted_sentences
from guardrails.grounding.claimed_actions import deeds

DEED = "klark.G101"


def claimed_actions(reply: Reply, options: Options) -> list[Finding]:
    """Returns one HOLD per sentence that claims an action. No judge clears it: klark itself has done nothing, whatever a
    judge says."""
    return [
        Finding(DEED, Level.HOLD, f'says that something was done: "{words}"', place, words, never_alone=True)
        for place, sentence in trusted_sentences(reply)
        if (words := _unreported(sentence, reply.language))
    ]


def _unreported(sentence: Sentence, language: str) -> str:
    """Returns the words of the first action that none of the cited sources reports; "" if there is none. A source
    that says that the company has moved does not excuse "we have cancelled your order"."""
    reported = {deed.done for source in sentence.sources for deed in deeds(source.text, language)}
    return next((deed.words for deed in deeds(sentence.text, language) if deed.done not in reported), "")
