"""The data of a stand-in helpdesk: people, tickets, comments, audits and articles, in memory.

The terms belong to neither product: statuses are new/open/pending/hold/solved/closed, times are aware UTC in whole
seconds (as both products show them), and `n` is one rising number per desk that orders what happens within one
second. Callers hold the lock.
"""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from html import escape
from typing import Any, Literal

from inscriptis import get_text

By = Literal["customer", "third_party", "auto", "agent", "rule", "klark"]
Role = Literal["end-user", "agent", "admin"]

KLARK_ID, AGENT_ID, SYSTEM_ID = 9001, 9002, -1
GROUP_ID, BRAND_ID, ACCOUNT_ID = 7001, 7101, 424242
FORM_ID, CUSTOM_STATUS_ID = 7201, 7301
GLOBAL_MAILBOX = "support@example.com"


def now() -> datetime:
    return datetime.now(UTC).replace(microsecond=0)


@dataclass(slots=True)
class User:
    id: int
    name: str
    email: str
    role: Role = "end-user"
    language: str = "en-US"
    created_at: datetime = field(default_factory=now)
    verified: bool = True
    suspended: bool = False
    organization_id: int | None = None
    fields: dict[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class Organization:
    """A company, with the values of the admin's own fields."""

    id: int
    name: str
    fields: dict[str, Any] = field(default_factory=dict)
    created_at: datetime = field(default_factory=now)


@dataclass(frozen=True, slots=True)
class NewComment:
    """A comment to be added. `by`: the real writer, which no helpdesk reveals; `relation`: Zendesk's via.source.rel;
    `flags`: its flags about the author; `mailbox` and `copied`: the support address that Freshdesk mailed it from, and
    who got a copy."""

    html: str
    public: bool
    by: By
    channel: str = "email"
    relation: str | None = None
    headers: dict[str, str] = field(default_factory=dict)
    flags: tuple[int, ...] = ()
    mailbox: str = ""
    copied: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Comment:
    id: int
    n: int
    author_id: int
    html: str
    text: str
    public: bool
    by: By
    channel: str
    relation: str | None
    headers: dict[str, str]
    created_at: datetime
    audit_id: int
    custom: dict[str, Any]
    flags: tuple[int, ...] = ()
    mailbox: str = ""
    copied: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Audit:
    """One update: who, when, the comment and fields it changed, and the metadata sent with it."""

    id: int
    ticket_id: int
    author_id: int
    created_at: datetime
    channel: str
    custom: dict[str, Any]
    events: tuple[dict[str, Any], ...]


@dataclass(slots=True)
class Ticket:
    id: int
    subject: str
    requester_id: int
    submitter_id: int
    channel: str
    created_at: datetime
    updated_at: datetime
    n: int = 0
    status: str = "new"
    custom_status_id: int = CUSTOM_STATUS_ID
    priority: str | None = None
    type: str | None = None
    assignee_id: int | None = None
    group_id: int | None = None
    assigned_n: int = 0
    tags: list[str] = field(default_factory=list)
    cc_ids: list[int] = field(default_factory=list)
    custom_fields: dict[str, Any] = field(default_factory=dict)
    satisfaction: dict[str, Any] = field(default_factory=lambda: {"score": "unoffered"})
    parent_id: int | None = None
    brand_id: int = BRAND_ID
    mailbox: str = GLOBAL_MAILBOX
    deleted: bool = False
    merged_into: int | None = None
    comments: list[Comment] = field(default_factory=list)
    audits: list[Audit] = field(default_factory=list)


@dataclass(slots=True)
class Article:
    """A help centre article in one language; translations share `id`."""

    id: int
    title: str
    body_html: str
    language: str = "en-us"
    category: str = "General"
    section: str = "Guides"
    draft: bool = False
    labels: list[str] = field(default_factory=list)
    brand: str = ""
    user_segment_id: int | None = None
    created_at: datetime = field(default_factory=now)
    updated_at: datetime = field(default_factory=now)


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that happened to a ticket, by `position` in its update (from 1). `ticket` keeps changing: render it at once."""

    kind: str
    ticket: Ticket
    actor: User
    audit_id: int
    position: int
    comment: Comment | None = None
    before: Any = None
    after: Any = None


@dataclass(slots=True)
class Desk:
    """One account. `rows` contains what the set-up calls create (webhooks, triggers, rules), by kind and id."""

    name: str
    users: dict[int, User] = field(default_factory=dict)
    tickets: dict[int, Ticket] = field(default_factory=dict)
    organizations: dict[int, Organization] = field(default_factory=dict)
    articles: dict[tuple[int, str], Article] = field(default_factory=dict)
    rows: dict[str, dict[str, dict[str, Any]]] = field(default_factory=dict)
    replays: dict[str, tuple[str, int, datetime]] = field(default_factory=dict)
    ticket_ids: Iterator[int] = field(default_factory=lambda: itertools.count(1))
    ids: Iterator[int] = field(default_factory=lambda: itertools.count(360_000_000_001))
    order: Iterator[int] = field(default_factory=lambda: itertools.count(1))


def new_desk(name: str) -> Desk:
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
    ticket.n, ticket.updated_at = next(desk.order), now()
    audit_id = next(desk.ids)
    said = _say(desk, ticket, actor, comment, audit_id=audit_id, custom=custom or {})
    moved = _set_fields(ticket, actor, fields or {})
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
    moment, writer = now(), submitter or requester
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
