"""Checks that the reply is neither empty nor too long.

G010 empty          hit: no sentence with a letter or a digit. miss: "Oui."
G011 too long       hit: 6,001 characters. miss: 6,000.
G012 run-on         hit: one sentence of 1,500 characters. miss: one of 300.
"""

from guardrails.base import Finding, Level, Options, Reply

EMPTY = "klark.G010"
TOO_LONG = "klark.G011"
RUN_ON = "klark.G012"
MOST = 6000
"""Maximum number of characters in a reply."""
LONGEST = 1200
"""Maximum number of characters in one sentence; a longer one cannot be compared with a source sentence."""


def length(reply: Reply, options: Options) -> list[Finding]:
    """Returns findings on the size of a reply: BLOCK if it is empty or too long, HOLD for each sentence that is too long."""
    text = reply.text
    if not any(sign.isalnum() for sign in text):
        return [Finding(EMPTY, Level.BLOCK, "the reply has no words")]
    if len(text) > MOST:
        why = f"the reply has {len(text)} characters, at most {MOST} are allowed"
        return [Finding(TOO_LONG, Level.BLOCK, why)]
    return [
        Finding(RUN_ON, Level.HOLD, f"this sentence has {len(sentence.text)} characters", place, sentence.text[:40])
        for place, sentence in enumerate(reply.sentences)
        if len(sentence.text) > LONGEST
    ]
