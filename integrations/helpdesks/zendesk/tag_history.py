"""Who set a tag, and when, as a ticket's audits tell it.

https://developer.zendesk.com/api-reference/ticketing/tickets/ticket_audits/
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any

from integrations.helpdesks.base import Person
from integrations.helpdesks.untrusted_input import mapping, mappings, moment, number, strings, whole, words
from integrations.helpdesks.zendesk import shapes
from integrations.helpdesks.zendesk.channels import by_machine, channel_of

# Light agents, chat agents, contributors: https://developer.zendesk.com/api-reference/ticketing/users/users/#json-format
NOTES_ONLY = frozenset({1, 2, 3})
NOBODY = Person("", "")
Ask = Callable[[str], Mapping[str, Any]]


def tagged_by(audits: Iterable[Mapping[str, Any]], name: str, ask: Ask) -> tuple[Person, datetime | None]:
    """Returns who added this tag last and when, from a ticket's audits. `role` is "agent" only for one who may write to
    customers. A rule is NOBODY, even one that ran on an agent's update, for it runs on a customer's too; so is a mail: its sender
    can be forged."""
    by, at = NOBODY.id, None
    for audit in sorted(audits, key=lambda audit: words(audit.get("created_at"))):
        mailed = channel_of(audit) == "email"
        for event in mappings(audit.get("events")):
            if event.get("field_name") == "tags" and name in _added(event):
                by_nobody = mailed or by_machine(event) or by_machine(audit)
                by = NOBODY.id if by_nobody else number(audit.get("author_id")) or NOBODY.id
                at = moment(audit.get("created_at"))
    return (_person(mapping(ask(f"/users/{by}.json").get("user"))) if by else NOBODY), at


def _added(event: Mapping[str, Any]) -> frozenset[str]:
    return _tags(event.get("value")) - _tags(event.get("previous_value"))


def _person(user: Mapping[str, Any]) -> Person:
    found = shapes.person(user)
    if whole(user.get("role_type")) in NOTES_ONLY or user.get("only_private_comments") is True:
        return Person(found.id, found.name, suspended=found.suspended)
    return found


def _tags(value: object) -> frozenset[str]:
    """Returns the tags of a change: a list, or one text with blanks between them."""
    return frozenset(strings(value) if isinstance(value, list) else words(value).split())
