"""Finds what klark itself wrote on a ticket, so that its comments can be told from those of people.

A comment is klark's by its marker, by its stored id, or by author and text together. The author alone never suffices,
since a person may have used the helpdesk seat that klark writes from.
"""

from django.db.models import Q

from klark.models import Connection, Delivery
from klark.values.own_comments import OwnComments, letters_of


def own_comments(connection: Connection, ticket_id: str) -> OwnComments:
    """Returns what klark wrote, or tried to write, on this ticket. Call inside `within(tenant_id)`."""
    rows = Delivery.of(connection.tenant_id).filter(connection=connection, ticket_id=ticket_id)
    tried = Q(sending_at__isnull=False) | ~Q(trouble="")  # a response may wrongly say that nothing was written
    written = list(rows.filter(tried).values_list("comment_id", "text"))
    own = frozenset({connection.own_user_id} - {""})
    return OwnComments(
        own,
        frozenset(i for i, _ in written if i),
        frozenset(letters_of(text) for _, text in written) - {""},
    )
