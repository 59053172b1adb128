"""Reads tickets once more, some days after klark wrote on them: what became of them is evidence of how good klark was."""

from dataclasses import replace
from datetime import timedelta

import structlog
from django.db.models import Exists, OuterRef
from django.db.models.functions import Now

from integrations.errors import Gone, IntegrationError, TryLater
from integrations.helpdesks.base import Helpdesk
from klark.connections.open_helpdesk import open_desk
from klark.connections.rate_limit import background
from klark.models import EVERY_TENANT, Aftermath, Connection, Delivery, within
from klark.models.delivery import NO_COMMENT, SAYS_IT_WAITS
from klark.models.ticket.aftermath import BLANKED, FOLLOWED, note_aftermath, note_gone
from klark.models.ticket.own_comments import own_comments
from klark.runtime.per_tenant import tried

log = structlog.get_logger(__name__)

LATEST = timedelta(days=30)
"""How long after its time a ticket is still read: what klark wrote before it was installed anew is left alone."""
MOST = 100
"""Tickets of one connection at a time."""


def follow_up_all() -> None:
    """Reads the tickets of every connection whose time has come. Opens its own transactions."""
    with within(EVERY_TENANT):
        connections = list(Connection.objects.filter(active=True))
    for connection in connections:
        tried("what became of tickets was not read", follow_up, connection)


def follow_up(connection: Connection) -> int:
    """Reads up to MOST tickets; returns how many. It stops where the helpdesk is away, or its share of requests is used up; a
    ticket that cannot be read holds up no other."""
    with within(connection.tenant_id):
        tickets = _due(connection)
    desk = open_desk(connection, background(connection))
    for number, ticket_id in enumerate(tickets):
        try:
            _read(connection, desk, ticket_id)
        except TryLater as error:
            log.info("what became of tickets is read later", connection=str(connection.pk), why=str(error))
            return number
        except IntegrationError as error:
            log.warning("what became of a ticket cannot be read", connection=str(connection.pk), why=str(error))
            _unreadable(connection, ticket_id)
    return len(tickets)


def _due(connection: Connection) -> list[str]:
    """Returns the tickets on which a reply, a note or a handover note was written so long ago, and that were not read since."""
    read = Aftermath.of(connection.tenant_id).filter(
        draft=OuterRef("draft"), read_at__gte=OuterRef("ended_at") + FOLLOWED
    )
    sent = Delivery.of(connection.tenant_id).filter(connection=connection, state=Delivery.State.SENT)
    then = sent.filter(ended_at__lte=Now() - FOLLOWED, ended_at__gt=Now() - FOLLOWED - LATEST)
    comments = then.exclude(kind__in=NO_COMMENT).exclude(changes=SAYS_IT_WAITS)
    rows = comments.exclude(**BLANKED).filter(~Exists(read)).order_by("ended_at")
    return list(dict.fromkeys(rows.values_list("ticket_id", flat=True)[:MOST]))


def _read(connection: Connection, desk: Helpdesk, ticket_id: str) -> None:
    try:
        ticket = desk.fetch(ticket_id)
        ticket = replace(ticket, satisfaction=desk.satisfaction(ticket))
    except Gone:
        _unreadable(connection, ticket_id)
        return
    with within(connection.tenant_id):
        note_aftermath(connection, ticket, own_comments(connection, ticket_id))


def _unreadable(connection: Connection, ticket_id: str) -> None:
    with within(connection.tenant_id):
        note_gone(connection, ticket_id)
