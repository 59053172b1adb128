"""A draft for one turn of a ticket with its evidence, the decision on each event, what people did with the draft, and what became
of the ticket."""

from decimal import Decimal

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from klark.models.base import Owned
from klark.models.connection import Connection
from klark.models.event import WebhookEvent
from klark.models.policy import Policy

MOST_TOKENS, MOST_COST = 2_000_000_000, Decimal(99_999)  # the most that the columns can hold


class DecisionKind(models.TextChoices):
    """What klark may decide to do with a ticket."""

    SKIP = "SKIP", _("skip: not for klark")
    ESCALATE = "ESCALATE", _("hand over to a person")
    WAIT = "WAIT", _("wait for approval")
    NOTE = "NOTE", _("internal note")
    REPLY = "REPLY", _("public reply")


class Draft(Owned):
    """A draft of a reply. At most one is live per turn, that is per connection, ticket and last comment of the customer.

    `sentences`  [{"text", "state", "sources": [{"article", "version", "title", "url", "text", "answered"}]}]
    `findings`   [{"id", "level", "why", "sentence", "words", "never_alone"}]
    `record`     kept to explain the draft: the ticket, triage and passages, the masked prompts of the search and of the draft
                 with their completions, the inputs of the decision, the signs behind the confidence, the tenant's settings and
                 what each model was asked and said (klark.evidence.rerun.replay runs it again), and versions
    `mood`       the customer's, as triage read it: a word of guardrails.triage.classify.Mood
    `rests_on`   the versions of articles that its sentences cite, by their rows' ids
    `is_case`    whether it may be a case of the regression set (klark.evidence.regression): a lead can leave it out
    """

    connection = models.ForeignKey(Connection, on_delete=models.CASCADE, related_name="+")
    ticket_id = models.CharField(_("ticket"), max_length=40)
    turn = models.CharField(max_length=60, editable=False)
    live = models.BooleanField(default=True, editable=False)
    subject = models.CharField(_("subject"), max_length=500, blank=True)
    requester = models.CharField(_("requester"), max_length=200, blank=True)
    language = models.CharField(_("language"), max_length=10, blank=True)
    topic = models.CharField(_("topic"), max_length=60, blank=True)
    mood = models.CharField(max_length=10, blank=True, default="", db_default="", editable=False)
    reply_text = models.TextField(_("reply"), blank=True)
    sentences = models.JSONField(default=list)
    findings = models.JSONField(default=list)
    record = models.JSONField(default=dict)
    rests_on = ArrayField(models.BigIntegerField(), default=list, editable=False)
    confidence = models.FloatField(_("confidence"), null=True, editable=False)
    is_case = models.BooleanField(default=True, db_default=True, editable=False)
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
        indexes = (models.Index(fields=["tenant", "created_at"]), GinIndex(fields=["rests_on"], name="draft_rests_on"))

    def __str__(self) -> str:
        return f"#{self.ticket_id} {self.subject}"


class Decision(Owned):
    """What klark decided on one event, and why. Each event has one row, whether or not there is a draft.

    `record`  what triage saw in a ticket that it left alone, and who asked; {} with a draft, whose own record says it, and
              before triage
    """

    event = models.OneToOneField(WebhookEvent, on_delete=models.CASCADE, related_name="decision")
    connection = models.ForeignKey(Connection, on_delete=models.CASCADE, related_name="+")
    ticket_id = models.CharField(_("ticket"), max_length=40)
    kind = models.CharField(_("decision"), max_length=10, choices=DecisionKind)
    reason = models.CharField(_("reason"), max_length=40)
    words = models.CharField(_("why"), max_length=500, blank=True)
    draft = models.ForeignKey(Draft, null=True, blank=True, on_delete=models.SET_NULL, related_name="decisions")
    policy = models.ForeignKey(Policy, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    requester_id = models.CharField(max_length=60, blank=True)
    record = models.JSONField(default=dict, editable=False)
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
            models.Index(fields=["tenant", "decided_at"], name="decision_by_time"),
        )

    def __str__(self) -> str:
        return f"#{self.ticket_id} {self.get_kind_display()}"


class AgainstDraft(models.TextChoices):
    """What a person wrote in a draft's place, compared with the draft (klark.evidence.compared_outcomes). A value stands in files
    and addresses, so none is ever renamed; "" is what was not compared yet."""

    SAME = "same", _("says the same")
    PARTLY = "partly", _("the draft lacks something")
    CONTRADICTS = "contradicts", _("contradicts the draft")
    BESIDE = "beside", _("tells the customer nothing")
    UNTOLD = "untold", _("could not be compared")


