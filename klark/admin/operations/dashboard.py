"""The overview page: what was decided, what waits, what it cost, and how often people approved drafts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum
from django.http import HttpRequest
from django.utils import timezone

from klark.admin.access import Power, access_of
from klark.admin.operations.stopping import stoppable
from klark.checks import missing_parts
from klark.drafting.tenant_settings import WARN_PERCENT, percent_spent
from klark.models import (
    Connection,
    Decision,
    DecisionKind,
    Delivery,
    KeptCompletion,
    Outcome,
    Policy,
    Tenant,
    WebhookEvent,
)
from klark.values.day_start import midnight

JUDGED = (Outcome.Kind.APPROVED, Outcome.Kind.EDITED, Outcome.Kind.REJECTED)


@dataclass(frozen=True, slots=True)
class Kind:
    """The number of decisions of one kind, today and this week."""

    label: Any
    today: int
    week: int


@dataclass(frozen=True, slots=True)
class Share:
    """How many drafts had one outcome, and its percentage of all drafts that people judged (None if they judged none)."""

    label: Any
    count: int
    percent: int | None


@dataclass(frozen=True, slots=True)
class TenantFigures:
    """One tenant's open work and costs. Costs are what models were paid, in the policy's currency. `percent_spent` is the
    share of the day's or the month's budget, the higher of the two."""

    name: str
    waiting: int
    parked: int
    cost_today: Decimal
    cost_month: Decimal
    currency: str
    percent_spent: int


def dashboard(request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    """Returns `context` with the page's figures. Unfold calls it."""
    now = timezone.localtime()
    today = midnight(now)
    week = today - timedelta(days=today.weekday())
    scope = access_of(request).scope
    decided = scope(Decision.objects.filter(decided_at__gte=week), Power.SEE)
    judged = scope(Outcome.objects.filter(at__gte=week, kind__in=JUDGED), Power.SEE)
    tenants = scope(Tenant.objects.all(), Power.SEE, "pk")
    kinds, figures = _kinds(decided, today), _figures(tenants, now)
    return {
        **context,
        "kinds": kinds,
        "decided": (sum(kind.today for kind in kinds), sum(kind.week for kind in kinds)),
        "shares": _shares(judged),
        "stoppable": stoppable(request),
        "troubled": scope(Connection.objects.filter(active=True).exclude(trouble=""), Power.SEE),
        "tenants": figures,
        "spenders": [tenant for tenant in figures if tenant.percent_spent >= WARN_PERCENT],
        "triage_trouble": missing_parts(),
        "today": today,
        "week": week,
    }


def _kinds(decided: QuerySet[Decision], today: datetime) -> Sequence[Kind]:
    week, day = _by_kind(decided), _by_kind(decided.filter(decided_at__gte=today))
    return [Kind(kind.label, day.get(kind.value, 0), week.get(kind.value, 0)) for kind in DecisionKind]


def _by_kind(rows: "QuerySet[Decision] | QuerySet[Outcome]") -> dict[str, int]:
    return dict(rows.order_by().values_list("kind").annotate(Count("pk")))


def _shares(judged: QuerySet[Outcome]) -> Sequence[Share]:
    counts = _by_kind(judged)
    total = sum(counts.values())
    return [
        Share(kind.label, counts.get(kind.value, 0), round(100 * counts.get(kind.value, 0) / total) if total else None)
        for kind in JUDGED
    ]


def _figures(tenants: QuerySet[Tenant], now: datetime) -> list[TenantFigures]:
    """Returns each tenant's figures, in a few queries for all of them. Days and months begin in the tenant's time zone."""
    ids = list(tenants.values_list("pk", flat=True))
    policies = {each.tenant_id: each for each in Policy.objects.filter(tenant__in=ids).order_by("version")}
    midnights = {pk: midnight(now, policies[pk].time_zone if pk in policies else "") for pk in ids}
    waiting = _count(Delivery.objects.filter(tenant__in=ids, state=Delivery.State.WAITING))
    parked = _count(Delivery.objects.filter(tenant__in=ids, state=Delivery.State.PARKED))
    stuck = _count(WebhookEvent.objects.filter(tenant__in=ids, state=WebhookEvent.State.PARKED))
    today = _paid(midnights)
    month = _paid({pk: began.replace(day=1) for pk, began in midnights.items()})
    return [
        TenantFigures(
            name=tenant.name,
            waiting=waiting.get(tenant.pk, 0),
            parked=parked.get(tenant.pk, 0) + stuck.get(tenant.pk, 0),
            cost_today=today.get(tenant.pk, Decimal(0)),
            cost_month=month.get(tenant.pk, Decimal(0)),
            currency=policies[tenant.pk].currency if tenant.pk in policies else "",
            percent_spent=_percent(policies.get(tenant.pk), today.get(tenant.pk), month.get(tenant.pk)),
        )
        for tenant in tenants
    ]


def _percent(policy: Policy | None, today: Decimal | None, month: Decimal | None) -> int:
    if policy is None:
        return 0
    return percent_spent(((today or Decimal(0), policy.budget_day), (month or Decimal(0), policy.budget_month)))


def _count(rows: "QuerySet[Delivery] | QuerySet[WebhookEvent]") -> dict[int, int]:
    return dict(rows.order_by().values_list("tenant").annotate(Count("pk")))


def _paid(since: Mapping[int, datetime]) -> dict[int, Decimal]:
    """Returns what models were paid for each tenant since the moment given for it."""
    if not since:
        return {}
    spans = reduce(or_, (Q(tenant=pk, at__gte=moment) for pk, moment in since.items()))
    return dict(KeptCompletion.objects.filter(spans).order_by().values_list("tenant").annotate(Sum("cost")))
