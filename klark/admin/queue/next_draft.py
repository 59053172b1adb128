"""Which drafts stand before and after one in the queue, under the filters of the list that the user comes from."""

from copy import copy
from dataclasses import dataclass
from typing import Any

from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.templatetags.admin_urls import add_preserved_filters
from django.db.models import Q, QuerySet
from django.http import HttpRequest, QueryDict
from django.urls import reverse

from klark.admin.queue.listing import DraftList, Shown, age_order, waiting
from klark.models import Draft

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
    newest = carried.get("o") == age_order(pages, request, newest=True)
    others = _listed(pages, request, carried).exclude(pk=draft.pk)
    before, after, first = _keys(others, draft, newest)
    kept: Any = {"preserved_filters": pages.get_preserved_filters(request), "opts": pages.opts}
    following = after or first
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
    for name in (Shown.parameter_name, "o", "p"):
        filters.pop(name, None)
    if not filters:
        return waiting(pages.get_queryset(request))
    asked = copy(request)
    asked.GET = filters  # type: ignore[assignment]  # Django's own type is of a request that came in
    try:
        drafts: QuerySet[Draft] = pages.get_changelist_instance(asked).queryset
    except IncorrectLookupParameters:
        return waiting(pages.get_queryset(request))
    return drafts


def _keys(others: "QuerySet[Draft]", draft: Draft, newest: bool) -> tuple[int | None, ...]:
    """Returns the ids of the draft before, of the one after, and of the first."""
    at, pk = draft.customer_wrote_at, draft.pk
    older = Q(customer_wrote_at__lte=at) & (Q(customer_wrote_at__lt=at) | Q(pk__lt=pk))
    younger = Q(customer_wrote_at__gte=at) & (Q(customer_wrote_at__gt=at) | Q(pk__gt=pk))
    up, down = ("customer_wrote_at", "pk"), ("-customer_wrote_at", "-pk")
    asked: tuple[tuple[Any, tuple[str, str]], ...] = ((older, down), (younger, up), (Q(), up))
    if newest:
        asked = ((younger, up), (older, down), (Q(), down))
    return tuple(others.filter(which).order_by(*order).values_list("pk", flat=True).first() for which, order in asked)
