"""Is the reply in the language it must be in?

G020 wrong language     hit: an English reply to a French ticket. miss: a French one that names a product in English.
G021 cannot be told     hit: 60 letters of no known language. miss: "OK, merci."
G022 mixed              hit: one whole English sentence in a French reply. miss: "Cliquez sur Settings."
"""

import re

from guardrails.base import Finding, Level, Options, Reply
from guardrails.support.cited import foreign_sentences
from guardrails.text.language import detect

WRONG = "klark.G020"
UNKNOWN = "klark.G021"
MIXED = "klark.G022"

TELLING = 40
"""Letters from which a language must be tellable."""
SURE = 0.8
"""Confidence from which a single sentence counts as being in another language."""
_LETTERS = re.compile(r"[^\W\d_]")
_SAMPLE = 4000


def language(reply: Reply, options: Options) -> list[Finding]:
    """Findings on the reply as a whole first; on single sentences only where the whole is right."""
    wanted = (options.language or reply.language)[:2].lower()
    sentences = tuple(foreign_sentences(reply, options))
    text = " ".join(sentence.text for _, sentence in sentences)[:_SAMPLE]
    if not wanted or _size(text) < TELLING:
        return []
    code, sure = detect(text)
    if code not in (None, wanted):
        return [Finding(WRONG, Level.HOLD, f"the reply is in {code!r} ({sure:.0%} sure), it must be in {wanted!r}")]
    mixed = [finding for place, sentence in sentences if (finding := _mixed(place, sentence.text, wanted))]
    if code is None and not mixed:
        return [Finding(UNKNOWN, Level.HOLD, f"cannot tell whether the reply is in {wanted!r}")]
    return mixed


def _mixed(place: int, text: str, wanted: str) -> Finding | None:
    if _size(text) < TELLING:
        return None
    code, sure = detect(text[:_SAMPLE])
    if code in (None, wanted) or sure < SURE:
        return None
    return Finding(MIXED, Level.HOLD, f"this sentence is in {code!r}, not in {wanted!r}", place, text[:40])


def _size(text: str) -> int:
    return len(_LETTERS.findall(text))
