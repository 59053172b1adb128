"""What a sentence of a reply may rely on: the texts that it cites."""

from collections.abc import Iterator, Sequence

from guardrails.base import Reply, Sentence, Source
from guardrails.grounding.copies import is_copy
from guardrails.untrusted.planted_instructions import AROUND, trusted


def open_sentences(reply: Reply) -> Iterator[tuple[int, Sentence]]:
    """Yields (index, sentence) for the sentences that need support: those that are no whole copies of their sources."""
    for place, sentence in trusted_sentences(reply):
        if not is_copy(sentence.text, sentence.sources):
            yield place, sentence


def trusted_sentences(reply: Reply) -> Iterator[tuple[int, Sentence]]:
    """Yields (index, sentence) for every sentence, without its planted sources."""
    return enumerate(trusted(reply).sentences)


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
