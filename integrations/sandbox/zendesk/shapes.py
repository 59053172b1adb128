"""Zendesk's terms and JSON shapes, as recorded by go-zendesk, node-zendesk and others, and its two paginations."""

import base64
import binascii
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from integrations.sandbox.records import FORM_ID, GROUP_ID, SYSTEM_ID, Audit, Comment, Desk, Ticket, User
from integrations.sandbox.routing import Call, DeskAnswer, whole
from integrations.sandbox.store import stamp
from integrations.sandbox.zendesk.events import as_text

NOT_FOUND = DeskAnswer(404, {"error": "RecordNotFound", "description": "Not found"})
SOURCES = {
    "email": "email",
    "web": "web",
    "api": "api",
    "chat": "native_messaging",
    "phone": "voice",
    "social": "twitter",
}


def invalid(field: str, description: str, error: str | None = "InvalidValue", **more: Any) -> DeskAnswer:
    """Returns the 422 that Zendesk sends when a record is invalid."""
    details = {field: [{"description": description, "error": error, **more}]}
    return DeskAnswer(422, {"error": "RecordInvalid", "description": "Record validation errors", "details": details})


def via(channel: str, relation: str | None = None, origin: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Returns how something came, in Zendesk's words: a channel, the relation to its origin, and the origin."""
    return {"channel": SOURCES.get(channel, channel), "source": {"from": dict(origin or {}), "to": {}, "rel": relation}}


UNUSED: Mapping[str, Any] = {
    "external_id": None,
    "follower_ids": [],
    "forum_topic_id": None,
    "problem_id": None,
    "has_incidents": False,
    "due_at": None,
    "sharing_agreement_ids": [],
    "allow_channelback": False,
    "allow_attachments": True,
}


def ticket(desk: Desk, record: Ticket, base: str) -> dict[str, Any]:
    """Returns a ticket as JSON; `base` is the account's address, for the ticket's own."""
    return {
        **UNUSED,
        "url": f"{base}/api/v2/tickets/{record.id}.json",
        "id": record.id,
        "via": _opened(desk, record),
        "created_at": stamp(record.created_at),
        "updated_at": stamp(record.updated_at),
        "generated_timestamp": int(record.updated_at.timestamp()),
        "type": record.type,
        "subject": record.subject,
        "raw_subject": record.subject,
        "description": record.comments[0].text if record.comments else "",
        "priority": record.priority,
        "status": "deleted" if record.deleted else record.status,
        "custom_status_id": record.custom_status_id,
        "recipient": "support@example.com" if record.channel == "email" else None,
        "requester_id": record.requester_id,
        "submitter_id": record.submitter_id,
        "assignee_id": record.assignee_id,
        "group_id": record.group_id,
        "organization_id": desk.users[record.requester_id].organization_id,
        "collaborator_ids": list(record.cc_ids),
        "email_cc_ids": list(record.cc_ids),
        "is_public": any(comment.public for comment in record.comments),
        "tags": list(record.tags),
        "satisfaction_rating": dict(record.satisfaction),
        "custom_fields": _custom_fields(record),
        "fields": _custom_fields(record),
        "followup_ids": [other.id for other in desk.tickets.values() if other.parent_id == record.id],
        "ticket_form_id": FORM_ID,
        "brand_id": record.brand_id,
        "from_messaging_channel": record.channel == "chat",
    }


def _opened(desk: Desk, record: Ticket) -> dict[str, Any]:
    """Returns how a ticket came: its channel, and the e-mail's sender or the closed ticket that it follows up."""
    if record.parent_id:
        parent = desk.tickets[record.parent_id]
        return via(record.channel, "follow_up", {"ticket_id": parent.id, "subject": parent.subject})
    requester = desk.users[record.requester_id]
    mailed = {"address": requester.email, "name": requester.name}
    return via(record.channel, None, mailed if record.channel == "email" else {})


def _custom_fields(record: Ticket) -> list[dict[str, Any]]:
    return [{"id": int(key), "value": value} for key, value in record.custom_fields.items()]


def comment(desk: Desk, said: Comment) -> dict[str, Any]:
    """Returns a comment as JSON, with its author's id and the address that it was mailed from."""
    author = desk.users[said.author_id]
    mailed = said.channel == "email" and author.role == "end-user"
    sender: dict[str, Any] = {"address": author.email, "name": author.name} if mailed else {}
    if said.by == "rule":
        sender = {"id": 35079792, "title": "Notify requester", "deleted": False}
    return {
        "id": said.id,
        "type": "Comment",
        "author_id": said.author_id,
        **_body(said),
        "public": said.public,
        "attachments": [],
        "audit_id": said.audit_id,
        "via": via(said.channel, said.relation, sender),
        "created_at": stamp(said.created_at),
        "metadata": _metadata(said.custom, said.headers) | _flagged(said.flags),
    }


def _body(said: Comment) -> dict[str, str]:
    html = f'<div class="zd-comment" dir="auto">{said.html}</div>'
    return {"body": said.text, "html_body": html, "plain_body": said.text}


def _metadata(custom: Mapping[str, Any], headers: Mapping[str, str] | None = None) -> dict[str, Any]:
    system: dict[str, Any] = {"client": "sandbox", "ip_address": "192.0.2.1", "location": "Paris, FR"}
    if headers:  # Zendesk keeps an e-mail's headers in a file behind this name; the API does not show them
        system["raw_email_identifier"] = "sandbox/" + headers.get("Message-ID", "mail.eml").strip("<>")
    return {"system": system, "custom": dict(custom)}


def _flagged(flags: Sequence[int]) -> dict[str, Any]:
    """Marks the author as doubtful: https://developer.zendesk.com/api-reference/ticketing/tickets/ticket_audits/#comment-flags"""
    if not flags:
        return {}
    return {"flags": list(flags), "flags_options": {str(flag): {"trusted": False} for flag in flags}, "trusted": False}


def audit(record: Audit) -> dict[str, Any]:
    """Returns an update as JSON: its comment and the fields that it changed are its events."""
    return {
        "id": record.id,
        "ticket_id": record.ticket_id,
        "created_at": stamp(record.created_at),
        "author_id": record.author_id,
        "metadata": _metadata(record.custom),
        "events": [_event(event, record.id) for event in record.events],
        "via": via(record.channel),
    }


def _event(event: Mapping[str, Any], audit_id: int) -> dict[str, Any]:
    said = event.get("comment")
    if said is None:
        return {**event, "value": as_text(event["value"]), "previous_value": as_text(event["previous_value"])}
    shown = {"id": said.id, "type": "Comment", "author_id": said.author_id, **_body(said)}
    return {**shown, "public": said.public, "attachments": [], "audit_id": audit_id}


def user(record: User, base: str) -> dict[str, Any]:
    """Returns a user as JSON; `base` is the account's address, for the user's own."""
    return {
        "id": record.id,
        "url": f"{base}/api/v2/users/{record.id}.json",
        "name": record.name,
        "email": record.email or None,
        "created_at": stamp(record.created_at),
        "updated_at": stamp(record.created_at),
        "time_zone": "Paris",
        "iana_time_zone": "Europe/Paris",
        "phone": None,
        "locale": record.language,
        "organization_id": record.organization_id,
        "role": record.role,
        "verified": record.verified,
        "external_id": None,
        "tags": [],
        "active": True,
        "suspended": record.suspended,
        "signature": None,
        "role_type": {"admin": 4, "agent": 0}.get(record.role),
        "custom_role_id": None,
        "default_group_id": None if record.role == "end-user" else GROUP_ID,
        "only_private_comments": False,
        "restricted_agent": record.role == "end-user",
        "user_fields": dict(record.fields),
    }


ANONYMOUS = {**user(User(0, "Anonymous user", "invalid@example.com"), ""), "id": None, "url": None}


def people(desk: Desk, ids: Sequence[int | None], base: str) -> list[dict[str, Any]]:
    """Returns side-loaded users, each once, without the system user."""
    known = dict.fromkeys(i for i in ids if i is not None and i != SYSTEM_ID and i in desk.users)
    return [user(desk.users[i], base) for i in known]


# Pagination

# As recorded: https://github.com/transferwise/pipelinewise/pull/1183
DEEPEST, MOST_ROWS = 100, 10_000
TOO_DEEP = DeskAnswer(400, {"errors": [{
    "code": "InvalidPaginationDepth", "detail": "There are limits to the page depth in Offset Pagination.",
    "title": "Pagination requests using Offset Pagination are limited to page 100 or up to 10000 records (page * per_page)",
}]})  # fmt: skip


def paged(call: Call, key: str, rows: Sequence[Mapping[str, Any]], **more: Any) -> DeskAnswer:
    """Returns a page of `rows`: by cursor if the call has page[size], else by number, as far as Zendesk goes."""
    if "page[size]" in call.query or "page[after]" in call.query:
        return by_cursor(call, key, rows, **more)
    per_page = min(max(whole(call.query.get("per_page"), 100), 1), 100)
    page = max(whole(call.query.get("page"), 1), 1)
    if page > DEEPEST or page * per_page > MOST_ROWS:
        return TOO_DEEP
    start = (page - 1) * per_page
    onward = _link(call, {"page": str(page + 1), "per_page": str(per_page)}) if start + per_page < len(rows) else None
    back = _link(call, {"page": str(page - 1), "per_page": str(per_page)}) if page > 1 else None
    body = {key: list(rows[start : start + per_page]), **more}
    return DeskAnswer(200, {**body, "next_page": onward, "previous_page": back, "count": len(rows)})


def by_cursor(call: Call, key: str, rows: Sequence[Mapping[str, Any]], **more: Any) -> DeskAnswer:
    """Returns the page of `rows` after page[after], page[size] of them (100 by default and at most); 400 for a bad cursor."""
    size = min(max(whole(call.query.get("page[size]"), 100), 1), 100)
    start = uncursor(call.query.get("page[after]", ""))
    if start is None:
        return DeskAnswer(400, {"errors": [{"code": "InvalidCursor", "title": "page[after] is not valid"}]})
    end = start + size
    has_more = end < len(rows)
    after = cursor(min(end, len(rows))) if rows[start:end] else None
    onward = _link(call, {"page[size]": str(size), "page[after]": after or ""}) if has_more else None
    meta = {"has_more": has_more, "after_cursor": after, "before_cursor": cursor(start) if rows[start:end] else None}
    return DeskAnswer(200, {key: list(rows[start:end]), **more, "meta": meta, "links": {"prev": None, "next": onward}})


def cursor(position: int) -> str:
    """Returns the cursor that stands for a position among the rows."""
    return base64.b64encode(f"o:{position}".encode()).decode()


def uncursor(text: str) -> int | None:
    """Returns the position in a cursor ("" is the start), `None` if it is invalid."""
    try:
        return int(base64.b64decode(text, validate=True).decode().removeprefix("o:") or 0) if text else 0
    except (ValueError, binascii.Error):
        return None


def _link(call: Call, changed: Mapping[str, str]) -> str:
    return f"{call.base}{call.path}?{urlencode({**call.query, **changed})}"
