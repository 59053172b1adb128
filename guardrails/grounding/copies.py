"""Recognises sentences that copy whole lines of their sources: such a sentence is supported, whatever a judge says."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import lru_cache

from guardrails.base import Source
from guardrails.text.values import plain
from guardrails.text.words import with_plain_apostrophes

MOST = 8_000
"""Maximum number of characters that are compared; a longer text is no copy."""
_ENDS = " .!…;,"
_QUOTES = '"«»“” '
_JOINT = re.compile(r" ?(?P<mark>[.!…;,]{1,3}) | ")


def is_copy(text: str, sources: Sequence[Source]) -> bool:
    """Returns whether `text` is one of the cited lines (a sentence, list item, table row), whole, or several that
    follow one another in a section, in the order in which they are cited, and nothing else. Case, the form of spaces,
    dashes and apostrophes, and the punctuation between lines are ignored."""
    said = _flat(text)
    if not said or len(text) > MOST:
        return False
    return any(said == _flat(source.text) for source in sources) or any(
        _is_run(said, cited) for cited in _by_section(sources)
    )


def _by_section(sources: Sequence[Source]) -> Iterator[list[Source]]:
    sections: dict[tuple[str, str, str, str], list[Source]] = {}
    for source in sources:
        sections.setdefault((source.article, source.title, source.heading, source.around), []).append(source)
    yield from sections.values()


def _is_run(said: str, cited: Sequence[Source]) -> bool:
    """Returns whether a text is lines of one section that stand below one another there. What stands between two
    lines may turn the second into its opposite: "We accept: / unused bikes / We never accept: / opened software"."""
    rest, used = said, list[str]()
    for source in cited:
        after = _after(rest, source.text)
        if after is not None:
            rest = after
            used.append(source.text)
    return not rest and "\n".join(("", *used, "")) in f"\n{cited[0].around}\n"


def _after(rest: str, published: str) -> str | None:
    """Returns what follows a line at the start of a text; `None` if the line does not stand there, or goes on. Lines
    are divided by a space, and between figures by the mark that ends the first one too: "4" and "50 €" make no
    "4.50 €" and no "4 50 €"."""
    line = _flat(published)
    if not line or not rest.startswith(line):
        return None
    if rest == line:
        return ""
    joint = _JOINT.match(rest, len(line))
    if joint is None:
        return None
    after = rest[joint.end() :]
    between_figures = line[-1].isnumeric() and after[:1].isnumeric()
    own_mark = joint["mark"] is not None and published.rstrip().endswith(joint["mark"])
    return after if own_mark or not between_figures else None


@lru_cache(maxsize=512)  # every sentence of a reply is compared with the same lines
def _flat(text: str) -> str:
    # No compatibility forms: they make "10² m" into "102 m".
    said = unicodedata.normalize("NFC", plain(with_plain_apostrophes(text[: MOST + 1]))).casefold()
    return " ".join(said.split()).rstrip(_ENDS + _QUOTES).lstrip(_QUOTES)
