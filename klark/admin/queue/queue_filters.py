"""The filters of the list of drafts, and how many drafts that wait each choice would show."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from datetime import timedelta
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.contrib.admin.options import ModelAdmin as AnyPages
from django.contrib.admin.views.main import ChangeList
from django.db.models import Case, F, FilteredRelation, Q, QuerySet, Value, When
from django.db.models.functions import Now
from django.http import HttpRequest
from django.utils.formats import number_format
from django.utils.translation import gettext_lazy as _

from klark.admin.access import Power, access_of
from klark.admin.choice_labels import STATES
from klark.admin.filters import (
    NOTHING,
    OCCURRING,
    CountedFilter,
    CountingList,
    LanguageFilter,
    ReasonFilter,
    TopicFilter,
)
from klark.models import Delivery, Draft, Tenant
from klark.models.delivery import NOT_SNOOZED

EVERYTHING = "all"
WAITING = Delivery.State.WAITING
MINE, SNOOZED = "mine", "snoozed"
QUEUES = (WAITING, MINE, SNOOZED)
"""What a list of drafts that wait may show: those to be decided on now, those of them that the user has taken, those snoozed."""
MOST = 500
"""How many drafts that wait are read to be counted; where there are more, a count has a "+"."""
AGES: Mapping[str, tuple[Any, int, int | None]] = {
    "1": (_("up to an hour"), 0, 1), "4": (_("1 to 4 hours"), 1, 4), "24": (_("4 to 24 hours"), 4, 24),
    "older": (_("more than a day"), 24, None),
}  # fmt: skip
"""How long ago the customer wrote: the title of a choice, and from how many to how many hours."""


def whatever_waits(drafts: QuerySet[Draft], request: HttpRequest) -> QuerySet[Draft]:
    """Returns the drafts that wait, also those snoozed. When the customer wrote (`asked_at`), and what filters them, stand in
    one index of deliveries: the first of them are found as fast, however many there are."""
    row = FilteredRelation("deliveries", condition=Q(deliveries__state=WAITING))
    columns = {name: F(f"waits__{name}") for name in ("taken_by", "snoozed_until", "urgency")}
    columns |= {
        "asked_at": F("waits__customer_wrote_at"), "owner": F("waits__tenant_id"), "draft_key": F("waits__draft_id"),
    }  # fmt: skip
    shown = drafts.annotate(waits=row).filter(waits__isnull=False).annotate(**columns)
    return access_of(request).scope(shown, Power.SEE, "owner")


def waiting(drafts: QuerySet[Draft], request: HttpRequest, which: str = WAITING) -> QuerySet[Draft]:
    """Returns the drafts that wait, as one of QUEUES says."""
    mine = Q(taken_by=request.user.get_username())
    wanted = {WAITING: NOT_SNOOZED, MINE: NOT_SNOOZED & mine, SNOOZED: Q(snoozed_until__gt=Now())}
    return whatever_waits(drafts, request).filter(wanted[which])


class Shown(CountedFilter):
    """A filter by the state of the draft's delivery. If nothing is chosen, it shows waiting drafts."""

    title = _("state")
    parameter_name = "shown"

    def value(self) -> str:
        """Returns what is chosen, by itself what waits."""
        return super().value() or WAITING

    def lookups(self, request: HttpRequest, model_admin: "AnyPages[Any]") -> list[tuple[str, Any]]:
        """Returns the states of a delivery, what is taken or snoozed of those that wait, and "all"."""
        parts = ((MINE, _("waiting, and taken by me")), (SNOOZED, _("snoozed")))
        return [*((state, name) for state, (name, _meaning) in STATES.items()), *parts, (EVERYTHING, _("all"))]

    def choices(self, changelist: ChangeList) -> Iterator[Any]:
        """Yields the choices without Django's own "all", since nothing chosen means waiting."""
        _every, *others = super().choices(changelist)
        yield from others

    def queryset(self, request: HttpRequest, queryset: QuerySet[Draft]) -> QuerySet[Draft]:
        """Returns the drafts in the chosen state."""
        chosen = self.value()
        if chosen == EVERYTHING:
            return queryset
        if chosen in QUEUES:
            return waiting(queryset, request, chosen)
        return queryset.filter(pk__in=Delivery.objects.filter(state=chosen).values("draft"))


def shows_queue(request: HttpRequest) -> bool:
    """Returns whether the list shows waiting drafts."""
    return request.GET.get(Shown.parameter_name, WAITING) in QUEUES


class AgeFilter(CountedFilter):
    """A filter by when the customer wrote."""

    title = _("age")
    parameter_name = "age"

    def lookups(self, request: HttpRequest, model_admin: "AnyPages[Any]") -> list[tuple[str, Any]]:
        """Returns the ages."""
        return [(name, title) for name, (title, *_hours) in AGES.items()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Draft]) -> QuerySet[Draft]:
        """Returns the drafts of this age."""
        column = "asked_at" if shows_queue(request) else "customer_wrote_at"
        return queryset.filter(_aged(self.value() or "", column)) if self.value() in AGES else queryset


