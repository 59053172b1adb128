"""Reads what became of drafts from the rows that klark keeps. Call inside `within(tenant_id)`."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Exists, F, Func, IntegerField, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce

from klark.evidence.outcomes import Turn
from klark.models import Correction, Delivery, Draft, Judgement, Outcome, Policy, policy_in_force
from klark.models.delivery import OPEN
from klark.models.event import CORRECTION
from klark.values.day_start import midnight

KIND, STATE = Delivery.Kind, Delivery.State
UNENDED = (*OPEN, STATE.SENDING, STATE.PARKED)
WEEKS = 13
AFTERMATH = ("agent_at", "agent_kept", "agent_verdict", "reopened_at", "is_over", "satisfaction", "read_at")
ANSWERING = ~Q(turn__startswith=f"{CORRECTION}:")
"""All drafts but corrections: nobody wrote what these answer."""


def turns_of(tenant_id: int, since: datetime, until: datetime, zone: str = "") -> list[Turn]:
    """Returns the drafts that were made in this time, each with what became of it. `zone`: the policy's, where it is known."""
    return read_turns(tenant_id, answering(tenant_id).filter(created_at__gte=since, created_at__lt=until), zone)


def answering(tenant_id: int) -> "QuerySet[Draft]":
    """Returns the tenant's drafts but for corrections."""
    return Draft.of(tenant_id).filter(ANSWERING)


def read_turns(tenant_id: int, drafts: "QuerySet[Draft]", zone: str = "") -> list[Turn]:
    """Returns each of the drafts with what became of it, in their order of making."""
    there = ZoneInfo(zone or _time_zone(tenant_id))
    written, done = _written(drafts), _done(drafts)
    return [_turn(row, there, written.get(row["pk"], {}), done.get(row["pk"], {})) for row in _rows(drafts)]


def last_weeks(tenant_id: int, now: datetime) -> tuple[datetime, datetime]:
    """Returns the beginning and end of the WEEKS up to now, of which the last is not over."""
    zone = _time_zone(tenant_id)
    return monday(now, zone) - timedelta(weeks=WEEKS - 1), now


def _time_zone(tenant_id: int) -> str:
    """Returns the policy's time zone, without its rules: the topics' modes in them cost a query."""
    return (policy_in_force(tenant_id) or Policy()).time_zone


def monday(moment: datetime, zone: str) -> datetime:
    """Returns when the week of this moment began in a time zone."""
    there = midnight(moment, zone)
    first = there.date() - timedelta(days=there.weekday())
    return datetime(first.year, first.month, first.day, tzinfo=ZoneInfo(zone))


def _rows(drafts: "QuerySet[Draft]") -> "QuerySet[Draft, Any]":
    named = {name: F(f"aftermath__{name}") for name in AFTERMATH}
    same = {name: OuterRef(name) for name in ("connection", "ticket_id", "aftermath__agent_at")}
    later = Draft.objects.filter(ANSWERING, live=True, created_at__gt=OuterRef("created_at"), **same)
    return drafts.order_by("pk").values(
        "pk", "connection_id", "ticket_id", "customer_wrote_at", "created_at", "topic", "language", "live", "cost",
        desk=F("connection__helpdesk"), is_later=Exists(later), **named,
    )  # fmt: skip


def _written(drafts: "QuerySet[Draft]") -> dict[int, dict[str, Any]]:
    """Returns by draft what was written of it. `sent_at`: when the request left, or, where klark has forgotten it, when the reply
    was seen on the ticket."""
    found: dict[int, dict[str, Any]] = {}
    rows = Delivery.objects.filter(draft__in=drafts, adds=False).exclude(kind=KIND.TAG)
    for draft, kind, state, at in rows.values_list("draft", "kind", "state", Coalesce("sending_at", "ended_at")):
        one = found.setdefault(draft, {})
        if state in UNENDED:
            one["is_open"] = True
        if state == STATE.SENT and kind == KIND.REPLY:
            one["sent_at"] = at
        if state == STATE.SENT and kind == KIND.HANDOVER:
            one["handover_sent"] = True
    return found


def _done(drafts: "QuerySet[Draft]") -> dict[int, dict[str, Any]]:
    """Returns by draft what people did with it and said of its ticket; where they edited it, how much they kept, and of a reply
    that an audit drew, whether its sentences held."""
    found: dict[int, dict[str, Any]] = {}
    rows = Outcome.objects.filter(draft__in=drafts).order_by("at", "pk")
    columns = ("draft", "kind", "kept", "verdict", "values_changed", "sentences_kept", "sentences")
    for draft, kind, kept, verdict, values, held, of in rows.values_list(*columns):
        one = found.setdefault(draft, {"acts": set()})
        one["acts"].add(kind)
        if kind == Outcome.Kind.EDITED:
            one |= {"edit_kept": kept, "edit_verdict": verdict, "values_changed": values}
        if of:
            one["checked"] = (held, of)
    for draft, verdict, of in _audits(drafts):
        if of:
            found.setdefault(draft, {"acts": set()})["checked"] = (of if verdict == Judgement.Verdict.RIGHT else 0, of)
    for draft, *said in Correction.objects.filter(draft__in=drafts).values_list("draft", "what", "was", "now"):
        found.setdefault(draft, {"acts": set()}).setdefault("said", set()).add(tuple(said))
    return {draft: {**one, **{name: frozenset(one[name]) for name in ("acts", "said") if name in one}}
            for draft, one in found.items()}  # fmt: skip


def _audits(drafts: "QuerySet[Draft]") -> "QuerySet[Judgement, Any]":
    """Returns draft, verdict and number of sentences of the replies that the lot drew and somebody judged."""
    count = Func(F("draft__sentences"), function="jsonb_array_length", output_field=IntegerField())
    drawn = Judgement.objects.filter(draft__in=drafts, via=Judgement.Via.AUDIT, drawn=True).exclude(verdict="")
    return drawn.values_list("draft", "verdict", count)


def _turn(row: Mapping[str, Any], zone: ZoneInfo, written: Mapping[str, Any], done: Mapping[str, Any]) -> Turn:
    day = row["created_at"].astimezone(zone).date()
    return Turn(
        row["pk"], (str(row["connection_id"]), row["ticket_id"]), row["customer_wrote_at"], row["created_at"],
        day - timedelta(days=day.weekday()), topic=row["topic"], language=row["language"], desk=row["desk"],
        live=row["live"], cost=row["cost"], is_later=row["is_later"], **written, **done,
        **{name: row[name] for name in AFTERMATH if row[name] is not None},
    )  # fmt: skip
