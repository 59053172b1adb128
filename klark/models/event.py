"""The inbox: one row for every event that a helpdesk told, or that a catch-up read found."""

import hashlib
from datetime import datetime

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from integrations.helpdesks.base import TicketEvent
from klark.models.connection import Connection
from klark.models.work import Work
from klark.values.text import clip

MOST_KEY = 200
REGENERATE = "regenerate"  # the kind of an event that a reviewer made


class WebhookEvent(Work):
    """Which ticket to look at; never what it says. `raw` keeps the bytes as they came (jsonb refuses NUL and lone
    surrogates)."""

    class State(models.TextChoices):
        """due → done, or due → parked, which a person ends."""

        DUE = "due", _("due")
        DONE = "done", _("done")
        PARKED = "parked", _("parked")

    class Origin(models.TextChoices):
        """Who told us."""

        WEBHOOK = "webhook", _("webhook")
        CATCH_UP = "catch-up", _("catch-up read")
        KLARK = "klark", _("klark itself")

    state = models.CharField(_("state"), max_length=20, choices=State, default=State.DUE)
    origin = models.CharField(_("origin"), max_length=20, choices=Origin, default=Origin.WEBHOOK)
    key = models.CharField(_("vendor's id"), max_length=MOST_KEY, blank=True)
    kind = models.CharField(_("kind"), max_length=100, blank=True)
    raw = models.BinaryField(default=b"", editable=False)
    late = models.BooleanField(_("late"), default=False, help_text=_("Signed more than five minutes before it came."))
    merged = models.PositiveIntegerField(
        _("merged"), default=0, help_text=_("Later events that this one also stands for.")
    )
    instruction = models.CharField(
        max_length=500, blank=True, editable=False
    )  # a reviewer's, when a draft is made anew
    seen_at = models.DateTimeField(null=True, editable=False)  # the ticket's own updated_at when it was read
    received_at = models.DateTimeField(_("received"), db_default=Now())

    born = "received_at"

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        ordering = ("-received_at",)
        constraints = (
            models.UniqueConstraint(
                fields=["connection", "key"], condition=~models.Q(key=""), name="vendor_event_once"
            ),
        )
        indexes = (
            models.Index(fields=["tenant", "state", "due_at"]),
            models.Index(fields=["connection", "ticket_id"]),
        )

    def __str__(self) -> str:
        return f"#{self.ticket_id} · {self.connection}"


def keep(connection: Connection, event: TicketEvent, origin: str, raw: bytes = b"", late: bool = False) -> bool:
    """Put an event into the inbox; False if it is there already.

    An event with the vendor's id is new by that id. One without merges only into an event of the same ticket that
    nobody has claimed yet, since two real comments can send byte-identical webhooks.
    """
    kind = clip(event.kind, 100)
    if event.key:
        row = {"ticket_id": event.ticket_id, "kind": kind, "origin": origin, "raw": raw, "late": late}
        defaults = {**row, "tenant_id": connection.tenant_id}
        return WebhookEvent.objects.get_or_create(connection=connection, key=_key(event.key), defaults=defaults)[1]
    if _merge(connection, event.ticket_id):
        return False
    WebhookEvent.objects.create(
        tenant_id=connection.tenant_id, connection=connection, ticket_id=event.ticket_id, kind=kind,
        origin=origin, raw=raw, late=late,
    )  # fmt: skip
    return True


def _key(key: str) -> str:
    """The vendor's id as the column holds it. Cut, two long ones could become one, and an event would be lost."""
    return key if len(key) <= MOST_KEY else f"sha256:{hashlib.sha256(key.encode(errors='replace')).hexdigest()}"


def _merge(connection: Connection, ticket_id: str) -> bool:
    waiting = WebhookEvent.of(connection.tenant_id).filter(
        connection=connection, ticket_id=ticket_id, state=WebhookEvent.State.DUE, attempts=0, lease_token=None
    )
    first = waiting.select_for_update(skip_locked=True).order_by("id").values_list("pk", flat=True).first()
    return first is not None and bool(waiting.filter(pk=first).update(merged=models.F("merged") + 1))


def already_seen(connection: Connection, ticket_id: str, updated_at: datetime | None) -> bool:
    """Whether the ticket was already read as it was at `updated_at`: then a catch-up read has nothing to add."""
    if updated_at is None:
        return False
    rows = WebhookEvent.of(connection.tenant_id).filter(connection=connection, ticket_id=ticket_id)
    return rows.filter(models.Q(seen_at__gte=updated_at) | models.Q(state=WebhookEvent.State.DUE, attempts=0)).exists()
