"""How many requests an account's API may still get: one row that all workers share, so it needs no broker."""

from django.db import models

from klark.models.base import Owned

# Before the vendor's own headers say more: what the smallest plan allows.
FIRST_LIMITS = {"zendesk": 200, "freshdesk": 50}
LOWEST_LIMIT = 50


class Budget(Owned):
    """`limit`: requests a minute. `spent`: {slot: requests}, a slot being half a second by the database's clock; old
    slots are dropped.
    `held_until`: nobody asks before then, since the vendor said so."""

    connection = models.OneToOneField("klark.Connection", on_delete=models.CASCADE, related_name="budget")
    limit = models.PositiveIntegerField(default=LOWEST_LIMIT)
    spent = models.JSONField(default=dict, editable=False)
    held_until = models.DateTimeField(null=True, editable=False)

    def __str__(self) -> str:
        return f"{self.connection_id}: {self.limit}/min"
