"""Which comments on a ticket are klark's own: by marker, by stored id, or by author and text; never by author alone,
since the seat klark writes from may have been used by a person."""

from django.db.models import Q

from klark.models import Connection, Delivery
from klark.values.own_comments import Mine, fold


def mine(connection: Connection, ticket_id: str) -> Mine:
    """What klark wrote on this ticket. Inside `within`."""
    rows = Delivery.of(connection.tenant_id).filter(connection=connection, ticket_id=ticket_id)
    tried = Q(sending_at__isnull=False) | ~Q(trouble="")  # an answer that says "not made" may lie
    written = list(rows.filter(tried).values_list("comment_id", "text"))
    own = frozenset({connection.own_user_id} - {""})
    return Mine(own, frozenset(i for i, _ in written if i), frozenset(fold(text) for _, text in written))
