"""The stand-in Freshdesk: credentials, tickets, conversations, people, and the table of all its routes.

The functions in the table take the world, the desk, the call and the path's groups, and return the response.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from integrations.sandbox import records, store
from integrations.sandbox.freshdesk import mail, shapes
from integrations.sandbox.freshdesk.setup import FRESHDESK_SETUP_ROUTES
from integrations.sandbox.freshdesk.shapes import NOT_FOUND, PRIORITY_WORDS, STATUS_WORDS, invalid
from integrations.sandbox.limits import Window, cost_of, freshdesk_headers
from integrations.sandbox.records import GLOBAL_MAILBOX, KLARK_ID, Desk, NewComment, Ticket
from integrations.sandbox.routing import Call, DeskAnswer, Route, knows, on_ticket
from integrations.sandbox.world import Product, Words, World
from integrations.sandbox.zendesk.routes import decoded

API = r"/api/v2"
UNKNOWN_CALLER = DeskAnswer(
    401, {"code": "invalid_credentials", "message": "You have to be logged in to perform this action."}
)
NAMES = {"responder_id": "assignee_id", "group_id": "group_id", "tags": "tags", "type": "type"}
KNOWN_FIELDS = {*NAMES, "subject", "status", "priority", "custom_fields", "source", "description", "name", "email",
                "due_by", "requester_id", "product_id", "email_config_id", "cc_emails", "company_id"}  # fmt: skip
ORDERS = ("created_at", "updated_at")
TAKES: Mapping[str, tuple[str, Callable[[Any], bool]]] = {
    "custom_text": ("String", lambda value: isinstance(value, str)),
    "custom_checkbox": ("Boolean", lambda value: isinstance(value, bool)),
    "custom_number": ("Integer", lambda value: type(value) is int),
    "custom_decimal": ("Number", lambda value: type(value) in (int, float)),
    "custom_multi_select_dropdown": ("Array", lambda value: isinstance(value, list)),
}
"""Type → its word in an error, and whether it takes a value."""


def admit(world: World, call: Call) -> DeskAnswer | None:
    """Returns the refusal of a call without a good key, or `None`: Basic, the key as user name; the password is ignored."""
    kind, _, secret = call.headers.get("authorization", "").partition(" ")
    key = decoded(secret).partition(":")[0] if kind.lower() == "basic" else ""
    return None if key and key in world.keys["freshdesk"] else UNKNOWN_CALLER


def show(world: World, desk: Desk, call: Call, ticket_id: str) -> DeskAnswer:
    """A ticket, with its requester if `include` names them."""
    ticket = desk.tickets.get(int(ticket_id))
    if ticket is None:
        return NOT_FOUND
    body = shapes.ticket(desk, ticket)
    if "requester" in call.query.get("include", ""):
        body["requester"] = shapes.requester(desk.users[ticket.requester_id])
    return DeskAnswer(200, body)


def conversations(world: World, desk: Desk, call: Call, ticket: Ticket) -> DeskAnswer:
    """All conversations after the description, oldest first, notes and replies alike."""
    return shapes.listed(call, [shapes.conversation(desk, ticket, said) for said in ticket.comments[1:]])


def ratings(world: World, desk: Desk, call: Call, ticket: Ticket) -> DeskAnswer:
    """The answers to the account's survey: what `satisfaction` of the ticket has as its ratings, if the customer answered."""
    return shapes.listed(call, shapes.satisfaction_ratings(ticket))


def index(world: World, desk: Desk, call: Call) -> DeskAnswer:
    """Tickets of the last 30 days, or since `updated_since`; by default the newest first; without deleted ones."""
    since = _moment(call.query.get("updated_since"))
    order = call.query.get("order_by", "created_at")
    if since is None or order not in ORDERS:
        return invalid("updated_since" if since is None else "order_by", "It should be a valid value")
    field = "updated_at" if "updated_since" in call.query else "created_at"
    found = [t for t in desk.tickets.values() if not t.deleted and getattr(t, field) >= since]
    found.sort(key=lambda t: (getattr(t, order), t.n), reverse=call.query.get("order_type", "desc") != "asc")
    return shapes.listed(call, [shapes.row(desk, t) for t in found])


