"""Zendesk's incremental export of tickets: the query of a page, and the events on it.

https://developer.zendesk.com/api-reference/ticketing/ticket-management/incremental_exports/
"""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from integrations.errors import TryLater
from integrations.helpdesks.base import Changes, TicketEvent
from integrations.helpdesks.untrusted_input import mappings, moment, number, words
from integrations.helpdesks.zendesk.pages import PAGE

PATH = "/incremental/tickets/cursor.json"
# "start_time must be at least one minute ago": a little more, for clocks that differ.
BEHIND = timedelta(seconds=90)
# Zendesk's own size is 1,000: so many big tickets pass the limit on a response, and would again on each later read.
SIZE: Mapping[str, str] = {"per_page": str(PAGE)}
_AFTER = "after:"


def query(cursor: str) -> dict[str, str]:
    """Returns the query of the page that follows a cursor, a time, or "" for now."""
    if cursor.startswith(_AFTER):
        return {**SIZE, "cursor": cursor.removeprefix(_AFTER)}
    latest = datetime.now(UTC) - BEHIND
    return {**SIZE, "start_time": str(int(min(moment(cursor) or latest, latest).timestamp()))}


def changes(page: Mapping[str, Any], cursor: str) -> Changes:
    """Returns the events on a page, read at `cursor`. Raises TryLater if it is no list of tickets with a cursor, so
    that nothing is passed over unread."""
    tickets = mappings(page.get("tickets"))
    if tickets != page.get("tickets") or "after_cursor" not in page:
        raise TryLater("Zendesk answered without the tickets asked for")
    after = words(page.get("after_cursor"))
    events = tuple(event for ticket in tickets if (event := _event(ticket)))
    return Changes(events, _AFTER + after if after else cursor, more=page.get("end_of_stream") is False and bool(after))


def _event(ticket: Mapping[str, Any]) -> TicketEvent | None:
    known = number(ticket.get("id"))
    return TicketEvent(known, kind="catch-up", updated_at=moment(ticket.get("updated_at"))) if known else None
