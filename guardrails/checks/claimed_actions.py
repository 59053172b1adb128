"""Checks whether the reply claims that something was done for this customer.

G101 claimed action   hit: "We have refunded you." miss: "We refund within 14 days", or an action that a cited source reports.
"""

from guardrails.base import Finding, Level, Options, Reply
from guardrails.support.citations import foreign_sentences
from guardrails.support.claimed_actions import claimed

DEED = "klark.G101"


def claimed_actions(reply: Reply, options: Options) -> list[Finding]:
    """Returns one HOLD per claimed action. No judge clears it: klark itself has done nothing, whatever a judge says."""
    return [
        Finding(DEED, Level.HOLD, f'says that something was done: "{words}"', place, words, never_alone=True)
        for place, sentence in foreign_sentences(reply, options)
        if (words := claimed(sentence.text, reply.language))
        and not any(claimed(source.text, reply.language) for source in sentence.sources)
    ]
