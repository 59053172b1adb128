"""Zendesk's tickets: read, create, update with `safe_update`, tags, comments and audits.

The functions in the table at the end take the world, the desk, the call and the path's groups, and return the
response.
"""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from integrations.sandbox import records, store
from integrations.sandbox.records import CUSTOM_STATUS_ID, KLARK_ID, Desk, NewComment, Ticket
from integrations.sandbox.routing import Call, DeskAnswer, Route
from integrations.sandbox.store import stamp
from integrations.sandbox.world import World
from integrations.sandbox.zendesk import shapes
from integrations.sandbox.zendesk.export import on_ticket
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
LONGEST_KEY, KEPT = 255, timedelta(hours=2)  # of an Idempotency-Key


def show(world: World, desk: Desk, call: Call, ticket_id: str) -> DeskAnswer:
    """A ticket, with its users if included."""
    ticket = store.live(desk, ticket_id)
    if ticket is None:
        return NOT_FOUND
    body: dict[str, Any] = {"ticket": shapes.ticket(desk, ticket, call.base)}
    if "users" in call.query.get("include", ""):
        body["users"] = shapes.people(desk, on_ticket(ticket), call.base)
    return DeskAnswer(200, body)


def index(world: World, desk: Desk, call: Call) -> DeskAnswer:
    """All tickets."""
    rows = [shapes.ticket(desk, t, call.base) for t in desk.tickets.values() if not t.deleted]
    return shapes.paged(call, "tickets", rows)


def show_many(world: World, desk: Desk, call: Call) -> DeskAnswer:
    """The tickets in `ids`."""
    wanted = [i for i in call.query.get("ids", "").split(",") if i.isdigit()]
    found = [ticket for i in wanted if (ticket := store.live(desk, i))]
    return shapes.paged(call, "tickets", [shapes.ticket(desk, t, call.base) for t in found])


def comments(world: World, desk: Desk, call: Call, ticket_id: str) -> DeskAnswer:
    """A ticket's comments, with their authors if included."""
    ticket = store.live(desk, ticket_id)
    if ticket is None:
        return NOT_FOUND
    ordered = ticket.comments[::-1] if shapes.newest_first(call) else ticket.comments
    rows = [shapes.comment(desk, said) for said in ordered]
    if "users" not in call.query.get("include", ""):
        return shapes.paged(call, "comments", rows)
    return shapes.paged(call, "comments", rows, users=shapes.people(desk, [c.author_id for c in ordered], call.base))


def audits(world: World, desk: Desk, call: Call, ticket_id: str) -> DeskAnswer:
    """A ticket's audits."""
    ticket = store.live(desk, ticket_id)
    if ticket is None:
        return NOT_FOUND
    ordered = ticket.audits[::-1] if shapes.newest_first(call) else ticket.audits
    return shapes.paged(call, "audits", [shapes.audit(record) for record in ordered])


def create(world: World, desk: Desk, call: Call) -> DeskAnswer:
    """Creates a ticket, once per Idempotency-Key."""
    sent, key = call.body().get("ticket", {}), call.headers.get("idempotency-key", "")
    refusal = _replayed(desk, call, key) or refuse_create(sent)
    if refusal:
        return refusal
    new = new_comment(sent["comment"])
    requester = sent.get("requester") or {}
    asker = store.person(desk, requester.get("name", ""), requester.get("email", "")) if requester else None
    known = desk.users.get(sent.get("requester_id", KLARK_ID), desk.users[KLARK_ID])
    subject = sent.get("subject") or store.to_text(new.html)[:80]
    kept = {name: sent[name] for name in (*PLAIN_FIELDS, "metadata") if name in sent and name != "subject"}
    custom = kept.pop("metadata", {})
    ticket, changes = store.open_ticket(
        desk, asker or known, new, subject=subject, submitter=desk.users[KLARK_ID], custom=custom, **kept
    )
    if key:
        desk.replays[key] = (_digest(call), ticket.id, records.now())
    return DeskAnswer(201, _written(desk, ticket, call), _lookup(key, "miss"), changes=changes)


