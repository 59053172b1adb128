"""Makes Freshdesk's webhooks of a change: the body that the admin wrote, filled in, and Freshdesk's triggered_event."""

import base64
from collections.abc import Callable, Iterator, Mapping
from json import dumps
from typing import Any

from integrations.sandbox.placeholders import fill
from integrations.sandbox.records import SYSTEM_ID, Change, Desk
from integrations.sandbox.webhooks import Parcel

DEFAULT_BODY = '{"ticket_id": "{{ticket.id}}", "triggered_event": "{{triggered_event}}"}'
STATUS_CODES = {"new": 2, "open": 2, "pending": 3, "hold": 6, "third_party": 7, "solved": 4, "closed": 5}
PRIORITY_CODES = {"low": 1, "normal": 2, "high": 3, "urgent": 4}


def parcels(desk: Desk, change: Change, counter: Iterator[int]) -> list[Parcel]:
    """Returns every webhook that this change sends. Freshdesk numbers none of them, so `counter` is unused."""
    told = [_ruled(desk, action, change) for action in desk.rows.get("hooks", {}).values()]
    kind = "1" if change.kind == "created" else "4"
    for rule in desk.rows.get(f"rules/{kind}", {}).values():
        if rule.get("active", True) and _performed(rule, change) and _meant(rule, change):
            told += [_ruled(desk, action, change) for action in rule.get("actions", []) if action.get("url")]
    return told


def _performed(rule: Mapping[str, Any], change: Change) -> bool:
    wanted = (rule.get("performer") or {}).get("type", 3)
    done_by = 4 if change.actor.id == SYSTEM_ID else 2 if change.actor.role == "end-user" else 1
    return done_by == wanted or (wanted == 3 and done_by in (1, 2))


def _meant(rule: Mapping[str, Any], change: Change) -> bool:
    """Returns whether a rule covers this change: one for updates does not cover deletions."""
    actions = {event.get("value") for event in rule.get("events") or [] if event.get("field_name") == "ticket_action"}
    return not actions or ("delete" if change.kind == "soft_deleted" else "update") in actions


def _ruled(desk: Desk, action: Mapping[str, Any], change: Change) -> Parcel:
    content = action.get("content") or DEFAULT_BODY
    text = fill(content if isinstance(content, str) else dumps(content), desk, change, triggered_event(change))
    auth = action.get("auth_header") or {}
    headers = {"Content-Type": "application/json", **_pairs(action.get("custom_headers")), **_basic(auth)}
    method = action.get("request_type", "POST")
    return Parcel("freshdesk", change.ticket.id, change.kind, action["url"], headers, text.encode(), method)


def _pairs(headers: Any) -> dict[str, str]:
    return {str(name): str(value) for name, value in (headers or {}).items()}


def _basic(auth: Mapping[str, Any]) -> dict[str, str]:
    """A rule authenticates with an API key, or with a user name and a password; either way it is HTTP Basic."""
    user, password = auth.get("username", auth.get("api_key")), auth.get("password", "X")
    return {"Authorization": "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()} if user else {}


def triggered_event(change: Change) -> str:
    """Returns Freshdesk's own description of what happened: braces, colons, no quotes."""
    word = TRIGGERED.get(change.kind)
    return word(change) if word else "{ticket_action:updated}"


def _spoken(change: Change) -> str:
    said = change.comment
    reply = said is not None and said.public and said.channel == "email"
    public = said is not None and said.public
    return "{reply_sent:sent}" if reply else f"{{note_type:{'public' if public else 'private'}}}"


def _from_to(name: str, codes: Mapping[str, int]) -> Callable[[Change], str]:
    return lambda change: _moved(name, codes.get(change.before), codes.get(change.after))


def _moved(name: str, before: object, after: object) -> str:
    return f"{{{name}:{{from:{before},to:{after}}}}}"


TRIGGERED: Mapping[str, Callable[[Change], str]] = {
    "created": lambda _: "{ticket_action:created}",
    "soft_deleted": lambda _: "{ticket_action:deleted}",
    "comment_added": _spoken,
    "status_changed": _from_to("status", STATUS_CODES),
    "priority_changed": _from_to("priority", PRIORITY_CODES),
    "agent_assignment_changed": lambda change: _moved("responder_id", change.before, change.after),
}
