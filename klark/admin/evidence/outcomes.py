"""The page "Outcomes": what became of the drafts of the last weeks, with a chart, each count a link to its drafts, and as CSV."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from klark.admin.access import Power, chosen_tenant
from klark.admin.admin_page import admin_page
from klark.admin.choice_labels import money
from klark.admin.evidence.outcome_words import CLASSIFIED, COLUMNS, FIGURES, TITLES, UNCOMPARED
from klark.admin.evidence.outcomes_chart import chart
from klark.admin.filters import NOTHING
from klark.admin.queue.ending_filter import COMPARED, ENDINGS
from klark.evidence.figures_table import HEAD, lines
from klark.evidence.intervals import Figure, Share, between, share_percent
from klark.evidence.kept_figures import figures_of
from klark.evidence.kpis import SHARES
from klark.evidence.outcomes import DEFINITIONS
from klark.evidence.turns import WEEKS, last_weeks
from klark.evidence.uncompared import uncompared
from klark.models import Connection, Tenant, Topic, policy_in_force, rules_of
from klark.runtime.csv_lines import csv_file
from klark.values.wording import language_words, priority_words

MOST_CONFUSIONS = 8
NO_SHARE: Share = {"hits": 0, "of": 0, "share": None, "low": None, "high": None}
NOTHING_KNOWN: Figure = {"value": None, "of": 0, "low": None, "high": None}
"""What a week has that was counted before a figure was defined."""
Found = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Cell:
    """A figure in words, of how many, its interval, a link to the list of its drafts, and in the tables its column and
    the part of the columns that it stands in; each may be "" but the first."""

    value: str
    of: str = ""
    interval: str = ""
    link: str = ""
    part: str = ""
    head: Any = ""


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a table. `definitions`: the version that it was counted by, if that is not the one in force."""

    name: str
    cells: tuple[Cell, ...]
    definitions: int | None = None


def page(request: HttpRequest) -> HttpResponse:
    """Returns the page, or the CSV, of the chosen tenant, or of the user's first. Raises PermissionDenied without one."""
    chosen, tenants = chosen_tenant(request, Power.SEE)
    now = timezone.now()
    counted, since = figures_of(chosen.pk, now), last_weeks(chosen.pk, now)[0]
    found = counted.figures
    if request.GET.get("as") == "csv":
        return csv_file(f"outcomes-{chosen.slug}-{now:%Y-%m-%d}.csv", [HEAD, *lines(found)])
    currency = rules_of(policy_in_force(chosen.pk)).currency
    return admin_page(request, "klark/outcomes.html", {
        "title": _("Outcomes"), "is_fullwidth": "1", "tenant": chosen, "tenants": tenants,
        "since": since.date(), "before": WEEKS - 1, "turns": found["all"]["turns"], "tickets": found["all"]["tickets"],
        "chart": chart(found["week"], since.date()), "endings": _endings(chosen, found["all"]),
        "compared": _compared(chosen, found["all"]), "compared_of": _compared_of(found["all"]),
        "uncompared": [(UNCOMPARED[why], drafts) for why, drafts in uncompared(chosen.pk, since, now).items()],
        "figures": _figures(chosen, found["all"], currency), "classified": _classified(chosen, found),
        "parts": [(part, title, names.values()) for part, (title, names) in COLUMNS.items()],
        "counted_at": counted.pk and counted.counted_at,
        "tables": [(title, _table(chosen, name, found[name], currency, since)) for name, title in TITLES.items()],
    })  # fmt: skip


def _endings(tenant: Tenant, found: Found) -> list[Row]:
    """Returns each ending with its count, which leads to its drafts, and its share of those that are known."""
    rows = []
    for name, title in ENDINGS.items():
        count = Cell(str(found["endings"][name]), link=_list(tenant, ending=name))
        rows.append(Row(str(title), (count, _share(found[name]) if name in SHARES else Cell(""))))
    return rows


def _compared(tenant: Tenant, found: Found) -> list[Row]:
    """Returns how what people wrote instead compares with the drafts; each count leads to its drafts."""
    shares = {name: found.get(name, NO_SHARE) for name in COMPARED}  # counted before they were defined, it has none
    return [
        Row(str(title), (Cell(str(shares[name]["hits"]), link=_list(tenant, ending=name)), _share(shares[name])))
        for name, title in COMPARED.items()
    ]


def _compared_of(found: Found) -> dict[str, int]:
    """Returns how many `answers` of those `answered` in other words the judge compared, and how many `edits` of the `edited`."""
    of = {name: found.get(name, NO_SHARE)["of"] for name in ("answer_same", "facts_changed")}
    return {"answers": of["answer_same"], "answered": found["endings"]["other_words"],
            "edits": of["facts_changed"], "edited": found["endings"]["edited"]}  # fmt: skip


