"""The overview page: what was decided, what waits, what it cost, and how often people approved drafts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.utils import timezone

from klark.admin.access import Power, access_of
from klark.admin.first_run.steps import STEPS, count_done, unfinished
from klark.admin.operations.stopping import stoppable
from klark.checks import missing_parts
from klark.drafting.budget import WARN_PERCENT, Costs, costs_of
from klark.models import Connection, Decision, DecisionKind, Delivery, Outcome, Tenant, WebhookEvent
from klark.values.day_start import midnight

MOST_BEGUN = 10
"""How many tenants with a step left the page names."""
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
    """One tenant's open work and costs."""

    name: str
    waiting: int
    parked: int
    costs: Costs


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
        "begun": [(tenant, count_done(tenant)) for tenant in unfinished(request)[:MOST_BEGUN]],
        "stoppable": stoppable(request),
        "troubled": scope(Connection.objects.filter(active=True).exclude(trouble=""), Power.SEE),
        "tenants": figures,
        "spenders": [tenant for tenant in figures if tenant.costs.percent >= WARN_PERCENT],
        "triage_trouble": missing_parts(),
        "steps": len(STEPS),
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
    """Returns each tenant's figures, in a few queries for all of them."""
    ids = list(tenants.values_list("pk", flat=True))
    costs = costs_of(ids, now)
    waiting = _count(Delivery.objects.filter(tenant__in=ids, state=Delivery.State.WAITING))
    parked = _count(Delivery.objects.filter(tenant__in=ids, state=Delivery.State.PARKED))
    stuck = _count(WebhookEvent.objects.filter(tenant__in=ids, state=WebhookEvent.State.PARKED))
    return [
        TenantFigures(
            name=tenant.name,
            waiting=waiting.get(tenant.pk, 0),
            parked=parked.get(tenant.pk, 0) + stuck.get(tenant.pk, 0),
            costs=costs[tenant.pk],
        )
        for tenant in tenants
    ]


def _count(rows: "QuerySet[Delivery] | QuerySet[WebhookEvent]") -> dict[int, int]:
    return dict(rows.order_by().values_list("tenant").annotate(Count("pk")))
