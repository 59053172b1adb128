"""What requests to models cost: the ledger that budgets are counted from."""

from decimal import Decimal
from typing import Any

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from klark.models.base import Owned

MOST_CHARGED = Decimal(10) ** 13  # the columns hold a little more


def amount() -> "models.DecimalField[Any, Any]":
    """Returns a field for money in the policy's currency, fine enough for one token at a price of four decimals a million."""
    return models.DecimalField(max_digits=24, decimal_places=10)


class Charge(Owned):
    """One request to a model's server.

    `server` and `purpose`  which model was asked, and what for: "draft", "judge", "reader", "assist", "compare", "regression"
    `reserved`              the most that the request could cost, set aside before it was made
    `cost`                  what counts against the budget
    `at`                    when it was reserved: the day and the month that it counts in

    The states:

    reserved   under way, or nobody knows: the answer never came, or the worker died. `cost` is what was reserved
    settled    the server answered: `cost` is what it billed for the tokens that it counted
    released   never made, or turned down without a bill: `cost` is 0
    """

    class State(models.TextChoices):
        """The states described above."""

        RESERVED = "reserved"
        SETTLED = "settled"
        RELEASED = "released"

    server = models.CharField(max_length=400)
    purpose = models.CharField(max_length=20)
    state = models.CharField(max_length=10, choices=State, default=State.RESERVED)
    reserved = amount()
    cost = amount()
    tokens_in = models.PositiveIntegerField(default=0)
    tokens_out = models.PositiveIntegerField(default=0)
    at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = _("charge")
        verbose_name_plural = _("charges")
        indexes = (models.Index(fields=["tenant", "at"], include=["cost"], name="charge_of_day"),)

    def __str__(self) -> str:
        return f"{self.server} {self.cost}"
