"""How far a tenant is with its first steps. Nothing is kept for it: a step is done if the tenant's rows say so."""

from collections.abc import Mapping
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Exists, Model, OuterRef, Q, QuerySet
from django.http import HttpRequest

from klark.admin.access import Power, access_of
from klark.models import Article, AuditAct, AuditEntry, BacktestRun, Connection, Draft, Outcome, Policy, Tenant


def _some(rows: type[Model], *which: Q, **wanted: Any) -> Exists:
    """Returns whether a tenant has any such row."""
    return Exists(rows._default_manager.filter(*which, tenant=OuterRef("pk"), **wanted))


STEPS: Mapping[str, tuple[Exists, ...]] = {
    "connected": (_some(Connection, ~Q(own_user_id="")),),
    "informed": (_some(Article, current=True),),
    "tried": (_some(Draft), _some(BacktestRun), _some(AuditEntry, act=AuditAct.ASKED)),
    "ruled": (_some(Policy),),
    "seen": (_some(Outcome), _some(AuditEntry, act=AuditAct.SAW, kind=Draft._meta.model_name)),
}
"""Each step in order, and what shows that it is done; any one is enough. What a long chain of audits would be searched for comes
last, so that it is searched only where a tenant is new."""


def marked(tenants: QuerySet[Tenant]) -> QuerySet[Tenant]:
    """Returns the tenants with a value for each of STEPS: whether it is done."""
    return tenants.annotate(**{name: reduce(or_, signs, Q()) for name, signs in STEPS.items()})


def led(request: HttpRequest) -> QuerySet[Tenant]:
    """Returns the tenants that the user leads, marked."""
    return marked(access_of(request).scope(Tenant.objects.all(), Power.LEAD, "pk"))


def unfinished(request: HttpRequest) -> QuerySet[Tenant]:
    """Returns those that have a step left."""
    return led(request).exclude(**dict.fromkeys(STEPS, True))


def count_done(tenant: Tenant) -> int:
    """Returns how many steps a marked tenant has done."""
    return sum(bool(getattr(tenant, name)) for name in STEPS)
