"""The page "Outcomes": what became of the drafts of the last weeks, with a chart, each count a link to its drafts, and as CSV."""

import csv
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from klark.admin.access import Power, access_of
from klark.admin.filters import NOTHING
from klark.admin.queue.ending_filter import ENDINGS
from klark.admin.queue.outcomes_chart import chart
from klark.evidence.intervals import Share
from klark.evidence.kpis import GROUPS, SHARES, kpis
from klark.evidence.turns import WEEKS, last_weeks, turns_of
from klark.models import Connection, Tenant, Topic, policy_in_force, rules_of
from klark.values.wording import language_words

TITLES: Mapping[str, Any] = {
    "topic": _("By topic"), "language": _("By language"), "desk": _("By helpdesk"), "week": _("By week"),
}  # fmt: skip
COLUMNS = ("resolved_alone", "unchanged", "edited", "rejected", "handed_over", "reopened", "satisfied")
CSV_HEAD = ("group", "name", "figure", "value", "hits", "of", "low", "high")
Found = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Cell:
    """A figure in words, of how many, its interval, and a link to the list of its drafts; each may be "" but the first."""

    value: str
    of: str = ""
    interval: str = ""
    link: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a table."""

    name: str
    cells: tuple[Cell, ...]


def page(request: HttpRequest) -> HttpResponse:
    """Returns the page, or the CSV, of the chosen tenant, or of the user's first. Raises PermissionDenied without one."""
    tenants = list(access_of(request).scope(Tenant.objects.all(), Power.SEE, "pk"))
    chosen = next((each for each in tenants if each.slug == request.GET.get("tenant")), tenants[0] if tenants else None)
    if chosen is None:
        raise PermissionDenied
    since, until = last_weeks(chosen.pk, timezone.now())
    found = kpis(turns_of(chosen.pk, since, until), until)
    if request.GET.get("as") == "csv":
        return _csv(chosen, found)
    currency = rules_of(policy_in_force(chosen.pk)).currency
    context = {
        **admin.site.each_context(request), "title": _("Outcomes"), "is_fullwidth": "1", "tenant": chosen, "tenants": tenants,
        "since": since.date(), "weeks": WEEKS, "turns": found["all"]["turns"], "tickets": found["all"]["tickets"],
        "chart": chart(found["week"], since.date()), "endings": _endings(chosen, found["all"]),
        "figures": _figures(found["all"], currency),
        "tables": [(title, _table(chosen, name, found[name], currency, since)) for name, title in TITLES.items()],
    }  # fmt: skip
    return TemplateResponse(request, "klark/outcomes.html", context)


def _endings(tenant: Tenant, found: Found) -> list[Row]:
    """Returns each ending with its count, which leads to its drafts, and its share of those that are known."""
    rows = []
    for name, title in ENDINGS.items():
        count = Cell(str(found["endings"][name]), link=_list(tenant, ending=name))
        rows.append(Row(str(title), (count, _share(found[name]) if name in SHARES else Cell(""))))
    return rows


def _figures(found: Found, currency: str) -> list[Row]:
    kept, wait = found["words_kept"], found["first_response"]
    cells = (
        (_("Tickets resolved without a person"), _share(found["resolved_alone"])),
        (_("Replies whose ticket was reopened within seven days"), _share(found["reopened"])),
        (_("Customers who rated the help as good"), _share(found["satisfied"])),
        (_("Words kept of edited drafts"), Cell(_percent(kept["mean"]), _of(kept["of"]))),
        (_("First response, median"), Cell(_duration(wait["median_s"]), _of(wait["of"]))),
        (_("Cost per ticket"), Cell(_money(found["cost_per_ticket"], currency), _of(found["tickets"]))),
        (_("Cost per ticket resolved without a person"),
         Cell(_money(found["cost_per_resolution"], currency), _of(found["resolved_alone"]["hits"]))),
    )  # fmt: skip
    return [Row(str(name), (cell,)) for name, cell in cells]


def _table(tenant: Tenant, kind: str, groups: Found, currency: str, since: datetime) -> list[Row]:
    names = _names(tenant, kind, groups)
    return [Row(names[key], _cells(tenant, kind, key, one, currency, since)) for key, one in groups.items()]


