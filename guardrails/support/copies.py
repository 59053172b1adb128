"""Recognises sentences that copy whole lines of their sources: such a sentence is supported, whatever a judge says."""

from collections.abc import Sequence

from guardrails.base import Source
from guardrails.text.words import fold

MOST = 8_000
"""Maximum number of characters that are compared; a longer text is no copy."""
_ENDS = " .!…;,"


def is_copy(text: str, sources: Sequence[Source]) -> bool:
    """Returns whether `text` consists of one or more of the cited lines (sentences, list items, table rows), each
    whole, in the order in which they are cited, and of nothing else. Case, accents, spaces and punctuation between
    lines are ignored."""
    rest, at_least_one = _flat(text), False
    if not rest or len(text) > MOST:
        return False
    for source in sources:
        line = _flat(source.text)
        if line and (rest == line or (rest.startswith(line) and not rest[len(line)].isalnum())):
            rest, at_least_one = rest[len(line) :].lstrip(_ENDS), True
    return at_least_one and not rest


def _flat(text: str) -> str:
    return " ".join(fold(text[: MOST + 1]).split()).rstrip(_ENDS).strip('"«»“” ')
