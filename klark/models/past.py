"""What was said on a ticket that klark saw: memory for the same requester, and procedure for agents."""

from datetime import timedelta

from django.db import models
from django.utils.translation import gettext_lazy as _

from klark.models.base import Owned
from klark.models.connection import Connection

REMEMBERED = timedelta(days=730)


class PastTicket(Owned):
    """One ticket as it was when klark saw it last. `asked` and `answered` are as written and for the same requester only;
    `masked_*` may be shown to agents on other tickets. `answered` is a person's last public reply, never klark's.

    `brand`  the helpdesk's own id of it, "" where it tells none
    `stems`  of what was asked, for finding tickets that are alike
    """

    connection = models.ForeignKey(Connection, on_delete=models.CASCADE, related_name="+")
    ticket_id = models.CharField(_("ticket"), max_length=40)
    requester_id = models.CharField(max_length=60)
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