def refuse_create(sent: Mapping[str, Any]) -> DeskAnswer | None:
    """Returns why a new ticket is refused, or `None`."""
    said = sent.get("comment") or {}
    if not (said.get("body") or said.get("html_body")):
        return invalid("base", "Description: cannot be blank", "BlankValue")
    return _not_allowed(sent)


def _replayed(desk: Desk, call: Call, key: str) -> DeskAnswer | None:
    """Returns the response for an Idempotency-Key of the last two hours: the ticket it created, or an error if the
    body differs."""
    if len(key) > LONGEST_KEY:
        return DeskAnswer(400, {"error": "IdempotencyKeyTooLong", "description": f"At most {LONGEST_KEY} characters"})
    digest, ticket_id, made = desk.replays.get(key, ("", 0, records.now()))
    if not ticket_id or records.now() - made > KEPT:
        return None
    if digest != _digest(call):
        error = {
            "error": "IdempotentRequestError",
            "description": "Request parameters do not match the original request",
        }
        return DeskAnswer(400, error)
    return DeskAnswer(201, _written(desk, desk.tickets[ticket_id], call), _lookup(key, "hit"))


def _digest(call: Call) -> str:
    return call.raw.hex()


def _lookup(key: str, word: str) -> dict[str, str]:
    return {"x-idempotency-lookup": word} if key else {}


def new_comment(sent: Mapping[str, Any]) -> NewComment:
    """Returns klark's comment; public by default, as in Zendesk."""
    html = sent.get("html_body") or store.to_html(sent.get("body", ""))
    return NewComment(html, sent.get("public", True) is not False, "klark", "api")


def update(world: World, desk: Desk, call: Call, ticket_id: str) -> DeskAnswer:
    """Makes one update, unless the ticket is closed or `safe_update` prevents it."""
    ticket, sent = store.live(desk, ticket_id), call.body().get("ticket", {})
    if ticket is None:
        return NOT_FOUND
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


def tags(world: World, desk: Desk, call: Call, ticket_id: str) -> DeskAnswer:
    """GET returns, POST replaces, PUT adds, DELETE removes tags; each write may be safe."""
    ticket, sent = store.live(desk, ticket_id), call.body()
    if ticket is None:
        return NOT_FOUND
    if call.method == "GET":
        return DeskAnswer(200, {"tags": ticket.tags})
    if ticket.status == "closed" or outdated(ticket, sent):
        return CLOSED if ticket.status == "closed" else CONFLICT
    named, before = set(sent.get("tags", [])), set(ticket.tags)
    after = {"POST": named, "PUT": before | named, "DELETE": before - named}[call.method]
    changes = store.update(desk, ticket, desk.users[KLARK_ID], fields={"tags": sorted(after)})
    return DeskAnswer(201 if call.method == "POST" else 200, {"tags": ticket.tags}, changes=changes)


def delete(world: World, desk: Desk, call: Call, ticket_id: str) -> DeskAnswer:
    """Deletes a ticket."""
    ticket = store.live(desk, ticket_id)
    if ticket is None:
        return NOT_FOUND
    changes = store.update(desk, ticket, desk.users[KLARK_ID], fields={"deleted": True})
    return DeskAnswer(204, raw=b"", changes=changes)


TICKET_ROUTES = (
    Route("GET", r"/api/v2/tickets", index),
    Route("POST", r"/api/v2/tickets", create),
    Route("GET", r"/api/v2/tickets/show_many", show_many),
    Route("GET", r"/api/v2/tickets/(\d+)", show),
    Route("PUT", r"/api/v2/tickets/(\d+)", update),
    Route("DELETE", r"/api/v2/tickets/(\d+)", delete),
    Route("GET", r"/api/v2/tickets/(\d+)/comments", comments),
    Route("GET", r"/api/v2/tickets/(\d+)/audits", audits),
    *(Route(method, r"/api/v2/tickets/(\d+)/tags", tags) for method in ("GET", "POST", "PUT", "DELETE")),
)
