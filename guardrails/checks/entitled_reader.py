"""Checks whether the reader of this reply may know what it says.

G085 reader   hit: CRM data about the requester, while somebody is in copy. miss: the same, sent to a verified requester.

Personal and account data goes to the verified requester only. That covers facts about the requester, and any address,
phone number, order or account number, or name that neither the tenant's knowledge nor the customer's message
contains. A policy may tolerate such a value, since some are the tenant's own but missing from the sources; no policy
lets a fact about the requester go out automatically.
"""

from collections.abc import Iterator, Mapping

from guardrails.base import Finding, Level, Options, Reader, Reply, Sentence
from guardrails.grounding.allowed_sources import cited, surroundings, trusted_sentences
from guardrails.pii.mask import mask
from guardrails.text.values import plain

PRIVATE = "klark.G085"
READ = 20_000
"""Maximum number of characters of a ticket that are searched for what the customer has said."""
_READERS: Mapping[Reader, str] = {
    "known": "a requester whom the helpdesk has not verified",
    "unknown": "a requester whom nobody knows",
    "third_party": "somebody else than the requester",
}


def audience(reply: Reply, options: Options) -> list[Finding]:
    """Returns one HOLD per sentence that contains data for the verified requester only; none if the reader is that
    requester."""
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
            any(source.personal for source in sentence.sources),
        )
        for place, sentence in trusted_sentences(reply)
        if (words := next(_private(sentence, reply.ticket_text[:READ]), ""))
    ]


def _private(sentence: Sentence, ticket_text: str) -> Iterator[str]:
    """Yields what in a sentence is for the requester only: the name of a cited fact, or the value itself."""
    yield from (source.text.partition(":")[0] for source in sentence.sources if source.personal)
    public = [source for source in sentence.sources if not source.personal]
    said = f"{cited(public)}\n{surroundings(public)}\n{ticket_text}"
    for value in mask(sentence.text, (), said).table.values():
        if _bare(value) not in _bare(said):
            yield value


def _bare(text: str) -> str:
    """Returns letters and digits alone: a source may have the value in a list, the sentence at its end."""
    return "".join(each for each in plain(text).casefold() if each.isalnum())
