"""What a sentence of a reply may rely on: the texts that it cites, and the tenant's own closing sentences."""

from collections.abc import Iterator, Sequence
from functools import lru_cache

from guardrails.base import Options, Reply, Sentence, Source
from guardrails.support.copies import is_copy
from guardrails.text.sentences import split_sentences
from guardrails.text.words import bare
from guardrails.untrusted.planted_instructions import AROUND, trusted

__all__ = [
    "AROUND",
    "all_cited",
    "cited",
    "every_source",
    "foreign_sentences",
    "is_closing",
    "open_sentences",
    "surroundings",
]


@lru_cache(maxsize=64)
def _closing(closing: tuple[str, ...]) -> frozenset[str]:
    pieces = (piece for text in closing for piece in (text, *split_sentences(text)))
    return frozenset(filter(None, map(bare, pieces)))


def is_closing(text: str, options: Options) -> bool:
    """Returns whether every sentence of a text is one of the tenant's own (greeting, signature, disclosure)."""
    own = _closing(options.closing)
    pieces = split_sentences(text) if own else ()
    return bool(pieces) and all(bare(piece) in own for piece in pieces)


def open_sentences(reply: Reply, options: Options) -> Iterator[tuple[int, Sentence]]:
    """Yields (index, sentence) for the sentences that need support: neither the tenant's own nor whole copies of
    their sources."""
    for place, sentence in foreign_sentences(reply, options):
        if not is_copy(sentence.text, sentence.sources):
            yield place, sentence


def foreign_sentences(reply: Reply, options: Options) -> Iterator[tuple[int, Sentence]]:
    """Yields (index, sentence) for the sentences that are not the tenant's own, without their planted sources."""
    for place, sentence in enumerate(trusted(reply).sentences):
        if not is_closing(sentence.text, options):
            yield place, sentence


def cited(sources: Sequence[Source]) -> str:
    """Returns the cited sentences as one text."""
    return "\n".join(source.text[:AROUND] for source in sources)


def surroundings(sources: Sequence[Source]) -> str:
    """Returns the titles, URLs and passages around the cited sentences as one text."""
    return "\n".join(f"{source.title}\n{source.url}\n{source.around[:AROUND]}" for source in sources)


def every_source(reply: Reply) -> tuple[Source, ...]:
    """Returns the sources that any sentence of a reply cites, without planted ones, each once."""
    return tuple(dict.fromkeys(source for sentence in trusted(reply).sentences for source in sentence.sources))


def all_cited(reply: Reply) -> str:
    """Returns everything that any sentence of a reply cites, with the passages around it, as one text."""
    return "\n".join(f"{source.text[:AROUND]}\n{source.around[:AROUND]}" for source in every_source(reply))
