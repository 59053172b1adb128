"""The queue: the list of drafts that wait for a person, and, with a filter, of all the others."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib.admin import ShowFacets, action
from django.contrib.admin.views.main import ChangeList
from django.core.paginator import Paginator
from django.db.models import Case, F, OuterRef, Q, QuerySet, Subquery, When
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timesince import timesince
from django.utils.timezone import localtime
from django.utils.translation import get_language, gettext, ngettext
from django.utils.translation import gettext_lazy as _

from klark.admin.access import Power, access_of
from klark.admin.base import Pages
from klark.admin.choice_labels import DELIVERY_COLOURS, LEVEL_COLOURS, STATES, above_info, reason_title, tagged, worst
from klark.admin.filters import LanguageFilter, TopicFilter, topic_names
from klark.admin.last_two_weeks import JudgedFilter
from klark.admin.lists import in_lines
from klark.admin.navigation import page_counts
from klark.admin.queue import bulk
from klark.admin.queue.ending_filter import EndingFilter
from klark.admin.queue.queue_filters import (
    WAITING,
    AgeFilter,
    DraftReason,
    QueueList,
    Shown,
    TenantFilter,
    shows_queue,
)
from klark.admin.queue.undo import undoable
from klark.admin.unfold_classes import display
from klark.models import Decision, Delivery, Draft
from klark.models.delivery import NEVER, NO_COMMENT
from klark.values.triage import SOON, URGENT, USUAL
from klark.values.wording import mood_words, percent_words, priority_words

LARGE = ("record", "reply_text", "sentences", "rests_on")
"""Columns that the list does not show."""
BY_URGENCY = ("urgency", "asked_at", "pk")
SHOWN = Case(When(~Q(kind=Delivery.Kind.REPLY), state=Delivery.State.SENT, then=F("kind")), default=F("state"))


def with_what_is_shown(drafts: QuerySet[Draft]) -> QuerySet[Draft]:
    """Annotates drafts with their last delivery's state, or its kind where a note was written, the reason of their last
    decision, and their topic's name."""
    comments = Delivery.objects.exclude(kind__in=NO_COMMENT)
    last = comments.filter(draft=OuterRef("pk")).order_by("-created_at", "-pk")
    decided = Decision.objects.filter(draft=OuterRef("pk")).order_by("-pk")
    return drafts.annotate(
        state=Subquery(last.annotate(shown=SHOWN).values("shown")[:1]),
        reason=Subquery(decided.values("reason")[:1]),
        topic_name=Coalesce(topic_names(), F("topic")),
    )


def is_snoozed(until: datetime | None) -> bool:
    """Returns whether what waits is snoozed."""
    return until is not None and until > timezone.now()


def moment_words(at: datetime, zone: ZoneInfo | None = None) -> str:
    """Returns a moment on the clock of a zone, else on the reader's: its weekday, date and time with the zone."""
    there = localtime(at, zone)
    return f"{date_format(there, 'D')} {date_format(there, 'SHORT_DATETIME_FORMAT')} ({date_format(there, 'T')})"


def until_words(until: datetime, chosen: datetime | None = None, zone: ZoneInfo | None = None) -> str:
    """Returns until when a draft is snoozed; `chosen`: until when it was to be."""
    if until == NEVER:
        return gettext("snoozed until the customer writes")
    when = {"when": moment_words(until, zone)}
    if chosen == NEVER:
        return gettext("snoozed until the customer writes, at the latest until %(when)s") % when
    return gettext("snoozed until %(when)s") % when


def urgency_words(draft: Any) -> str:
    """Returns why a draft that waits stands before others, or "": its ticket is urgent, or the customer is angry."""
    rank, language = getattr(draft, "urgency", USUAL), get_language() or "en"
    if rank == SOON and draft.mood == "angry":
        return mood_words(draft.mood, language)
    return priority_words({URGENT: "urgent", SOON: "high"}.get(rank, ""), language)


def age_order(pages: "DraftList", request: HttpRequest, newest: bool) -> str:
    """Returns Django's parameter for a list that is sorted by when the customer wrote."""
    columns = pages.get_list_display(request)
    column = columns.index("waited" if "waited" in columns else "age") + 1  # after the checkboxes
    return f"-{column}" if newest else str(column)


