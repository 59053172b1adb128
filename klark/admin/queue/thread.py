"""Reads the thread that a draft answers from the draft's record."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _

Recorded = Mapping[str, Any]
SIDES: Mapping[str, Any] = {"customer": _("customer"), "agent": _("agent"), "machine": _("automatic")}


@dataclass(frozen=True, slots=True)
class Entry:
    """One comment of the thread. `side` is customer, agent or machine; `turn` marks the one that the draft answers."""

    who: str
    side: str
    role: Any
    public: bool
    at: datetime | None
    text: str
    attachments: tuple[str, ...]
    turn: bool


def thread_of(ticket: Recorded) -> tuple[Entry, ...]:
    """Returns the comments of a recorded ticket, the oldest first."""
    comments = ticket.get("comments", [])
    turns = [each["id"] for each in comments if each["from_customer"] and each["public"]]
    return tuple(_entry(each, each["id"] in turns[-1:]) for each in comments)


def _entry(comment: Recorded, turn: bool) -> Entry:
    person = "customer" if comment["from_customer"] else "agent"
    side = "machine" if comment.get("automatic") or comment.get("marker") else person
    return Entry(
        who=named(comment["author"]),
        side=side,
        role=SIDES[side],
        public=comment["public"],
        at=parse_datetime(comment["created_at"] or ""),
        text=comment["body_text"].strip(),
        attachments=tuple(comment.get("attachments") or ()),
        turn=turn,
    )


def named(person: Recorded) -> str:
    """Returns what a recorded person is called: by name, else by address, else by the helpdesk's id."""
    return str(person["name"] or person["email"] or person["id"])
