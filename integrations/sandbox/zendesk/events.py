"""Makes Zendesk's webhooks of a change: events as recorded, and the bodies of triggers, both signed."""

import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from json import dumps
from typing import Any

from integrations.sandbox.placeholders import fill
from integrations.sandbox.records import ACCOUNT_ID, BRAND_ID, CUSTOM_STATUS_ID, FORM_ID, Change, Desk
from integrations.sandbox.store import stamp
from integrations.sandbox.webhooks import Parcel, sign

API_VIA_ID = "5"
CHANNELS = {"email": "email", "web": "web_service", "chat": "native_messaging"}


def parcels(desk: Desk, change: Change, counter: Iterator[int]) -> list[Parcel]:
    """Returns every webhook that this change sends, rendered at once; `counter` numbers the invocations."""
    active = [row for row in desk.rows.get("webhooks", {}).values() if row["status"] == "active"]
    event = envelope(change)
    told = [signed(row, event, change.ticket.id, str(next(counter))) for row in active if _wants(row, event["type"])]
    for row in active:
        for trigger in desk.rows.get("triggers", {}).values():
            told += _triggered(desk, row, trigger, change, counter)
    return told


def _wants(row: Mapping[str, Any], kind: str) -> bool:
    return bool({"*", kind} & set(row["subscriptions"]))


