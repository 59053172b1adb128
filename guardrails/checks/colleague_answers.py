"""Checks whether a sentence cites a colleague's answer on another ticket.

G131 colleague's answer   hit: it cites such an answer. miss: it cites an article.

Such an answer may be out of date, or true of that ticket only; the finding shows the person who reviews the draft how
old it is.
"""

from guardrails.base import Finding, Level, Options, Reply

ANSWERED = "klark.G131"


def colleague(reply: Reply, options: Options) -> list[Finding]:
    """Returns one HOLD per sentence that cites such answers, with the day of the oldest one."""
    days = {
        place: sorted(source.answered.day for source in sentence.sources if source.answered)
        for place, sentence in enumerate(reply.sentences)
    }
    return [
        Finding(ANSWERED, Level.HOLD, f"rests on what a colleague answered on {told[0]}", place, told[0])
        for place, told in days.items()
        if told
    ]
