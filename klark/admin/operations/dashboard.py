"""The overview page: what became of tickets, what people did with drafts, what waits, and what it cost."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Min, QuerySet
from django.http import HttpRequest
from django.utils import timezone

from klark.admin.access import Power, access_of
from klark.admin.first_run.steps import STEPS, count_done, unfinished
from klark.admin.last_two_weeks import began
from klark.admin.operations.overview_figures import of_people, of_tickets, time_saved
from klark.admin.operations.stopping import stoppable
from klark.checks import missing_parts
from klark.drafting.budget import WARN_PERCENT, Costs, costs_of
from klark.models import Connection, Decision, Delivery, Notification, Outcome, Tenant, WebhookEvent
from klark.models.delivery import NOT_SNOOZED

MOST_BEGUN = 10
"""How many tenants with a step left the page names."""


@dataclass(frozen=True, slots=True)
class TenantFigures:
    """One tenant's open work and costs. `since`: when what waits longest for a person was drafted; `stuck`: parked events,
    `parked`: parked writes; `untold`: notifications that no program took."""

    pk: int
    name: str
    waiting: int
    since: datetime | None
    stuck: int
    parked: int
    untold: int
    costs: Costs


def dashboard(request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    """Returns `context` with the page's figures. Unfold calls it."""
    now, scope = timezone.localtime(), access_of(request).scope
    tenants = list(scope(Tenant.objects.all(), Power.SEE, "pk"))
    figures = _figures(tenants, now)
    return {
        **context,
        "tickets": of_tickets(scope(Decision.objects.all(), Power.SEE), tenants),
        "judged": of_people(scope(Outcome.objects.all(), Power.SEE), tenants),
        "saved": time_saved(tenants, scope(Delivery.objects.all(), Power.SEE)),
        "began": began(),
        "begun": [(tenant, count_done(tenant)) for tenant in unfinished(request)[:MOST_BEGUN]],
        "stoppable": stoppable(request),
        "troubled": scope(Connection.objects.filter(active=True).exclude(trouble=""), Power.SEE),
        "tenants": figures,
        "leads": access_of(request).may(Power.LEAD),
        "operates": access_of(request).may(Power.OPERATE),
        "spenders": [tenant for tenant in figures if tenant.costs.percent >= WARN_PERCENT],
        "triage_trouble": missing_parts(),
        "steps": len(STEPS),
    }


def _figures(tenants: Iterable[Tenant], now: datetime) -> list[TenantFigures]:
    """Returns each tenant's figures, in a few queries for all of them."""
    tenants = list(tenants)
    ids = [tenant.pk for tenant in tenants]
    costs = costs_of(ids, now)
    waits = Delivery.objects.filter(NOT_SNOOZED, tenant__in=ids, state=Delivery.State.WAITING).order_by()
    by_tenant = waits.values_list("tenant").annotate(Count("pk"), Min("created_at"))
    waiting = {pk: (count, since) for pk, count, since in by_tenant}
    parked = _count(Delivery.objects.filter(tenant__in=ids, state=Delivery.State.PARKED))
    stuck = _count(WebhookEvent.objects.filter(tenant__in=ids, state=WebhookEvent.State.PARKED))
    untold = _count(Notification.objects.filter(tenant__in=ids, state=Notification.State.PARKED))
    return [
        TenantFigures(
            pk=tenant.pk,
            name=tenant.name,
            waiting=waiting.get(tenant.pk, (0, None))[0],
            since=waiting.get(tenant.pk, (0, None))[1],
            stuck=stuck.get(tenant.pk, 0),
            parked=parked.get(tenant.pk, 0),
            untold=untold.get(tenant.pk, 0),
            costs=costs[tenant.pk],
        )
        for tenant in tenants
    ]


def _count(rows: "QuerySet[Delivery] | QuerySet[WebhookEvent] | QuerySet[Notification]") -> dict[int, int]:
    return dict(rows.order_by().values_list("tenant").annotate(Count("pk")))
