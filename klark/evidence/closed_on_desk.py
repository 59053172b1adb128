"""Reads the tickets of a connected helpdesk that changed since a day, through an adapter that cannot write."""

from collections.abc import Iterator
from datetime import datetime

from integrations.errors import Gone, Refused
from integrations.helpdesks.base import Helpdesk, Ticket
from klark.connections.open_helpdesk import open_for_reading
from klark.connections.rate_limit import background
from klark.models import Connection

PATIENCE_S = 120.0  # nobody waits for these reads, so they may wait for their share of the rate limit
MOST_PAGES = 20_000


def reader(connection: Connection) -> Helpdesk:
    """Returns the connection's helpdesk, for reading alone."""
    return open_for_reading(connection, background(connection, PATIENCE_S))


def changed_since(desk: Helpdesk, since: datetime) -> Iterator[Ticket | None]:
    """Yields each ticket that changed since then, as it is now, in the helpdesk's order; None for one that is gone. Raises what
    adapters raise."""
    cursor, seen = since.isoformat(), set[str]()
    for _ in range(MOST_PAGES):
        page = desk.changes(cursor)
        for event in page.events:
            if event.ticket_id not in seen:
                seen.add(event.ticket_id)
                yield _fetched(desk, event.ticket_id)
        if not page.more:
            return
        cursor = page.cursor
    raise Refused("The list of changes does not end: klark stopped reading it.")


def _fetched(desk: Helpdesk, ticket_id: str) -> Ticket | None:
    try:
        return desk.fetch(ticket_id)
    except Gone:
        return None
