"""What a stand-in helpdesk keeps: people, tickets, comments, audits and articles.

The terms belong to neither product: statuses are new/open/pending/hold/solved/closed, times are aware UTC in whole
seconds (as both products show them), and `n` is one rising number per desk that orders what happens within one
second.
"""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Literal

By = Literal["customer", "third_party", "auto", "agent", "rule", "klark"]
Role = Literal["end-user", "agent", "admin"]

KLARK_ID, AGENT_ID, SYSTEM_ID = 9001, 9002, -1
GROUP_ID, BRAND_ID, ACCOUNT_ID = 7001, 7101, 424242
FORM_ID, CUSTOM_STATUS_ID = 7201, 7301
GLOBAL_MAILBOX = "support@example.com"


def now() -> datetime:
    """Returns the time in whole seconds, as both products keep it."""
    return datetime.now(UTC).replace(microsecond=0)


@dataclass(slots=True)
class User:
    """A person: a customer (`end-user`) or an agent, with the values of the admin's own fields."""

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
    """A comment as stored, the same as text and as HTML; the fields of `NewComment` mean the same here."""

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
    """A ticket, with its comments and updates, oldest first. `n` orders its last update, `assigned_n` the last time that a
    person was assigned."""

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
    ticket_ids: Iterator[int] = field(default_factory=lambda: itertools.count(1))
    ids: Iterator[int] = field(default_factory=lambda: itertools.count(360_000_000_001))
    order: Iterator[int] = field(default_factory=lambda: itertools.count(1))
