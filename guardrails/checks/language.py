"""Checks whether the reply is in the language that it must be in.

G020 wrong language       hit: an English reply to a French ticket. miss: a French reply that names a product in English.
G021 unknown language     hit: 60 letters of no known language. miss: "OK, merci."
G022 mixed                hit: one whole English sentence in a French reply. miss: "Cliquez sur Settings."
"""

import re

from guardrails.base import Finding, Level, Options, Reply
from guardrails.grounding.allowed_sources import trusted_sentences
from guardrails.text.language import detect

WRONG = "klark.G020"
UNKNOWN = "klark.G021"
MIXED = "klark.G022"

TELLING = 40
"""Texts with fewer letters than this are too short for their language to be detected."""
SURE = 0.8
"""Minimum confidence (0 to 1) at which a single sentence counts as written in another language."""
_LETTERS = re.compile(r"[^\W\d_]")
_SAMPLE = 4000


def language(reply: Reply, options: Options) -> list[Finding]:
    """Returns findings on the reply as a whole; single sentences are reported only if the whole is in the right language."""
    wanted = (options.language or reply.language)[:2].lower()
    sentences = tuple(trusted_sentences(reply))
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
