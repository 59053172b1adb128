"""Answers that were sent and rest on sentences of articles that are different now."""

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from klark.models.base import Owned
from klark.models.draft import Draft
from klark.models.event import WebhookEvent


class Recall(Owned):
    """One answer whose sources have changed since, each answer once; `klark.knowledge.recall` keeps the rows.

    `pairs`  [{"place", "article", "title", "old", "new", "severity"}]: which sentence of the draft rests on what the article
             said, and what it says now, "" if nothing; `article` is the row's id of the version of now, or of the last one
    `event`  asks a worker for a correction, if a person wanted one
    """

    class Severity(models.IntegerChoices):
        """How much the change matters, the most last."""

        WORDING = 1, _("wording")
        GONE = 2, _("no longer said")
        FIGURES = 3, _("an amount, a date, a deadline or a “not”")

    class State(models.TextChoices):
        """What a person has decided about it."""

        OPEN = "open", _("to be decided")
        NEEDLESS = "needless", _("no correction needed")
        CORRECTED = "corrected", _("a correction is drafted")

    draft = models.OneToOneField(Draft, on_delete=models.CASCADE, related_name="recall")
    pairs = models.JSONField(default=list)
    severity = models.PositiveSmallIntegerField(_("what changed"), choices=Severity)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.OPEN)
    by = models.CharField(_("by"), max_length=150, blank=True)
    event = models.ForeignKey(WebhookEvent, null=True, on_delete=models.SET_NULL, related_name="+")
    found_at = models.DateTimeField(_("found"), db_default=Now())

    class Meta:
        verbose_name = _("recall")
        verbose_name_plural = _("recalls")
        ordering = ("-severity", "-found_at")
        indexes = (models.Index(fields=["tenant", "state"], name="recall_state"),)

    def __str__(self) -> str:
        return str(self.draft)

    @classmethod
    def reopen(cls, tenant_id: int, **whose: object) -> None:
        """Has a person decide once more about an answer whose correction came to nothing. Call inside `within(tenant_id)`."""
        rows = cls.of(tenant_id).filter(**whose, state=cls.State.CORRECTED).order_by()
        rows.update(state=cls.State.OPEN, by="")
