"""Zendesk's tickets: read, update with `safe_update`, tags, comments and audits.

The functions in the table at the end take the world, the desk, the call and the path's groups, and return the
response.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from integrations.sandbox import store
from integrations.sandbox.records import CUSTOM_STATUS_ID, KLARK_ID, Desk, NewComment, Ticket
from integrations.sandbox.routing import Call, DeskAnswer, Route, on_ticket
from integrations.sandbox.store import stamp
from integrations.sandbox.world import World
from integrations.sandbox.zendesk import shapes
from integrations.sandbox.zendesk.export import users_on
from integrations.sandbox.zendesk.fields import refused_fields
from integrations.sandbox.zendesk.shapes import NOT_FOUND, invalid
from integrations.sandbox.zendesk.statuses import CATEGORIES

CONFLICT = DeskAnswer(
    409,
    {
        "error": "UpdateConflict",
        "description": "Safe Update prevented the update due to outdated ticket data. "
        "Please fetch the latest ticket data and try again.",
    },
)
CLOSED = invalid("status", "Status: closed prevents ticket update", "ClosedTicket")
# As recorded where the account does not assign a ticket to whoever solves it.
UNASSIGNED = invalid(
    "base", "Assignee: is required when solving a ticket", None, ticket_field_id=7405, ticket_field_type="FieldAssignee"
)
STATUSES = ("new", "open", "pending", "hold", "solved", "closed")
PRIORITIES = ("low", "normal", "high", "urgent")
PLAIN_FIELDS = ("status", "priority", "type", "assignee_id", "group_id", "subject", "tags")
ALLOWED: Mapping[str, Sequence[str]] = {
    "status": STATUSES,
    "priority": PRIORITIES,
    "type": ("problem", "incident", "question", "task"),
}
COMMENT_LIMIT = 5000


def show(world: World, desk: Desk, call: Call, ticket: Ticket) -> DeskAnswer:
    """A ticket, with its users if included."""
    body: dict[str, Any] = {"ticket": shapes.ticket(desk, ticket, call.base)}
    if "users" in call.query.get("include", ""):
        body["users"] = shapes.people(desk, users_on(ticket), call.base)
    return DeskAnswer(200, body)


def index(world: World, desk: Desk, call: Call) -> DeskAnswer:
    """All tickets."""
    rows = [shapes.ticket(desk, t, call.base) for t in desk.tickets.values() if not t.deleted]
    return shapes.paged(call, "tickets", rows)


def comments(world: World, desk: Desk, call: Call, ticket: Ticket) -> DeskAnswer:
    """A ticket's comments, with their authors if included."""
    rows = [shapes.comment(desk, said) for said in ticket.comments]
    if "users" not in call.query.get("include", ""):
        return shapes.paged(call, "comments", rows)
    return shapes.paged(
        call, "comments", rows, users=shapes.people(desk, [c.author_id for c in ticket.comments], call.base)
    )


def audits(world: World, desk: Desk, call: Call, ticket: Ticket) -> DeskAnswer:
    """A ticket's audits."""
    return shapes.paged(call, "audits", [shapes.audit(record) for record in ticket.audits])


def new_comment(sent: Mapping[str, Any]) -> NewComment:
    """Returns klark's comment; public by default, as in Zendesk."""
    html = sent.get("html_body") or store.to_html(sent.get("body", ""))
    return NewComment(html, sent.get("public", True) is not False, "klark", "api")


def update(world: World, desk: Desk, call: Call, ticket: Ticket) -> DeskAnswer:
    """Makes one update, unless the ticket is closed or `safe_update` prevents it."""
    sent = call.body().get("ticket", {})
    refusal = _refused(ticket, sent) or refused_fields(desk, sent)
    if refusal:
        return refusal
    said = sent.get("comment") or {}
    new = new_comment(said) if said.get("body") or said.get("html_body") else None
    custom = sent.get("metadata") or {}
    klark = desk.users[KLARK_ID]
    changes = store.update(desk, ticket, klark, comment=new, fields=_fields(ticket, sent), custom=custom)
    return DeskAnswer(200, _written(desk, ticket, call), changes=changes)


def _refused(ticket: Ticket, sent: Mapping[str, Any]) -> DeskAnswer | None:
    if ticket.status == "closed":
        return CLOSED
    if "comment" in sent and len(ticket.comments) >= COMMENT_LIMIT:
        return invalid("base", "Ticket has reached the maximum number of comments", "TooManyComments")
    if outdated(ticket, sent):
        return CONFLICT
    solved_by_nobody = sent.get("status") == "solved" and not sent.get("assignee_id", ticket.assignee_id)
    return UNASSIGNED if solved_by_nobody else _not_allowed(sent)


def outdated(ticket: Ticket, sent: Mapping[str, Any]) -> bool:
    """Returns whether `safe_update` prevents this update. By the specification false has the same effect as true;
    leave it out to force."""
    return "safe_update" in sent and sent.get("updated_stamp") != stamp(ticket.updated_at)


def _not_allowed(sent: Mapping[str, Any]) -> DeskAnswer | None:
    if sent.get("custom_status_id", CUSTOM_STATUS_ID) not in CATEGORIES:
        return invalid("custom_status_id", "Custom status: is invalid")
    wrong = next((name for name, words in ALLOWED.items() if sent.get(name) and sent[name] not in words), None)
    return invalid(wrong, f"{wrong.capitalize()}: is not included in the list") if wrong else None


def _fields(ticket: Ticket, sent: Mapping[str, Any]) -> dict[str, Any]:
    fields = {name: sent[name] for name in PLAIN_FIELDS if name in sent}
    if "custom_status_id" in sent:
        fields |= {"custom_status_id": sent["custom_status_id"], "status": CATEGORIES[sent["custom_status_id"]]}
    if "tags" in fields:
        fields["tags"] = sorted(set(fields["tags"]))
    if "custom_fields" in sent:
        new = {str(field["id"]): field["value"] for field in sent["custom_fields"]}
        fields["custom_fields"] = {**ticket.custom_fields, **new}
    return fields


def _written(desk: Desk, ticket: Ticket, call: Call) -> dict[str, Any]:
    return {"ticket": shapes.ticket(desk, ticket, call.base), "audit": shapes.audit(ticket.audits[-1])}


def tags(world: World, desk: Desk, call: Call, ticket: Ticket) -> DeskAnswer:
    """PUT adds, DELETE removes tags; either may be safe."""
    sent = call.body()
    if ticket.status == "closed" or outdated(ticket, sent):
        return CLOSED if ticket.status == "closed" else CONFLICT
    named, before = set(sent.get("tags", [])), set(ticket.tags)
    after = before | named if call.method == "PUT" else before - named
    changes = store.update(desk, ticket, desk.users[KLARK_ID], fields={"tags": sorted(after)})
    return DeskAnswer(200, {"tags": ticket.tags}, changes=changes)


TICKET_ROUTES = (
    Route("GET", r"/api/v2/tickets", index),
    Route("GET", r"/api/v2/tickets/(\d+)", on_ticket(show, NOT_FOUND)),
    Route("PUT", r"/api/v2/tickets/(\d+)", on_ticket(update, NOT_FOUND)),
    Route("GET", r"/api/v2/tickets/(\d+)/comments", on_ticket(comments, NOT_FOUND)),
    Route("GET", r"/api/v2/tickets/(\d+)/audits", on_ticket(audits, NOT_FOUND)),
    *(Route(method, r"/api/v2/tickets/(\d+)/tags", on_ticket(tags, NOT_FOUND)) for method in ("PUT", "DELETE")),
)
