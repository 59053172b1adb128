"""What happens to the data of a stand-in helpdesk (`records`), in memory. Callers hold the lock."""

from dataclasses import replace
from datetime import UTC, datetime
from html import escape
from typing import Any

from inscriptis import get_text

from integrations.sandbox import records
from integrations.sandbox.records import (
    AGENT_ID,
    KLARK_ID,
    SYSTEM_ID,
    Audit,
    Change,
    Comment,
    Desk,
    NewComment,
    Role,
    Ticket,
    User,
)


def new_desk(name: str) -> Desk:
    """Returns an empty account with three users: klark, an agent, and the system that rules act as."""
    desk = Desk(name)
    for user in (
        User(KLARK_ID, "klark", "klark@example.com", "admin"),
        User(AGENT_ID, "Alex Agent", "alex.agent@example.com", "agent"),
        User(SYSTEM_ID, "System", "", "agent"),
    ):
        desk.users[user.id] = user
    return desk


def stamp(moment: datetime) -> str:
    """Returns a time as both products write it: whole seconds, Z."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def to_html(body: str) -> str:
    """Returns plain text as HTML like both products: paragraphs and line breaks, nothing interpreted."""
    paragraphs = escape(body, quote=False).split("\n\n")
    return "".join(f"<p>{p}</p>".replace("\n", "<br>") for p in paragraphs)


def to_text(html: str) -> str:
    """Returns HTML as plain text."""
    return str(get_text(html)).strip()


def person(desk: Desk, name: str, email: str, role: Role = "end-user") -> User:
    """Returns the user with this address; creates one if there is none."""
    known = next((u for u in desk.users.values() if email and u.email.lower() == email.lower()), None)
    if known:
        return known
    user = User(next(desk.ids), name or email.partition("@")[0], email, role)
    desk.users[user.id] = user
    return user


FIELD_KINDS = {
    "status": "status_changed",
    "custom_status_id": "custom_status_changed",
    "priority": "priority_changed",
    "type": "type_changed",
    "assignee_id": "agent_assignment_changed",
    "group_id": "group_assignment_changed",
    "tags": "tags_changed",
    "subject": "subject_changed",
    "custom_fields": "custom_field_changed",
    "cc_ids": "email_ccs_changed",
    "satisfaction": "satisfaction_changed",  # no recording shows Zendesk's own name
    "requester_id": "requester_changed",
    "deleted": "soft_deleted",
    "merged_into": "merged",
}


def update(
    desk: Desk,
    ticket: Ticket,
    actor: User,
    *,
    comment: NewComment | None = None,
    fields: dict[str, Any] | None = None,
    custom: dict[str, Any] | None = None,
    channel: str = "api",
    created: bool = False,
) -> list[Change]:
    """Makes one update: a comment and fields together, as one audit. Returns the changes to report, in order."""
    ticket.n, ticket.updated_at = next(desk.order), records.now()
    audit_id = next(desk.ids)
    said = _say(desk, ticket, actor, comment, audit_id=audit_id, custom=custom or {})
    moved = _set_fields(ticket, actor, fields or {})
    if created and ticket.tags:
        moved = [("tags", [], ticket.tags), *moved]
    ticket.audits.append(
        Audit(
            audit_id, ticket.id, actor.id, ticket.updated_at, channel, custom or {}, _events(desk, said, moved, created)
        )
    )
    return _changes(ticket, actor, audit_id, said, moved, created=created)


def amend(desk: Desk, ticket: Ticket, fields: dict[str, Any], via: dict[str, Any]) -> list[Change]:
    """Adds what a rule (`via`) changes to the last update, and returns the changes to report."""
    system, last = desk.users[SYSTEM_ID], ticket.audits[-1]
    moved = _set_fields(ticket, system, fields)
    events = tuple({**event, "via": via} for event in _events(desk, None, moved, created=False))
    ticket.audits[-1] = replace(last, events=(*last.events, *events))
    changes = _changes(ticket, system, last.id, None, moved, created=False)
    return [replace(change, position=len(last.events) + change.position) for change in changes]


def _say(
    desk: Desk, ticket: Ticket, actor: User, new: NewComment | None, *, audit_id: int, custom: dict[str, Any]
) -> Comment | None:
    if new is None:
        return None
    comment = Comment(
        next(desk.ids), ticket.n, actor.id, new.html, to_text(new.html), new.public, new.by, new.channel,
        new.relation, new.headers, ticket.updated_at, audit_id, custom, new.flags,
        new.mailbox, new.copied,
    )  # fmt: skip
    ticket.comments.append(comment)
    return comment


def _set_fields(ticket: Ticket, actor: User, fields: dict[str, Any]) -> list[tuple[str, Any, Any]]:
    moved = [(name, getattr(ticket, name), value) for name, value in fields.items() if getattr(ticket, name) != value]
    for name, _, value in moved:
        setattr(ticket, name, value)
        if name == "assignee_id" and value not in (None, KLARK_ID) and actor.id != KLARK_ID:
            ticket.assigned_n = ticket.n
    return moved


def _events(
    desk: Desk, said: Comment | None, moved: list[tuple[str, Any, Any]], created: bool
) -> tuple[dict[str, Any], ...]:
    kind = "Create" if created else "Change"
    events: list[dict[str, Any]] = [{"type": "Comment", "comment": said, "id": said.id}] if said else []
    for name, before, after in moved:
        events.append(
            {"id": next(desk.ids), "type": kind, "field_name": name, "value": after, "previous_value": before}
        )
    return tuple(events)


def _changes(
    ticket: Ticket,
    actor: User,
    audit_id: int,
    said: Comment | None,
    moved: list[tuple[str, Any, Any]],
    *,
    created: bool,
) -> list[Change]:
    if created:
        return [Change("created", ticket, actor, audit_id, 1, said)]
    changes = [Change("comment_added", ticket, actor, audit_id, 1, said)] if said else []
    for name, before, after in moved:
        changes.append(Change(FIELD_KINDS[name], ticket, actor, audit_id, len(changes) + 1, None, before, after))
    return changes


def open_ticket(
    desk: Desk, requester: User, comment: NewComment, *, subject: str, submitter: User | None = None, **fields: Any
) -> tuple[Ticket, list[Change]]:
    """Opens a ticket with its first comment, as an e-mail, a form or an agent does."""
    moment, writer = records.now(), submitter or requester
    custom, channel = fields.pop("custom", {}), fields.pop("channel", comment.channel)
    ticket = Ticket(next(desk.ticket_ids), subject, requester.id, writer.id, channel, moment, moment, **fields)
    desk.tickets[ticket.id] = ticket
    changes = update(desk, ticket, writer, comment=comment, custom=custom, channel=channel, created=True)
    return ticket, changes


def led_by_human(ticket: Ticket) -> bool:
    """Returns whether an agent's comment or assignment is newer than the customer side's last comment."""
    customer = max((c.n for c in ticket.comments if c.public and c.by in ("customer", "third_party")), default=0)
    agent = max((c.n for c in ticket.comments if c.by == "agent"), default=0)
    return max(agent, ticket.assigned_n) > customer


def live(desk: Desk, ticket_id: str) -> Ticket | None:
    """Returns the ticket, or `None` if it does not exist or is deleted."""
    ticket = desk.tickets.get(int(ticket_id))
    return None if ticket is None or ticket.deleted else ticket
