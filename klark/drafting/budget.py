"""Budgets in money: what a request to a model may cost is reserved before it is made, and settled by the server's own bill.

The ledger is klark.models.charge. Reservations of one tenant are made one after another, each committed before its request, so
that any number of workers together never spend more than a budget. A reservation that nobody settles, because the answer never
came or the worker died, counts as spent.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from functools import reduce
from operator import or_
from typing import Any

import structlog
from django.core.cache import cache
from django.db import connection
from django.db.models import Q, Sum
from django.utils import timezone

from integrations.llms.base import BudgetSpent
from klark.models import Charge, OutgoingWebhook, Policy, within
from klark.models.charge import MOST_CHARGED
from klark.models.database.locks import wait_for_turn
from klark.models.draft import MOST_TOKENS
from klark.models.evidence.measurement import COST, OVER_RESERVED, TOKENS, measure
from klark.models.notification import notify
from klark.values.day_start import midnight
from klark.values.policy.rules import Rules
from klark.values.storable_text import clip

log = structlog.get_logger(__name__)

WARN_PERCENT = 80
"""From this percentage of a budget on, people are warned that it will soon be spent."""
DAY_S = 86_400
NOTHING = Decimal(0)
UNDER_WAY = timedelta(minutes=15)
"""Longer than any request takes: a reservation that is older will not be settled any more."""
State = Charge.State
COMPARE, REGRESSION = "compare", "regression"
SHARES: Mapping[str, Callable[[Rules], int]] = {
    COMPARE: lambda rules: rules.compare_percent, REGRESSION: lambda rules: rules.regression_percent,
}  # fmt: skip
"""What is paid from a share of each budget alone, so that drafts keep the rest, and how much that is in percent."""
RESERVE = """
INSERT INTO klark_charge (tenant_id, server, purpose, state, reserved, cost, tokens_in, tokens_out)
SELECT %(tenant)s, %(server)s, %(purpose)s, 'reserved', %(most)s, %(most)s, 0, 0
 WHERE NOT EXISTS (
    SELECT FROM unnest(%(budgets)s::numeric[], %(since)s::timestamptz[]) AS period (budget, since)
     WHERE budget < %(most)s + (
        SELECT coalesce(sum(cost), 0) FROM klark_charge WHERE tenant_id = %(tenant)s AND at >= period.since))
   AND NOT EXISTS (
    SELECT FROM unnest(%(shares)s::numeric[], %(shares_since)s::timestamptz[]) AS period (share, since)
     WHERE share < %(most)s + (
        SELECT coalesce(sum(cost), 0) FROM klark_charge
         WHERE tenant_id = %(tenant)s AND purpose = %(purpose)s AND at >= period.since))
RETURNING id
"""


@dataclass(frozen=True, slots=True)
class Purse:
    """What one model of a tenant is paid from: `server` names the model, `purpose` what it is asked for."""

    tenant_id: int
    rules: Rules
    server: str
    purpose: str

    def reserve(self, most: Decimal) -> "Reserved":
        """Sets `most` aside, in a transaction of its own. Raises BudgetSpent if the day or the month, or
        the share of it that the purpose may use, has no room for it."""
        most = min(most, MOST_CHARGED)
        budgets = _budgets(self.rules)
        shares = _shares(budgets, self.rules, self.purpose) if self.purpose in SHARES else []
        values: dict[str, Any] = {
            "tenant": self.tenant_id, "server": clip(self.server, 400), "purpose": self.purpose, "most": most,
            "budgets": [budget for budget, _ in budgets], "since": [since for _, since in budgets],
            "shares": [share for share, _ in shares], "shares_since": [since for _, since in shares],
        }  # fmt: skip
        with within(self.tenant_id), connection.cursor() as cursor:
            wait_for_turn(f"klark charges {self.tenant_id}")  # the tenant's row is locked while articles are read in
            cursor.execute(RESERVE, values)  # it sees what was committed while it waited for its turn
            row = cursor.fetchone()
        if row is None:
            raise BudgetSpent
        return Reserved(self, row[0], most)


@dataclass(frozen=True, slots=True)
class Reserved:
    """One reservation (integrations.llms.base.Reservation)."""

    purse: Purse
    pk: int
    most: Decimal

    def settle(self, tokens_in: int, tokens_out: int, cost: Decimal) -> None:
        """Counts what the server billed, also where that is more than was reserved: then the log says so."""
        counted = {"tokens_in": min(tokens_in, MOST_TOKENS), "tokens_out": min(tokens_out, MOST_TOKENS)}
        with within(self.purse.tenant_id):
            self._end(state=State.SETTLED, cost=min(cost, MOST_CHARGED), **counted)
            measure(TOKENS, tokens_in, "in")
            measure(TOKENS, tokens_out, "out")
            measure(COST, float(cost), self.purse.rules.currency)
            if cost > self.most:
                measure(OVER_RESERVED, 1)
        if cost > self.most:
            log.error("a model's server billed more than its request could cost", tenant=self.purse.tenant_id,
                      server=self.purse.server, reserved=str(self.most), cost=str(cost))  # fmt: skip

    def release(self) -> None:
        """Counts nothing."""
        with within(self.purse.tenant_id):
            self._end(state=State.RELEASED, cost=NOTHING)

    def _end(self, **values: object) -> None:
        Charge.of(self.purse.tenant_id).filter(pk=self.pk, state=State.RESERVED).update(**values)


def _budgets(rules: Rules) -> list[tuple[Decimal, datetime]]:
    """Returns each budget with the moment since which it counts, by the tenant's own calendar."""
    today = midnight(timezone.now(), rules.time_zone)
    both = ((rules.budget_day, today), (rules.budget_month, today.replace(day=1)))
    return [(budget, since) for budget, since in both if budget is not None]


