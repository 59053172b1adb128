"""Translates Zendesk's JSON into klark's types. Shapes: https://developer.zendesk.com/api-reference/ticketing/tickets/tickets/

Unknown values become `None`; the whole ticket is kept as `raw`.
"""

from collections.abc import Iterable, Mapping
from typing import Any, Literal, get_args

from integrations.helpdesks.base import (
    Attachment,
    Comment,
    Doubt,
    Person,
    Priority,
    Role,
    Status,
    Ticket,
    Write,
)
from integrations.helpdesks.read_requester_fields import Shelves
from integrations.helpdesks.text import html_to_text
from integrations.helpdesks.typed_values import READ, typed
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
    words,
)
from integrations.helpdesks.zendesk.channels import by_machine, channel_of
from integrations.helpdesks.zendesk.fields import values_of

MARKER = "klark"
MERGED = "closed_by_merge"  # the tag that Zendesk puts on the merged ticket
Users = Mapping[str, Person]
# https://developer.zendesk.com/api-reference/ticketing/users/user_fields/
PROFILE = Shelves(
    user="/users/{}.json",
    user_in="user",
    user_fields="user_fields",
    belongs_to="organization_id",
    organization="/organizations/{}.json",
    organization_in="organization",
    organization_fields="organization_fields",
)

# Zendesk's own words are klark's.
STATUSES: dict[str, Status] = {status: status for status in get_args(Status)}
PRIORITIES: dict[str, Priority] = {priority: priority for priority in get_args(Priority)}
SCORES: dict[str, Literal["good", "bad"]] = {"good": "good", "bad": "bad"}  # "offered" and "unoffered" are no rating
ROLES: dict[str, Role] = {"end-user": "customer", "agent": "agent", "admin": "agent"}
# Flags on a comment; 4 and 5 (made by a machine, a file too big) say nothing about the author.
# https://developer.zendesk.com/api-reference/ticketing/tickets/ticket_audits/#comment-flags
FLAGS: dict[int, Doubt] = {0: "unsure", 2: "not_in_conversation", 3: "not_signed_in", 11: "on_behalf"}


def users_of(page: Mapping[str, Any]) -> dict[str, Person]:
    """Returns the side-loaded users of a page, by id."""
    return {name_of(user.get("id")): person(user) for user in mappings(page.get("users"))}


def person(user: Mapping[str, Any]) -> Person:
    """Returns a person from a user's JSON."""
    role = ROLES.get(words(user.get("role")))
    verified = user.get("verified") if isinstance(user.get("verified"), bool) else None
    suspended = user.get("suspended") is True
    return Person(name_of(user.get("id")), words(user.get("name")), words(user.get("email")), role, verified, suspended)


def ticket(raw: Mapping[str, Any], users: Users, comments: Iterable[Mapping[str, Any]], home: str) -> Ticket:
    """Returns a ticket from its JSON. `comments` may be in any order; `users` must contain the authors for their
    roles to be known. `home` is the helpdesk's base URL."""
    known = str(raw["id"])
    requester = _known(users, raw.get("requester_id"))
    translated = [comment(entry, users, requester) for entry in comments]
    return Ticket(
        id=known,
        subject=words(raw.get("subject")),
        requester=requester,
        comments=oldest_first(translated),
        status=STATUSES.get(words(raw.get("status")).lower()),
        priority=PRIORITIES.get(words(raw.get("priority")).lower()),
        channel=channel_of(raw),
        assignee_id=number(raw.get("assignee_id")),
        group_id=number(raw.get("group_id")),
        brand_id=number(raw.get("brand_id")),
        organization_id=number(raw.get("organization_id")),
        tags=tuple(strings(raw.get("tags"))),
        cc=tuple(_known(users, user) for user in _copied(raw)),
        custom_fields=values_of(raw),
        parent_id=_parent(raw),
        merged=MERGED in strings(raw.get("tags")),
        satisfaction=SCORES.get(words(mapping(raw.get("satisfaction_rating")).get("score")).lower()),
        created_at=moment(raw.get("created_at")),
        updated_at=moment(raw.get("updated_at")),
        stamp=words(raw.get("updated_at")),
        url=f"{home}/agent/tickets/{known}",
        raw=raw,
    )


def comment(raw: Mapping[str, Any], users: Users, requester: Person) -> Comment:
    """Returns a comment from its JSON."""
    author = _known(users, raw.get("author_id"))
    html = words(raw.get("html_body"))
    automatic = author.id.startswith("-") or by_machine(raw)
    return Comment(
        id=name_of(raw.get("id")),
        author=author,
        body_html=html,
        body_text=html_to_text(html) if html else words(raw.get("plain_body")) or words(raw.get("body")),
        public=raw.get("public") is True,
        from_customer=not automatic and _customer(author, requester),
        created_at=moment(raw.get("created_at")),
        marker=marker_of(raw) or None,
        automatic=automatic,
        attachments=tuple(
            Attachment(words(file.get("file_name")), words(file.get("content_type")))
            for file in mappings(raw.get("attachments"))
        ),
        doubts=_doubts(mapping(raw.get("metadata"))),
    )