class Outcome(Owned):
    """What happened to a draft afterwards.

    `verdict`         of an edit: the text as sent, compared with the draft; `compared_at`: when that was last tried
    `values_changed`  of an edit: a number, date, link or address stands in one of the texts alone
    """

    class Kind(models.TextChoices):
        """The possible outcomes, from approved unchanged to no longer needed."""

        APPROVED = "approved", _("approved")
        EDITED = "edited", _("edited and approved")
        ADDED = "added", _("sent an addition")
        REJECTED = "rejected", _("rejected")
        REGENERATED = "regenerated", _("regenerated")
        ESCALATED = "escalated", _("handed over")
        OVERTAKEN = "overtaken", _("a person was faster")
        REPLACED = "replaced", _("the customer wrote again")
        OTHER_READERS = "other_readers", _("others would have read it: drafted anew")
        GONE = "gone", _("the ticket is gone")
        SOURCE_CHANGED = "source_changed", _("its article changed: drafted anew")

    draft = models.ForeignKey(Draft, on_delete=models.CASCADE, related_name="outcomes")
    kind = models.CharField(_("outcome"), max_length=20, choices=Kind)
    by = models.CharField(_("by"), max_length=150, blank=True)
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    kept = models.FloatField(null=True, editable=False)  # of an edit: klark.models.ticket.aftermath.words_kept
    singly = models.BooleanField(null=True, editable=False)  # and not one of many at once; None: nobody knows
    sentences = models.PositiveSmallIntegerField(null=True, editable=False)  # of the draft that was approved
    sentences_kept = models.PositiveSmallIntegerField(null=True, editable=False)  # of these, as they were drafted
    text = models.TextField(_("text as sent"), blank=True)
    verdict = models.CharField(
        max_length=11, choices=AgainstDraft, blank=True, db_default="", default="", editable=False
    )
    values_changed = models.BooleanField(null=True, editable=False)
    compared_at = models.DateTimeField(null=True, editable=False)
    at = models.DateTimeField(_("at"), db_default=Now())

    class Meta:
        verbose_name = _("outcome")
        verbose_name_plural = _("outcomes")
        ordering = ("-at",)

    def __str__(self) -> str:
        return f"{self.draft} · {self.get_kind_display()}"

    @property
    def overruled(self) -> str:
        """Why a text was sent to which the checks object; "" if they did not."""
        return self.reason if self.text else ""


APPROVALS = (Outcome.Kind.APPROVED, Outcome.Kind.EDITED)
"""What a person did with a draft that was sent: as it was, or with another text."""


class Aftermath(Owned):
    """What klark saw of a ticket after it drafted for it: times and figures, none of them words. What was never seen is None.

    `agent_at`      when somebody on our side first wrote in public afterwards
    `agent_kept`    the share of the draft's words in what that colleague wrote
    `agent_verdict` what that colleague wrote, compared with the draft; `compared_at`: when that was last tried
    `reopened_at`   when klark first read the ticket as open again after it was solved or closed
    `is_over`       whether it was solved or closed at `read_at`, when klark last read it
    `satisfaction`  the customer's rating: "good", "neutral", "bad" or ""
    """

    draft = models.OneToOneField(Draft, on_delete=models.CASCADE, related_name="aftermath")
    agent_at = models.DateTimeField(null=True)
    agent_kept = models.FloatField(null=True)
    agent_verdict = models.CharField(max_length=11, choices=AgainstDraft, blank=True, db_default="", default="")
    compared_at = models.DateTimeField(null=True)
    reopened_at = models.DateTimeField(null=True)
    is_over = models.BooleanField(null=True)
    satisfaction = models.CharField(max_length=10, blank=True)
    read_at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = _("aftermath")
        verbose_name_plural = _("aftermaths")

    def __str__(self) -> str:
        return f"{self.draft_id} {self.read_at}"


class KeptCompletion(Owned):
    """A model's completion, keyed by a digest of turn and prompt, so that repeating a run is not billed twice.

    `connection` and `ticket_id` tell whose it is, if any ticket's. Budgets are counted from klark.models.charge.
    """

    connection = models.ForeignKey(Connection, null=True, on_delete=models.CASCADE, related_name="+")
    ticket_id = models.CharField(max_length=40, blank=True)
    digest = models.CharField(max_length=64)
    content = models.JSONField(default=dict)
    raw = models.TextField(blank=True)
    model = models.CharField(max_length=100)
    tokens_in = models.PositiveIntegerField(default=0)
    tokens_out = models.PositiveIntegerField(default=0)
    cost = models.DecimalField(max_digits=12, decimal_places=6, default=0)
    seconds = models.FloatField(null=True)  # for how long klark waited for it
    at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = _("kept completion")
        verbose_name_plural = _("kept completions")
        constraints = (models.UniqueConstraint(fields=["tenant", "digest"], name="completion_once"),)

    def __str__(self) -> str:
        return self.digest[:12]
