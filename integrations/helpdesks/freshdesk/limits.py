"""Freshdesk's limits of single endpoints, beside the account's own: the plan decides both.

https://support.freshdesk.com/support/solutions/articles/225439
"""

from dataclasses import dataclass

from integrations.helpdesks.pool import Pool

PLANS = (700, 400, 200)  # requests per minute of the whole account


@dataclass(frozen=True, slots=True)
class PoolOfPlan(Pool):
    """`most` is the largest plan's; `smaller` are those of the plans below it."""

    smaller: tuple[int, ...] = ()

    def size(self, total: int) -> int:
        """Returns the figure of the largest plan within `total`, or a like part of it below the smallest plan (a trial)."""
        sizes = dict(zip(PLANS, (self.most, *self.smaller), strict=True))
        plan = next((plan for plan in PLANS if plan <= total), None)
        return sizes[plan] if plan else max(total * sizes[PLANS[-1]] // PLANS[-1], 1)


LISTS = PoolOfPlan("ticket lists", 200, smaller=(100, 20))
UPDATES = PoolOfPlan("ticket updates", 280, smaller=(160, 80))
