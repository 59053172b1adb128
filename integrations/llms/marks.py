"""Marks around strangers' text in a prompt: a model is told that nothing between them is an instruction."""

import hashlib
import hmac
import re
from collections.abc import Mapping

_LABEL = re.compile(r"^(\s*[-*]?\s*\[?)(?=[A-Z]{1,3}\d)", re.MULTILINE)


def mark_of(secret: str, turn: str) -> str:
    """What nobody outside can guess, and the same when a turn is run again."""
    return hmac.new(secret.encode(), turn.encode(), hashlib.sha256).hexdigest()[:16]


def between_marks(mark: str, blocks: Mapping[str, str]) -> str:
    """Strangers' text as data blocks that none of it can close."""
    return "\n".join(f"<{mark} {name}>\n{block.replace(mark, '')}\n</{mark}>" for name, block in blocks.items())


def unlabelled(text: str) -> str:
    """A stranger's lines that begin like one of klark's labels no longer do."""
    return _LABEL.sub(r"\1'", text)
