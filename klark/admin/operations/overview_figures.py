"""The overview's figures on the last two weeks: what became of tickets, what people decided on drafts, and the time saved.
They take the same few queries, however many drafts or tenants there are."""

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, QuerySet
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from klark.admin.evidence.outcomes_chart import COLOURS, OPTIONS
from klark.admin.filters import NOTHING
from klark.admin.last_two_weeks import DAYS, EACH, JUDGED, Became, began, counted, judged, sent
from klark.evidence.intervals import between, share, share_percent
from klark.evidence.outcomes import Ending
from klark.models import Decision, Delivery, Outcome, Policy, Tenant, Topic

BECAME_COLOURS: Mapping[str, str] = {
    Became.ALONE: "#16a34a", Became.APPROVED: "#84cc16", Became.UNSENT: "#64748b", Became.NOTE: "#0ea5e9",
    Became.HANDED_OVER: "#f59e0b", Became.LEFT_ALONE: "#94a3b8",
}  # fmt: skip
JUDGED_COLOURS: Mapping[str, str] = {
    Outcome.Kind.APPROVED: COLOURS[Ending.UNCHANGED], Outcome.Kind.EDITED: COLOURS[Ending.EDITED],
    Outcome.Kind.REJECTED: COLOURS[Ending.REJECTED],
}  # fmt: skip
MOST_TOPICS = 12
TenantTopic = tuple[int, str]
"""A tenant's id, and the key of one of its topics."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A count with a link to what was counted, and the share that it is of `of`, if there are any."""

    label: Any
    count: int
    link: str
    of: int = 0

    @property
    def percent(self) -> str:
        """The share in percent; "" of nothing."""
        return share_percent(self.count / self.of) if self.of else ""

    @property
    def interval(self) -> str:
        """The share's 95 % interval in words."""
        return between(share(self.count, self.of))


@dataclass(frozen=True, slots=True)
class Saved:
    """The minutes that sent drafts saved at one tenant: `count` drafts times the `minutes` that its lead set (0: none set)."""

    tenant: Tenant
    minutes: int
    count: int
    link: str

    @property
    def hours(self) -> str:
        """The time saved, as in "2 h 05"."""
        whole = self.minutes * self.count
        return f"{whole // 60} h {whole % 60:02d}"


def of_tickets(decisions: QuerySet[Decision], tenants: Sequence[Tenant]) -> dict[str, Any]:
    """Returns what became of the tickets, in all, by day and by tenant, and the share of them that was answered."""
    counts, whole, of_tenant = counted(decisions), Counter[str](), Counter[tuple[int, str]]()
    for (tenant, _day, became), count in counts.items():
        whole[became] += count
        of_tenant[tenant, became] += count
    worked_on = whole.total() - whole[Became.LEFT_ALONE]
    answered = whole[Became.ALONE] + whole[Became.APPROVED]
    return {
        "all": Figure("", whole.total(), _decisions(EACH)),
        "figures": [Figure(each.label, whole[each], _decisions(each), whole.total()) for each in Became],
        "tenants": [(one, [Figure(each.label, of_tenant[one.pk, each], _decisions(each, tenant__id__exact=one.pk))
                           for each in Became]) for one in tenants],
        "answered": Figure("", answered, "", worked_on),
        "chart": _by_day(counts) if counts else None,
    }  # fmt: skip


def of_people(outcomes: QuerySet[Outcome], tenants: Sequence[Tenant]) -> dict[str, Any]:
    """Returns what people decided on drafts, in all and for the tenants' topics with the most drafts."""
    rows = judged(outcomes).order_by().values_list("tenant", "draft__topic", "kind")
    counts = {((pk, topic), kind): n for pk, topic, kind, n in rows.annotate(Count("draft", distinct=True))}
    whole = Counter[TenantTopic]()
    for (about, _kind), count in counts.items():
        whole[about] += count
    topics = [about for about, _ in whole.most_common(MOST_TOPICS)]
    owners = {each.pk: each.name for each in tenants}
    named = {(each.tenant_id, each.key): str(each) for each in Topic.objects.filter(tenant__in=owners)}
    names = {(tenant, key): named.get((tenant, key), key) or _("no topic") for tenant, key in topics}
    total = {kind: sum(n for (_topic, other), n in counts.items() if other == kind) for kind in JUDGED}
    labels = {(pk, key): f"{owners[pk]} · {name}" if len(owners) > 1 else name for (pk, key), name in names.items()}
    return {
        "figures": _shares(total), "chart": _by_topic(counts, labels) if counts else None,
        "topics": [(owners[pk], name, _shares({kind: counts.get(((pk, key), kind), 0) for kind in JUDGED},
                                              topic=key or NOTHING, tenant__id__exact=pk))
                   for (pk, key), name in names.items()],
        "left_out": len(whole) - len(topics),
    }  # fmt: skip


def time_saved(tenants: Iterable[Tenant], deliveries: QuerySet[Delivery]) -> list[Saved]:
    """Returns for each tenant the drafts that were sent, with the minutes that one saves by its policy in force."""
    counts = dict(sent(deliveries).order_by().values_list("tenant").annotate(Count("pk")))  # a draft is sent once
    tenants = list(tenants)
    newest = Policy.objects.filter(tenant__in=tenants).order_by("tenant", "-version").distinct("tenant")
    minutes = dict(newest.values_list("tenant", "minutes_saved"))
    return [
        Saved(each, minutes.get(each.pk, 0), counts.get(each.pk, 0), _drafts(judged="sent", tenant__id__exact=each.pk))
        for each in tenants
    ]


def _shares(counts: Mapping[Any, int], **chosen: Any) -> list[Figure]:
    whole = sum(counts.values())
    return [Figure(kind.label, counts[kind], _drafts(judged=kind.value, **chosen), whole) for kind in JUDGED]


def _by_day(counts: Mapping[tuple[int, date, str], int]) -> dict[str, str]:
    first, of_day = began().date(), Counter[tuple[date, str]]()
    for (_tenant, day, became), count in counts.items():
        of_day[day, became] += count
    days = [first + timedelta(days=number) for number in range(DAYS)]
    sets = {each: [of_day[day, each] for day in days] for each in Became}
    return _chart([date_format(day, "MONTH_DAY_FORMAT") for day in days], sets, BECAME_COLOURS)


def _by_topic(counts: Mapping[tuple[TenantTopic, str], int], names: Mapping[TenantTopic, str]) -> dict[str, str]:
    sets = {kind: [counts.get((topic, kind), 0) for topic in names] for kind in JUDGED}
    return _chart(list(names.values()), sets, JUDGED_COLOURS)


def _chart(labels: Sequence[str], sets: Mapping[Any, Sequence[int]], colours: Mapping[str, str]) -> dict[str, str]:
    """Returns the chart's data and options as JSON, without what never came."""
    shown = [
        {"label": str(each.label), "data": list(data), "backgroundColor": colours[each]}
        for each, data in sets.items()
        if any(data)
    ]
    return {"data": json.dumps({"labels": list(labels), "datasets": shown}), "options": OPTIONS}


def _decisions(became: str, **chosen: Any) -> str:
    return f"{reverse('admin:klark_decision_changelist')}?{urlencode({'kind': 'all', 'became': became, **chosen})}"


def _drafts(**chosen: Any) -> str:
    return f"{reverse('admin:klark_draft_changelist')}?{urlencode({'shown': 'all', **chosen})}"
