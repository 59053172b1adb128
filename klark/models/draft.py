"""What klark would say on one turn, with everything it rests on."""

from decimal import Decimal

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from klark.models.base import Owned
from klark.models.connection import Connection
from klark.models.event import WebhookEvent
from klark.models.policy import Policy

MOST_TOKENS, MOST_COST = 2_000_000_000, Decimal(99_999)  # what the columns hold


class DecisionKind(models.TextChoices):
    """What may happen with a ticket."""

    SKIP = "SKIP", _("skip: not for klark")
    ESCALATE = "ESCALATE", _("hand over to a person")
    WAIT = "WAIT", _("wait for approval")
    NOTE = "NOTE", _("internal note")
    REPLY = "REPLY", _("public reply")


class Draft(Owned):
    """Unique by its turn while it lives: connection, ticket, the customer's last comment.

    `sentences`  [{"text", "state", "sources": [{"article", "version", "title", "url", "text", "answered"}]}]
    `findings`   [{"id", "level", "why", "sentence", "words", "never_alone"}]
    `record`     what was read and found: ticket, triage, passages, the search's and the draft's masked prompts and what came
                 back, what the decision depended on, the signs of the confidence, versions; for explaining
    """

    connection = models.ForeignKey(Connection, on_delete=models.CASCADE, related_name="+")
    ticket_id = models.CharField(_("ticket"), max_length=40)
    turn = models.CharField(max_length=60, editable=False)
    live = models.BooleanField(default=True, editable=False)
    subject = models.CharField(_("subject"), max_length=500, blank=True)
    requester = models.CharField(_("requester"), max_length=200, blank=True)
    language = models.CharField(_("language"), max_length=10, blank=True)
    topic = models.CharField(_("topic"), max_length=60, blank=True)
    reply_text = models.TextField(_("reply"), blank=True)
    sentences = models.JSONField(default=list)
    findings = models.JSONField(default=list)
    record = models.JSONField(default=dict)
    confidence = models.FloatField(_("confidence"), null=True, editable=False)
    instruction = models.CharField(_("instruction"), max_length=500, blank=True)
    model = models.CharField(_("model"), max_length=100, blank=True)
    tokens_in = models.PositiveIntegerField(_("tokens read"), default=0)
    tokens_out = models.PositiveIntegerField(_("tokens written"), default=0)
    cost = models.DecimalField(_("cost"), max_digits=12, decimal_places=6, default=0)
    customer_wrote_at = models.DateTimeField(_("customer wrote"), db_default=Now(), editable=False)
    created_at = models.DateTimeField(_("created"), db_default=Now())

    class Meta:
        verbose_name = _("draft")
        verbose_name_plural = _("drafts")
        ordering = ("-created_at",)
        constraints = (
            models.UniqueConstraint(
                fields=["connection", "ticket_id", "turn"], condition=models.Q(live=True), name="one_draft_per_turn"
            ),
        )
        indexes = (models.Index(fields=["tenant", "created_at"]),)

    def __str__(self) -> str:
        return f"#{self.ticket_id} {self.subject}"


class Decision(Owned):
    """How one event ended, and why: one row for each, whether or not there is a draft."""

    event = models.OneToOneField(WebhookEvent, on_delete=models.CASCADE, related_name="decision")
    connection = models.ForeignKey(Connection, on_delete=models.CASCADE, related_name="+")
    ticket_id = models.CharField(_("ticket"), max_length=40)
    kind = models.CharField(_("decision"), max_length=10, choices=DecisionKind)
    reason = models.CharField(_("reason"), max_length=40)
    words = models.CharField(_("why"), max_length=500, blank=True)
    draft = models.ForeignKey(Draft, null=True, blank=True, on_delete=models.SET_NULL, related_name="decisions")
    policy = models.ForeignKey(Policy, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    requester_id = models.CharField(max_length=60, blank=True)
    language = models.CharField(_("language"), max_length=10, blank=True)
    topic = models.CharField(_("topic"), max_length=60, blank=True)
    milliseconds = models.PositiveIntegerField(_("milliseconds"), default=0)
    decided_at = models.DateTimeField(_("decided"), db_default=Now())

    class Meta:
        verbose_name = _("decision")
        verbose_name_plural = _("decisions")
        ordering = ("-decided_at",)
        indexes = (
            models.Index(fields=["connection", "ticket_id", "decided_at"]),
            models.Index(fields=["connection", "requester_id", "decided_at"]),
        )

    def __str__(self) -> str:
        return f"#{self.ticket_id} {self.get_kind_display()}"


class Outcome(Owned):
    """What people did with a draft afterwards."""

    class Kind(models.TextChoices):
        """From taken as it is to left aside."""

        APPROVED = "approved", _("approved")
        EDITED = "edited", _("edited and approved")
        REJECTED = "rejected", _("rejected")
        REGENERATED = "regenerated", _("regenerated")
        ESCALATED = "escalated", _("handed over")
        OVERTAKEN = "overtaken", _("a person was faster")
        REPLACED = "replaced", _("the customer wrote again")
        OTHER_READERS = "other_readers", _("others would have read it: drafted anew")
        GONE = "gone", _("the ticket is gone")

    draft = models.ForeignKey(Draft, on_delete=models.CASCADE, related_name="outcomes")
    kind = models.CharField(_("outcome"), max_length=20, choices=Kind)
    by = models.CharField(_("by"), max_length=150, blank=True)
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    text = models.TextField(_("text as sent"), blank=True)
    at = models.DateTimeField(_("at"), db_default=Now())

    class Meta:
        verbose_name = _("outcome")
        verbose_name_plural = _("outcomes")
        ordering = ("-at",)

    def __str__(self) -> str:
        return f"{self.draft} · {self.get_kind_display()}"


class KeptCompletion(Owned):
    """A model's answer by turn and prompt, so that a run that is done again is not billed twice."""

    digest = models.CharField(max_length=64)
    content = models.JSONField()
    raw = models.TextField(blank=True)
    model = models.CharField(max_length=100)
    tokens_in = models.PositiveIntegerField(default=0)
    tokens_out = models.PositiveIntegerField(default=0)
    cost = models.DecimalField(max_digits=12, decimal_places=6, default=0)
    at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = _("kept completion")
        verbose_name_plural = _("kept completions")
        constraints = (models.UniqueConstraint(fields=["tenant", "digest"], name="completion_once"),)

    def __str__(self) -> str:
        return self.digest[:12]
