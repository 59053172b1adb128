"""May whoever reads this reply know what it tells?

G085 reader   hit: what the CRM knows of the requester, told where somebody is in copy. miss: the same, told to a verified one.

Personal and account data goes to the verified requester alone. It is what a fact on the requester says, and any address,
phone, number of an order or account, or name that neither the tenant's knowledge nor the one who wrote has said. A policy may
tolerate such a value, since some are the tenant's own that no source has said; a fact on the requester goes out by no policy.
"""

from collections.abc import Iterator, Mapping

from guardrails.base import Finding, Level, Options, Reader, Reply, Sentence
from guardrails.pii.mask import mask
from guardrails.support.cited import cited, foreign_sentences, surroundings
from guardrails.text.values import plain

PRIVATE = "klark.G085"
READ = 20_000
"""Characters of a ticket that are looked at for what its writer has said."""
_READERS: Mapping[Reader, str] = {
    "known": "a requester whom the helpdesk has not verified",
    "unknown": "a requester whom nobody knows",
    "third_party": "somebody else than the requester",
}


def reader(reply: Reply, options: Options) -> list[Finding]:
    """Findings on what only the verified requester may read."""
    if options.reader == "verified":
        return []
    whom = _READERS[options.reader]
    return [
        Finding(
            PRIVATE,
            Level.HOLD,
            f"personal or account data would go to {whom}: {words}",
            place,
            words,
            _is_told(sentence),
        )
        for place, sentence in foreign_sentences(reply, options)
        if (words := next(_private(sentence, reply.ticket_text[:READ]), ""))
    ]


def _is_told(sentence: Sentence) -> bool:
    """Whether it rests on a fact on the requester."""
    return any(source.personal for source in sentence.sources)


def _private(sentence: Sentence, ticket_text: str) -> Iterator[str]:
    """The words of a sentence that are for the requester alone: the name of the fact, or the value itself."""
    yield from (source.text.partition(":")[0] for source in sentence.sources if source.personal)
    public = [source for source in sentence.sources if not source.personal]
    said = f"{cited(public)}\n{surroundings(public)}\n{ticket_text}"
    for value in mask(sentence.text, (), said).table.values():
        if _bare(value) not in _bare(said):
            yield value


def _bare(text: str) -> str:
    return plain(text).casefold().replace(" ", "")
