"""Finds what klark itself wrote on a ticket, so that its comments can be told from those of people.

A comment is klark's by its marker, by its stored id, or by author and text together. The author alone never suffices,
since a person may have used the helpdesk seat that klark writes from.
"""

from klark.models import Connection
from klark.models.tenancy import at_once
from klark.values.own_comments import OwnComments, letters_of

# A response may wrongly say that nothing was written.
TRIED = """
SELECT comment_id, text FROM klark_delivery
 WHERE tenant_id = %s AND connection_id = %s AND ticket_id = %s AND (sending_at IS NOT NULL OR trouble <> '')
"""


def own_comments(connection: Connection, ticket_id: str) -> OwnComments:
    """Returns what klark wrote, or tried to write, on this ticket."""
    written = at_once(connection.tenant_id, TRIED, [connection.tenant_id, connection.pk, ticket_id])
    own = frozenset({connection.own_user_id} - {""})
    return OwnComments(
        own,
        frozenset(i for i, _ in written if i),
        frozenset(letters_of(text) for _, text in written) - {""},
    )
