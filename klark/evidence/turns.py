"""Reads what became of drafts from the rows that klark keeps. Call inside `within(tenant_id)`."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import F, QuerySet
from django.db.models.functions import Coalesce

from klark.evidence.outcomes import Turn
from klark.models import Delivery, Draft, Outcome, policy_in_force, rules_of
from klark.models.delivery import OPEN
from klark.models.event import CORRECTION
from klark.values.day_start import midnight

KIND, STATE = Delivery.Kind, Delivery.State
UNENDED = (*OPEN, STATE.SENDING, STATE.PARKED)
WEEKS = 13
AFTERMATH = ("agent_at", "agent_kept", "reopened_at", "is_over", "satisfaction", "read_at")


def turns_of(tenant_id: int, since: datetime, until: datetime) -> list[Turn]:
    """Returns the drafts that were made in this time, each with what became of it."""
    drafts = Draft.of(tenant_id).filter(created_at__gte=since, created_at__lt=until)
    return turns_among(tenant_id, drafts.exclude(turn__startswith=f"{CORRECTION}:"))  # nobody wrote what it answers


def turns_among(tenant_id: int, drafts: "QuerySet[Draft]") -> list[Turn]:
    """Returns these drafts of the tenant, the oldest first, each with what became of it."""
    zone = rules_of(policy_in_force(tenant_id)).time_zone
    written, acts, kept = _written(drafts), _acts(drafts), _edits(drafts)
    return [
        _turn(row, zone, written.get(row["pk"], {}), acts.get(row["pk"], frozenset()), kept) for row in _rows(drafts)
    ]


def last_weeks(tenant_id: int, now: datetime) -> tuple[datetime, datetime]:
    """Returns the beginning and end of the WEEKS up to now, of which the last is not over."""
    zone = rules_of(policy_in_force(tenant_id)).time_zone
    return monday(now, zone) - timedelta(weeks=WEEKS - 1), now


def monday(moment: datetime, zone: str) -> datetime:
    """Returns when the week of this moment began in a time zone."""
    there = midnight(moment, zone)
    first = there.date() - timedelta(days=there.weekday())
    return datetime(first.year, first.month, first.day, tzinfo=ZoneInfo(zone))


def _rows(drafts: "QuerySet[Draft]") -> "QuerySet[Draft, Any]":
    named = {name: F(f"aftermath__{name}") for name in AFTERMATH}
    return drafts.order_by("pk").values(
        "pk", "connection_id", "ticket_id", "customer_wrote_at", "created_at", "topic", "language", "live", "cost",
        desk=F("connection__helpdesk"), **named,
    )  # fmt: skip


def _written(drafts: "QuerySet[Draft]") -> dict[int, dict[str, Any]]:
    """Returns by draft what was written of it. `sent_at`: when the request left, or, where klark has forgotten it, when the reply
    was seen on the ticket."""
    found: dict[int, dict[str, Any]] = {}
    rows = Delivery.objects.filter(draft__in=drafts).exclude(kind=KIND.TAG)
    for draft, kind, state, at in rows.values_list("draft", "kind", "state", Coalesce("sending_at", "ended_at")):
        one = found.setdefault(draft, {})
        if state in UNENDED:
            one["is_open"] = True
        if state == STATE.SENT and kind == KIND.REPLY:
            one["sent_at"] = at
        if state == STATE.SENT and kind == KIND.HANDOVER:
            one["handover_sent"] = True
    return found


def _acts(drafts: "QuerySet[Draft]") -> dict[int, frozenset[str]]:
    found: dict[int, set[str]] = {}
    for draft, kind in Outcome.objects.filter(draft__in=drafts).values_list("draft", "kind"):
        found.setdefault(draft, set()).add(kind)
    return {draft: frozenset(kinds) for draft, kinds in found.items()}


def _edits(drafts: "QuerySet[Draft]") -> dict[int, float | None]:
    edits = Outcome.objects.filter(draft__in=drafts, kind=Outcome.Kind.EDITED).order_by("at", "pk")
    return dict(edits.values_list("draft", "kept"))


def _turn(
    row: Mapping[str, Any], zone: str, written: Mapping[str, Any], acts: frozenset[str], kept: Mapping[int, float | None]
) -> Turn:  # fmt: skip
    return Turn(
        row["pk"], (str(row["connection_id"]), row["ticket_id"]), row["customer_wrote_at"], row["created_at"],
        monday(row["created_at"], zone).date(), topic=row["topic"], language=row["language"], desk=row["desk"],
        live=row["live"], cost=row["cost"], acts=acts, edit_kept=kept.get(row["pk"]), **written,
        **{name: row[name] for name in AFTERMATH if row[name] is not None},
    )  # fmt: skip
