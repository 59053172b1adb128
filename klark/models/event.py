"""The inbox: one row for each event that a helpdesk sent, that a catch-up read found, or that a reviewer caused."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any

import structlog
from django.db import connection as database
from django.db import models, transaction
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from integrations.helpdesks.base import TicketEvent
from klark.models.connection import Connection
from klark.models.tenancy import at_once
from klark.models.work_queue import CLAIMABLE, Work, queue_indexes
from klark.values.storable_text import clip

log = structlog.get_logger(__name__)

MOST_KEY = 200
REGENERATE = "regenerate"  # the kind of an event by which a reviewer requests a new draft
ANEW = "anew"  # what the key of such an event begins with if klark itself caused it
CORRECTION = "correction"  # and that by which a person requests a correction of what was sent


def regenerate_key(delivery_id: int) -> str:
    """Returns the key of the event by which a reviewer requests a new draft in place of this write's."""
    return f"{REGENERATE}:{delivery_id}"


class WebhookEvent(Work):
    """An event that names the ticket to process; the ticket's content is always read from the helpdesk.

    `raw` keeps the webhook's bytes as received, since jsonb refuses NUL and lone surrogates.
    """

    class State(models.TextChoices):
        """An event goes from due to done, or from due to parked, where a person has to deal with it."""

        DUE = "due", _("due")
        DONE = "done", _("done")
        PARKED = "parked", _("parked")

    class Origin(models.TextChoices):
        """Where the event came from."""

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
    )  # the reviewer's instruction for a new draft
    # the ticket's own updated_at when klark read it; empty if a change after that may have the same one
    seen_at = models.DateTimeField(null=True, editable=False)
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
        indexes = queue_indexes("event", CLAIMABLE)

    def __str__(self) -> str:
        return f"#{self.ticket_id} · {self.connection}"

    @property
    def asked_for(self) -> bool:
        """Whether a person requested this new draft, which then counts for no limit."""
        return self.kind == REGENERATE and not self.key.startswith(f"{ANEW}:")


KEEP = """
INSERT INTO klark_webhookevent
       (tenant_id, connection_id, ticket_id, state, origin, key, kind, raw, late, attempts, trouble, merged, instruction)
VALUES (%(tenant)s, %(connection)s, %(ticket)s, 'due', %(origin)s, %(key)s, %(kind)s, %(raw)s, %(late)s, 0, '', 0, '')
    ON CONFLICT (connection_id, key) WHERE key <> '' DO NOTHING
RETURNING id
"""


def keep(connection: Connection, event: TicketEvent, origin: str, raw: bytes = b"", late: bool = False) -> bool:
    """Puts an event into the inbox. Returns False if it is there already. Call inside `within`.

    Events with a vendor's id are deduplicated by that id. One without is merged only into an event of the same ticket
    that has not been claimed yet, since two real comments can send byte-identical webhooks.
    """
    if not event.key and _merge(connection, event.ticket_id):
        return False
    with database.cursor() as cursor:
        cursor.execute(KEEP, _values(connection, event, origin, raw, late))
        return _is_kept(connection, origin, cursor.fetchall())


def keep_at_once(connection: Connection, event: TicketEvent, raw: bytes, late: bool, **limits: int) -> bool:
    """Does the same for a webhook with a vendor's id, in a transaction of its own; `limits` as `at_once` takes them."""
    origin = WebhookEvent.Origin.WEBHOOK
    return _is_kept(
        connection, origin, at_once(connection.tenant_id, KEEP, _values(connection, event, origin, raw, late), **limits)
    )


def _values(connection: Connection, event: TicketEvent, origin: str, raw: bytes, late: bool) -> Mapping[str, Any]:
    return {
        "tenant": connection.tenant_id, "connection": connection.pk, "ticket": event.ticket_id, "origin": str(origin),
        "key": _key(event.key), "kind": clip(event.kind, 100), "raw": raw, "late": late,
    }  # fmt: skip


def _is_kept(connection: Connection, origin: str, rows: Sequence[Sequence[int]]) -> bool:
    """Returns whether a row was stored, and writes that to the log once it is committed."""
    for row in rows:
        named = {"event_id": row[0], "tenant": connection.tenant_id, "connection": str(connection.pk)}
        tell = partial(log.info, "an event was kept", origin=origin, **named)
        if database.in_atomic_block:
            transaction.on_commit(tell)
        else:  # committed; and on_commit would take a connection from the pool, and not give it back
            tell()
    return bool(rows)


def _key(key: str) -> str:
    """The vendor's id, hashed if it is too long for the column. If cut, two ids could collide, and an event would be lost."""
    return key if len(key) <= MOST_KEY else f"sha256:{hashlib.sha256(key.encode(errors='replace')).hexdigest()}"


def _merge(connection: Connection, ticket_id: str) -> bool:
    waiting = (
        WebhookEvent.free(connection.tenant_id)
        .filter(connection=connection, ticket_id=ticket_id, state=WebhookEvent.State.DUE, attempts=0)
        .exclude(kind=CORRECTION)
    )  # which answers nothing that a customer wrote
    first = waiting.select_for_update(skip_locked=True).order_by("id").values_list("pk", flat=True).first()
    return first is not None and bool(waiting.filter(pk=first).update(merged=models.F("merged") + 1))


def already_seen(connection: Connection, ticket_id: str, updated_at: datetime | None) -> bool:
    """Returns whether the ticket was read in its state of `updated_at`, so a catch-up read can skip it; False if `updated_at`
    is unknown. One that is about to be read is merged into that event by `keep`."""
    if updated_at is None:
        return False
    rows = WebhookEvent.of(connection.tenant_id).filter(connection=connection, ticket_id=ticket_id)
    return rows.filter(seen_at__gte=updated_at).exists()