def _aged(name: str, column: str) -> Q:
    _title, youngest, oldest = AGES[name]
    after = Q(**{f"{column}__gt": Now() - timedelta(hours=oldest)}) if oldest else Q()
    return after & (Q(**{f"{column}__lte": Now() - timedelta(hours=youngest)}) if youngest else Q())


class DraftReason(ReasonFilter):
    """A filter by why the draft was made to wait, noted or sent."""

    column = "decisions__reason"


class TenantFilter(CountedFilter):
    """A filter by tenant, offered to whoever has several."""

    title = _("company")
    parameter_name = "tenant__id__exact"  # Django's own name, under which other pages lead here

    def lookups(self, request: HttpRequest, model_admin: "AnyPages[Any]") -> list[tuple[str, Any]]:
        """Returns the user's tenants."""
        tenants = access_of(request).scope(Tenant.objects.all(), Power.SEE, "pk")
        return [(str(each.pk), str(each)) for each in tenants]

    def has_output(self) -> bool:
        """Returns whether there is anything to choose."""
        return len(self.lookup_choices) > 1

    def queryset(self, request: HttpRequest, queryset: QuerySet[Draft]) -> QuerySet[Draft]:
        """Returns the tenant's drafts."""
        return queryset.filter(tenant_id=chosen) if (chosen := self.value()) else queryset


COUNTED = {each.parameter_name for each in (Shown, AgeFilter, DraftReason, TopicFilter, LanguageFilter, TenantFilter)}


class QueueList(CountingList):
    """The list of drafts. It counts what waits; of the others there may be any number, so those are not counted."""

    def __init__(self, request: HttpRequest, *more: Any, **named: Any) -> None:
        self.asked = request
        super().__init__(request, *more, **named)

    @cached_property
    def groups(self) -> list[tuple[Mapping[str, Collection[str]], int]]:
        """Returns how many drafts wait, of the MOST that have waited longest, by the choices that show them: one query for all
        filters. [] if the list shows others, or under a filter that is not counted."""
        if not shows_queue(self.asked) or not self.filter_params.keys() <= {*COUNTED, "q", "o"}:
            return []
        rows = whatever_waits(Draft.objects.all(), self.asked)
        found, _several = self.model_admin.get_search_results(self.asked, rows, self.query)
        mine = When(taken_by=self.asked.user.get_username(), then=Value(MINE))
        read = found.order_by("asked_at").values_list(
            Case(When(snoozed_until__gt=Now(), then=Value(SNOOZED)), mine, default=Value(WAITING)),
            Case(*(When(_aged(name, "asked_at"), then=Value(name)) for name in AGES)),
            "decisions__reason", "topic", "language", "owner",
        )  # fmt: skip
        return [
            ({"shown": {shown, WAITING} if shown == MINE else {shown}, "age": {age}, "reason": {reason},
              "topic": {topic or NOTHING}, "language": {language or NOTHING}, "tenant__id__exact": {str(owner)}}, count)
            for (shown, age, reason, topic, language, owner), count in Counter(read[:MOST]).items()
        ]  # fmt: skip

    def get_filters(self, request: HttpRequest) -> Any:
        """Lets the filters of the queue offer what waits, which is read for the counts anyway."""
        if self.groups:
            filters = ((DraftReason, "reason"), (TopicFilter, "topic"), (LanguageFilter, "language"))
            vars(request)[OCCURRING] = {
                each: {"" if value == NOTHING else value for group, _count in self.groups for value in group[name]}
                for each, name in filters
            }
        return super().get_filters(request)

    def get_results(self, request: HttpRequest) -> None:
        """Leaves out "Show all" beside the count: without a filter the list shows what waits, not all."""
        super().get_results(request)
        self.full_result_count = self.result_count

    @cached_property
    def beyond(self) -> tuple[int, str] | None:
        """Returns how many of all drafts a search finds that finds nothing in the queue, and the address that lists them."""
        if self.result_count or not self.query or not shows_queue(self.asked):
            return None
        found, _several = self.model_admin.get_search_results(self.asked, self.root_queryset, self.query)
        return found.count(), "?" + urlencode({"shown": EVERYTHING, "q": self.query})

    def counts(self, of: CountedFilter) -> Mapping[str, str]:
        """Returns the counts; of states those that wait alone."""
        if not self.groups:
            return {}
        chosen = [(str(each.parameter_name), each.value()) for each in self.filter_specs
                  if isinstance(each, CountedFilter) and each is not of and each.value()]  # fmt: skip
        name = str(of.parameter_name)
        counted = Counter({value: 0 for value, _title in of.lookup_choices if name != "shown" or value in QUEUES})
        for group, count in self.groups:
            if all(value in group[other] for other, value in chosen):
                for value in group[name]:
                    counted[value] += count
        more = "" if sum(count for _group, count in self.groups) < MOST else "+"
        return {value: f"{number_format(count)}{more}" for value, count in counted.items()}
