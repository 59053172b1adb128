"""The language that a reviewer has said a customer writes in, where klark had taken it for another."""

from django.db.models import F

from integrations.helpdesks.base import Ticket
from klark.knowledge.ingest import spoken
from klark.models import Connection, Correction, Decision, Draft, within
from klark.values.ticket_text import unanswered


def told_language(connection: Connection, ticket: Ticket) -> str:
    """Returns what was said of this ticket last, or else of the requester's last one, unless this ticket is plainly written in
    another language; "" where nothing was said. Opens its own transaction."""
    with within(connection.tenant_id):
        said = Correction.of(connection.tenant_id).filter(what=Correction.What.LANGUAGE, now=F("draft__language"))
        said = said.exclude(was=F("now")).order_by(
            "-at", "-pk"
        )  # what a colleague's answer shows leaves the draft as it was
        own = Draft.of(connection.tenant_id).filter(connection=connection, ticket_id=ticket.id)
        if here := said.filter(draft__in=own).values_list("now", flat=True).first():
            return here
        if not ticket.requester.id:
            return ""
        theirs = Decision.of(connection.tenant_id).filter(connection=connection, requester_id=ticket.requester.id[:60])
        told = said.filter(draft__in=theirs.values("draft")).values_list("now", flat=True).first()
    return told if told and spoken(told, unanswered(ticket).whole) == told else ""
