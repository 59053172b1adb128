"""The shapes that every helpdesk is translated into, and what an adapter must be able to do.

A provider's own words stop in its own file: whatever it sends that has no name here becomes `None`, and `raw` keeps it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, Protocol

from requests.adapters import BaseAdapter

from integrations.helpdesks.help_centre_page import HelpCentrePage
from integrations.helpdesks.profile import Profile

Status = Literal["new", "open", "pending", "hold", "solved", "closed", "deleted"]
Priority = Literal["low", "normal", "high", "urgent"]
Channel = Literal["email", "web", "api", "phone", "chat", "social", "side_conversation", "other"]
Role = Literal["customer", "agent"]
Doubt = Literal["unsure", "not_in_conversation", "not_signed_in", "on_behalf"]
"""What a helpdesk doubts of who wrote a comment."""


@dataclass(frozen=True, slots=True)
class Person:
    """Someone on a ticket. `id` is the helpdesk's own, as text; `role` is `None` where the helpdesk does not say.

    `verified`: whether it has proof that the address is theirs, `None` where it does not say; `suspended`: it lets them
    write no more.
    """

    id: str
    name: str = ""
    email: str = ""
    role: Role | None = None
    verified: bool | None = None
    suspended: bool = False


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file beside a comment: its name and media type ("" where the helpdesk does not say), never its content."""

    name: str
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Comment:
    """One entry of a ticket's thread. A reply is public, a note is not.

    `body_text` is the whole body as plain text; what the writer added, without quotes and signature, is cut later.
    `marker` is klark's own delivery marker where the helpdesk keeps one. `headers` are those of the mail, where shown.
    `automatic`: written by a rule, a robot or the system itself rather than by a person.
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

    `stamp` is the string the helpdesk takes back to make a write conditional ("" where it knows no such thing).
    `brand_id` is Zendesk's brand or Freshdesk's product; `parent_id` the closed ticket that this one goes on from;
    `merged`: it was closed by a merge, and only its target lives.
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
    form_id: str | None = None
    organization_id: str | None = None
    tags: tuple[str, ...] = ()
    cc: tuple[Person, ...] = ()
    custom_fields: Mapping[str, str] = field(default_factory=dict)
    parent_id: str | None = None
    merged: bool = False
    created_at: datetime | None = None
    updated_at: datetime | None = None
    stamp: str = ""
    url: str = ""
    raw: Mapping[str, Any] = field(default_factory=dict)

    def last_from_customer(self) -> Comment | None:
        """The comment that the next reply answers: the turn."""
        return next((c for c in reversed(self.comments) if c.from_customer and c.public), None)


@dataclass(frozen=True, slots=True)
class TicketEvent:
    """Something happened to a ticket. Never the content: the ticket is fetched fresh.

    `key` is the vendor's own id of this event, unique within a connection, or "" where it gives none.
    `kind` is the vendor's own word for it, kept for the log only. `updated_at`, where a catch-up read shows it, tells
    what was already seen.
    """

    ticket_id: str
    key: str = ""
    kind: str = ""
    updated_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Arrival:
    """A webhook whose sender is proven. `late`: signed long ago, so perhaps replayed."""

    late: bool = False


@dataclass(frozen=True, slots=True)
class Write:
    """Everything one delivery does to a ticket. `marker` is unique for ever; `html` is sanitized, `text` its twin.

    `tags` are added to those that are there; `None` leaves a field as it is.
    """

    marker: str
    public: bool
    html: str
    text: str
    tags: tuple[str, ...] = ()
    group_id: str | None = None
    assignee_id: str | None = None
    status: Status | None = None
    priority: Priority | None = None
    custom_fields: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Changes:
    """One page of what changed since a cursor: the same events as webhooks bring. `more`: read on at once."""

    events: tuple[TicketEvent, ...]
    cursor: str
    more: bool


def _heed_nothing(headers: Mapping[str, str]) -> None:
    """For whoever keeps no budget."""


def _none_new() -> bool:
    """For a credential that nothing renews."""
    return False


@dataclass(frozen=True, slots=True)
class Account:
    """What an adapter is given from above; it looks nothing up itself.

    name       subdomain ("acme") or domain ("acme.freshdesk.com"): a name, never a URL
    token      gives the credential to use now: "email/token:KEY", "oauth:TOKEN" or a Freshdesk API key
    permit     is called before each request with its weight; waits or raises TryLater when the account's budget is spent
    own_ids    ids of the users klark writes as
    address    where to reach a stand-in instead of the real host, e.g. "http://127.0.0.1:8800"; "" in production
    transport  the requests adapter that every request passes (one outbound policy)
    seen       is told the headers of each answer: what they say of the rate limit
    saved_replies  whether `shelf` brings macros and canned replies, too
    renew      is called when the credential is not accepted: whether there is a new one now, so that the same request
               may be made again later
    """

    name: str
    token: Callable[[], str]
    permit: Callable[[int], None]
    transport: BaseAdapter
    own_ids: frozenset[str] = frozenset()
    address: str = ""
    seen: Callable[[Mapping[str, str]], None] = _heed_nothing
    renew: Callable[[], bool] = _none_new
    saved_replies: bool = False


class Helpdesk(Protocol):
    """One connected account. Every method may raise TryLater, Refused or Gone; `write` also LookAgain and Unsure.

    safe_resend  whether a write whose answer never came may be sent once more under the same stamp (a second one
                 cannot apply), or must never be sent again
    """

    safe_resend: bool

    def __init__(self, account: Account) -> None: ...

    @staticmethod
    def verify(raw: bytes, headers: Mapping[str, str], secrets: Sequence[str], now: datetime) -> Arrival:
        """Prove the sender of a webhook from its raw body; header names are lower-case. Raises BadSignature."""
        ...

    @staticmethod
    def parse(raw: bytes, headers: Mapping[str, str]) -> TicketEvent | None:
        """Read a proven webhook. `None`: well-formed, but not about a ticket. Raises BadPayload."""
        ...

    def fetch(self, ticket_id: str) -> Ticket:
        """The ticket as it is now: its stamp first, its comments second."""
        ...

    def write(self, ticket: Ticket, write: Write) -> str:
        """Make one write to `ticket` if it still is as it was read; the new comment's id ("" where the desk does not say).
        Raises LookAgain where someone changed it since: by a conditional write, or by a look right before."""
        ...

    def settle(self, ticket: Ticket, write: Write) -> None:
        """Set what `write` could not set along with its comment: tags, group, status. May be done again."""
        ...

    def find(self, ticket: Ticket, write: Write, since: datetime) -> str | None:
        """The id of the comment that `write`, begun at `since`, left on `ticket` (read after it), or `None`."""
        ...

    def changes(self, cursor: str) -> Changes:
        """What changed since `cursor` ("" or an ISO time: since then; a time without cursor starts one)."""
        ...

    def whoami(self) -> Person:
        """The user klark writes as: proves the credentials."""
        ...

    def profile(self, ticket: Ticket, with_organization: bool) -> Profile:
        """The fields of the requester and, where asked, of their organization, as they are now."""
        ...

    def groups(self) -> Mapping[str, str]:
        """The account's groups: name → id."""
        ...

    def shelf(self, cursor: str = "") -> HelpCentrePage:
        """The next page of what is published to everyone: help centre, and replies that agents share."""
        ...
