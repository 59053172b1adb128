"""Marks around strangers' text in a prompt: the model is told that nothing between them is an instruction."""

import hashlib
import hmac
import re
from collections.abc import Mapping

_INSTEAD = "·"
"""What stands for a mark in a stranger's text: if nothing did, the halves around a mark would make another."""

# Blanks of one line only, and each read once: over blank lines "\s*" takes cubic time.
_LABEL = re.compile(r"^([^\S\n]*+(?:[-*][^\S\n]*+)?\[?)(?=[A-Z]{1,3}\d)", re.MULTILINE)


def mark_of(secret: str, turn: str) -> str:
    """Returns a mark that outsiders cannot guess, and that is the same when a turn is run again."""
    return hmac.new(secret.encode(), turn.encode(), hashlib.sha256).hexdigest()[:16]


def between_marks(mark: str, blocks: Mapping[str, str]) -> str:
    """Returns strangers' text as data blocks that the text itself cannot close."""
    return "\n".join(f"<{mark} {name}>\n{block.replace(mark, _INSTEAD)}\n</{mark}>" for name, block in blocks.items())


def unlabelled(text: str) -> str:
    """Returns a stranger's text with a quotation mark before anything at the start of a line that looks like one of
    klark's labels."""
    return _LABEL.sub(r"\1'", text)
