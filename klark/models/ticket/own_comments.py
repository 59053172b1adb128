"""Which comments on a ticket are klark's own: by marker, by stored id, or by author and text; never by author alone,
since the seat klark writes from may have been used by a person."""

from django.db.models import Q

from klark.models import Connection, Delivery
from klark.values.own_comments import OwnComments, letters_of


def own_comments(connection: Connection, ticket_id: str) -> OwnComments:
    """What klark wrote on this ticket. Inside `within`."""
    rows = Delivery.of(connection.tenant_id).filter(connection=connection, ticket_id=ticket_id)
    tried = Q(sending_at__isnull=False) | ~Q(trouble="")  # an answer that says "not made" may lie
    written = list(rows.filter(tried).values_list("comment_id", "text"))
    own = frozenset({connection.own_user_id} - {""})
    return OwnComments(own, frozenset(i for i, _ in written if i), frozenset(letters_of(text) for _, text in written))
