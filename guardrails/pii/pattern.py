"""A form of personal data: a pattern, and a test where a match of the pattern alone does not prove it."""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

from guardrails.pii.spans import Kind

_SPACES = (chr(code) for code in range(0x3001) if unicodedata.category(chr(code)) == "Zs")
_PLAIN = str.maketrans(dict.fromkeys((*_SPACES, "\t"), " ") | dict.fromkeys("\u2010\u2011", "-"))
_MIDDLE_DOT = re.compile(r"(?<=\d)·(?=\d)")
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


def with_plain_separators(text: str) -> str:
    """Returns a text of the same length, in which every space and tab is a blank, hyphens are plain, and a middle dot
    between digits is a full stop, so that no form needs to know them all: French numbers are often grouped by narrow
    spaces. Offsets stay valid."""
    return _MIDDLE_DOT.sub(".", text.translate(_PLAIN))
