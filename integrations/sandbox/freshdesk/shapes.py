"""Freshdesk's numbers and JSON shapes, as in the python-freshdesk samples, and its pagination by `Link` header."""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from integrations.sandbox.freshdesk.events import PRIORITY_CODES, STATUS_CODES
from integrations.sandbox.freshdesk.mail import mailbox_of
from integrations.sandbox.records import BRAND_ID, Article, Comment, Desk, Organization, Ticket, User
from integrations.sandbox.routing import Call, DeskAnswer
from integrations.sandbox.store import stamp, to_text
from integrations.sandbox.zendesk.guide import made_id

STATUS_WORDS = {2: "open", 3: "pending", 4: "solved", 5: "closed", 6: "hold", 7: "third_party"}
PRIORITY_WORDS = {code: word for word, code in PRIORITY_CODES.items()}
SOURCES = {"email": 1, "web": 2, "phone": 3, "social": 5, "chat": 7, "api": 2, "outbound": 10}
REPLY, NOTE = 0, 2
NOT_FOUND = DeskAnswer(404, raw=b"")


def invalid(field: str, text: str, code: str = "invalid_value") -> DeskAnswer:
    """Returns the 400 that Freshdesk sends when a field is invalid."""
    errors = [{"field": field, "message": text, "code": code}]
    return DeskAnswer(400, {"description": "Validation failed", "errors": errors})


def ticket(desk: Desk, record: Ticket) -> dict[str, Any]:
    """Returns a ticket as JSON."""
    first = record.comments[0] if record.comments else None
    copied = [desk.users[i].email for i in record.cc_ids]
    return {
        "cc_emails": copied,
        "fwd_emails": [],
        "reply_cc_emails": copied,
        "ticket_cc_emails": copied,
        "email_config_id": mailbox_of(record),
        "fr_escalated": False,
        "group_id": record.group_id,
        "priority": PRIORITY_CODES.get(record.priority or "low", 1),
        "requester_id": record.requester_id,
        "responder_id": record.assignee_id,
        "source": SOURCES.get(record.channel, 2),
        "spam": False,
        "status": STATUS_CODES[record.status],
        "subject": record.subject,
        "company_id": desk.users[record.requester_id].organization_id,
        "id": record.id,
        "type": record.type,
        "to_emails": [record.mailbox] if record.channel == "email" else None,
        "product_id": record.brand_id if record.brand_id != BRAND_ID else None,
        "created_at": stamp(record.created_at),
        "updated_at": stamp(record.updated_at),
        "due_by": stamp(record.created_at),
        "fr_due_by": stamp(record.created_at),
        "is_escalated": False,
        "description": first.html if first else "",
        "description_text": first.text if first else "",
        "custom_fields": dict(record.custom_fields),
        "tags": list(record.tags),
        "attachments": [],
        **({"deleted": True} if record.deleted else {}),
    }


def row(desk: Desk, record: Ticket) -> dict[str, Any]:
    """Returns a ticket as in a list: without the description."""
    return {name: value for name, value in ticket(desk, record).items() if not name.startswith("description")}


def conversation(desk: Desk, record: Ticket, said: Comment) -> dict[str, Any]:
    """Returns a comment as a conversation's JSON."""
    author, requester = desk.users[said.author_id], desk.users[record.requester_id]
    mailed = said.public and said.channel == "email"
    incoming = author.role == "end-user"
    mailbox = said.mailbox or record.mailbox
    to = [] if not mailed else [mailbox] if incoming else [requester.email]
    sender = f"{author.name} <{author.email if incoming else mailbox}>"
    return {
        "body": said.html,
        "body_text": said.text,
        "id": said.id,
        "incoming": incoming,
        "private": not said.public,
        "user_id": said.author_id,
        "support_email": mailbox if mailed else None,
        "source": REPLY if mailed else NOTE,
        "category": 1 if incoming else 3 if mailed else 2,
        "ticket_id": record.id,
        "to_emails": to,
        "from_email": sender if mailed else None,
        "cc_emails": list(said.copied),
        "bcc_emails": [],
        "created_at": stamp(said.created_at),
        "updated_at": stamp(said.created_at),
        "attachments": [],
    }


