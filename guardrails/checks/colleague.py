"""Does a sentence rest on what a colleague answered on another ticket?

G131 colleague's answer   hit: it cites such an answer. miss: it cites an article.

It may be out of date, or true of that ticket alone: whoever looks at the draft sees how old it is.
"""

from guardrails.base import Finding, Level, Options, Reply

ANSWERED = "klark.G131"


def colleague(reply: Reply, options: Options) -> list[Finding]:
    """One HOLD for each sentence, with the day of the oldest answer that it cites."""
    days = {
        place: sorted(source.answered.day for source in sentence.sources if source.answered)
        for place, sentence in enumerate(reply.sentences)
    }
    return [
        Finding(ANSWERED, Level.HOLD, f"rests on what a colleague answered on {told[0]}", place, told[0])
        for place, told in days.items()
        if told
    ]
