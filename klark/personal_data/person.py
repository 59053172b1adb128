"""Finds everything that klark keeps of one person: by their address, and by the helpdesk's ids of whoever has that address."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any
from uuid import UUID

from django.db.models import BinaryField, Q, QuerySet

from klark.models import (
    Aftermath,
    BacktestedTicket,
    Decision,
    Draft,
    DraftedArticle,
    Outcome,
    Owned,
    PastTicket,
    RegressionResult,
)
from klark.models.base import in_batches
from klark.personal_data.content import CONTENT

Tickets = frozenset[tuple[UUID, str]]
"""Tickets, each as the id of its connection and its own."""
OF_A_DRAFT = (Aftermath, Outcome, RegressionResult)
"""Tables that name their ticket by its draft."""


@dataclass(frozen=True, slots=True)
class Person:
    """A person's tickets: `own` are those that they asked, `named` others' on which their address stands, as in copy."""

    address: str
    own: Tickets
    named: Tickets

    @property
    def tickets(self) -> Tickets:
        """All of them."""
        return self.own | self.named


def find_person(tenant_id: int, typed: str) -> Person:
    """Returns what is kept of the person with this address, in any case. Call inside `within(tenant_id)`."""
    address = typed.strip().lower()
    own = Tickets(_asked_by(tenant_id, address))
    named = Tickets(place for model in CONTENT for place in _naming(model, tenant_id, address) if place[0])
    return Person(address, own, named - own)


def _asked_by(tenant_id: int, address: str) -> Iterator[tuple[UUID, str]]:
    past = PastTicket.of(tenant_id).filter(requester_email=address)
    known = {*past.values_list("connection_id", "requester_id")}
    for recorded in (Draft, Decision):
        asked = recorded.of(tenant_id).filter(record__ticket__requester__email__iexact=address)
        yield from asked.values_list("connection_id", "ticket_id")
        known |= {*asked.values_list("connection_id", "record__ticket__requester__id")}
    tried = BacktestedTicket.of(tenant_id).filter(found__requester__iexact=address)
    yield from tried.values_list("connection_id", "ticket_id")
    for connection_id, requester_id in (pair for pair in known if pair[1]):
        for model in (PastTicket, Decision):
            theirs = model.of(tenant_id).filter(connection_id=connection_id, requester_id=requester_id)
            yield from theirs.values_list("connection_id", "ticket_id")


def _naming(model: type[Owned], tenant_id: int, address: str) -> Iterator[tuple[UUID, str]]:
    """Yields the tickets on which the address stands as a whole: "ann@shop.example" does not stand in "joann@shop.example".

    A webhook's raw bytes are left out: in JSON, "\\n" before an address looks like a part of it.
    """
    columns = [name for name in CONTENT[model] if not isinstance(model._meta.get_field(name), BinaryField)]
    whole = re.compile(rf"(?<![\w.+%-]){re.escape(address)}(?![\w-]|\.\w)", re.IGNORECASE)
    anywhere = reduce(or_, (Q(**{f"{name}__icontains": address}) for name in columns))
    for row in in_batches(model.of(tenant_id).filter(anywhere)):
        if any(whole.search(text) for name in columns for text in _texts(row.__dict__[name])):
            yield _place(row)


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list | dict):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from _texts(inner)


def _place(row: Any) -> tuple[UUID, str]:
    about = row.draft if isinstance(row, OF_A_DRAFT) else row
    return about.connection_id, about.ticket_id


def rows_of(model: type[Owned], tenant_id: int, tickets: Tickets) -> QuerySet[Any]:
    """Returns a table's rows about these tickets."""
    path = "draft__" if model in OF_A_DRAFT else ""
    return model.of(tenant_id).filter(_about(tickets, lambda some: Q(**{f"{path}ticket_id__in": some}), path))


def drafts_quoting(tenant_id: int, tickets: Tickets) -> QuerySet[Draft]:
    """Returns drafts for other tickets that recalled one of these: how it was answered stands in their prompts and notes."""
    recalled: Callable[[list[str]], Q] = lambda some: reduce(  # noqa: E731
        or_, (Q(record__memory__alike__contains=[{"ticket_id": ticket}]) for ticket in some)
    )
    return (
        Draft.of(tenant_id)
        .filter(_about(tickets, recalled))
        .exclude(_about(tickets, lambda some: Q(ticket_id__in=some)))
    )


def drafted_from(rows: QuerySet[DraftedArticle], tickets: Tickets) -> list[DraftedArticle]:
    """Returns the articles that were drafted for a gap that one of these tickets belongs to, or from an answer to one."""
    return [row for row in rows if any(rests_on(each, tickets) for each in (row.tickets, *_backing(row)))]


def _backing(row: DraftedArticle) -> Iterator[Sequence[Sequence[Any]]]:
    """Yields the tickets behind each thing that a drafted article says, or left out."""
    yield from (each.get("tickets", ()) for each in (*row.sentences, *row.left_out))


def rests_on(kept: Sequence[Sequence[Any]], tickets: Tickets) -> bool:
    """Returns whether any ticket of a drafted article, as it is kept, is one of these."""
    return any((UUID(place), number) in tickets for place, number, *_ in kept)


def _about(tickets: Tickets, which: Callable[[list[str]], Q], path: str = "") -> Q:
    """Returns the condition `which` for each connection's tickets."""
    by_connection: dict[UUID, list[str]] = {}
    for connection_id, ticket_id in tickets:
        by_connection.setdefault(connection_id, []).append(ticket_id)
    each = (Q(**{f"{path}connection_id": one}) & which(some) for one, some in by_connection.items())
    return reduce(or_, each, Q(pk__in=[]))
