"""What was said on past tickets: context for the same requester, and an example for agents of how a case was handled."""

from datetime import timedelta

from django.db import models
from django.utils.translation import gettext_lazy as _

from klark.models.base import Owned
from klark.models.connection import Connection
from klark.values.policy.fields import KEEP_DAYS

REMEMBERED = timedelta(days=KEEP_DAYS["memory"])


class PastTicket(Owned):
    """One ticket as klark last saw it.

    `asked`, `answered`  as written; used only for the same requester. `answered` is a person's last public reply, never klark's
    `masked_*`           the same with personal data masked; may be shown to agents on other tickets
    `brand`              the helpdesk's id of the brand, "" if it gives none
    `stems`              the stems of `asked`, to find similar tickets
    """

    connection = models.ForeignKey(Connection, on_delete=models.CASCADE, related_name="+")
    ticket_id = models.CharField(_("ticket"), max_length=40)
    requester_id = models.CharField(max_length=60)
    requester_email = models.CharField(max_length=254, blank=True)  # lower-case: what a person asks for their data by
    brand = models.CharField(_("brand"), max_length=40, blank=True)
    subject = models.CharField(_("subject"), max_length=500, blank=True)
    language = models.CharField(_("language"), max_length=10, blank=True)
    open = models.BooleanField(_("open"), default=True)
    asked = models.TextField(blank=True)
    answered = models.TextField(blank=True)
    masked_asked = models.TextField(blank=True)
    masked_answered = models.TextField(blank=True)
    stems = models.JSONField(default=list)
    asked_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    seen_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("past ticket")
        verbose_name_plural = _("past tickets")
        constraints = (models.UniqueConstraint(fields=["connection", "ticket_id"], name="past_ticket_once"),)
        indexes = (
            models.Index(fields=["connection", "requester_id"]),
            models.Index(fields=["tenant", "language", "answered_at"]),
        )

    def __str__(self) -> str:
        return f"#{self.ticket_id} {self.subject}"
