"""What people set otherwise than klark had classified it."""

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from klark.models.base import Owned
from klark.models.draft import Draft


class Correction(Owned):
    """What klark took a draft's ticket for, and what a person says that it is, on the draft's page or on the ticket.

    `was`, `now`  keys: of topics, of `integrations.helpdesks.base.Priority`, or of languages. Where a reviewer says otherwise
                  than the helpdesk about a priority, `was` is the helpdesk's
    `by_reviewer` it was said in klark: nothing on the ticket changes it
    """

    class What(models.TextChoices):
        """What was classified."""

        TOPIC = "topic", _("topic")
        PRIORITY = "priority", _("priority")
        LANGUAGE = "language", _("language")

    draft = models.ForeignKey(Draft, on_delete=models.CASCADE, related_name="corrections")
    what = models.CharField(max_length=10, choices=What)
    was = models.CharField(max_length=60, blank=True)
    now = models.CharField(max_length=60)
    at = models.DateTimeField(db_default=Now())
    by_reviewer = models.BooleanField(default=False, db_default=False)

    class Meta:
        verbose_name = _("correction")
        verbose_name_plural = _("corrections")
        constraints = (models.UniqueConstraint(fields=["draft", "what"], name="corrected_once"),)

    def __str__(self) -> str:
        return f"{self.what}: {self.was} → {self.now}"
