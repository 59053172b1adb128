"""The types that every helpdesk is translated into, and the interface of an adapter.

A provider's own terms stay in its own file: a value without an equivalent here becomes `None`, and `raw` keeps it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, Protocol

from requests.adapters import BaseAdapter

from integrations.helpdesks.help_centre_page import HelpCentrePage
from integrations.helpdesks.requester_fields import Profile

Status = Literal["new", "open", "pending", "hold", "solved", "closed", "deleted"]
Priority = Literal["low", "normal", "high", "urgent"]
Channel = Literal["email", "web", "api", "phone", "chat", "social", "side_conversation", "other"]
Role = Literal["customer", "agent"]
Doubt = Literal["unsure", "not_in_conversation", "not_signed_in", "on_behalf"]
"""Why a helpdesk doubts the identity of a comment's author."""
Satisfaction = Literal["good", "neutral", "bad"]
FieldValue = str | bool | int | float | tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Person:
    """Someone on a ticket. `id` is the helpdesk's own, as text; `role` is `None` if the helpdesk does not say.

    `verified`: whether the address is proven to be theirs (`None`: unknown); `suspended`: they may not write to the helpdesk.
    """

    id: str
    name: str = ""
    email: str = ""
    role: Role | None = None
    verified: bool | None = None
    suspended: bool = False


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file attached to a comment: its name and media type ("" if the helpdesk does not say), never its content."""

    name: str
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Comment:
    """One entry of a ticket's thread. A reply is public, a note is not.

    `body_text` is the whole body as plain text; quotes and signature are cut off later. `marker` is klark's own delivery
    marker, if the helpdesk keeps one. `headers` are the e-mail's, if shown. `automatic`: by a rule, a bot or the system.
    """

    id: str
    author: Person
    body_html: str
    body_text: str
    public: bool
    from_customer: bool
    created_at: datetime | None = None
    marker: str | None = None
    automatic: bool = False
    headers: Mapping[str, str] = field(default_factory=dict)
    attachments: tuple[Attachment, ...] = ()
    doubts: tuple[Doubt, ...] = ()


@dataclass(frozen=True, slots=True)
class Ticket:
    """A ticket as it was at one moment, comments oldest first (the description is the first comment).

    `stamp` is sent back to make a write conditional ("" if the helpdesk has no conditional writes). `brand_id` is Zendesk's
    brand or Freshdesk's product; `parent_id` the closed ticket that this one follows up; `merged`: closed by a merge.
    `satisfaction`: the customer's rating, where it comes with the ticket. `settled`: whether every later change will show by a
    later `updated_at` (in seconds).
    """

    id: str
    subject: str
    requester: Person
    comments: tuple[Comment, ...]
    status: Status | None = None
    priority: Priority | None = None
    channel: Channel | None = None
    assignee_id: str | None = None
    group_id: str | None = None
    brand_id: str | None = None
    organization_id: str | None = None
    tags: tuple[str, ...] = ()
    cc: tuple[Person, ...] = ()
    custom_fields: Mapping[str, FieldValue] = field(default_factory=dict)
    parent_id: str | None = None
    merged: bool = False
    satisfaction: Satisfaction | None = None
    created_at: datetime | None = None
    updated_at: datetime | None = None
    settled: bool = True
    stamp: str = ""
    url: str = ""
    raw: Mapping[str, Any] = field(default_factory=dict)

    def last_from_customer(self) -> Comment | None:
        """Returns the customer's last public comment, which the next reply answers, or `None`."""
        return next((c for c in reversed(self.comments) if c.from_customer and c.public), None)


@dataclass(frozen=True, slots=True)
class TicketEvent:
    """Something happened to a ticket. Never has the content: the ticket is fetched afresh.

    `key` is the vendor's own id of this event, unique within a connection, or "" if it gives none. `kind` is the vendor's own
    name for it, for the log only. `updated_at` is set by a catch-up read, and tells which changes were already seen.
    `actor_id` and `comment_id`: who did it, and the comment that it is about, where a webhook says both.
    """

    ticket_id: str
    key: str = ""
    kind: str = ""
    updated_at: datetime | None = None
    actor_id: str = ""
    comment_id: str = ""


@dataclass(frozen=True, slots=True)
class Arrival:
    """A webhook whose sender is proven. `late`: signed long ago, so it may be a replay."""

    late: bool = False


@dataclass(frozen=True, slots=True)
class Write:
    """Everything that one delivery does to a ticket. `marker` is globally unique; `html` is sanitized, `text` is its plain
    text.

    `tags` are added to the existing ones; `None` leaves a field unchanged. `status_name`: one of the account's own statuses.
    """

    marker: str
    public: bool
    html: str
    text: str
    tags: tuple[str, ...] = ()
    group_id: str | None = None
    assignee_id: str | None = None
    status: Status | None = None
    status_name: str = ""
    priority: Priority | None = None
    custom_fields: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Changes:
    """One page of changes since a cursor, as the events that webhooks bring too. `more`: the next page can be read at once."""

    events: tuple[TicketEvent, ...]
    cursor: str
    more: bool


