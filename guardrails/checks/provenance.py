"""Does every value of a sentence come from somewhere?

G130 refuted          hit: "25 November 2026 is a Tuesday". miss: any computation that comes out right.
G131 from nowhere     hit: "after 21 days" where no source, customer or reckoning has it.
                      miss: "22 days ago" for a date that the customer gave.

Whole copies of a source and the tenant's own closing are let be.
"""

from collections.abc import Iterator

from guardrails.base import Finding, Level, Options, Reply
from guardrails.cited import open_sentences
from guardrails.provenance import Traced, trace

REFUTED, NOWHERE = "klark.G130", "klark.G131"
MOST = 20
"""How many values of one sentence are reported."""


def provenance(reply: Reply, options: Options) -> list[Finding]:
    """A finding for each value that is refuted or that nothing explains; each keeps the reply from going out by itself."""
    return [
        finding
        for place, sentence in open_sentences(reply, options)
        for finding in _found(place, trace(sentence, reply.ticket_text, reply.language, options.today))
    ]


def _found(place: int, traced: tuple[Traced, ...]) -> Iterator[Finding]:
    wrong = [one for one in traced if one.origin in ("refuted", "none")]
    for one in sorted(wrong, key=lambda one: one.origin, reverse=True)[:MOST]:
        refuted = one.origin == "refuted"
        why = one.how if refuted else f'{one.kind} "{one.text}": no source has it'
        yield Finding(REFUTED if refuted else NOWHERE, Level.HOLD, why, place, one.text, never_alone=refuted)
