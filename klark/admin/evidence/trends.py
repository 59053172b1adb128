"""The page "Trends": topics that rise against their own past, articles that begin to fail, and what to do about either."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from klark.admin.access import Power, access_of, chosen_tenant
from klark.admin.filters import NOTHING
from klark.admin.queue.outcomes_chart import OPTIONS
from klark.evidence.rising import DAYS, PER_YEAR
from klark.evidence.trends import ALL, Signal, trends
from klark.models import Tenant, Topic

GREY, RED = "#8b95a5", "#dc2626"


@dataclass(frozen=True, slots=True)
class Shown:
    """A signal as the page shows it."""

    signal: Signal
    name: str
    expected: str
    chart: Mapping[str, str]
    drafts: str


def page(request: HttpRequest) -> HttpResponse:
    """Returns the page of the chosen tenant, or of the user's first. Raises PermissionDenied without one."""
    chosen, tenants = chosen_tenant(request, Power.SEE)
    found = trends(chosen.pk, timezone.now())
    names = Topic.titles(chosen.pk)
    context = {
        **admin.site.each_context(request), "title": _("Trends"), "is_fullwidth": "1", "tenant": chosen, "tenants": tenants,
        "found": found, "signals": [_shown(chosen, one, names, found.until) for one in found.signals], "days": DAYS,
        "per_year": PER_YEAR, "chart": chart(found.counts, found.until, 0),
        "leads": access_of(request).may(Power.LEAD, chosen.pk),
    }  # fmt: skip
    return TemplateResponse(request, "klark/trends.html", context)


def _shown(tenant: Tenant, signal: Signal, names: Mapping[str, str], until: date) -> Shown:
    asked: dict[str, Any] = {"shown": "all", "live__exact": 1, "tenant__id__exact": tenant.pk}
    asked["created_at__gte"] = (until - timedelta(days=signal.rise.days)).isoformat()
    if signal.topic != ALL:
        asked["topic"] = signal.topic or NOTHING
    drafts = f"{reverse('admin:klark_draft_changelist')}?{urlencode(asked)}"
    return Shown(signal, _name(signal.topic, names), f"{signal.rise.expected:.0f}",
                 chart(signal.counts, until, signal.rise.days), drafts)  # fmt: skip


def _name(topic: str, names: Mapping[str, str]) -> str:
    return gettext("All tickets together") if topic == ALL else names.get(topic, topic) or gettext("no topic")


def chart(counts: Sequence[int], until: date, days: int) -> dict[str, str]:
    """Returns a chart of daily counts as JSON, the last `days` of them in another colour."""
    first = until - timedelta(days=len(counts))
    labels = [date_format(first + timedelta(days=day), "j.n.") for day in range(len(counts))]
    colours = [GREY] * (len(counts) - days) + [RED] * days
    tickets = {"label": gettext("Tickets a day"), "data": list(counts), "backgroundColor": colours}
    return {"data": json.dumps({"labels": labels, "datasets": [tickets]}), "options": OPTIONS}