def _shares(budgets: Iterable[tuple[Decimal, datetime]], rules: Rules, purpose: str) -> list[tuple[Decimal, datetime]]:
    """Returns what of each budget may be used for this purpose."""
    percent = SHARES[purpose](rules)
    return [(budget * percent / 100, since) for budget, since in budgets]


def over_budget(tenant_id: int, rules: Rules) -> bool:
    """Returns whether today's or this month's budget is spent. Warns when most of it is. Call inside `within(tenant_id)`."""
    amounts = [(_spent(tenant_id, since), budget) for budget, since in _budgets(rules)]
    _warn(tenant_id, percent_spent(amounts), rules)
    return any(spent >= budget for spent, budget in amounts)


def percent_spent(amounts: Iterable[tuple[Decimal, Decimal | None]]) -> int:
    """Returns how much of a budget is spent, as a percentage: the highest of the (spent, budget) pairs; 0 without a
    budget, or with one of 0."""
    return max((int(100 * spent / budget) for spent, budget in amounts if budget), default=0)


def _warn(tenant_id: int, percent: int, rules: Rules) -> None:
    """Tells programs that most of a budget is spent, once a day, and logs it, once a day in each process."""
    today = midnight(timezone.now(), rules.time_zone).date()
    if percent >= WARN_PERCENT:
        notify(tenant_id, OutgoingWebhook.Kind.BUDGET, today, percent=percent)
    if percent >= WARN_PERCENT and cache.add(f"klark-budget-{tenant_id}-{today}", percent, timeout=DAY_S):
        log.warning("most of a budget for models is spent", tenant=tenant_id, percent=percent)


def _spent(tenant_id: int, since: datetime) -> Decimal:
    """Returns what requests to models cost, and what is reserved for those that are not settled."""
    paid: Decimal = Charge.of(tenant_id).filter(at__gte=since).aggregate(total=Sum("cost", default=NOTHING))["total"]
    return paid


@dataclass(frozen=True, slots=True)
class Costs:
    """What models cost a tenant, reservations included. `percent`: the share of the day's or the month's budget, the higher
    of the two; `unanswered`: what this month is still reserved for requests whose answer never came; `day_began`: midnight."""

    day_began: datetime
    today: Decimal
    month: Decimal
    unanswered: Decimal
    percent: int
    currency: str

    @property
    def month_began(self) -> datetime:
        """The midnight at which the month began."""
        return self.day_began.replace(day=1)


def costs_of(tenant_ids: Iterable[int], now: datetime) -> dict[int, Costs]:
    """Returns each tenant's costs, in two queries for all of them. Days and months begin in the tenant's time zone."""
    ids = list(tenant_ids)
    policies = {each.tenant_id: each for each in Policy.objects.filter(tenant__in=ids).order_by("version")}
    days = {pk: midnight(now, policies[pk].time_zone if pk in policies else "") for pk in ids}
    months = {pk: began.replace(day=1) for pk, began in days.items()}
    unanswered = Q(state=State.RESERVED, at__lt=now - UNDER_WAY)
    sums = [Sum("cost", filter=wanted, default=NOTHING) for wanted in (_since(days), Q(), unanswered)]
    rows = Charge.objects.filter(_since(months)).order_by().values_list("tenant")
    paid = {pk: amounts for pk, *amounts in rows.annotate(today=sums[0], month=sums[1], unanswered=sums[2])}
    return {pk: _costs(policies.get(pk), days[pk], *paid.get(pk, [NOTHING] * 3)) for pk in ids}


def _costs(
    policy: Policy | None, began: datetime, today: Decimal, month: Decimal, unanswered: Decimal
) -> Costs:  # fmt: skip
    budgets = ((today, policy.budget_day), (month, policy.budget_month)) if policy else ()
    return Costs(began, today, month, unanswered, percent_spent(budgets), policy.currency if policy else "")


def _since(moments: Mapping[int, datetime]) -> Q:
    return reduce(or_, (Q(tenant=pk, at__gte=moment) for pk, moment in moments.items()), Q(pk__in=()))


def unanswered_today(now: datetime) -> int:
    """Returns how many requests of the last day never had an answer. Call inside `within`."""
    return Charge.objects.filter(state=State.RESERVED, at__lt=now - UNDER_WAY, at__gte=now - timedelta(days=1)).count()
