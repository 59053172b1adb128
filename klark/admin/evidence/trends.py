"""The page "Trends": topics that rise, unhappier customers, articles that begin to fail, what no topic covers."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from klark.admin.access import Power, access_of, chosen_tenant
from klark.admin.admin_page import admin_page
from klark.admin.evidence.outcomes_chart import OPTIONS
from klark.admin.filters import NOTHING
from klark.admin.operations.overview_figures import percent
from klark.evidence.trends.rising import DAYS, PER_YEAR
from klark.evidence.trends.table import lines
from klark.evidence.trends.tickets import ALL
from klark.evidence.trends.trends import MoodShift, Signal, trends
from klark.evidence.trends.uncovered import Uncovered
from klark.models import Tenant, Topic
from klark.values.csv_lines import csv_file, table

GREY, RED = "#8b95a5", "#dc2626"


@dataclass(frozen=True, slots=True)
class Shown:
    """A signal as the page shows it."""

    signal: Signal
    name: str
    expected: str
    chart: Mapping[str, str]
    drafts: str


@dataclass(frozen=True, slots=True)
class ShownMood:
    """A shift of customers' mood as the page shows it; shares in percent."""

    found: MoodShift
    name: str
    now: int | None
    before: int | None
    drafts: str


def page(request: HttpRequest) -> HttpResponse:
    """Returns the page, or the CSV, of the chosen tenant, or of the user's first. Raises PermissionDenied without one."""
    chosen, tenants = chosen_tenant(request, Power.SEE)
    found = trends(chosen.pk, timezone.now())
    if request.GET.get("as") == "csv":
        return HttpResponse(table(lines(found)), **csv_file(f"trends-{chosen.slug}-{timezone.now():%Y-%m-%d}.csv"))
    names = Topic.titles(chosen.pk)
    return admin_page(request, "klark/trends.html", {
        "title": _("Trends"), "is_fullwidth": "1", "tenant": chosen, "tenants": tenants,
        "found": found, "signals": [_shown(chosen, one, names, found.until) for one in found.signals], "days": DAYS,
        "moods": [_mood(chosen, one, names, found.until) for one in found.moods],
        "new_topics": [(one, _new_topic(chosen, one)) for one in found.uncovered],
        "per_year": PER_YEAR, "chart": chart(found.counts, found.until, 0),
        "leads": access_of(request).may(Power.LEAD, chosen.pk),
    })  # fmt: skip


def _shown(tenant: Tenant, signal: Signal, names: Mapping[str, str], until: date) -> Shown:
    days = signal.rise.days
    return Shown(signal, _name(signal.topic, names), f"{signal.rise.expected:.0f}",
                 chart(signal.counts, until, days), _drafts(tenant, signal.topic, until - timedelta(days=days)))  # fmt: skip


def _mood(tenant: Tenant, found: MoodShift, names: Mapping[str, str], until: date) -> ShownMood:
    now, before = (percent(hits, of) for hits, of in (found.shift.now, found.shift.before))
    drafts = _drafts(tenant, found.topic, until - timedelta(days=found.shift.days))
    return ShownMood(found, _name(found.topic, names), now, before, drafts)


def _new_topic(tenant: Tenant, group: Uncovered) -> str:
    """Returns the address of the form for a new topic, with a name and a description."""
    told = {"tenant": tenant.pk, "name": group.name[:100], "description": ", ".join(group.words)}
    return f"{reverse('admin:klark_topic_add')}?{urlencode(told)}"


def _drafts(tenant: Tenant, topic: str, since: date) -> str:
    """Returns the address of a topic's drafts since a day."""
    asked: dict[str, Any] = {"shown": "all", "live__exact": 1, "tenant__id__exact": tenant.pk}
    asked["created_at__gte"] = since.isoformat()
    if topic != ALL:
        asked["topic"] = topic or NOTHING
    return f"{reverse('admin:klark_draft_changelist')}?{urlencode(asked)}"


def _name(topic: str, names: Mapping[str, str]) -> str:
    return gettext("All tickets together") if topic == ALL else names.get(topic, topic) or gettext("no topic")


def chart(counts: Sequence[int], until: date, days: int) -> dict[str, str]:
    """Returns a chart of daily counts as JSON, the last `days` of them in another colour."""
    first = until - timedelta(days=len(counts))
    labels = [date_format(first + timedelta(days=day), "MONTH_DAY_FORMAT") for day in range(len(counts))]
    colours = [GREY] * (len(counts) - days) + [RED] * days
    tickets = {"label": gettext("Tickets a day"), "data": list(counts), "backgroundColor": colours}
    return {"data": json.dumps({"labels": labels, "datasets": [tickets]}), "options": OPTIONS}
