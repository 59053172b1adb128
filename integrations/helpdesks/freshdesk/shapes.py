"""Translates Freshdesk's JSON into klark's types. Shapes: https://developers.freshdesk.com/api/

Unknown values become `None`; the whole ticket is kept as `raw`.
"""

from collections.abc import Collection, Iterable, Mapping
from email.utils import parseaddr
from typing import Any

from integrations.helpdesks.base import (
    Attachment,
    Channel,
    Comment,
    Person,
    Priority,
    Role,
    Status,
    Ticket,
    Write,
)
from integrations.helpdesks.read_requester_fields import Shelves
from integrations.helpdesks.text import html_to_text
from integrations.helpdesks.untrusted_input import (
    chosen,
    field_words,
    mapping,
    mappings,
    moment,
    name_of,
    number,
    oldest_first,
    strings,
    whole,
    words,
)

# https://developers.freshdesk.com/api/#contacts: only the admin's own fields are in `custom_fields`.
PROFILE = Shelves(
    user="/contacts/{}",
    user_in="",
    user_fields="custom_fields",
    belongs_to="company_id",
    organization="/companies/{}",
    organization_in="",
    organization_fields="custom_fields",
)
# The description is no conversation and has no id; this one never changes.
DESCRIPTION = "description"

# 6 and above are the admin's own statuses.
STATUSES: dict[int | None, Status] = {2: "open", 3: "pending", 4: "solved", 5: "closed"}
STATUS_CODES: dict[Status, int] = {"new": 2, "open": 2, "pending": 3, "hold": 3, "solved": 4, "closed": 5}
PRIORITIES: dict[int | None, Priority] = {1: "low", 2: "normal", 3: "high", 4: "urgent"}
PRIORITY_CODES: dict[Priority, int] = {"low": 1, "normal": 2, "high": 3, "urgent": 4}
CHANNELS: dict[int | None, Channel] = {
    1: "email",
    2: "web",
    3: "phone",
    4: "social",
    5: "social",
    6: "social",
    7: "chat",
    8: "chat",
    9: "web",
    10: "email",
    11: "other",
    12: "chat",
    13: "chat",
}
# Sources of conversations that no person typed: a status, meta, the answer to a survey, a summary, what rules write
# and forward. The manual names only 6, SURVEY; the others are the numbers that Freshdesk uses after it.
SURVEY = 6
ROBOTS = frozenset({3, 4, SURVEY, 13, 15, 16})
# An outbound e-mail: its description is what an agent wrote to the requester.
OUTBOUND = 10


def person(raw: Mapping[str, Any], role: Role | None) -> Person:
    """Returns a person from a contact's JSON."""
    return Person(name_of(raw.get("id")), words(raw.get("name")), words(raw.get("email")), role)


def agent(raw: Mapping[str, Any]) -> Person:
    """Returns an agent; their name and address are in the nested contact."""
    return person({**mapping(raw.get("contact")), "id": raw.get("id")}, "agent")


def ticket(
    raw: Mapping[str, Any], conversations: Iterable[Mapping[str, Any]], own_ids: frozenset[str], home: str
) -> Ticket:
    """Returns a ticket from its JSON and that of its conversations. `own_ids` are klark's users, `home` the
    helpdesk's base URL."""
    known = str(raw["id"])
    requester = _requester(raw)
    status, assignee_id = led(raw)
    listed = list(conversations)
    translated = [comment(entry, requester, own_ids) for entry in listed]
    return Ticket(
        id=known,
        subject=words(raw.get("subject")),
        requester=requester,
        comments=(_description(raw, requester), *oldest_first(translated)),
        status=status,
        priority=PRIORITIES.get(whole(raw.get("priority"))),
        channel=CHANNELS.get(whole(raw.get("source"))),
        assignee_id=assignee_id,
        group_id=number(raw.get("group_id")),
        brand_id=number(raw.get("product_id")),
        organization_id=number(raw.get("company_id")),
        tags=tags(raw),
        cc=_copied(raw, requester),
        custom_fields=_fields(raw),
        created_at=moment(raw.get("created_at")),
        updated_at=moment(raw.get("updated_at")),
        url=f"{home}/a/tickets/{known}",
        raw={"support_email": _mailed_by(listed), **raw},
    )


def led(raw: Mapping[str, Any]) -> tuple[Status | None, str | None]:
    """Returns a ticket's status and its assignee's id."""
    return STATUSES.get(whole(raw.get("status"))), number(raw.get("responder_id"))


def has_readers(raw: Mapping[str, Any], requester: Person, copied: Collection[Person]) -> bool:
    """Returns whether a ticket, read without its requester's address, still has this requester and these people in copy."""
    if name_of(raw.get("requester_id")) != requester.id:
        return False
    return {each.id.lower() for each in _copied(raw, requester)} == {each.id.lower() for each in copied}


