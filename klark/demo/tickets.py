"""Reads the script's tickets: what a customer writes, what else happens on the ticket, and what klark should do with it."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from klark.demo.content import DESKS, ContentError, Shape, checked, complain, one_of, parsed, texts, unlike, written
from klark.values.reasons import Reason

DECISIONS = ("SKIP", "ESCALATE", "WAIT", "NOTE", "REPLY")
CHANNELS = ("email", "web", "api", "chat", "phone")
STATUSES = ("new", "open", "pending", "solved")
FAULTS = ("429", "delay", "drop")
CALLS = ("read", "write")
MOMENTS = ("drafting", "after")

REASONS = frozenset(reason.value for reason in Reason)

# The situations that the script must show, each at least once.
SHOWS = frozenset({
    "answerable", "look_alike", "partly_answerable", "unanswerable", "typos", "several_questions",
    "quotes_and_signature", "sensitive", "policy_off", "injection_in_body", "injection_in_quote",
    "hidden_instruction", "out_of_office", "bounce", "spam", "thanks_solved", "own_comment_back",
    "same_webhook_three_times", "webhooks_out_of_order", "agent_while_drafting", "customer_writes_again",
    "cc_third_party", "too_many_requests_then_timeout", "dropped_answer", "led_by_person", "human_wanted",
    "unsupported_language", "not_for_us", "emoji_only", "already_solved", "agent_opened", "identical_tickets", "follow_up",
})  # fmt: skip

# The events that may happen on a ticket, and the fields that each needs.
EVENTS: Mapping[str, Shape] = {
    "webhook_times": {"times": int},
    "hold_and_release_reversed": {},
    "agent_replies": {"when": str, "body": str},
    "customer_writes_again": {"when": str, "body": str},
    "fault": {"kind": str, "on": str},
    "own_comment_back": {},
}
PERSON: Shape = {"name": str, "email": str}
ENTRY: Shape = {"from": str, "public": bool, "body_html": str}
EXPECT: Shape = {"decision": str, "reason": str}
EXPECT_MORE: Shape = {"must_contain": list, "must_not_contain": list, "language": str, "replies": int, "category": str}
TICKET: Shape = {
    "id": str,
    "shows": list,
    "desk": str,
    "topic": str,
    "requester": dict,
    "subject": str,
    "body_html": str,
    "expect": dict,
}
TICKET_MORE: Shape = {
    "answered_by": list,
    "cc": list,
    "history": list,
    "channel": str,
    "status": str,
    "tags": list,
    "headers": dict,
    "assignee": str,
    "opened_by": str,
    "events": list,
}


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

    do: str
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
    """Returns every ticket of a folder's JSON files, in order of file names and then as listed. Raises ContentError."""
    found = tuple(ticket for path in sorted(folder.glob("*.json")) for ticket in read_script(path))
    unlike([ticket.id for ticket in found], folder.name)
    return found


def read_script(path: Path) -> list[ScriptTicket]:
    """Reads the tickets of one file, a JSON list. Raises ContentError."""
    raw = parsed(written(path), path.name)
    if not isinstance(raw, list):
        raise ContentError(f"{path.name}: is not a list of tickets")
    return [read_ticket(one, f"{path.name}, entry {number}") for number, one in enumerate(raw, start=1)]


def read_ticket(raw: object, where: str) -> ScriptTicket:
    """Reads one ticket. Raises ContentError; `where` says in its message where the ticket is. So do all functions below."""
    fields = checked(raw, where, TICKET, TICKET_MORE)
    where = f"ticket {fields['id']}"
    lists = {key: texts(fields.get(key, []), f"{where}, {key}") for key in ("shows", "answered_by", "tags")}
    people = tuple(read_person(one, where) for one in fields.get("cc", []))
    ready = {
        **lists,
        "cc": people,
        "requester": read_person(fields["requester"], where),
        "history": tuple(read_entry(one, where) for one in fields.get("history", [])),
        "headers": tuple(fields.get("headers", {}).items()),
        "events": tuple(read_event(one, where) for one in fields.get("events", [])),
        "expect": read_expect(fields["expect"], where),
    }
    return checked_ticket(ScriptTicket(**{**fields, **ready}), where)


def checked_ticket(ticket: ScriptTicket, where: str) -> ScriptTicket:
    """Returns the ticket if its helpdesk, channel, status and other fixed values are known ones."""
    one_of(ticket.desk, DESKS, where)
    one_of(ticket.channel, CHANNELS, where)
    one_of(ticket.status, STATUSES, where)
    one_of(ticket.opened_by, ("customer", "agent"), where)
    complain(where, "shows the unknown", sorted(set(ticket.shows) - SHOWS))
    return ticket


def read_person(raw: object, where: str) -> ScriptPerson:
    """Reads a requester or someone in copy."""
    return ScriptPerson(**checked(raw, f"{where}, person", PERSON))


def read_entry(raw: object, where: str) -> ScriptEntry:
    """Reads one entry of a ticket's history."""
    fields = checked(raw, f"{where}, history", ENTRY)
    one_of(fields["from"], ("customer", "agent"), f"{where}, history")
    return ScriptEntry(author=fields["from"], public=fields["public"], body_html=fields["body_html"])


def read_event(raw: object, where: str) -> ScriptEvent:
    """Reads one event, which must have exactly the fields that its kind needs."""
    do = raw.get("do", "") if isinstance(raw, dict) else ""
    one_of(do, tuple(EVENTS), f"{where}, event")
    event = ScriptEvent(**checked(raw, f"{where}, {do}", {"do": str, **EVENTS[do]}))
    one_of(event.when, (*MOMENTS, ""), f"{where}, {do}")
    one_of(event.kind, (*FAULTS, ""), f"{where}, {do}")
    one_of(event.on, (*CALLS, ""), f"{where}, {do}")
    return event


def read_expect(raw: object, where: str) -> Expect:
    """Reads how a ticket should end. `decision` and `reason` are one word, or a list with one for each turn."""
    where = f"{where}, expect"
    single = isinstance(raw, dict) and isinstance(raw.get("decision"), str)
    shape = EXPECT if single else dict.fromkeys(EXPECT, list)
    fields = checked(raw, where, shape, EXPECT_MORE)
    decisions, reasons = (texts([fields[key]] if single else fields[key], where) for key in EXPECT)
    complain(where, "does not know", sorted((set(decisions) - set(DECISIONS)) | (set(reasons) - REASONS)))
    if len(decisions) != len(reasons):
        raise ContentError(f"{where}: needs as many reasons as decisions")
    return Expect(
        decisions=decisions,
        reasons=reasons,
        must_contain=texts(fields.get("must_contain", []), where),
        must_not_contain=texts(fields.get("must_not_contain", []), where),
        language=fields.get("language", ""),
        replies=fields.get("replies", decisions.count("REPLY")),
        category=fields.get("category", ""),
    )