def requester(user: User) -> dict[str, Any]:
    """Returns the requester as included in a ticket."""
    return {"id": user.id, "name": user.name, "email": user.email, "mobile": None, "phone": None}


def satisfaction_ratings(record: Ticket) -> list[dict[str, Any]]:
    """Returns the ticket's answers to surveys; here it has at most one, whose ratings its `satisfaction` is."""
    if "default_question" not in record.satisfaction:
        return []
    at = stamp(record.updated_at)
    return [{"id": record.id, "survey_id": 1, "user_id": record.requester_id, "agent_id": record.assignee_id,
             "group_id": record.group_id, "ticket_id": record.id, "feedback": "", "created_at": at, "updated_at": at,
             "ratings": dict(record.satisfaction)}]  # fmt: skip


def contact(user: User) -> dict[str, Any]:
    """Returns a customer as JSON."""
    return {
        "active": user.verified,
        "address": None,
        "company_id": user.organization_id,
        "description": None,
        "email": user.email,
        "id": user.id,
        "job_title": None,
        "language": user.language[:2],
        "mobile": None,
        "name": user.name,
        "phone": None,
        "time_zone": "Paris",
        "custom_fields": dict(user.fields),
        "tags": [],
        "created_at": stamp(user.created_at),
        "updated_at": stamp(user.created_at),
    }


def company(record: Organization) -> dict[str, Any]:
    """Returns an organization as JSON."""
    return {
        "id": record.id,
        "name": record.name,
        "description": None,
        "note": None,
        "domains": [],
        "health_score": None,
        "account_tier": None,
        "renewal_date": None,
        "industry": None,
        "custom_fields": dict(record.fields),
        "created_at": stamp(record.created_at),
        "updated_at": stamp(record.created_at),
    }


def agent(user: User) -> dict[str, Any]:
    """Returns an agent as JSON."""
    inside = {
        name: contact(user)[name] for name in ("active", "email", "job_title", "language", "mobile", "name", "phone")
    }
    return {
        "available": True,
        "occasional": False,
        "id": user.id,
        "ticket_scope": 1,
        "type": "support_agent",
        "signature": None,
        "group_ids": [],
        "role_ids": [],
        "created_at": stamp(user.created_at),
        "updated_at": stamp(user.created_at),
        "contact": {**inside, "time_zone": "Paris", "last_login_at": None},
    }


def article(record: Article) -> dict[str, Any]:
    """Returns a solution article as JSON."""
    return {
        "id": record.id,
        "type": 1,
        "status": 1 if record.draft else 2,
        "agent_id": 9002,
        "created_at": stamp(record.created_at),
        "updated_at": stamp(record.updated_at),
        "category_id": made_id(record.category),
        "folder_id": made_id(record.category, record.section),
        "title": record.title,
        "description": record.body_html,
        "description_text": to_text(record.body_html),
        "seo_data": {"meta_title": record.title},
        "tags": list(record.labels),
        "attachments": [],
        "cloud_files": [],
        "thumbs_up": 0,
        "thumbs_down": 0,
        "hits": 0,
        "suggested": 0,
        "feedback_count": 0,
    }


def listed(call: Call, rows: Sequence[Mapping[str, Any]], most: int = 100) -> DeskAnswer:
    """Returns one page as a bare list; a `Link` header leads to the next one, if there is one."""
    page, per_page = call.query.get("page", "1"), call.query.get("per_page", "30")
    for name, text, top in (("page", page, 10_000), ("per_page", per_page, most)):
        if not text.isdigit() or not 1 <= int(text) <= top:
            return invalid(name, f"It should be a Positive Integer less than or equal to {top}")
    start, end = (int(page) - 1) * int(per_page), int(page) * int(per_page)
    onward = f"{call.base}{call.path}?{urlencode({**call.query, 'page': int(page) + 1})}"
    return DeskAnswer(200, list(rows[start:end]), {"link": f'<{onward}>; rel="next"'} if end < len(rows) else {})
