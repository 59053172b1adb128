"""Reads the fields of a requester and of their organization, wherever a helpdesk keeps them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from integrations.errors import Gone, TryLater
from integrations.helpdesks.base import Ticket
from integrations.helpdesks.requester_fields import Profile
from integrations.helpdesks.untrusted_input import mapping, name_of, number

Ask = Callable[[str], Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Shelves:
    """Where a helpdesk keeps these fields: paths of the records and names of keys. `*_in` is the object around a
    record, "" if there is none; `belongs_to` is the key of the requester's own organization in their record."""

    user: str
    user_in: str
    user_fields: str
    belongs_to: str
    organization: str
    organization_in: str
    organization_fields: str


def read_profile(ask: Ask, shelves: Shelves, source: str, ticket: Ticket, with_organization: bool) -> Profile:
    """Returns the fields, with at most two requests. The organization is the requester's own, and is only read if the
    ticket names no other one: an agent may file a ticket under any. An unknown requester or a deleted organization
    has no fields. Raises TryLater if the helpdesk returns another record."""
    known = number(ticket.requester.id)
    user = _record(ask, shelves.user, shelves.user_in, known) if known else {}
    own = number(user.get(shelves.belongs_to))
    belongs = own if with_organization and own and ticket.organization_id in (None, own) else None
    organization = _record(ask, shelves.organization, shelves.organization_in, belongs) if belongs else {}
    return Profile(
        source, mapping(user.get(shelves.user_fields)), mapping(organization.get(shelves.organization_fields))
    )


def _record(ask: Ask, path: str, around: str, wanted: str) -> Mapping[str, Any]:
    """Returns the requested record and no other: facts must not be somebody else's."""
    try:
        answer = ask(path.format(wanted))
    except Gone:
        return {}
    record = mapping(answer.get(around)) if around else answer
    if name_of(record.get("id")) != wanted:
        raise TryLater("the helpdesk answered with another record than the one asked for")
    return record