def envelope(change: Change) -> dict[str, Any]:
    """Returns an event as recorded: ids are strings, status, priority and type upper case, the time in nanoseconds."""
    nanoseconds = time.time_ns()
    second = datetime.fromtimestamp(nanoseconds // 1_000_000_000, UTC).strftime("%Y-%m-%dT%H:%M:%S")
    return {
        "account_id": ACCOUNT_ID,
        "detail": _detail(change),
        "event": _told(change),
        "id": str(uuid.uuid4()),
        "subject": f"zen:ticket:{change.ticket.id}",
        "time": f"{second}.{nanoseconds % 1_000_000_000:09d}Z",
        "type": f"zen:event-type:ticket.{change.kind}",
        "zendesk_event_version": "2022-11-06",
    }


def _detail(change: Change) -> dict[str, Any]:
    ticket = change.ticket
    return {
        "actor_id": str(change.actor.id),
        "assignee_id": as_text(ticket.assignee_id),
        "brand_id": str(BRAND_ID),
        "created_at": stamp(ticket.created_at),
        "custom_status": str(CUSTOM_STATUS_ID),
        "description": ticket.comments[0].text if ticket.comments else "",
        "external_id": None,
        "form_id": str(FORM_ID),
        "group_id": as_text(ticket.group_id),
        "id": str(ticket.id),
        "is_public": any(comment.public for comment in ticket.comments),
        "organization_id": None,
        "priority": _upper(ticket.priority),
        "requester_id": str(ticket.requester_id),
        "status": _upper(ticket.status),
        "subject": ticket.subject,
        "submitter_id": str(ticket.submitter_id),
        "tags": list(ticket.tags),
        "type": _upper(ticket.type),
        "updated_at": stamp(ticket.updated_at),
        "via": {"channel": CHANNELS.get(ticket.channel, ticket.channel)},
    }


def _told(change: Change) -> dict[str, Any]:
    if change.kind == "created":
        return {}
    sequence = {"meta": {"sequence": {"id": str(change.audit_id), "position": change.position}}}
    return {**TOLD.get(change.kind, _moved)(change), **sequence}


def _comment(change: Change) -> dict[str, Any]:
    said = change.comment
    if said is None:
        return {}
    staff = change.actor.role != "end-user"
    author = {"id": str(change.actor.id), "is_staff": staff, "name": change.actor.name}
    html = f'<div class="zd-comment" dir="auto">{said.html}</div>'
    return {
        "comment": {
            "id": str(said.id),
            "body": said.text,
            "html_body": html,
            "is_public": said.public,
            "author": author,
        }
    }


def _moved(change: Change) -> dict[str, Any]:
    return {"current": as_text(change.after), "previous": as_text(change.before)}


def _moved_upper(change: Change) -> dict[str, Any]:
    return {"current": _upper(change.after), "previous": _upper(change.before)}


def _tags(change: Change) -> dict[str, Any]:
    before, after = change.before or [], change.after or []
    return {"tags_added": [t for t in after if t not in before], "tags_removed": [t for t in before if t not in after]}


TOLD: Mapping[str, Callable[[Change], dict[str, Any]]] = {
    "comment_added": _comment,
    "status_changed": _moved_upper,
    "priority_changed": _moved_upper,
    "type_changed": _moved_upper,
    "tags_changed": _tags,
    "soft_deleted": lambda _: {},
    "merged": lambda change: {"target_ticket_id": str(change.after)},
}


def signed(row: Mapping[str, Any], event: dict[str, Any] | str, ticket: int | None, invocation: str) -> Parcel:
    """Returns a webhook with the headers that the vendor sends."""
    body = (event if isinstance(event, str) else dumps(event, ensure_ascii=False)).encode()
    moment = stamp(datetime.now(UTC))
    headers = {
        "content-type": "application/json; charset=utf-8",
        "user-agent": "Zendesk Webhook",
        "x-zendesk-account-id": str(ACCOUNT_ID),
        "x-zendesk-webhook-id": row["id"],
        "x-zendesk-webhook-invocation-id": invocation,
        "x-zendesk-webhook-signature": sign(row["secret"], moment, body),
        "x-zendesk-webhook-signature-timestamp": moment,
    }
    kind, event_id = ("trigger", "") if isinstance(event, str) else (event["type"], event["id"])
    return Parcel("zendesk", ticket, kind, row["endpoint"], headers, body, row["http_method"], event_id)


def _triggered(
    desk: Desk, row: Mapping[str, Any], trigger: Mapping[str, Any], change: Change, counter: Iterator[int]
) -> list[Parcel]:
    if "conditional_ticket_events" not in row["subscriptions"] or change.position != 1 or not fires(trigger, change):
        return []
    calls = [a["value"] for a in trigger["actions"] if a["field"] == "notification_webhook"]
    texts = [fill(value[1], desk, change) for value in calls if value[0] == row["id"]]
    return [signed(row, text, change.ticket.id, str(next(counter))) for text in texts]


CONDITIONS: Mapping[str, Callable[[Change], str | tuple[str, ...]]] = {
    "update_type": lambda change: "Create" if change.kind == "created" else "Change",
    "current_via_id": lambda change: API_VIA_ID if _channel(change) == "api" else "4",
    "role": lambda change: ("end_user" if change.actor.role == "end-user" else "agent", str(change.actor.id)),
    "comment_is_public": lambda change: str(bool(change.comment and change.comment.public)).lower(),
    "ticket_is_public": lambda _: "public",
    "status": lambda change: change.ticket.status,
}


def fires(trigger: Mapping[str, Any], change: Change) -> bool:
    """Returns whether a trigger's conditions hold: all of `all`, and one of `any` if there are some."""
    conditions = trigger.get("conditions", {})
    some = conditions.get("any", [])
    every = all(_holds(condition, change) for condition in conditions.get("all", []))
    return trigger.get("active", True) and every and (not some or any(_holds(c, change) for c in some))


def _holds(condition: Mapping[str, Any], change: Change) -> bool:
    found = CONDITIONS[condition["field"]](change)
    same = str(condition["value"]) in (found if isinstance(found, tuple) else (found,))
    return not same if condition.get("operator") in ("is_not", "not_value") else same


def _channel(change: Change) -> str:
    return change.ticket.audits[-1].channel


def as_text(value: Any) -> Any:
    """Returns an id as a string, as Zendesk writes it in events; anything else as it is."""
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _upper(word: str | None) -> str | None:
    return word.upper() if word else None
