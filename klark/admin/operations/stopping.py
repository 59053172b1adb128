"""The bars on every page that say what is stopped or in shadow mode, and the buttons that stop klark and let it go on."""

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache, partial
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from klark import stopping
from klark.admin.access import Power, access_of, actor, posted_number
from klark.admin.choice_labels import labelled
from klark.admin.navigation import IN_SHADOW, STOPPED, page_counts
from klark.models import AuditAct, Connection, Stop, Tenant, Topic, record

Titles = Callable[[int], Mapping[str, str]]
"""`Topic.titles`, or what has kept what it returned: a tenant's topics by key."""


@dataclass(frozen=True, slots=True)
class Stopped:
    """One stop as the bar shows it. `releases`: whether the user may end it."""

    stop: Stop
    what: str
    releases: bool


@dataclass(frozen=True, slots=True)
class Stoppable:
    """A tenant with everything in it that the user may stop, and that is not stopped already. `whole`: whether all of it is."""

    tenant: Tenant
    whole: bool
    connections: tuple[Connection, ...]
    topics: tuple[Topic, ...]


def stopped(request: HttpRequest) -> Mapping[str, Any]:
    """Gives every template the stops in force and the connections in shadow mode, as a context processor; they are read only
    where a template shows them."""
    return {"stops_in_force": partial(_in_force, request), "in_shadow": partial(_in_shadow, request)}


def _in_shadow(request: HttpRequest) -> list[tuple[str, Connection, bool]]:
    """Returns the connections to which klark writes nothing, each with its name and whether the user may end that."""
    if not page_counts(request)[IN_SHADOW]:
        return []
    access = access_of(request)
    rows = access.scope(Connection.objects.filter(shadow=True, active=True), Power.SEE).select_related("tenant")
    return [
        (f"{row.tenant} · {row}", row, access.may(Power.OPERATE, row.tenant_id))
        for row in rows.order_by("tenant", "helpdesk", "account")
    ]


def _in_force(request: HttpRequest) -> list[Stopped]:
    if not page_counts(request)[STOPPED]:
        return []
    access = access_of(request)
    rows = access.scope(Stop.in_force(), Power.SEE).select_related("tenant", "connection")
    titles = cache(Topic.titles)
    return [Stopped(row, stop_words(row, titles), access.may(Power.LEAD, row.tenant_id)) for row in rows]


def stop_words(row: Stop, titles: Titles) -> str:
    """Returns what is stopped, as in "Acme · Zendesk · acme"."""
    if row.topic:
        return f"{row.tenant} · {labelled(_('topic'), titles(row.tenant_id).get(row.topic, row.topic))}"
    return f"{row.tenant} · {row.connection}" if row.connection else str(row.tenant)


def stoppable(request: HttpRequest) -> list[Stoppable]:
    """Returns what the user may stop, by tenant."""
    tenants = list(access_of(request).scope(Tenant.objects.all(), Power.LEAD, "pk"))
    accounts, topics = (_by_tenant(rows.objects.filter(tenant__in=tenants)) for rows in (Connection, Topic))
    over: set[Any] = set(Stop.in_force().filter(tenant__in=tenants).values_list("tenant", "connection", "topic"))
    return [
        Stoppable(
            each, (each.pk, None, "") in over,
            tuple(one for one in accounts[each.pk] if (each.pk, one.pk, "") not in over),
            tuple(one for one in topics[each.pk] if (each.pk, None, one.key) not in over),
        )
        for each in tenants
    ]  # fmt: skip


def _by_tenant(rows: "QuerySet[Any]") -> Mapping[int, list[Any]]:
    """Returns the rows by their tenant's id, with one query for all tenants."""
    found = defaultdict[int, list[Any]](list)
    for row in rows:
        found[row.tenant_id].append(row)
    return found


@require_POST
def stop(request: HttpRequest) -> HttpResponse:
    """Stops the tenant that is posted, or its connection or topic. Raises PermissionDenied, and Http404."""
    tenant = get_object_or_404(Tenant, pk=posted_number(request, "tenant"))
    _refuse_others(request, tenant)
    account, topic = request.POST.get("connection", ""), request.POST.get("topic", "")
    accounts = {str(each.pk): each for each in Connection.of(tenant.pk)}
    if account not in {"", *accounts} or topic not in {"", *Topic.of(tenant.pk).values_list("key", flat=True)}:
        raise Http404
    if stopping.stop(tenant.pk, request.user.get_username(), accounts.get(account), topic):
        record(tenant.pk, actor(request), AuditAct.STOPPED, accounts.get(account) or tenant, topic=topic)
    return HttpResponseRedirect(reverse("admin:index"))


@require_POST
def release(request: HttpRequest) -> HttpResponse:
    """Ends the stop that is posted. Raises PermissionDenied, and Http404."""
    row = get_object_or_404(Stop, pk=posted_number(request, "stop"))
    _refuse_others(request, row.tenant)
    if stopping.release(row.pk, row.tenant_id, request.user.get_username()):
        record(row.tenant_id, actor(request), AuditAct.RELEASED, row)
        messages.success(request, _("Released: what waited goes on now."))
    return HttpResponseRedirect(reverse("admin:index"))


def _refuse_others(request: HttpRequest, tenant: Tenant) -> None:
    if not access_of(request).may(Power.LEAD, tenant.pk):
        raise PermissionDenied
