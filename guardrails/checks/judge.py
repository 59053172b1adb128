"""Does the operator's own model doubt a sentence?

G130 doubted   hit: `options.ask` says it doubts the claim. miss: it does not, or there is no judge.

The judge can only add: whatever it answers, no other finding goes away.
"""

from guardrails.base import Finding, Level, Options, Reply
from guardrails.cited import open_sentences
from guardrails.kinds import kind_of

DOUBTED = "klark.G130"


def judge(reply: Reply, options: Options) -> list[Finding]:
    """Findings of the optional judge on statements and instructions that cite something."""
    ask = options.ask
    if ask is None:
        return []
    return [
        Finding(DOUBTED, Level.HOLD, "the judge doubts that the sources say this", place, sentence.text[:80])
        for place, sentence in open_sentences(reply, options)
        if sentence.sources
        and kind_of(sentence.text) not in ("COURTESY", "QUESTION")
        and ask(sentence.text, [source.text for source in sentence.sources])
    ]
