"""The outbox: every write to a helpdesk is a row first."""

import uuid
from datetime import timedelta

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from klark.models.draft import Draft
from klark.models.work import Claim, Work


class Delivery(Work):
    """One write, and how far it got.

    waiting   a person decides in the queue
    due       to be written: read the ticket, then the one-way step to `sending`
    sending   the request may have left; only a read-back can tell what came of it
    sent      seen on the ticket, or confirmed by the answer
    retired   overtaken by a person or by the customer
    parked    a person must look: `trouble` says why
    """

    class State(models.TextChoices):
        """The states above."""

        WAITING = "waiting", _("waiting for a person")
        DUE = "due", _("due")
        SENDING = "sending", _("sending")
        SENT = "sent", _("sent")
        RETIRED = "retired", _("retired")
        PARKED = "parked", _("parked")

    class Kind(models.TextChoices):
        """What is written."""

        REPLY = "reply", _("public reply")
        NOTE = "note", _("internal note")
        HANDOVER = "handover", _("handover note")

    draft = models.ForeignKey(Draft, on_delete=models.CASCADE, related_name="deliveries")
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.DUE)
    html = models.TextField(_("text"))
    text = models.TextField(blank=True, editable=False)
    tags = models.JSONField(_("tags"), default=list, blank=True)
    group_id = models.CharField(_("group"), max_length=40, blank=True)
    changes = models.JSONField(_("changes"), default=dict, blank=True)  # klark.values.rules.Rules.updates, without tags
    marker = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    seen = models.JSONField(default=list, editable=False)  # comment ids on the ticket when the draft was made
    assignee_seen = models.CharField(max_length=40, blank=True, editable=False)
    readers_seen = models.CharField(
        max_length=64, blank=True, editable=False
    )  # see ticket.staleness.readers; "": not kept
    stamp = models.CharField(max_length=60, blank=True, editable=False)  # of the ticket that the write was made against
    sending_at = models.DateTimeField(null=True, editable=False)
    read_backs = models.PositiveIntegerField(default=0, editable=False)
    comment_id = models.CharField(_("comment"), max_length=40, blank=True, editable=False)
    created_at = models.DateTimeField(_("created"), db_default=Now())

    claimable = ("due", "sending")

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        ordering = ("-created_at",)
        indexes = (
            models.Index(fields=["tenant", "state", "due_at"]),
            models.Index(fields=["connection", "ticket_id"]),
        )

    def __str__(self) -> str:
        return f"#{self.ticket_id} {self.get_kind_display()} · {self.get_state_display()}"


OPEN = (Delivery.State.WAITING, Delivery.State.DUE)


def step_through(claim: Claim, stamp: str, lease_s: int) -> bool:
    """The one-way door, just before the request leaves: due → sending, the lease renewed; whether it moved."""
    mine = Delivery.of(claim.tenant_id).filter(pk=claim.id, lease_token=claim.token, lease_until__gt=Now())
    return bool(
        mine.filter(state__in=Delivery.claimable).update(
            state=Delivery.State.SENDING, stamp=stamp, sending_at=Now(), lease_until=Now() + timedelta(seconds=lease_s)
        )
    )


def move(delivery_id: int, tenant_id: int, before: tuple[str, ...], after: str, **changes: object) -> bool:
    """A status moves by one conditional UPDATE that reports whether it moved; never one that is being written."""
    free = models.Q(lease_until=None) | models.Q(lease_until__lt=Now())
    rows = Delivery.of(tenant_id).filter(free, pk=delivery_id, state__in=before)
    return bool(rows.update(state=after, **changes))
