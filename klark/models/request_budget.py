"""The rate-limit state of a helpdesk account. All workers share one database row, so no broker is needed."""

from django.db import models

from klark.models.base import Owned

# Requests per minute on the vendor's smallest plan, used until its response headers state the actual limit.
FIRST_LIMITS = {"zendesk": 200, "freshdesk": 50}
LOWEST_LIMIT = 50


class Budget(Owned):
    """The requests that an account's API was sent, and how many it allows.

    `limit`       requests per minute
    `spent`       {slot: requests}; a slot is half a second by the database's clock, and old slots are dropped
    `held_until`  no request is sent before then, because the vendor said to wait
    `pools`       {name: {"seconds": length of its window, "spent": as above}}: requests that have a limit of their own besides;
                  "size", where response headers tell how many
    """

    connection = models.OneToOneField("klark.Connection", on_delete=models.CASCADE, related_name="budget")
    limit = models.PositiveIntegerField(default=LOWEST_LIMIT)
    spent = models.JSONField(default=dict, editable=False)
    held_until = models.DateTimeField(null=True, editable=False)
    pools = models.JSONField(default=dict, editable=False)

    now: float  # by the database's clock, in a row that `klark.connections.rate_limit` has locked

    def __str__(self) -> str:
        return f"{self.connection_id}: {self.limit}/min"
