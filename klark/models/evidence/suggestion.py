"""Suggestions that a lead has dismissed."""

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from klark.models.base import Owned


class DismissedSuggestion(Owned):
    """A suggestion that a lead does not want (klark.evidence.suggestions). `key` tells it from others; `drafts`: how many spoke
    for it then. It comes back once twice as many do."""

    key = models.CharField(max_length=200)
    drafts = models.PositiveIntegerField()
    by = models.CharField(_("by"), max_length=150, blank=True)
    at = models.DateTimeField(_("at"), db_default=Now())

    class Meta:
        verbose_name = _("dismissed suggestion")
        verbose_name_plural = _("dismissed suggestions")
        constraints = (models.UniqueConstraint(fields=["tenant", "key"], name="dismissed_once"),)

    def __str__(self) -> str:
        return self.key
