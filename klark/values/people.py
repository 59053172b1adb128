"""Who is on a ticket, and what follows from it."""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from typing import Any

from guardrails.pii.lexicon import COMMON_FAMILY, GIVEN, GIVEN_TOO
from guardrails.pii.mask import KINDS, Known, find
from guardrails.pii.spans import Span
from guardrails.text.words import fold
from integrations.helpdesks.base import Person, Ticket
from klark.values.own_comments import OwnComments

SHORTEST_FIELD = 4
IDENTIFIER = re.compile(r"(?=(?:.*\d){3})[\w./#-]{4,40}|\d[\d -]{2,30}\d")
"""Three digits or more in one word, or digits in groups."""
DATE_OR_AMOUNT = re.compile(
    r"(?:19|20)\d\d|(?:19|20)\d\d[-./]\d{1,2}(?:[-./]\d{1,2})?(?:[T ][\d:.+Z]{4,})?|\d{1,2}[-./]\d{1,2}[-./](?:\d\d){1,2}"
    r"|\d{1,3}(?:[ .,]\d{3})*(?:[.,]\d{1,2})? ?(?:€|\$|£|%|[A-Z]{3})?"
)
TELLING = frozenset(KINDS) - {"URL", "TEXT"}


def known(ticket: Ticket) -> tuple[Known, ...]:
    """Returns the names, addresses and personal field values on the ticket, which are masked wherever they occur."""
    people = [ticket.requester, *ticket.cc, *(comment.author for comment in ticket.comments)]
    return _known([(person.name, person.email) for person in people], ticket.custom_fields)


def known_on_record(ticket: Mapping[str, Any]) -> tuple[Known, ...]:
    """Returns the same of a ticket as a draft's record keeps it; () where none is kept."""
    authors = (comment.get("author") for comment in ticket.get("comments", []))
    people = [one for one in (ticket.get("requester"), *ticket.get("cc", []), *authors) if one]
    return _known([(one.get("name"), one.get("email")) for one in people], ticket.get("custom_fields") or {})


def _known(people: Iterable[tuple[str | None, str | None]], fields: Mapping[str, Any]) -> tuple[Known, ...]:
    pairs = list(people)
    names = [Known("NAME", name) for name, _ in pairs if name]
    emails = [Known("EMAIL", email) for _, email in pairs if email]
    values = (
        str(each) for value in fields.values() for each in (value if isinstance(value, list | tuple) else [value])
    )
    personal = [Known("FIELD", value) for value in values if is_personal(value)]
    return tuple(dict.fromkeys([*names, *emails, *personal]))


def is_personal(value: str) -> bool:
    """Returns whether a field's value is an identifier, or has a mail address, a phone number or a person's name in it;
    the name of a plan does not count."""
    value = value.strip()
    if len(value) < SHORTEST_FIELD or DATE_OR_AMOUNT.fullmatch(value):
        return False
    return IDENTIFIER.fullmatch(value) is not None or any(_tells(value, span) for span in find(value))


def _tells(value: str, span: Span) -> bool:
    """A name must be the whole value and have two words: plans are called "Max" and "Victoria" too."""
    if span.kind == "NAME":
        return span.width == len(value) and " " in value
    return span.kind in TELLING


def known_to(ticket: Ticket, parent: Ticket | None) -> tuple[Known, ...]:
    """Returns the people on the ticket and on the one it follows up. Those on another requester's ticket are masked,
    and never named in a reply."""
    before = known(parent) if parent else ()
    told = parent is None or same_requester(ticket, parent)
    return (*known(ticket), *(replace(each, returns=told) for each in before))


def same_requester(ticket: Ticket, parent: Ticket) -> bool:
    """Returns whether the one who wrote here asked there, by the helpdesk's id: a name or a subject may be anybody's."""
    last, asked = ticket.last_from_customer(), parent.requester.id
    writes = last.author.id if last else ticket.requester.id
    return bool(asked) and asked == ticket.requester.id == writes


def excluded_among(people: Iterable[Person], senders: Collection[str]) -> str:
    """Returns the first address or domain of these people that is in the policy's `excluded_senders`, or ""."""
    excluded = {each.lower() for each in senders}
    return next((each for person in people for each in _written_as(person.email.lower()) if each in excluded), "")


def excluded_in_copy(ticket: Ticket, senders: Collection[str]) -> bool:
    """Returns whether a public reply would reach somebody whom `excluded_senders` names, or may name: one in copy whose
    address the helpdesk does not show."""
    return bool(senders) and (not all(each.email for each in ticket.cc) or bool(excluded_among(ticket.cc, senders)))


def _written_as(email: str) -> tuple[str, str, str]:
    """Returns an address and its domain in the ways that a policy may name them."""
    domain = email.rpartition("@")[2]
    return email, f"@{domain}", domain


def turn_of(ticket: Ticket) -> str:
    """Returns the id of the customer's last comment, by which a draft is unique; "" without one."""
    last = ticket.last_from_customer()
    return last.id if last else ""


def led_by_person(ticket: Ticket, own: OwnComments) -> bool:
    """Returns whether an agent is assigned, has answered, or left a note on what the customer wrote last."""
    if ticket.assignee_id and ticket.assignee_id not in own.own_ids:
        return True
    turn = ticket.last_from_customer()
    after = ticket.comments.index(turn) if turn else 0
    return any(
        not comment.from_customer and not comment.automatic and not own.wrote(comment)
        for place, comment in enumerate(ticket.comments)
        if comment.public or place > after
    )


def first_name(person: Person) -> str:
    """Returns the name to greet someone by, or "": a word that is known as a first name, in the place of one. "DUPONT
    Marie" is Marie; a company, a title or a family name alone is nobody's first name."""
    words = person.name.split()
    if not words or not all(word.replace("-", "").replace("'", "").isalpha() for word in words):
        return ""
    family_first = len(words) > 1 and words[0].isupper() and not words[1].isupper()
    word = words[1] if family_first else words[0]
    alone = len(words) == 1 and fold(word) in COMMON_FAMILY
    return word.title() if _given(word) and not alone else ""


def _given(word: str) -> bool:
    return all(part in GIVEN or part in GIVEN_TOO for part in fold(word).split("-"))
