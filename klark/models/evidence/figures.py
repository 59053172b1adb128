"""Figures on outcomes that were counted, and by which definitions."""

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from klark.models.base import Owned


class CountedOutcomes(Owned):
    """The figures of `weeks` from the Monday `since` on (klark.evidence.kpis). One week is counted once and kept as it was, also
    after the definitions have changed and its drafts are gone; the last thirteen are counted again and again.

    `definitions`  the version of the definitions that they were counted by
    """

    since = models.DateField()
    weeks = models.PositiveSmallIntegerField()
    definitions = models.PositiveSmallIntegerField()
    figures = models.JSONField(encoder=DjangoJSONEncoder)
    counted_at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = _("counted outcomes")
        verbose_name_plural = _("counted outcomes")
        constraints = (models.UniqueConstraint(fields=["tenant", "since", "weeks"], name="outcomes_counted_once"),)

    def __str__(self) -> str:
        return f"{self.since} · {self.weeks}"