class DraftList(Pages):
    """The list of drafts that an agent works through."""

    class Media:
        """The script that keeps the list as it is in the database."""

        js = ("klark/live_list.js",)

    list_filter = (Shown, AgeFilter, DraftReason, TopicFilter, LanguageFilter, TenantFilter, EndingFilter, JudgedFilter)
    list_per_page = 25
    show_full_result_count = False
    show_facets = ShowFacets.NEVER  # the list counts by itself
    list_fullwidth = True
    list_disable_select_all = True  # nobody acts on what is not on the screen
    list_before_template = "klark/queue_order.html"
    search_fields = ("ticket_id__exact", "subject", "requester")
    search_help_text = _("Ticket number, subject or requester")
    actions = ("approve_clean",)
    ordering = ("-created_at",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Draft]:
        """Returns drafts; their large record only for the page of one. Django's own method is not used: it would order before
        annotations."""
        drafts = with_what_is_shown(access_of(request).scope(Draft.objects.all(), self.sees))
        if request.resolver_match is not None and request.resolver_match.url_name == "klark_draft_change":
            return drafts.select_related("connection", "tenant", "judgement")
        return drafts.prefetch_related("connection", "tenant").defer(
            *LARGE
        )  # a join would be made before all are sorted

    def get_changelist(self, request: HttpRequest, **more: Any) -> type[ChangeList]:
        """Returns the list that counts for its filters."""
        return QueueList

    def get_paginator(
        self, request: HttpRequest, queryset: QuerySet[Any], per_page: int, *more: Any
    ) -> "Paginator[Any]":
        """Counts a queue without filters as the menu does, by its deliveries alone, whose index has all that it takes."""
        pages = super().get_paginator(request, queryset, per_page, *more)
        if shows_queue(request) and set(request.GET) <= {"o", "p"}:
            pages.count = page_counts(request)["klark_draft_changelist"]
        return pages

    def get_list_filter(self, request: HttpRequest) -> list[Any]:
        """Leaves out what filters drafts that have ended, of which the queue has none, unless it is chosen."""
        of_ended = () if not shows_queue(request) else (EndingFilter, JudgedFilter)
        chosen = (each for each in self.list_filter if each not in of_ended or each.parameter_name in request.GET)
        return list(chosen)

    def get_ordering(self, request: HttpRequest) -> tuple[str, ...]:
        """Orders the queue by urgency, and then by when the customer wrote: the longest wait is the next to be handed over."""
        return BY_URGENCY if shows_queue(request) else ("-created_at",)

    def get_list_display(self, request: HttpRequest) -> list[Any]:
        """Puts what, who, when and, unless all drafts are waiting, the state first."""
        when = ["waited"] if shows_queue(request) else ["age", "state_shown"]
        columns = ["about", "requester", *when, "noticed", "sure", "topic_shown", "language_shown"]
        return [*columns, *(each for each in super().get_list_display(request) if each == "tenant")]

    list_display = ("about", "tenant")
    list_display_links = ("about",)

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        """Titles the list by what it shows, and offers to reverse its order."""
        waits = shows_queue(request)
        title = gettext("Queue") if waits else gettext("Drafts")
        oldest, newest = (age_order(self, request, newest) for newest in (False, True))
        named = {None: "urgent" if waits else "newest", oldest: "oldest", newest: "newest"}
        order = {
            "shown": request.GET.get(Shown.parameter_name, WAITING),
            "oldest": oldest,
            "newest": newest,
            "by_urgency": waits,
            "is": named.get(request.GET.get("o"), ""),
        }
        more = {"title": title, "order": order, "undo": undoable(request)}
        return super().changelist_view(request, {**(extra_context or {}), **more})

    def has_review_permission(self, request: HttpRequest) -> bool:
        """Returns whether the user may approve any draft at all; `approve_clean` leaves out those of other tenants."""
        return access_of(request).may(Power.REVIEW)

    @display(description=_("subject"), ordering="subject")
    def about(self, draft: Any) -> SafeString:
        """Returns how urgent it is and the subject; below it ticket and connection, then until when it is snoozed, who has
        taken it, and the reason why klark decided as it did."""
        state = [until_words(draft.snoozed_until)] if is_snoozed(getattr(draft, "snoozed_until", None)) else []
        if taken_by := getattr(draft, "taken_by", ""):
            state.append(gettext("taken by %(who)s") % {"who": taken_by})
        why = " · ".join(filter(None, (*state, reason_title(draft.reason or ""))))
        subject, hurry = draft.subject or gettext("(no subject)"), urgency_words(draft)
        mark = format_html('<b class="k-tag k-warning">{}</b> ', hurry) if hurry else ""
        return in_lines(subject, f"#{draft.ticket_id} · {draft.connection}", why, mark=mark)

    @display(description=_("confidence"), ordering="confidence")
    def sure(self, draft: Draft) -> str:
        """Returns the confidence in percent; the draft's page explains it."""
        return percent_words(draft.confidence)

    @display(description=_("findings"))
    def noticed(self, draft: Draft) -> SafeString:
        """Returns how many findings hold the draft back, in the colour of the worst."""
        found = above_info(draft.findings)
        if not found:
            return tagged("success", gettext("none"))
        told = ngettext("%(n)d finding", "%(n)d findings", len(found)) % {"n": len(found)}
        return tagged(LEVEL_COLOURS[worst(found)], told)

    @display(description=_("state"))
    def state_shown(self, draft: Any) -> Any:
        """Returns the state of the last delivery with its colour; of a note that was written, that it is one."""
        if draft.state in Delivery.Kind:
            return tagged("", Delivery.Kind(draft.state).label)
        return tagged(DELIVERY_COLOURS[draft.state], *STATES[draft.state]) if draft.state else None

    @display(description=_("customer wrote"), ordering="customer_wrote_at")
    def age(self, draft: Any) -> str:
        """Returns how long ago the customer wrote, in the largest unit."""
        return gettext("%(age)s ago") % {"age": timesince(draft.customer_wrote_at, depth=1)}

    @display(description=_("customer wrote"), ordering="asked_at")
    def waited(self, draft: Any) -> str:
        """Returns the same of a draft that waits, in whose order it is read."""
        return self.age(draft)

    @action(permissions=["review"], description=_("Approve those that no check remarked on"))
    def approve_clean(self, request: HttpRequest, queryset: QuerySet[Draft]) -> HttpResponse | None:
        """Asks before it approves the chosen replies, of those on the screen, that `bulk` lets go without a look."""
        return bulk.approve(self, request, queryset)
