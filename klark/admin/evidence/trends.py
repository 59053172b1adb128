"""The page "Trends": topics that rise, unhappier customers, articles that begin to fail, what no topic covers."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
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
from klark.evidence.trends.rising import DAYS, PER_YEAR
from klark.evidence.trends.table import lines
from klark.evidence.trends.tickets import ALL
from klark.evidence.trends.trends import MoodShift, Signal, Trends, trends
from klark.evidence.trends.uncovered import Uncovered
from klark.models import Tenant, Topic
from klark.runtime.csv_lines import csv_file

GREY, RED = "#8b95a5", "#dc2626"
HEADS = (
    _("What"), _("Name"), _("Last day"), _("Days"), _("Tickets"), _("Of"), _("Expected"), _("Threshold"),
    _("Probability by chance"),
)  # fmt: skip
"""The file's columns: those of klark.evidence.trends.table, and the last day that a line counts."""
KINDS: Mapping[str, Any] = {
    "topic": _("A topic that rises"), "mood": _("Unhappier customers"), "article": _("An article that begins to fail"),
    "no topic": _("Asked often, and no topic covers it"), "day": _("Tickets a day"),
}  # fmt: skip


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
    found, names = trends(chosen.pk, timezone.now()), Topic.titles(chosen.pk)
    if request.GET.get("as") == "csv":
        return csv_file(f"trends-{chosen.slug}-{found.until}.csv", _lines(found, names))
    return admin_page(request, "klark/trends.html", {
        "title": _("Trends"), "is_fullwidth": "1", "tenant": chosen, "tenants": tenants,
        "found": found, "signals": [_shown(chosen, one, names, found) for one in found.signals], "days": DAYS,
        "moods": [_mood(chosen, one, names, found) for one in found.moods],
        "new_topics": [(one, _new_topic(chosen, one)) for one in found.uncovered],
        "per_year": PER_YEAR, "all": ALL, "chart": chart(found.counts, found.until, 0),
        "leads": access_of(request).may(Power.LEAD, chosen.pk),
    })  # fmt: skip


def _lines(found: Trends, names: Mapping[str, str]) -> Iterator[tuple[Any, ...]]:
    """Yields what changes in the reader's words, a line each, and then each topic's tickets a day, which the charts draw."""
    _keys, *signals = lines(found)
    yield tuple(map(str, HEADS))
    for what, name, *told in signals:
        shown = _name(name, names) if what in ("topic", "mood") else name
        yield KINDS[what], shown, found.until - timedelta(days=1), *told
    for topic, counts in found.by_topic.items():
        for back, count in zip(range(len(counts), 0, -1), counts, strict=True):
            yield KINDS["day"], _name(topic, names), found.until - timedelta(days=back), 1, count


def _shown(tenant: Tenant, signal: Signal, names: Mapping[str, str], found: Trends) -> Shown:
    days = signal.rise.days
    return Shown(signal, _name(signal.topic, names), f"{signal.rise.expected:.0f}",
                 chart(signal.counts, found.until, days), _drafts(tenant, signal.topic, found, days))  # fmt: skip


def _mood(tenant: Tenant, mood: MoodShift, names: Mapping[str, str], found: Trends) -> ShownMood:
    now, before = (round(100 * hits / of) if of else None for hits, of in (mood.shift.now, mood.shift.before))
    return ShownMood(mood, _name(mood.topic, names), now, before, _drafts(tenant, mood.topic, found, mood.shift.days))


def _new_topic(tenant: Tenant, group: Uncovered) -> str:
    """Returns the address of the form for a new topic, with a name and a description."""
    told = {"tenant": tenant.pk, "name": group.name[:100], "description": ", ".join(group.words)}
    return f"{reverse('admin:klark_topic_add')}?{urlencode(told)}"


def _drafts(tenant: Tenant, topic: str, found: Trends, days: int) -> str:
    """Returns the address of a topic's drafts for what customers wrote on the last `days` that are counted."""
    begin, end = (datetime.combine(found.until - timedelta(days=back), time.min, found.zone) for back in (days, 0))
    asked: dict[str, Any] = {"shown": "all", "live__exact": 1, "tenant__id__exact": tenant.pk}
    asked |= {"customer_wrote_at__gte": begin.isoformat(), "customer_wrote_at__lt": end.isoformat()}
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
