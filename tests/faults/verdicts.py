"""The rules of the referee: pure functions of what stands on a ticket, what was acknowledged, and how klark says it ended.

They follow from the promises alone, and know nothing of how klark keeps them.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from tests.faults.stage.shop import COUNTRIES, NAMES, OFFSETS, UNFOUNDED, fee

Row = Mapping[str, Any]
PEOPLE = ("customer", "third_party")
ENDED = ("solved", "closed", "deleted")
ECHOES = ("klark's own comment", "this comment has been dealt with")
"""Reasons that end an event, but say that something else has dealt with the customer."""
OPEN = ("due", "sending")
FEE = re.compile(r"\b(\d+) euros")
KINDS = (
    "lost", "doubled", "over_a_human", "while_watching", "while_stopped", "against_policy", "mixed_up", "other_tenant",
    "without_source", "looped", "given_up", "forged", "unmasked",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Case:
    """A ticket, and what was agreed on it.

    `account` names the connection; `name` is the customer's; `may` is the most that klark is allowed; `silent` says why
    nothing may be written at all yet; `restored`: the database was put back meanwhile, and its events with it;
    `caught_up`: klark has read the helpdesk's changes since; `must`: only what passes by itself stood in the way, so that klark
    has to answer, with a public reply unless it may leave a note only; `most`: how often klark may write at all, 0 for no bound.
    """

    account: str
    ticket: int
    tenant: str
    name: str
    may: Literal["reply", "note", "nothing"] = "reply"
    silent: Literal["", "watching", "stopped"] = ""
    restored: bool = False
    caught_up: bool = False
    must: bool = False
    most: int = 0


@dataclass(frozen=True, slots=True)
class Seen:
    """What the record has of one ticket: as it stands, its webhooks and writes, and klark's rows: events, decisions
    (newest first) and deliveries."""

    stored: Row
    webhooks: Sequence[Row] = ()
    writes: Sequence[Row] = ()
    events: Sequence[Row] = ()
    decisions: Sequence[Row] = ()
    deliveries: Sequence[Row] = ()

    @property
    def comments(self) -> Sequence[Row]:
        """All comments, oldest first."""
        return list(self.stored["comments"])

    @property
    def by_klark(self) -> Sequence[Row]:
        """What klark said."""
        return [comment for comment in self.comments if comment["by"] == "klark"]

    @property
    def turn(self) -> int:
        """The number of the customer's last public comment; 0 if there is none."""
        return max((c["n"] for c in self.comments if c["public"] and c["by"] in PEOPLE), default=0)

    @property
    def acknowledged(self) -> Sequence[Row]:
        """The webhooks that klark's door took."""
        return [one for one in self.webhooks if any(200 <= (a["status"] or 0) < 300 for a in one["attempts"])]

    @property
    def parked(self) -> Sequence[Row]:
        """What waits for a person."""
        return [row for row in (*self.events, *self.deliveries) if row["state"] == "parked"]


@dataclass(frozen=True, slots=True)
class Finding:
    """A promise that was broken."""

    kind: str
    ticket: str
    why: str


@dataclass(slots=True)
class Judgement:
    """What came of some tickets."""

    findings: list[Finding] = field(default_factory=list)
    parked: int = 0
    tickets: int = 0


def judged(case: Case, seen: Seen) -> list[Finding]:
    """Returns every promise that was broken on one ticket."""
    broken = (
        *(("lost", why) for why in lost(case, seen)),
        *(("doubled", why) for why in doubled(seen)),
        *(("over_a_human", why) for why in over_a_human(seen)),
        *silence(case, seen),
        *words(case, seen),
    )
    return [Finding(kind, f"{case.account} {case.ticket}", why) for kind, why in broken]


def lost(case: Case, seen: Seen) -> Iterator[str]:
    """Yields why an acknowledged ticket has no end."""
    keys = {one["event_id"] for one in seen.acknowledged} - {""}
    if seen.acknowledged and not case.restored and len(keys) > len(seen.events):
        yield f"{len(keys)} events were acknowledged, and klark has {len(seen.events)}"
    if case.silent == "stopped" or not (seen.acknowledged or case.caught_up):
        return
    for row in (*seen.events, *seen.deliveries):
        if row["state"] in OPEN:
            yield f"still {row['state']}"
        if row["state"] in ("parked", "retired") and row["trouble"] in ("", "—"):
            yield f"{row['state']} without a reason"
    if not seen.decisions and not any(row["state"] == "parked" for row in seen.events):
        yield "neither decided nor parked"
    elif not answered(case, seen):
        yield f"the customer has the last word, and klark ended with: {reasons(seen)}"
    sent = [row for row in seen.deliveries if row["state"] == "sent" and row["kind"] != "tag alone"]
    if len(sent) > len(seen.by_klark):
        yield f"klark says that it wrote {len(sent)} times, and {len(seen.by_klark)} stand there"


