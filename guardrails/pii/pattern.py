"""A form of personal data: a pattern, and a test where a match of the pattern alone does not prove it."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from guardrails.pii.spans import Kind

Test = Callable[[re.Match[str]], bool]
"""A function that returns whether a match really is personal data of this form."""


@dataclass(frozen=True, slots=True)
class Form:
    """`group` is the part of the match that is personal: the words before it ("order number") stay in the text."""

    kind: Kind
    pattern: re.Pattern[str]
    is_one: Test | None = None
    group: int | str = 0


def digits_of(text: str) -> str:
    """Returns the digits of a text."""
    return "".join(sign for sign in text if sign.isdigit())


def text_before(match: re.Match[str], width: int = 30) -> str:
    """Returns what stands before a match, in lower case."""
    return match.string[max(0, match.start() - width) : match.start()].lower()
