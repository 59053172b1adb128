"""Zendesk's incremental export of tickets: what changed since a time, then since a cursor."""

import base64
import time
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from integrations.sandbox import records
from integrations.sandbox.records import Desk, Ticket
from integrations.sandbox.routing import Call, DeskAnswer, Route, whole
from integrations.sandbox.world import World
from integrations.sandbox.zendesk import shapes

TOO_RECENT = DeskAnswer(
    400,
    {"error": "StartTimeTooRecent", "description": "Too recent start_time. Use a start_time older than 60 seconds"},
)


def users_on(record: Ticket) -> list[int | None]:
    """Returns the ids of the users that a ticket side-loads."""
    return [record.requester_id, record.submitter_id, record.assignee_id, *record.cc_ids]


def incremental(world: World, desk: Desk, call: Call) -> DeskAnswer:
    """Tickets by last change, without those of the last minute. The cursor uses the store's own count, so that nothing is
    lost within one second, and never passes a ticket that was left out.

    https://developer.zendesk.com/documentation/ticketing/managing-tickets/using-the-incremental-export-api/
    """
    start, at = call.query.get("start_time", ""), call.query.get("cursor", "")
    if not at and not start.isdigit():
        return DeskAnswer(400, {"error": "InvalidStartTime", "description": "start_time is missing or not a number"})
    latest = time.time() - world.lag_s
    if not at and int(start) > latest:
        return TOO_RECENT
    after = read_cursor(at)
    if after is None:
        return DeskAnswer(400, {"error": "InvalidCursor", "description": "Invalid cursor"})
    shown = [ticket for ticket in desk.tickets.values() if ticket.updated_at.timestamp() <= latest]
    changed = sorted(shown, key=lambda ticket: ticket.n)
    wanted = [t for t in changed if (t.n > after if at else t.updated_at.timestamp() >= int(start))]
    return _export(desk, call, wanted, max(after, *(ticket.n for ticket in changed), 0))


def _export(desk: Desk, call: Call, wanted: Sequence[Ticket], latest: int) -> DeskAnswer:
    size = min(max(whole(call.query.get("per_page"), 1000), 1), 1000)
    page = wanted[:size]
    reached = page[-1].n if page else latest
    at = make_cursor(page[-1].updated_at if page else records.now(), reached)
    body: dict[str, Any] = {"tickets": [shapes.ticket(desk, t, call.base) for t in page]}
    if "users" in call.query.get("include", ""):
        body["users"] = shapes.people(desk, [i for t in page for i in users_on(t)], call.base)
    onward = f"{call.base}/api/v2/incremental/tickets/cursor.json?cursor={at}"
    end = {"after_url": onward, "after_cursor": at, "before_url": None, "before_cursor": None}
    return DeskAnswer(200, {**body, **end, "end_of_stream": len(wanted) <= size})


def make_cursor(moment: datetime, n: int) -> str:
    """Returns a cursor after the change number `n`."""
    return base64.urlsafe_b64encode(f"{moment.timestamp()}||{n}".encode()).decode().rstrip("=")


def read_cursor(text: str) -> int | None:
    """Returns the change number in a cursor, 0 for none, `None` for what is no cursor."""
    if not text:
        return 0
    try:
        decoded = base64.urlsafe_b64decode(text.rstrip("=") + "=" * (-len(text.rstrip("=")) % 4)).decode()
        return int(decoded.partition("||")[2])
    except ValueError:
        return None


EXPORT_ROUTES = (Route("GET", r"/api/v2/incremental/tickets/cursor", incremental),)
