"""Which drafts stand before and after one in the queue, under the filters of the list that the user comes from."""

from copy import copy
from dataclasses import dataclass
from typing import Any

from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.templatetags.admin_urls import add_preserved_filters
from django.db.models import F, QuerySet, Value
from django.db.models.fields.tuple_lookups import Tuple, TupleGreaterThan, TupleLessThan
from django.http import HttpRequest, QueryDict
from django.urls import reverse

from klark.admin.queue.listing import DraftList, age_order
from klark.admin.queue.queue_filters import QUEUES, Shown, waiting
from klark.models import Delivery, Draft
from klark.values.triage import USUAL

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
    """Returns what stands beside `draft` in the queue, in the list's order if that is by time, else the urgent ones first."""
    carried = QueryDict(request.GET.get(CARRIED, ""))
    newest, oldest = (carried.get("o") == age_order(pages, request, newest) for newest in (True, False))
    others = _listed(pages, request, carried).exclude(pk=draft.pk)
    found = _keys(others, draft, newest, by_urgency=not (newest or oldest))
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


def _keys(others: QuerySet[Any], draft: Draft, newest: bool, by_urgency: bool) -> dict[str, int]:
    """Returns the ids of the draft before, of the one after and of the first, where there is one, in one query."""
    # all of one table, and compared as a row, so that its index is read from there on
    stands = {"asked_at": draft.customer_wrote_at, "draft_key": draft.pk}
    if by_urgency:
        replies = draft.deliveries.filter(kind=Delivery.Kind.REPLY, adds=False).order_by("-pk")
        stands = {"urgency": next(iter(replies.values_list("urgency", flat=True)[:1]), USUAL), **stands}
    row, here, up, down = Tuple(*map(F, stands)), tuple(stands.values()), [*stands], [f"-{each}" for each in stands]
    lower = others.filter(TupleLessThan(row, here)).order_by(*down)
    higher = others.filter(TupleGreaterThan(row, here)).order_by(*up)
    before, after = (higher, lower) if newest else (lower, higher)
    wanted = {"before": before, "after": after, "first": others.order_by(*(down if newest else up))}
    first, *more = (drafts.values_list(Value(name), "pk")[:1] for name, drafts in wanted.items())
    return dict(first.union(*more))
