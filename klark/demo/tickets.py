"""Reads the script's tickets: what a customer writes, what else happens on the ticket, and what klark should do with it."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

DECISIONS = ("SKIP", "ESCALATE", "WAIT", "NOTE", "REPLY")
Do = Literal[
    "webhook_times", "hold_and_release_reversed", "agent_replies", "customer_writes_again", "fault", "own_comment_back",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class ScriptPerson:
    """A customer, or someone in copy."""

    name: str
    email: str


@dataclass(frozen=True, slots=True)
class ScriptEntry:
    """One comment on the ticket from before its `body_html`. `author` is "customer" or "agent"."""

    author: str
    public: bool
    body_html: str


@dataclass(frozen=True, slots=True)
class ScriptEvent:
    """Something that happens while klark works.

    webhook_times              the ticket's webhook is delivered `times` times
    hold_and_release_reversed  the ticket's webhooks are held until the events listed after this one have happened, then
                               delivered last one first
    agent_replies              an agent writes `body` (HTML) in public, while klark is drafting or after it has ended
    customer_writes_again      the customer writes `body` (HTML), at the same moments
    fault                      the next request of that sort (`on` "read" or "write") meets "429", a "delay" beyond klark's
                               timeout, or a "drop": it is applied, and the response is lost. Faults queue in order.
    own_comment_back           the webhook for klark's own comment is delivered
    """

    do: Do
    times: int = 1
    when: str = ""
    body: str = ""
    kind: str = ""
    on: str = ""


@dataclass(frozen=True, slots=True)
class Expect:
    """How the ticket should end.

    decisions         klark's final decisions, one per turn, in order: a draft replaced because the customer wrote again does
                      not count, one retired because an agent wrote counts as SKIP, overtaken
    reasons           one for each decision, from klark's closed list
    must_contain      texts that the last reply, note or waiting draft contains verbatim
    must_not_contain  texts that it does not contain
    language          the language of that text; "" if there is none
    replies           the number of klark's public replies on the ticket at its end
    category          the sensitive topic; "" if there is none
    """

    decisions: tuple[str, ...]
    reasons: tuple[str, ...]
    must_contain: tuple[str, ...]
    must_not_contain: tuple[str, ...]
    language: str
    replies: int
    category: str


@dataclass(frozen=True, slots=True)
class ScriptTicket:
    """One ticket. `answered_by` are the subjects of the articles that contain its answer; `assignee` is an agent's e-mail
    address; `status` is the ticket's when klark first reads it; `opened_by` is "customer" or "agent"."""

    id: str
    shows: tuple[str, ...]
    desk: str
    topic: str
    requester: ScriptPerson
    subject: str
    body_html: str
    expect: Expect
    answered_by: tuple[str, ...] = ()
    cc: tuple[ScriptPerson, ...] = ()
    history: tuple[ScriptEntry, ...] = ()
    channel: str = "email"
    status: str = "new"
    tags: tuple[str, ...] = ()
    headers: tuple[tuple[str, str], ...] = ()
    assignee: str = ""
    opened_by: str = "customer"
    events: tuple[ScriptEvent, ...] = ()


def read_tickets(folder: Path) -> tuple[ScriptTicket, ...]:
    """Returns every ticket of a folder's JSON files, in order of file names and then as listed."""
    lists = (json.loads(path.read_text(encoding="utf-8")) for path in sorted(folder.glob("*.json")))
    return tuple(read_ticket(raw) for tickets in lists for raw in tickets)


def read_ticket(raw: Mapping[str, Any]) -> ScriptTicket:
    """Reads one ticket, an object with the names of `ScriptTicket`. Raises TypeError for another name."""
    told: dict[str, Any] = {key: tuple(value) if isinstance(value, list) else value for key, value in raw.items()}
    return ScriptTicket(**told | {
        "requester": ScriptPerson(**raw["requester"]),
        "cc": tuple(ScriptPerson(**one) for one in raw.get("cc", ())),
        "history": tuple(ScriptEntry(**one) for one in raw.get("history", ())),
        "headers": tuple(raw.get("headers", {}).items()),
        "events": tuple(ScriptEvent(**one) for one in raw.get("events", ())),
        "expect": read_expect(**raw["expect"]),
    })  # fmt: skip


def read_expect(
    decision: str | list[str],
    reason: str | list[str],
    must_contain: Sequence[str] = (),
    must_not_contain: Sequence[str] = (),
    language: str = "",
    replies: int | None = None,
    category: str = "",
) -> Expect:
    """Reads how a ticket should end. `decision` and `reason` are one word, or a list with one for each turn."""
    decisions, reasons = (tuple([told] if isinstance(told, str) else told) for told in (decision, reason))
    written = decisions.count("REPLY") if replies is None else replies
    return Expect(decisions, reasons, tuple(must_contain), tuple(must_not_contain), language, written, category)
