"""Knows klark's own comment by its words: Freshdesk keeps no marker, and gives back another body than it was sent.

It wraps the body in fonts and directions, writes links anew, and may add the seat's signature.
"""

import re
import unicodedata
from collections.abc import Collection

from integrations.helpdesks.base import Comment
from integrations.helpdesks.text import html_to_text

TELLING = 40
"""Letters and digits enough to know a text by its beginning; fewer may be the beginning of anything."""
_HREF = re.compile(r"""\bhref\s{0,9}=\s{0,9}(?:"[^"]*"|'[^']*')""", re.IGNORECASE)


def letters(text: str) -> str:
    """Returns the letters and digits of a text alone, in one case: blanks, bullets and punctuation do not survive."""
    return "".join(filter(str.isalnum, unicodedata.normalize("NFKC", text).casefold()))


def html_letters(html: str) -> str:
    """Returns the letters and digits of what a reader sees, without the addresses of links."""
    return letters(html_to_text(_HREF.sub("", html)))


def says(comment: Comment, wanted: Collection[str]) -> bool:
    """Returns whether a comment consists of one of these texts (as `letters`), or goes on after it."""
    said = html_letters(comment.body_html) if comment.body_html else letters(comment.body_text)
    return any(said == each or (len(each) >= TELLING and said.startswith(each)) for each in wanted)
