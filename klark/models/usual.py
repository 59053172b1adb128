"""What is usual for a tenant, as klark measured it."""

from django.db import models

from klark.models.base import Owned


class Usual(Owned):
    """The signs (klark.steps.answerable) that sentences of a tenant's own articles give while their article is away.

    `passages` and `newest` say of which passages it was measured: how many there were, and the latest id.
    """

    language = models.CharField(max_length=10)
    model = models.CharField(max_length=100)
    signs = models.JSONField(default=dict)
    passages = models.PositiveIntegerField(default=0)
    newest = models.BigIntegerField(default=0)
    measured_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = "what is usual"
        verbose_name_plural = "what is usual"
        constraints = (models.UniqueConstraint(fields=["tenant", "language", "model"], name="usual_once"),)

    def __str__(self) -> str:
        return f"{self.language} · {self.model}"
