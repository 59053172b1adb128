"""Proposes an article from tickets that people answered, for the team lead to edit: klark quotes, and writes nothing itself."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape

from guardrails.pii.tokens import TOKEN
from guardrails.text.sentences import split_sentences
from guardrails.text.words import fold
from klark.knowledge.gap import Gap
from klark.knowledge.similarity import likeness, stems_of, weights_of
from klark.models import PastTicket

LOOKED_AT = 1_000
ALIKE = 0.3
MOST = 5
SHORTEST = 5
"""Words that a quoted sentence has at least: shorter ones greet or thank."""
SAME = 0.7


@dataclass(frozen=True, slots=True)
class Proposal:
    """An article in HTML. `tickets` are those whose answers it quotes; without any, it has only the questions."""

    title: str
    html: str
    language: str
    tickets: tuple[str, ...]


def propose(tenant_id: int, gap: Gap) -> Proposal:
    """Returns a proposal from agents' replies on the gap's own tickets and on those most like them. Masked.

    Call inside `within(tenant_id)`.
    """
    answered = PastTicket.of(tenant_id).filter(language=gap.language).exclude(masked_answered="")
    rows = _best(list(answered.order_by("-answered_at")[:LOOKED_AT]), gap)
    sentences = _once([one for row in rows for one in _facts(row)], gap.language)
    wordings = {" ".join(fold(each.question).split()): each.question for each in reversed(gap.examples)}
    asked = "".join(f"<li>{escape(question)}</li>" for question in reversed(wordings.values()))
    body = "".join(f"<p>{escape(sentence)}</p>" for sentence in sentences)
    html = f"{body}<h3>{ASKED.get(gap.language, ASKED['en'])}</h3><ul>{asked}</ul>"
    return Proposal(gap.question[:200], html, gap.language, tuple(row.ticket_id for row in rows))


ASKED = {"en": "Asked as", "fr": "Demandé ainsi"}


def _best(rows: Sequence[PastTicket], gap: Gap) -> list[PastTicket]:
    own = {each.ticket for each in gap.examples}
    wanted = stems_of(gap.question, gap.language)
    weights = weights_of([row.stems for row in rows])
    scored = [
        (1.0 if (row.connection_id, row.ticket_id) in own else likeness(wanted, row.stems, weights), row)
        for row in rows
    ]
    near = sorted((pair for pair in scored if pair[0] >= ALIKE), key=lambda pair: -pair[0])
    return [row for _, row in near[:MOST]]


def _facts(row: PastTicket) -> list[str]:
    """Returns what may apply to others too: neither courtesies, nor sentences with anything masked in them."""
    lines = row.masked_answered.splitlines()
    sentences = [one for line in lines for one in split_sentences(line, row.language)]
    return [one for one in sentences if len(one.split()) >= SHORTEST and not TOKEN.search(one)]


def _once(sentences: Iterable[str], language: str) -> list[str]:
    kept: list[tuple[frozenset[str], str]] = []
    for sentence in sentences:
        stems = stems_of(sentence, language)
        if not any(likeness(stems, other, {}) >= SAME for other, _ in kept):
            kept.append((stems, sentence))
    return [sentence for _, sentence in kept]
