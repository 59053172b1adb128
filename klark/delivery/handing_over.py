"""Handing a ticket whose draft waits to a person: by a reviewer's word, or because nobody gave one in time."""

from datetime import datetime, timedelta
from typing import Any

from django.db.models import Max, OuterRef, Subquery
from django.db.models.functions import Greatest, Now
from django.utils import timezone

from klark.delivery.draft_notes import note_on_draft
from klark.delivery.ticket_changes import changes_with
from klark.models import Delivery, Outcome, Stop, policy_in_force, rules_of, within
from klark.models.delivery import HANDED_OVER, move, no_longer_waits, tell
from klark.models.tenant import all_tenant_ids
from klark.runtime.per_tenant import tried
from klark.values.policy.office_hours import open_since, open_until
from klark.values.policy.rules import Rules

WAITING = Delivery.State.WAITING
COUNTS_FROM = Greatest(
    "created_at",
    Subquery(Stop.objects.filter(tenant=OuterRef("tenant")).values("tenant").values(last=Max("released_at"))),
)
"""Since when a delivery that waits may be handed over: what was stopped meanwhile has the whole time from its release on."""


def leave_note(row: Delivery, happened: str, rules: Rules, by: str, why: str) -> None:
    """Makes a handover note on a delivery's draft due, with the policy's tags and group; it is retired if a person answers
    first. `happened`: see draft_notes.HAPPENED; `by`: a login name. Call inside `within(tenant_id)`."""
    words = note_on_draft(row, happened, rules.language, by, why)
    note = Delivery.objects.create(
        tenant_id=row.tenant_id, connection=row.connection, ticket_id=row.ticket_id, draft=row.draft,
        kind=Delivery.Kind.HANDOVER, html=words.html, text=words.text, seen=row.seen, assignee_seen=row.assignee_seen,
        **changes_with(Delivery.Kind.HANDOVER, rules),
    )  # fmt: skip
    tell(note, HANDED_OVER[note.kind], reason=happened)


def hand_over_late() -> None:
    """Hands over each ticket whose draft has waited for longer than its tenant's policy says."""
    for tenant_id in all_tenant_ids():
        tried("handing over late drafts failed", _hand_over_late, tenant_id)


def _hand_over_late(tenant_id: int) -> None:
    with within(tenant_id):
        rules = rules_of(policy_in_force(tenant_id))
        worked = timedelta(hours=rules.waiting_hours)
        since = open_since(rules.office_hours, rules.time_zone, timezone.now(), worked)
        if Stop.of(tenant_id).filter(released_at__gt=since).exists():  # people could not work the queue off meanwhile
            return
        rows = Delivery.of(tenant_id).filter(~Delivery.stopped(), state=WAITING, created_at__lt=since)
        late = rows.select_related("draft", "connection")
        for row in late.order_by("pk") if rules.waiting_hours else ():
            if move(row.pk, tenant_id, (WAITING,), Delivery.State.RETIRED, ended_at=Now()):
                _handed_over(row, rules)


def hands_over_at(row: Any, rules: Rules) -> datetime | None:
    """Returns when a delivery that waits is handed over by itself, as things stand; None if it never is. `row` is annotated with
    `counts_from`, which is COUNTS_FROM."""
    if not rules.waiting_hours:
        return None
    return open_until(rules.office_hours, rules.time_zone, row.counts_from, timedelta(hours=rules.waiting_hours))


def _handed_over(row: Delivery, rules: Rules) -> None:
    hours = str(rules.waiting_hours)
    Outcome.objects.create(
        tenant_id=row.tenant_id, draft=row.draft, kind=Outcome.Kind.ESCALATED, by="klark", reason=f"> {hours} h"
    )
    no_longer_waits(row)
    leave_note(row, "waited", rules, "klark", hours)