def _cells(tenant: Tenant, kind: str, key: str, found: Found, currency: str, since: datetime) -> tuple[Cell, ...]:
    turns = Cell(str(found["turns"]), link=_list(tenant, **_chosen(kind, key, since)))
    return (
        Cell(str(found["tickets"])), turns, *(_share(found[name]) for name in COLUMNS),
        Cell(_duration(found["first_response"]["median_s"]), _of(found["first_response"]["of"])),
        Cell(_money(found["cost_per_ticket"], currency)),
    )  # fmt: skip


def _chosen(kind: str, key: str, since: datetime) -> dict[str, str]:
    """Returns the filters of the list of drafts for a group; there is none by helpdesk."""
    if kind == "desk":
        return {}
    if kind != "week":
        return {kind: key or NOTHING, "created_at__gte": since.isoformat()}
    begin = since + (date.fromisoformat(key) - since.date())
    return {"created_at__gte": begin.isoformat(), "created_at__lt": (begin + timedelta(weeks=1)).isoformat()}


def _list(tenant: Tenant, **chosen: str) -> str:
    if not chosen:
        return ""
    asked = {"shown": "all", "live__exact": 1, "tenant__id__exact": tenant.pk, **chosen}
    return f"{reverse('admin:klark_draft_changelist')}?{urlencode(asked)}"


def _names(tenant: Tenant, kind: str, groups: Found) -> dict[str, str]:
    topics = dict(Topic.of(tenant.pk).values_list("key", "name")) if kind == "topic" else {}
    desks = dict(Connection._meta.get_field("helpdesk").flatchoices)
    by_kind: Mapping[str, Callable[[str], str]] = {
        "topic": lambda key: topics.get(key, key) or gettext("no topic"),
        "language": lambda key: language_words(key, get_language() or "en") if key else gettext("not known"),
        "desk": lambda key: str(desks.get(key, key)),
        "week": lambda key: date_format(date.fromisoformat(key), "SHORT_DATE_FORMAT"),
    }
    return {key: by_kind[kind](key) for key in groups}


def _share(one: Share) -> Cell:
    """Returns a share with of how many, and its interval; a dash where there is nothing to take a share of."""
    if one["share"] is None:
        return Cell("—")
    of = gettext("%(hits)s of %(of)s") % {"hits": one["hits"], "of": one["of"]}
    between = {"low": f"{100 * (one['low'] or 0):.0f}", "high": _percent(one["high"])}
    return Cell(_percent(one["share"]), of, gettext("%(low)s to %(high)s") % between)


def _percent(share: float | None) -> str:
    return "—" if share is None else f"{100 * share:.0f} %"


def _of(count: int) -> str:
    return gettext("of %(of)s") % {"of": count} if count else ""


def _money(amount: Decimal | None, currency: str) -> str:
    return "—" if amount is None else f"{number_format(round(amount, 4), 4)} {currency}"


def _duration(seconds: float | None) -> str:
    if seconds is None:
        return "—"
    minutes = round(seconds / 60)
    if minutes < 1:
        return f"{round(seconds)} s"
    return f"{minutes} min" if minutes < 60 else f"{minutes // 60} h {minutes % 60:02d} min"


def _csv(tenant: Tenant, found: Found) -> HttpResponse:
    """Returns every figure on a line of its own; numbers are written with a point, whatever the language."""
    answer = HttpResponse(content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="outcomes-{tenant.slug}-{timezone.now():%Y-%m-%d}.csv"'
    lines = csv.writer(answer)
    lines.writerow(CSV_HEAD)
    for group, name, one in [
        ("all", "", found["all"]),
        *((each, *pair) for each in GROUPS for pair in found[each].items()),
    ]:
        lines.writerows((group, name, *line) for line in _lines(one))
    return answer


def _lines(found: Found) -> Iterator[tuple[Any, ...]]:
    for name, one in found.items():
        if name == "endings":
            yield from ((f"ended {each}", count, "", "", "", "") for each, count in one.items())
        elif not isinstance(one, Mapping):
            yield name, one, "", "", "", ""
        elif "share" in one:
            yield name, one["share"], one["hits"], one["of"], one["low"], one["high"]
        else:
            yield name, one.get("mean", one.get("median_s")), "", one["of"], "", ""