def copies(ticket: Ticket) -> list[str]:
    """Returns the addresses that get a copy of the next reply: those of the last reply, which is where an agent removes
    one; those of the customer's own mail if Freshdesk does not list the others."""
    listed = "reply_cc_emails" if isinstance(ticket.raw.get("reply_cc_emails"), list) else "cc_emails"
    return [person.email for person in _copied(ticket.raw, ticket.requester, (listed,))]


def comment(raw: Mapping[str, Any], requester: Person, own_ids: frozenset[str]) -> Comment:
    """Returns a comment from a conversation's JSON."""
    html = words(raw.get("body"))
    author = _author(raw, requester)
    automatic = _by_machine(raw)
    return Comment(
        id=name_of(raw.get("id")),
        author=author,
        body_html=html,
        body_text=html_to_text(html) if html else words(raw.get("body_text")),
        public=raw.get("private") is False,
        from_customer=author.role == "customer" and not automatic and author.id not in own_ids,
        created_at=moment(raw.get("created_at")),
        automatic=automatic,
        attachments=_attachments(raw),
    )


def update(ticket: Ticket, write: Write) -> dict[str, Any]:
    """Returns the fields that a write sets, all but its text. Tags are sent as a whole: the existing and the new
    ones. Raises Refused for what cannot be set."""
    changes = {
        "tags": sorted({*ticket.tags, *write.tags}) if set(write.tags) - set(ticket.tags) else None,
        "group_id": chosen(write.group_id, "group"),
        "responder_id": chosen(write.assignee_id, "agent"),
        "status": STATUS_CODES.get(write.status) if write.status else None,
        "priority": PRIORITY_CODES.get(write.priority) if write.priority else None,
        "custom_fields": dict(write.custom_fields) or None,
    }
    return {name: value for name, value in changes.items() if value is not None}


def choices(field: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Returns a ticket field's choices as (the name that agents see, number): {"6": ["Waiting", "Awaiting your reply"]}."""
    listed = mapping(field.get("choices")).items()
    return [
        (words(shown[0] if isinstance(shown, list) and shown else shown), key) for key, shown in listed if number(key)
    ]


def _requester(raw: Mapping[str, Any]) -> Person:
    """`include=requester` provides the name and address; the id comes from the ticket itself."""
    return person({**mapping(raw.get("requester")), "id": raw.get("requester_id")}, "customer")


def _mailed_by(conversations: Iterable[Mapping[str, Any]]) -> str:
    """Returns the support address of the last conversation that was a mail, or ""."""
    return next(filter(None, reversed([words(entry.get("support_email")) for entry in conversations])), "")


def _author(raw: Mapping[str, Any], requester: Person) -> Person:
    """Returns who wrote a conversation. A private incoming one answers a forwarded ticket: it is from a third party,
    with no role."""
    author_id = name_of(raw.get("user_id"))
    if author_id and author_id == requester.id:
        return requester
    name, address = parseaddr(words(raw.get("from_email")))
    if raw.get("incoming") is True:
        return Person(author_id, name, address, None if raw.get("private") is True else "customer")
    return Person(author_id, name, address, "agent")


def _by_machine(raw: Mapping[str, Any]) -> bool:
    """Returns whether a rule or Freshdesk itself wrote a conversation. Of incoming ones, only the answer to a survey is
    known not to be a question: the other numbers and `auto_response` are documented nowhere, so there the text decides."""
    source = whole(raw.get("source"))
    if raw.get("incoming") is True:
        return source == SURVEY
    ruled = number(raw.get("automation_id")) is not None or raw.get("auto_response") is True
    return ruled or source in ROBOTS


def _description(raw: Mapping[str, Any], requester: Person) -> Comment:
    html = words(raw.get("description"))
    outbound = whole(raw.get("source")) == OUTBOUND
    return Comment(
        id=DESCRIPTION,
        author=Person("", role="agent") if outbound else requester,
        body_html=html,
        body_text=html_to_text(html) if html else words(raw.get("description_text")),
        public=True,
        from_customer=not outbound,
        created_at=moment(raw.get("created_at")),
        attachments=_attachments(raw),
    )


def _attachments(raw: Mapping[str, Any]) -> tuple[Attachment, ...]:
    files = mappings(raw.get("attachments"))
    return tuple(Attachment(words(file.get("name")), words(file.get("content_type"))) for file in files)


def _copied(
    raw: Mapping[str, Any], requester: Person, lists: Iterable[str] = ("cc_emails", "reply_cc_emails")
) -> tuple[Person, ...]:
    """Returns who receives a reply besides the requester, by address: Freshdesk gives no ids."""
    addresses = [parseaddr(entry) for name in lists for entry in strings(raw.get(name))]
    people = {address.lower(): Person(address, name, address) for name, address in addresses if address}
    return tuple(person for address, person in people.items() if address != requester.email.lower())


def tags(raw: Mapping[str, Any]) -> tuple[str, ...]:
    """Returns a ticket's tags."""
    return tuple(strings(raw.get("tags")))


def _fields(raw: Mapping[str, Any]) -> dict[str, str]:
    read = {key: field_words(value) for key, value in mapping(raw.get("custom_fields")).items()}
    return {key: value for key, value in read.items() if value is not None}