def _heed_nothing(*_: object) -> None:
    """Default for accounts without a rate limit to track."""


@dataclass(frozen=True, slots=True)
class Account:
    """What an adapter is given by its caller; it looks nothing up itself.

    name       subdomain ("acme") or domain ("acme.freshdesk.com"): a name, never a URL
    token      returns the current credential: "email/token:KEY", "oauth:TOKEN" or a Freshdesk API key
    permit     is called before each request with its weight; waits, or raises TryLater when the rate limit is used up
    permit_in  is called besides before a request that counts in pools of its own, with all of these; does the same
    own_ids    ids of the users that klark writes as
    address    URL of a stand-in instead of the real host, e.g. "http://127.0.0.1:8800"; "" in production
    transport  the requests adapter for every request (one outbound policy)
    seen       is called with the headers of each response, which report the rate limit
    saved_replies  whether `shelf` returns macros and canned replies too
    renew      is called when the credential is rejected; returns whether there is a new one, so that a retry makes sense
    """

    name: str
    token: Callable[[], str]
    permit: Callable[[int], None]
    transport: BaseAdapter
    own_ids: frozenset[str] = frozenset()
    address: str = ""
    seen: Callable[[Mapping[str, str]], None] = _heed_nothing
    permit_in: Callable[..., None] = _heed_nothing  # takes any number of `Pool`s
    renew: Callable[[], bool] = bool  # False: the default is a credential that cannot be renewed
    saved_replies: bool = False

    def site(self, home: str) -> str:
        """Returns the base URL of what is asked and linked to: the stand-in's if there is one, else `home`, the product's."""
        return self.address.rstrip("/") or home


class Helpdesk(Protocol):
    """One connected account. Every method may raise TryLater, Refused or Gone; `write` also LookAgain and Unsure.

    safe_resend  whether a write whose response never came may be sent once more under the same stamp (it cannot apply
                 twice), or must never be sent again
    tells_who    whether `tagged_by` can tell who set a tag
    """

    safe_resend: bool
    tells_who: bool

    def __init__(self, account: Account) -> None: ...

    @staticmethod
    def verify(raw: bytes, headers: Mapping[str, str], secrets: Sequence[str], now: datetime) -> Arrival:
        """Verifies a webhook's sender from its raw body; header names are lower-case. Raises BadSignature."""
        ...

    @staticmethod
    def parse(raw: bytes, headers: Mapping[str, str]) -> TicketEvent | None:
        """Parses a verified webhook. Returns `None` if it is well-formed but not about a ticket. Raises BadPayload."""
        ...

    def fetch(self, ticket_id: str) -> Ticket:
        """Returns the ticket as it is now: its stamp is read first, its comments second."""
        ...

    def write(self, ticket: Ticket, write: Write) -> str:
        """Makes one write if `ticket` is unchanged since it was read; returns the new comment's id ("" if unknown).
        Raises LookAgain if it changed: detected by a conditional write, or by reading it right before."""
        ...

    def settle(self, ticket: Ticket, write: Write) -> None:
        """Sets what `write` could not: tags, group, status, fields. May be repeated. Raises Refused for what stays unset."""
        ...

    def tag(self, ticket: Ticket, name: str, on: bool) -> None:
        """Adds one tag to a ticket that is not closed, or takes it away, and does nothing else. May be repeated."""

    def tagged_by(self, ticket: Ticket, name: str) -> tuple[Person, datetime | None] | None:
        """Returns who added a tag last and when, or `None` where the helpdesk does not tell. `role` is "agent" only for a person
        who may write to customers."""

    def find(self, ticket: Ticket, write: Write, since: datetime) -> str | None:
        """Returns the id of the comment that `write`, begun at `since`, left on `ticket` (fetched after it), or `None`."""
        ...

    def satisfaction(self, ticket: Ticket) -> Satisfaction | None:
        """Returns how the customer rated the help, as far as the account asks customers and the helpdesk tells."""
        ...

    def changes(self, cursor: str) -> Changes:
        """Returns one page of changes since `cursor`: a cursor, an ISO time (which starts a new cursor), or "" for since now."""
        ...

    def whoami(self) -> Person:
        """Returns the user that klark writes as, which proves the credentials."""
        ...

    def profile(self, ticket: Ticket, with_organization: bool) -> Profile:
        """Returns the current fields of the requester and, if `with_organization`, of their organization."""
        ...

    def groups(self) -> Mapping[str, str]:
        """Returns the account's groups: name → id."""
        ...

    def shelf(self, cursor: str = "") -> HelpCentrePage:
        """Returns the next page of published knowledge: the help centre, and replies that agents share."""
        ...
