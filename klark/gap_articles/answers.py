"""What agents answered on the tickets of a gap, and on those most like them; and why other answers are not read."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Literal

from guardrails.text.language import detect
from guardrails.text.sentences import split_sentences
from klark.evidence.closed_ticket import FEW, speaks_of_a_call
from klark.gap_articles.agreement import Answer, Ticket
from klark.knowledge.similarity import likeness, stems_of, weights_of
from klark.models import PastTicket

LOOKED_AT = 1_000
"""A brand's newest answers, among which those to a question alike are looked for."""
ALIKE = 0.3
"""Likeness from which another ticket's question is taken for the gap's."""
MOST_ALIKE, MOST = 5, 40
"""Answers that are read: of tickets that are only alike, and in all."""
Unread = Literal["no_answer", "by_phone", "other_language", "no_words", "other_brand"]


@dataclass(frozen=True, slots=True)
class Answers:
    """Answers that are read, newest first, and how many are not, by the reason."""

    read: tuple[Answer, ...]
    unread: Counter[Unread]


def brand_of(tenant_id: int, own: Collection[Ticket]) -> str:
    """Returns the brand of most of these tickets that were answered, or of most of them all where none was; "" only where none
    has a brand, since such an article would be every brand's. Call inside `within(tenant_id)`."""
    kept = _kept(tenant_id, own)
    rows = [row for row in kept if row.brand] or kept
    brands = Counter(row.brand for row in [row for row in rows if row.masked_answered] or rows)
    return max(brands, key=lambda brand: brands[brand], default="")


def answers_to(tenant_id: int, own: Collection[Ticket], question: str, language: str, brand: str) -> Answers:
    """Returns the masked answers of one brand's agents to a question that was asked on these tickets: what holds for one brand
    may be wrong for the next. Call inside `within(tenant_id)`."""
    kept = _kept(tenant_id, own)
    answered = [row for row in kept if row.masked_answered]
    mine = [row for row in answered if row.brand == brand]
    accounts = {row.connection_id for row in kept if row.brand == brand}
    others = PastTicket.of(tenant_id).filter(brand=brand, connection__in=accounts).exclude(masked_answered="")
    newest = others.order_by("-answered_at", "-pk")[:LOOKED_AT]
    used = [*mine, *_alike([row for row in newest if _ticket(row) not in own], question, language)][:MOST]
    why = {_ticket(row): _unread(row.masked_answered, language) for row in used}
    unread: Counter[Unread] = Counter(reason for reason in why.values() if reason)
    unread["no_answer"] += len(own) - len(answered)
    unread["other_brand"] += len(answered) - len(mine)
    readable = [row for row in used if not why[_ticket(row)]]
    read = tuple(_answer(row, language) for row in readable)
    return Answers(read, +unread)


def _kept(tenant_id: int, own: Collection[Ticket]) -> list[PastTicket]:
    """Returns what is kept of these tickets, however long ago each was answered; the newest answer first."""
    rows = PastTicket.of(tenant_id).filter(ticket_id__in={number for _, number in own}).order_by("-answered_at", "-pk")
    return [row for row in rows if _ticket(row) in own]


def _answer(row: PastTicket, language: str) -> Answer:
    customer = f"{row.connection_id}/{row.requester_id or row.ticket_id}"
    return Answer(_ticket(row), _sentences(row.masked_answered, language), row.masked_asked, customer)


def _ticket(row: PastTicket) -> Ticket:
    return row.connection_id, row.ticket_id


def _alike(rows: Sequence[PastTicket], question: str, language: str) -> list[PastTicket]:
    """Returns the tickets in the language that ask most nearly the same, newest first."""
    wanted, weights = stems_of(question, language), weights_of([row.stems for row in rows])
    scored = [(likeness(wanted, row.stems, weights), row) for row in rows if row.language == language]
    near = sorted((pair for pair in scored if pair[0] >= ALIKE), key=lambda pair: -pair[0])[:MOST_ALIKE]
    chosen = {row.pk for _, row in near}
    return [row for row in rows if row.pk in chosen]


def _unread(answer: str, language: str) -> Unread | Literal[""]:
    if not any(map(str.isalpha, answer)):
        return "no_words"
    if speaks_of_a_call(answer):
        return "by_phone"
    spoken = detect(answer)[0] if len(answer.split()) >= FEW else None
    return "other_language" if spoken and language and spoken != language else ""


def _sentences(answer: str, language: str) -> tuple[str, ...]:
    lines = answer.splitlines()
    return tuple(dict.fromkeys(one.strip() for line in lines for one in split_sentences(line, language or "en")))