def _moment(text: str | None) -> datetime | None:
    if text is None:
        return records.now() - timedelta(days=30)
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def create(world: World, desk: Desk, call: Call) -> DeskAnswer:
    """Creates a ticket."""
    sent = call.body()
    missing = next((name for name in ("email", "subject", "description") if not sent.get(name)), None)
    if missing:
        return invalid(missing, "It should be a/an String", "missing_field")
    refusal = _wrong(sent)
    if refusal:
        return refusal
    asker = store.person(desk, sent.get("name", ""), sent["email"])
    new = NewComment(sent["description"], public=True, by="customer", channel="web")
    ticket, changes = store.open_ticket(desk, asker, new, subject=sent["subject"], **_fields(sent))
    return DeskAnswer(201, shapes.ticket(desk, ticket), changes=changes)


def note(world: World, desk: Desk, call: Call, ticket: Ticket) -> DeskAnswer:
    """Adds a note, private by default as in the product."""
    public = call.body().get("private", True) is False
    return _say(desk, call, ticket, NewComment("", public, "klark", "api"))


def reply(world: World, desk: Desk, call: Call, ticket: Ticket) -> DeskAnswer:
    """Adds a public reply; it is mailed from the account's global address unless it names another."""
    sent = call.body()
    if wrong := mail.unsendable(sent):
        return invalid(*wrong)
    mailbox, copied = sent.get("from_email", GLOBAL_MAILBOX), tuple(sent.get("cc_emails", ()))
    return _say(desk, call, ticket, NewComment("", public=True, by="klark", mailbox=mailbox, copied=copied))


def _say(desk: Desk, call: Call, ticket: Ticket, new: NewComment) -> DeskAnswer:
    html = call.body().get("body")
    if not isinstance(html, str) or not html.strip():
        return invalid("body", "It should be a/an String", "missing_field" if html is None else "datatype_mismatch")
    changes = store.update(desk, ticket, desk.users[KLARK_ID], comment=replace(new, html=mail.rewritten(html)))
    return DeskAnswer(201, shapes.conversation(desk, ticket, ticket.comments[-1]), changes=changes)


def update(world: World, desk: Desk, call: Call, ticket: Ticket) -> DeskAnswer:
    """Changes a ticket's fields."""
    sent = call.body()
    refusal = _wrong(sent) or _refused_fields(desk, ticket, sent)
    if refusal:
        return refusal
    fields = _fields(sent)
    if "custom_fields" in fields:
        fields["custom_fields"] = {**ticket.custom_fields, **fields["custom_fields"]}
    changes = store.update(desk, ticket, desk.users[KLARK_ID], fields=fields)
    return DeskAnswer(200, shapes.ticket(desk, ticket), changes=changes)


def _refused_fields(desk: Desk, ticket: Ticket, sent: Mapping[str, Any]) -> DeskAnswer | None:
    """Returns the 400 for the first field that an update may not leave as it would, or `None`."""
    rows, given = desk.rows.get("ticket_fields", {}).values(), sent.get("custom_fields", {})
    for row in rows:
        word, takes = TAKES.get(row["type"], ("", lambda _: True))
        if given.get(row["name"]) is not None and not takes(given[row["name"]]):
            return invalid(row["name"], f"It should be a/an {word}", "datatype_mismatch")
    ends = STATUS_WORDS.get(sent.get("status", 0)) in ("solved", "closed")
    filled = {**ticket.custom_fields, **given}
    wanted = (row["name"] for row in rows if ends and row.get("required_for_closure"))
    missing = next((name for name in wanted if filled.get(name) in (None, "")), None)
    return invalid(missing, "It should not be blank as this is a mandatory field", "missing_field") if missing else None


def _wrong(sent: Mapping[str, Any]) -> DeskAnswer | None:
    unknown = next((name for name in sent if name not in KNOWN_FIELDS), None)
    if unknown:
        return invalid(unknown, "Unexpected/invalid field in request", "invalid_field")
    for name, words in (("status", STATUS_WORDS), ("priority", PRIORITY_WORDS)):
        if name in sent and sent[name] not in words:
            return invalid(name, f"It should be one of these values: '{','.join(map(str, sorted(words)))}'")
    if "tags" in sent and not isinstance(sent["tags"], list):
        return invalid("tags", "It should be a/an Array", "datatype_mismatch")
    return None


