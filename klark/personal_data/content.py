"""Which columns hold what people wrote or lead to one of them. Emptied of these, a row is a number: it still counts, and
still says that a turn was answered, so that nothing is written twice."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from django.db.models import QuerySet
from django.db.models.functions import Now

from klark.models import (
    Aftermath,
    BacktestedTicket,
    Decision,
    Delivery,
    Draft,
    KeptCompletion,
    Outcome,
    Owned,
    PastTicket,
    Recall,
    RegressionResult,
    WebhookEvent,
)
from klark.models.audit.record import forget_details
from klark.models.delivery import tag_anew

CONTENT: Mapping[type[Owned], tuple[str, ...]] = {
    WebhookEvent: ("raw", "kind", "instruction", "trouble"),
    Decision: ("words", "requester_id", "record"),
    Draft: ("subject", "requester", "mood", "reply_text", "sentences", "findings", "record", "instruction"),
    Delivery: ("html", "text", "tags", "group_id", "changes", "readers_seen", "trouble"),
    Outcome: ("reason", "text"),
    Aftermath: ("satisfaction",),
    KeptCompletion: ("content", "raw"),
    BacktestedTicket: ("found",),
    RegressionResult: ("found",),
    PastTicket: (
        "requester_id", "requester_email", "subject", "asked", "answered", "masked_asked", "masked_answered", "stems",
    ),
}  # fmt: skip
"""The columns of each table of tickets."""
DELETED = "What it said was deleted, because its time was over or because somebody asked for it."
STATE = Delivery.State
Counts = Counter[type[Owned]]
"""How many rows of each table were emptied or deleted."""


def filled(rows: QuerySet[Any]) -> QuerySet[Any]:
    """Returns those of the rows that have any content. That it was deleted is none."""
    empty = _empty(rows)
    told = {**empty, "trouble": DELETED} if "trouble" in empty else empty
    return rows.exclude(**empty).exclude(**told)


def blank(rows: QuerySet[Any]) -> int:
    """Empties the rows of their content; returns how many had any."""
    return filled(rows).update(**_empty(rows))


def blank_drafts(drafts: QuerySet[Draft]) -> Counts:
    """Empties drafts with all that hangs on them, and stops the deliveries that were not sent yet.

    What the audit chain keeps of acts on them goes too; the chain stays whole. A delivery that may have reached the ticket is
    left to a person to look for.
    """
    keys = list(drafts.values_list("pk", flat=True))
    deliveries = Delivery.objects.filter(draft__in=keys)
    counts = Counts({Delivery: blank(deliveries)})
    counts[Outcome] = blank(Outcome.objects.filter(draft__in=keys))
    counts[Aftermath] = blank(Aftermath.objects.filter(draft__in=keys))
    counts[Decision] = blank(Decision.objects.filter(draft__in=keys))
    counts[Draft] = blank(Draft.objects.filter(pk__in=keys))  # waits for a run that is keeping a result of one
    counts[RegressionResult] = blank(RegressionResult.objects.filter(draft__in=keys))
    Recall.objects.filter(draft__in=keys).delete()
    forget_details(Draft, keys)
    forget_details(Delivery, deliveries.values_list("pk", flat=True))
    stopped = unsent(deliveries.exclude(kind=Delivery.Kind.TAG))
    waiting = list(stopped.filter(state=STATE.WAITING))
    stopped.filter(sending_at=None).update(state=STATE.RETIRED, ended_at=Now(), trouble=DELETED, asked="")
    stopped.exclude(sending_at=None).update(state=STATE.PARKED, ended_at=Now(), trouble=DELETED)
    for row in waiting:
        tag_anew(row)
    return counts


def unsent(deliveries: QuerySet[Delivery]) -> QuerySet[Delivery]:
    """Returns those deliveries that are still to be written, or may have been written unseen."""
    return deliveries.exclude(state__in=(STATE.SENT, STATE.RETIRED))


def _empty(rows: QuerySet[Any]) -> dict[str, Any]:
    return {name: rows.model._meta.get_field(name).get_default() for name in CONTENT[rows.model]}
