"""The first page: what was decided, what waits, what it cost and how often it was right, each with its basis."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Count, QuerySet, Sum
from django.http import HttpRequest
from django.utils import timezone

from klark.admin.access import Power, access_of
from klark.models import (
    Connection,
    Decision,
    DecisionKind,
    Delivery,
    KeptCompletion,
    Outcome,
    Tenant,
    WebhookEvent,
    policy_in_force,
)

JUDGED = (Outcome.Kind.APPROVED, Outcome.Kind.EDITED, Outcome.Kind.REJECTED)


@dataclass(frozen=True, slots=True)
class Kind:
    """How many decisions of one kind were taken."""

    label: Any
    today: int
    week: int


@dataclass(frozen=True, slots=True)
class Share:
    """What people did with drafts: how many, and the percentage of those judged (`None` where none was)."""

    label: Any
    count: int
    percent: int | None


@dataclass(frozen=True, slots=True)
class TenantFigures:
    """One tenant's work and money. Costs are what models were paid, in the policy's currency."""

    name: str
    waiting: int
    parked: int
    cost_today: Decimal
    cost_month: Decimal
    currency: str


def dashboard(request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    """Unfold's callback: the page's figures."""
    now = timezone.localtime()
    today = now.replace(hour=0, minute=0, second=0, microsecond=0)
    week = today - timedelta(days=today.weekday())
    scope = access_of(request).scope
    decided = scope(Decision.objects.filter(decided_at__gte=week), Power.REVIEW)
    judged = scope(Outcome.objects.filter(at__gte=week, kind__in=JUDGED), Power.REVIEW)
    tenants = scope(Tenant.objects.all(), Power.REVIEW, "pk")
    kinds = _kinds(decided, today)
    return {
        **context,
        "kinds": kinds,
        "decided": (sum(kind.today for kind in kinds), sum(kind.week for kind in kinds)),
        "shares": _shares(judged),
        "troubled": scope(Connection.objects.filter(active=True).exclude(trouble=""), Power.REVIEW),
        "tenants": [_figures(tenant, today) for tenant in tenants],
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


def _figures(tenant: Tenant, today: datetime) -> TenantFigures:
    policy = policy_in_force(tenant.pk)
    writes, events = Delivery.of(tenant.pk), WebhookEvent.of(tenant.pk)
    parked = writes.filter(state=Delivery.State.PARKED).count() + events.filter(state=WebhookEvent.State.PARKED).count()
    return TenantFigures(
        name=tenant.name,
        waiting=writes.filter(state=Delivery.State.WAITING).count(),
        parked=parked,
        cost_today=_paid(tenant, today),
        cost_month=_paid(tenant, today.replace(day=1)),
        currency=policy.currency if policy else "",
    )


def _paid(tenant: Tenant, since: datetime) -> Decimal:
    total = KeptCompletion.of(tenant.pk).filter(at__gte=since).aggregate(total=Sum("cost"))["total"]
    return total or Decimal(0)
