"""Which drafts stand before and after one in the queue, under the filters of the list that the user comes from."""

from copy import copy
from dataclasses import dataclass
from typing import Any

from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.templatetags.admin_urls import add_preserved_filters
from django.db.models import Q, QuerySet, Value
from django.http import HttpRequest, QueryDict
from django.urls import reverse

from klark.admin.queue.listing import DraftList, age_order
from klark.admin.queue.queue_filters import QUEUES, Shown, waiting
from klark.models import Draft

UP, DOWN = ("asked_at", "pk"), ("-asked_at", "-pk")
CARRIED = "_changelist_filters"
"""Django's own parameter: the list's query, in the address of a page that was opened from it."""


@dataclass(frozen=True, slots=True)
class Beside:
    """The addresses of the list and of the waiting drafts before and after one; "" where there is none. After the last one
    comes the first again."""

    queue: str
    before: str
    after: str


def beside(pages: DraftList, request: HttpRequest, draft: Draft) -> Beside:
    """Returns what stands beside `draft` in the queue, in the list's order if that is by time, else the longest wait first."""
    carried = QueryDict(request.GET.get(CARRIED, ""))
    newest = "o" in carried and carried["o"] == age_order(pages, request, newest=True)
    others = _listed(pages, request, carried).exclude(pk=draft.pk)
    found = _keys(others, draft, newest)
    kept: Any = {"preserved_filters": pages.get_preserved_filters(request), "opts": pages.opts}
    before, following = found.get("before"), found.get("after") or found.get("first")
    return Beside(
        queue=add_preserved_filters(kept, reverse("admin:klark_draft_changelist")),
        before=add_preserved_filters(kept, address_of(before)) if before else "",
        after=add_preserved_filters(kept, address_of(following)) if following else "",
    )


def address_of(draft_id: int) -> str:
    """Returns the address of a draft's page."""
    return reverse("admin:klark_draft_change", args=(draft_id,))


def _listed(pages: DraftList, request: HttpRequest, carried: QueryDict) -> "QuerySet[Draft]":
    """Returns the waiting drafts that the list's filters and its search let through."""
    filters = carried.copy()
    shown = filters.get(Shown.parameter_name, "")
    for name in ("o", "p", *(() if shown in QUEUES else (Shown.parameter_name,))):
        filters.pop(name, None)
    if not filters:
        return waiting(pages.get_queryset(request), request)
    asked = copy(request)
    asked.GET = filters  # type: ignore[assignment]  # Django's own type is of a request that came in
    try:
        drafts: QuerySet[Draft] = pages.get_changelist_instance(asked).queryset
    except IncorrectLookupParameters:
        return waiting(pages.get_queryset(request), request)
    return drafts


def _keys(others: QuerySet[Any], draft: Draft, newest: bool) -> dict[str, int]:
    """Returns the ids of the draft before, of the one after and of the first, where there is one, in one query."""
    at, pk = draft.customer_wrote_at, draft.pk
    # bounded by the time alone first, so that the index is read from there on
    older = others.filter(Q(asked_at__lt=at) | Q(pk__lt=pk), asked_at__lte=at).order_by(*DOWN)
    younger = others.filter(Q(asked_at__gt=at) | Q(pk__gt=pk), asked_at__gte=at).order_by(*UP)
    before, after = (younger, older) if newest else (older, younger)
    wanted = {"before": before, "after": after, "first": others.order_by(*(DOWN if newest else UP))}
    first, *more = (drafts.values_list(Value(name), "pk")[:1] for name, drafts in wanted.items())
    return dict(first.union(*more))