def reasons(seen: Seen) -> str:
    """Returns why klark ended as it did, newest first."""
    return ", ".join(row["reason"] for row in seen.decisions[:3]) or "nothing"


def answered(case: Case, seen: Seen) -> bool:
    """Returns whether the customer's last word was dealt with: by klark, by a person, or by a next step for a person."""
    ticket = seen.stored
    after = any(c["n"] > seen.turn and c["by"] in ("klark", "agent") for c in seen.comments)
    over = ticket["assigned_n"] > seen.turn or ticket["status"] in ENDED or ticket["deleted"] or ticket["merged_into"]
    waits = any(row["state"] in ("waiting for a person", "parked") for row in (*seen.deliveries, *seen.events))
    last = seen.decisions[0] if seen.decisions else {"reason": "", "kind": ""}
    skipped = last["kind"] == "SKIP" and last["reason"] not in ECHOES
    return after or bool(over) or waits or skipped or case.silent == "watching"


def doubled(seen: Seen) -> Iterator[str]:
    """Yields what klark said twice to one turn of the customer's: the same words, or two replies with the same answer. (A
    reply may land just behind a comment that it does not answer, where a helpdesk has no conditional write.)"""
    said: set[tuple[object, ...]] = set()
    turn = 0
    for comment in seen.comments:
        if comment["by"] in PEOPLE and comment["public"]:
            turn = comment["n"]
        elif comment["by"] == "klark":
            told = {(turn, comment["public"], plain(comment["text"]))}
            told |= {(turn, fee) for fee in FEE.findall(comment["text"]) if comment["public"]}
            if told & said:
                yield f"{'reply' if comment['public'] else 'note'} twice: {plain(comment['text'])[:60]}"
            said |= told


def plain(text: str) -> str:
    """Returns a text without what differs between two of the same."""
    return " ".join(text.split()).casefold()


def over_a_human(seen: Seen) -> Iterator[str]:
    """Yields each public reply after which a person had answered or taken the ticket, and the customer not written since."""
    for comment in seen.comments:
        if comment["by"] != "klark" or not comment["public"]:
            continue
        before = [c for c in seen.comments if c["n"] < comment["n"]]
        turn = max((c["n"] for c in before if c["public"] and c["by"] in PEOPLE), default=0)
        person = max((c["n"] for c in before if c["by"] == "agent"), default=0)
        taken = seen.stored["assigned_n"] if seen.stored["assigned_n"] < comment["n"] else 0
        if max(person, taken) > turn:
            yield f"a reply at {comment['n']} after a person's act at {max(person, taken)}"


def silence(case: Case, seen: Seen) -> Iterator[tuple[str, str]]:
    """Yields each write where none may be, and each reply where only a note may."""
    if case.silent and seen.writes:
        yield f"while_{case.silent}", f"{seen.writes[0]['method']} {seen.writes[0]['path']}"
    if case.may == "nothing" and seen.by_klark:
        yield "looped", seen.by_klark[0]["text"][:80]
    if case.most and len(seen.by_klark) > case.most:
        yield "looped", f"{len(seen.by_klark)} comments, and {case.most} are allowed"
    if case.must and not any(comment["public"] or case.may == "note" for comment in seen.by_klark):
        yield "given_up", f"{len(seen.by_klark)} notes and no reply stand there: {reasons(seen)}"
    if case.may == "note" and any(comment["public"] for comment in seen.by_klark):
        yield "against_policy", "a public reply where the policy wants a note"


def words(case: Case, seen: Seen) -> Iterator[tuple[str, str]]:
    """Yields what is wrong with klark's words: another ticket's, another tenant's, or nobody's."""
    theirs = {tenant: {fee(tenant, country) for country in COUNTRIES} for tenant in OFFSETS}
    for comment in seen.by_klark:
        text = comment["text"]
        found = {f"{number} euros" for number in FEE.findall(text)}
        for tenant, fees in theirs.items():
            if tenant != case.tenant and found & fees:
                yield "other_tenant", f"{min(found & fees)} is {tenant}'s"
        strangers = [name for name in NAMES if name != case.name and re.search(rf"\b{name}\b", text)]
        if strangers:
            yield "mixed_up", f"{case.name}'s ticket speaks of {strangers[0]}"
        if comment["public"] and UNFOUNDED in text:
            yield "without_source", UNFOUNDED
        asked = countries_before(seen, comment["n"])
        if comment["public"] and asked and not found & {fee(case.tenant, country) for country in asked}:
            yield "mixed_up", f"asked about {', '.join(asked)}, answered {text[:80]!r}"


def countries_before(seen: Seen, number: int) -> list[str]:
    """Returns the countries that the customer had asked about before a comment."""
    asked = " ".join(c["text"] for c in seen.comments if c["n"] < number and c["by"] in PEOPLE and c["public"])
    return [country for country in COUNTRIES if country in asked]