def update(ticket: Ticket, write: Write, kinds: Mapping[str, str]) -> dict[str, Any]:
    """Returns the body of a delivery's PUT. Tags are sent as a whole: the existing and the new ones. `kinds` are the types
    of the account's ticket fields, by id. Raises Refused for an id that is no number."""
    changes = {
        "tags": sorted({*ticket.tags, *write.tags}) if set(write.tags) - set(ticket.tags) else None,
        "group_id": chosen(write.group_id, "group"),
        "assignee_id": chosen(write.assignee_id, "agent"),
        "status": write.status,
        "priority": write.priority,
        "custom_fields": [
            {"id": chosen(key, "ticket field"), "value": typed(value, READ.get(kinds.get(key, "")))}
            for key, value in write.custom_fields.items()
        ]
        or None,
    }
    return {
        **comment_alone(ticket, write),
        **{name: value for name, value in changes.items() if value is not None},
    }


def comment_alone(ticket: Ticket, write: Write) -> dict[str, Any]:
    """Returns the body of a PUT that adds the comment and changes nothing else. `safe_update` makes it conditional on
    the stamp; even false would, so it is never sent as false."""
    return {
        "id": int(ticket.id),
        "comment": {"html_body": write.html, "public": write.public},
        "metadata": {MARKER: write.marker},
        "safe_update": True,
        "updated_stamp": ticket.stamp,
    }


def unset(ticket: Ticket, write: Write, own_status: Mapping[str, int]) -> list[str]:
    """Returns what a write was to set that the ticket does not show, in words. `own_status`: the field of `status_name`."""
    fields = {key: field_words(value) for key, value in ticket.custom_fields.items()}
    shown = {
        "the tags": set(write.tags) <= set(ticket.tags),
        "the group": write.group_id in (None, ticket.group_id),
        "the assignee": write.assignee_id in (None, ticket.assignee_id),
        "the status": write.status in (None, ticket.status) and own_status.items() <= ticket.raw.items(),
        "the priority": write.priority in (None, ticket.priority),
        "the fields": write.custom_fields.items() <= fields.items(),
    }
    return [name for name, is_shown in shown.items() if not is_shown]


def changes_nothing(audit: Mapping[str, Any]) -> bool:
    """Returns whether an update is known to have added its comment alone; what triggers changed on it does not count."""
    events = mappings(audit.get("events"))
    return bool(events) and not any(event.get("type") == "Change" and not by_machine(event) for event in events)


def written_id(audit: Mapping[str, Any]) -> str:
    """Returns the id of the comment among an audit's events, or ""."""
    events = mappings(audit.get("events"))
    return next((name_of(event.get("id")) for event in events if event.get("type") == "Comment"), "")


def _doubts(metadata: Mapping[str, Any]) -> tuple[Doubt, ...]:
    """Returns what Zendesk flags about a comment's author, except flags that it marks as trusted."""
    options, flags = mapping(metadata.get("flags_options")), metadata.get("flags")
    raised = [flag for flag in flags if isinstance(flag, int)] if isinstance(flags, list) else []
    open_flags = [flag for flag in raised if mapping(options.get(str(flag))).get("trusted") is not True]
    found = tuple(dict.fromkeys(FLAGS[flag] for flag in open_flags if flag in FLAGS))
    return found or (("unsure",) if metadata.get("trusted") is False else ())


def _known(users: Users, user_id: object) -> Person:
    return users.get(name_of(user_id)) or Person(name_of(user_id))


def _customer(author: Person, requester: Person) -> bool:
    """If the role is unknown, the requester is the customer."""
    return author.role == "customer" or (author.role is None and author.id == requester.id != "")


def marker_of(raw: Mapping[str, Any]) -> str:
    """Returns klark's marker on a comment or an audit, or ""."""
    custom = mapping(mapping(raw.get("metadata")).get("custom"))
    return words(custom.get(MARKER))


def _copied(raw: Mapping[str, Any]) -> list[str]:
    """Returns who receives a public reply besides the requester. `collaborator_ids` mixes people in copy with followers if
    an account has both, and is the only list if it has no followers yet, so everyone in it who is not a follower counts."""
    followers = set(_ids(raw.get("follower_ids")))
    older = [user for user in _ids(raw.get("collaborator_ids")) if user not in followers]
    copied = dict.fromkeys([*_ids(raw.get("email_cc_ids")), *older])
    return [user for user in copied if user != name_of(raw.get("requester_id"))]


def _ids(value: object) -> list[str]:
    return [known for each in value if (known := name_of(each))] if isinstance(value, list) else []


def _parent(raw: Mapping[str, Any]) -> str | None:
    """Returns the closed ticket that a follow-up continues."""
    source = mapping(mapping(raw.get("via")).get("source"))
    return number(mapping(source.get("from")).get("ticket_id")) or number(raw.get("via_followup_source_id"))
