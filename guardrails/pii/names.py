"""Names that nobody knows beforehand: found by what announces them, by where they stand, and by a witness."""

from collections.abc import Iterator

from guardrails.pii.announced import find_announced, find_titles
from guardrails.pii.run import split
from guardrails.pii.signed import find_placed
from guardrails.pii.spans import Span, settle
from guardrails.pii.witness import find_witnessed


def find_names(text: str, public: frozenset[str] = frozenset(), *, strangers: bool = True) -> Iterator[Span]:
    """Every name that its announcement, its place or a witness gives away.

    `public` words (folded) stand in the tenant's own knowledge, such as its products' names: no witness is believed
    about them, only an announcement or a place. `strangers`: nobody in the text is known beforehand; on a ticket whose
    people are known, a lone strange word is a product or a place as likely as a person.
    """
    words = split(text, public, strangers=strangers)
    names = settle((*find_announced(words), *find_placed(words), *find_witnessed(words)))
    yield from names
    yield from find_titles(words, names)
