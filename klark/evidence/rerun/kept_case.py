"""Builds again, from what a run recorded, what its decision depended on."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from django.db.models import F

from guardrails.base import Finding, Level, Verdict
from integrations.helpdesks.base import Ticket
from klark.models import Decision, WebhookEvent
from klark.models.event import CORRECTION
from klark.values.decision import Case, Decided, Kind
from klark.values.policy.rules import Rules
from klark.values.reasons import Reason
from klark.values.revived import revived
from klark.values.triage import Triage

Recorded = Mapping[str, Any]
NOT_KEPT = frozenset({"triage", "rules", "verdict", "budget_spent", "signs", "stopped_topics", "rungs"})
"""The parts of a case that its record does not hold by their own names, or not at all."""
PARTS = tuple(each.name for each in fields(Case) if each.name not in NOT_KEPT)
COLUMNS = (
    "kind", "reason", "words", "ticket_id", "connection_id", "decided_at", "policy_id", "draft_id", "draft__subject",
    "draft__findings", "event__kind", "event__key",
)  # fmt: skip
RECORDED = ("ticket", "triage", "case", "budget_spent", "second_reader")


@dataclass(frozen=True, slots=True)
class Kept:
    """A ticket's recorded decision (outside the roll-out: the one that would have been), and what it depended on. `case` has
    klark's default rules: put others in. `was_read_again`: whether a second reader was asked; `asked_for`: whether a person asked
    for the draft, which no roll-out leaves out."""

    draft_id: int
    ticket: Ticket
    subject: str
    at: datetime
    policy_id: int | None
    decided: Decided
    case: Case
    was_read_again: bool
    connection_id: UUID
    asked_for: bool


def newest_decisions(tenant_id: int, most: int) -> list[dict[str, Any]]:
    """Returns the rows of the tenant's last decisions that led to a draft or a handover, newest first; none of a correction,
    which was made of an answer and not of a ticket. Prompts, completions and passages are left in the database."""
    rows = Decision.of(tenant_id).filter(draft__live=True).exclude(event__kind=CORRECTION).order_by("-decided_at")
    recorded = {name: F(f"draft__record__{name}") for name in RECORDED}
    return list(rows.values(*COLUMNS, **recorded)[:most])


def kept_of(row: Recorded) -> Kept | None:
    """Returns what one of these rows holds; None if it holds too little, or in another shape: an older klark wrote it, or it was
    erased."""
    try:
        ticket, seen = revived(Ticket, row["ticket"]), revived(Triage, row["triage"])
        verdict = Verdict(tuple(_finding(each) for each in row["draft__findings"]), ())
        parts = {name: row["case"][name] for name in PARTS if name in row["case"]}
        case = Case(seen, Rules(), verdict=verdict, budget_spent=bool(row["budget_spent"]), **parts)
        decided = _decided(row["kind"], row["reason"], row["words"])
    except (AttributeError, KeyError, TypeError, ValueError):
        return None
    return Kept(
        row["draft_id"], ticket, row["draft__subject"], row["decided_at"], row["policy_id"], decided, case,
        bool(row["second_reader"]), row["connection_id"], WebhookEvent(kind=row["event__kind"], key=row["event__key"]).asked_for,
    )  # fmt: skip


def _decided(kind: Kind, reason: str, words: str) -> Decided:
    if reason == Reason.OUTSIDE_ROLLOUT:
        _field, would, why = words.split(" ")
        return Decided(cast("Kind", would), Reason(why))
    return Decided(kind, Reason(reason))


def _finding(kept: Recorded) -> Finding:
    return Finding(**{**kept, "level": Level[kept["level"]]})
