"""What klark has already done for a ticket and its requester, from the database."""

from datetime import timedelta
from uuid import UUID

from django.db.models.functions import Now

from klark.models import Decision, Draft
from klark.values.own_comments import History


def history(tenant_id: int, connection_id: UUID, ticket_id: str, requester_id: str) -> History:
    """Returns the turns that have a live draft, and how many runs the last day had. Call inside `within(tenant_id)`."""
    drafts = Draft.of(tenant_id).filter(connection_id=connection_id, ticket_id=ticket_id, live=True)
    runs = Decision.of(tenant_id).filter(connection_id=connection_id, decided_at__gte=Now() - timedelta(days=1))
    runs = runs.exclude(kind="SKIP")
    of_requester = runs.filter(requester_id=requester_id).count() if requester_id else 0
    turns = frozenset(drafts.values_list("turn", flat=True))
    return History(turns, runs.filter(ticket_id=ticket_id).count(), of_requester)
