"""The two requests that are made through zenpy's objects, which break in many ways on a response that they do not expect."""

from collections.abc import Mapping
from typing import Any

from zenpy import Zenpy
from zenpy.lib.api_objects import Comment, Ticket, TicketAudit, User
from zenpy.lib.exception import ZenpyException

from integrations.errors import TryLater, Unsure
from integrations.helpdesks.untrusted_input import mapping

_BREAKS = (ZenpyException, AttributeError, KeyError, TypeError, ValueError)


def me(zenpy: Zenpy) -> Mapping[str, Any]:
    """Returns klark's user. Raises TryLater unless zenpy read one."""
    try:
        answer = zenpy.users.me()
    except _BREAKS as error:
        raise TryLater("Zendesk's answer could not be read") from error
    if not isinstance(answer, User):
        raise TryLater("Zendesk answered something else than what was asked for")
    return mapping(vars(answer))


def update(zenpy: Zenpy, fields: Mapping[str, Any]) -> Mapping[str, Any]:
    """Updates a ticket. Returns the update's audit; {} if none is shown: the write is made, its comment can be found later.
    Raises Unsure if the answer shows no ticket."""
    try:
        written = zenpy.tickets.update(Ticket(**{**fields, "comment": Comment(**fields["comment"])}))
    except _BREAKS as error:
        raise Unsure("Zendesk's answer to the update could not be read") from error
    if not isinstance(written, TicketAudit | Ticket):
        raise Unsure("Zendesk's answer to the update shows no ticket")
    return mapping(written.to_dict().get("audit")) if isinstance(written, TicketAudit) else {}