def _figures(tenant: Tenant, found: Found, currency: str) -> list[Row]:
    cells = (
        *((title, _share(found[name], _list(tenant, ending=name))) for name, title in FIGURES.items()),
        (_("Words kept of edited drafts"), _figure(found["words_kept"], _percent)),
        (_("First response, median"), _figure(found["first_response"], _duration)),
        (_("Minutes saved per ticket"), _figure(found["minutes_saved"], _minutes)),
        (_("Cost per ticket"), _figure(found["cost_per_ticket"], _money(currency))),
        (_("Cost of all tickets, per ticket resolved without a person"), _figure(found["cost_per_resolution"], _money(currency))),
    )  # fmt: skip
    return [Row(str(name), (cell,)) for name, cell in cells]


def _classified(tenant: Tenant, found: Found) -> list[tuple[Row, list[Row]]]:
    """Returns how often people agreed with what klark took tickets for, each with what they said otherwise."""
    rows = []
    for what, title in CLASSIFIED.items():
        pairs = found["confusions"][what]
        names = _names(tenant, what, {key: None for was, now, _count in pairs for key in (was, now)})
        otherwise = [
            Row(f"{names[was]} → {names[now]}", (Cell(str(count), link=_list(tenant, ending=f"{what}:{was}:{now}")),))
            for was, now, count in pairs[:MOST_CONFUSIONS]
        ]
        rows.append((Row(str(title), (_share(found["all"][f"{what}_right"]),)), otherwise))
    return rows


def _table(tenant: Tenant, kind: str, groups: Found, currency: str, since: datetime) -> list[Row]:
    names = _names(tenant, kind, groups)
    return [
        Row(names[key], _cells(tenant, kind, key, one, currency, since), _other(one["definitions"]))
        for key, one in groups.items()
    ]


def _other(definitions: int) -> int | None:
    return definitions if definitions != DEFINITIONS else None


def _cells(tenant: Tenant, kind: str, key: str, found: Found, currency: str, since: datetime) -> tuple[Cell, ...]:
    turns = Cell(str(found["turns"]), link=_list(tenant, **_chosen(kind, key, since)), head=_("Drafts"))
    means: Mapping[str, Callable[[Any], str]] = {
        "first_response": _duration,
        "minutes_saved": _minutes,
        "cost_per_ticket": _money(currency),
    }
    cells = {name: _figure(found.get(name, NOTHING_KNOWN), shown) for name, shown in means.items()}
    figures = [
        replace(cells.get(name) or _share(found.get(name, NO_SHARE)), part=part, head=head)
        for part, (_title, names) in COLUMNS.items()
        for name, head in names.items()
    ]
    return (Cell(str(found["tickets"]), head=_("Tickets")), turns, *figures)


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
    topics = Topic.titles(tenant.pk) if kind == "topic" else {}
    desks = dict(Connection._meta.get_field("helpdesk").flatchoices)
    by_kind: Mapping[str, Callable[[str], str]] = {
        "topic": lambda key: topics.get(key, key) or gettext("no topic"),
        "language": lambda key: language_words(key, get_language() or "en") if key else gettext("not known"),
        "priority": lambda key: priority_words(key, get_language() or "en") if key else gettext("not known"),
        "desk": lambda key: str(desks.get(key, key)),
        "week": lambda key: date_format(date.fromisoformat(key), "SHORT_DATE_FORMAT"),
    }
    return {key: by_kind[kind](key) for key in groups}


def _share(one: Share, link: str = "") -> Cell:
    """Returns a share with of how many, its interval, and a link to what it counts; a dash where there is nothing to take a share
    of."""
    if one["share"] is None:
        return Cell("—")
    of = gettext("%(hits)s of %(of)s") % {"hits": one["hits"], "of": one["of"]}
    return Cell(_percent(one["share"]), of, between(one), link)


def _figure(one: Figure, shown: Callable[[Any], str]) -> Cell:
    """Returns a mean or a median in words, of how many, and its interval, if there is any."""
    of = gettext("of %(of)s") % {"of": one["of"]} if one["of"] else ""
    if one["low"] is None:
        return Cell(shown(one["value"]), of)
    high = shown(one["high"])
    ends = {"low": shown(one["low"]).removesuffix(f" {high.rpartition(' ')[2]}"), "high": high}
    return Cell(shown(one["value"]), of, gettext("%(low)s to %(high)s") % ends)


def _percent(share: float | None) -> str:
    return "—" if share is None else f"{share_percent(min(share, 1))} %"  # the interval of a mean may end above


def _minutes(minutes: float | None) -> str:
    return "—" if minutes is None else number_format(round(minutes, 1), 1)


def _money(currency: str) -> Callable[[str | None], str]:
    """Returns what writes an amount."""
    return lambda amount: "—" if amount is None else money(Decimal(amount), currency, 4)


def _duration(seconds: float | None) -> str:
    if seconds is None:
        return "—"
    minutes = round(seconds / 60)
    if minutes < 1:
        return f"{round(seconds)} s"
    return f"{minutes} min" if minutes < 60 else f"{minutes // 60} h {minutes % 60:02d} min"
