"""Texts with what must be found between angle quotes: "Bonjour ‹Anna›"."""

import re
from collections.abc import Iterable

from guardrails.pii.spans import Span, settle

_MARK = re.compile("[‹›]")


def plain(marked: str) -> str:
    """The text without its marks."""
    return _MARK.sub("", marked)


def wanted(marked: str) -> list[str]:
    """What stands between the marks, in order."""
    return re.findall("‹([^›]*)›", marked)


def got(marked: str, spans: Iterable[Span]) -> list[str]:
    """What the spans cover of the text without marks, in order."""
    text = plain(marked)
    return [text[span.start : span.end] for span in settle(spans)]
