"""Outgoing webhooks: which of a tenant's programs are told what, and each notification until it was taken."""

import uuid
from datetime import UTC, datetime
from typing import Any

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from klark.models.base import Owned


class OutgoingWebhook(Owned):
    """An address that is told what happens at the tenant. `sealed` holds the encrypted {"secret"} that signs."""

    class Kind(models.TextChoices):
        """What an address can be told."""

        WAITING = "draft.waiting", _("a draft waits for approval")
        HANDED_OVER = "ticket.handed_over", _("a ticket is handed over to a person")
        SENT = "write.sent", _("something was written to a ticket")
        PARKED = "work.parked", _("an event or a write needs a person")
        BUDGET = "budget.warned", _("most of a budget for models is spent")
        AUDIT_HEAD = "audit.head", _("the audit chain's end, once a day")
        TEST = "test", _("a test")

    name = models.CharField(_("name"), max_length=100, help_text=_("Which program listens there."))
    url = models.URLField(_("address"), max_length=500)
    kinds = models.JSONField(_("is told"), default=list)
    active = models.BooleanField(_("active"), default=True)
    sealed = models.TextField(editable=False)
    created_at = models.DateTimeField(_("created"), db_default=Now(), editable=False)

    class Meta:
        verbose_name = _("outgoing webhook")
        verbose_name_plural = _("outgoing webhooks")
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name


class Notification(Owned):
    """One message to one address. `key` keeps the same thing from being told twice; `body` has ids, and nobody's words.

    due     to be sent at `due_at`, which a worker that sends it moves on first: so no other sends it meanwhile
    sent    taken with a 2xx
    parked  refused or unanswered too often: a person can have it tried again
    """

    class State(models.TextChoices):
        """The states described above."""

        DUE = "due", _("due")
        SENT = "sent", _("sent")
        PARKED = "parked", _("parked")

    webhook = models.ForeignKey(OutgoingWebhook, on_delete=models.CASCADE, related_name="+")
    message_id = models.UUIDField(default=uuid.uuid4, editable=False)
    kind = models.CharField(_("kind"), max_length=30, choices=OutgoingWebhook.Kind)
    key = models.CharField(max_length=100, editable=False)
    body = models.JSONField(_("body"), default=dict)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.DUE)
    attempts = models.PositiveIntegerField(_("attempts"), default=0)
    due_at = models.DateTimeField(_("due"), db_default=Now())
    status = models.PositiveSmallIntegerField(_("HTTP status"), null=True)
    trouble = models.CharField(_("trouble"), max_length=300, blank=True)
    created_at = models.DateTimeField(_("created"), db_default=Now())
    ended_at = models.DateTimeField(_("ended"), null=True)

    class Meta:
        verbose_name = _("notification")
        verbose_name_plural = _("notifications")
        ordering = ("-pk",)
        constraints = (models.UniqueConstraint(fields=["webhook", "kind", "key"], name="notified_once"),)
        indexes = (
            models.Index(fields=["webhook", "due_at"], condition=models.Q(state="due"), name="notification_due"),
        )

    def __str__(self) -> str:
        return f"{self.get_kind_display()} · {self.get_state_display()}"


def notify(tenant_id: int, told: str, once: object = "", **about: Any) -> None:
    """Makes a notification of the kind `told` due for each address that is told it, in this transaction.

    `about` has ids and other plain values. What was told before under the same `once` is not told again. Call inside
    `within(tenant_id)`.
    """
    key, body = str(once or uuid.uuid4()), {"type": told, "timestamp": datetime.now(UTC).isoformat(), "data": about}
    addresses = OutgoingWebhook.of(tenant_id).filter(active=True, kinds__contains=[told])
    rows = [Notification(tenant_id=tenant_id, webhook=each, kind=told, key=key, body=body) for each in addresses]
    if rows:
        Notification.objects.bulk_create(rows, ignore_conflicts=True)
