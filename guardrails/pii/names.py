"""Finds names of people who are not known beforehand: by announcing words, by position, and by other evidence (`witness`)."""

from collections.abc import Iterator

from guardrails.pii.introduced_names import find_announced, find_titles
from guardrails.pii.name_evidence import find_witnessed
from guardrails.pii.name_extent import split
from guardrails.pii.signature_names import find_placed
from guardrails.pii.spans import Span, settle


def find_names(text: str, public: frozenset[str] = frozenset(), *, strangers: bool = True) -> Iterator[Span]:
    """Yields every name that an announcement, its position or other evidence reveals, and the titles before these
    names.

    `public` words (folded) occur in the tenant's own knowledge, such as its product names: for them only an
    announcement or a position counts. `strangers`: nobody in the text is known beforehand; on a ticket whose people
    are known, a lone unknown word is as likely a product or a place as a person.
    """
    words = split(text, public, strangers=strangers)
    names = settle((*find_announced(words), *find_placed(words), *find_witnessed(words)))
    yield from names
    yield from find_titles(words, names)
