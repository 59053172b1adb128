"""Explains counts of what the sentence itself lists: "two conditions: A and B"."""

import re

from guardrails.text.values import Value

_SPLIT = re.compile(r"[,;]|\b(?:et|and|ou|or)\b", re.IGNORECASE)
_FEW = 9


def listed(value: Value, text: str) -> str:
    """Returns an explanation ("2: so many are listed") if a number from 2 to 9 equals the number of items after a
    colon; else ""."""
    number = next((key[1] for key in sorted(value.keys, key=str) if key[0] == "number"), None)
    if not isinstance(number, (int, float)) or not 2 <= number <= _FEW:
        return ""
    _, colon, after = text.partition(":")
    first = after.partition(" ; ")[0] if after.count(" ; ") == 1 else after
    counts = {len([item for item in _SPLIT.split(part) if item.strip(" .")]) for part in (after, first) if colon}
    return f"{value.text}: so many are listed" if number in counts else ""
