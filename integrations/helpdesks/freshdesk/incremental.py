"""Freshdesk's list of tickets by time of update, read from a cursor on: a time, plus a page number if more tickets than
fit on a page changed within one second.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from integrations.helpdesks.base import TicketEvent
from integrations.helpdesks.untrusted_input import moment, number

# Maximum difference between the clocks of klark and Freshdesk, and maximum delay until a change is listed.
OVERLAP = timedelta(seconds=60)


def event(raw: Mapping[str, Any]) -> TicketEvent | None:
    """Returns the event of a listed ticket, or `None` if the row names none."""
    known = number(raw.get("id"))
    return TicketEvent(known, kind="catch-up", updated_at=moment(raw.get("updated_at"))) if known else None


def position(cursor: str) -> tuple[datetime, int]:
    """Returns a cursor's time and page number."""
    time, _, page = cursor.partition(" page ")
    return moment(time) or datetime.now(UTC) - OVERLAP, int(page) if number(page) else 1


def onward(events: Sequence[TicketEvent], since: datetime, page_number: int) -> str:
    """Continues from the last change seen, not by page: a ticket that changes meanwhile moves to the end, and those
    after it move up across the page border."""
    last = max((event.updated_at for event in events if event.updated_at), default=since)
    return last.isoformat() if last > since else f"{since.isoformat()} page {page_number + 1}"