def _fields(sent: Mapping[str, Any]) -> dict[str, Any]:
    fields = {own: sent[name] for name, own in NAMES.items() if name in sent}
    if "status" in sent:
        fields["status"] = STATUS_WORDS[sent["status"]]
    if "priority" in sent:
        fields["priority"] = PRIORITY_WORDS[sent["priority"]]
    if "custom_fields" in sent:
        fields["custom_fields"] = dict(sent["custom_fields"])
    return fields


def delete(world: World, desk: Desk, call: Call, ticket: Ticket) -> DeskAnswer:
    """Deletes a ticket: it can still be read, and is in no list."""
    return DeskAnswer(204, raw=b"", changes=store.update(desk, ticket, desk.users[KLARK_ID], fields={"deleted": True}))


def search(world: World, desk: Desk, call: Call) -> DeskAnswer:
    """Supports one search: "agent_id:ID"."""
    wanted = re.fullmatch(r'"agent_id:(\d+)"', call.query.get("query", ""))
    if wanted is None:
        return invalid("query", "the sandbox knows agent_id only")
    found = [t for t in desk.tickets.values() if t.assignee_id == int(wanted[1]) and not t.deleted]
    return DeskAnswer(200, {"total": len(found), "results": [shapes.row(desk, t) for t in found[:30]]})


def me(world: World, desk: Desk, call: Call) -> DeskAnswer:
    """Returns the agent whose key the call has: klark."""
    return DeskAnswer(200, shapes.agent(desk.users[KLARK_ID]))


def contact(world: World, desk: Desk, call: Call, user_id: str) -> DeskAnswer:
    """Returns a contact; 404 for an agent's id."""
    user = desk.users.get(int(user_id))
    return DeskAnswer(200, shapes.contact(user)) if user and user.role == "end-user" else NOT_FOUND


def company(world: World, desk: Desk, call: Call, number: str) -> DeskAnswer:
    """Returns a company, with the values of the admin's own fields."""
    record = desk.organizations.get(int(number))
    return DeskAnswer(200, shapes.company(record)) if record else NOT_FOUND


def busy(window: Window) -> DeskAnswer:
    """Returns a 429. The rate-limit headers are said to be absent then; there is only `Retry-After`."""
    text = {"message": "You have exceeded the limit of requests per minute"}
    return DeskAnswer(429, text, {"Retry-After": str(window.reset_s())})


def nowhere(routes: Sequence[Route], call: Call) -> DeskAnswer:
    """Returns a 404, or a 405 if the path exists for another method."""
    if not knows(routes, call):
        return NOT_FOUND
    return DeskAnswer(405, {"message": f"{call.method} method is not allowed."})


def words(call: Call, body: Mapping[str, Any]) -> Words:
    """Returns what a reply or note says, for the journal."""
    html = body.get("body")
    if not isinstance(html, str):
        return Words()
    return Words(call.path.endswith("/reply") or body.get("private", True) is False, html)


FRESHDESK = Product(
    routes=(
        Route("GET", rf"{API}/tickets", index),
        Route("POST", rf"{API}/tickets", create),
        Route("GET", rf"{API}/tickets/(\d+)", show),
        Route("PUT", rf"{API}/tickets/(\d+)", on_ticket(update, NOT_FOUND)),
        Route("DELETE", rf"{API}/tickets/(\d+)", on_ticket(delete, NOT_FOUND)),
        Route("GET", rf"{API}/tickets/(\d+)/conversations", on_ticket(conversations, NOT_FOUND)),
        Route("GET", rf"{API}/tickets/(\d+)/satisfaction_ratings", on_ticket(ratings, NOT_FOUND)),
        Route("POST", rf"{API}/tickets/(\d+)/notes", on_ticket(note, NOT_FOUND)),
        Route("POST", rf"{API}/tickets/(\d+)/reply", on_ticket(reply, NOT_FOUND)),
        Route("GET", rf"{API}/search/tickets", search),
        Route("GET", rf"{API}/agents/me", me),
        Route("GET", rf"{API}/contacts/(\d+)", contact),
        Route("GET", rf"{API}/companies/(\d+)", company),
        *FRESHDESK_SETUP_ROUTES,
    ),
    admit=admit,
    busy=busy,
    nowhere=nowhere,
    unreadable=DeskAnswer(400, {"code": "invalid_json", "message": "Request body has invalid json format"}),
    headers=freshdesk_headers,
    cost=cost_of,
    updating=("PUT",),
    words=words,
)
