"""The pages of decisions: every decision with its reason."""

from collections.abc import Iterator
from typing import Any

from django.contrib.admin import DateFieldListFilter, SimpleListFilter
from django.contrib.admin.options import ModelAdmin as AnyPages
from django.contrib.admin.views.main import ChangeList
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from django.utils.formats import number_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from klark.admin.access import Power, access_of
from klark.admin.choice_labels import DECISION_COLOURS, reason_title
from klark.admin.filters import LanguageFilter, ReasonFilter, TopicFilter, topic_names
from klark.admin.last_two_weeks import BecameFilter
from klark.admin.lists import in_lines
from klark.admin.operations.log import Log
from klark.admin.queue import why
from klark.admin.unfold_classes import display
from klark.delivery.reason_words import kept_words
from klark.models import Connection, Decision, DecisionKind, Draft

EVERYTHING = "all"
LOOKED_THROUGH, MOST = 5_000, 500
"""How many of the newest drafts a search for words looks through, and how many decisions it finds."""


class KindFilter(SimpleListFilter):
    """A filter by kind of decision. If nothing is chosen, it hides skipped tickets, which are the most."""

    title = _("decision")
    parameter_name = "kind"

    def lookups(self, request: HttpRequest, model_admin: "AnyPages[Any]") -> list[tuple[str, Any]]:
        """Returns the kinds of decision, and "all"."""
        return [*DecisionKind.choices, (EVERYTHING, _("all"))]

    def choices(self, changelist: ChangeList) -> Iterator[Any]:
        """Relabels Django's own "all" as "all but skipped", which is what no choice means here."""
        first, *others = super().choices(changelist)
        yield {**first, "display": _("all but skipped")}
        yield from others

    def queryset(self, request: HttpRequest, queryset: QuerySet[Decision]) -> QuerySet[Decision]:
        """Returns the chosen decisions. A search without a choice covers all of them."""
        if self.value() == EVERYTHING or (self.value() is None and request.GET.get("q")):
            return queryset
        return queryset.filter(kind=self.value()) if self.value() else queryset.exclude(kind=DecisionKind.SKIP)


class DecisionPages(Log):
    """Decisions, read-only."""

    sees = Power.SEE
    holds = ("record", "draft_id")
    list_display = ("about", "kind_shown", "reason_shown", "topic_shown", "language_shown", "decided_at", "took",
                    "tenant")  # fmt: skip
    list_filter = (
        KindFilter,
        ReasonFilter,
        BecameFilter,
        "connection",
        TopicFilter,
        LanguageFilter,
        ("decided_at", DateFieldListFilter),
        "tenant",
    )
    search_fields = ("ticket_id__exact",)
    search_help_text = _("Ticket number; subject or requester, if it is recent")
    list_select_related = ("tenant", "connection", "draft")
    fields = ("tenant", "account", "ticket_id", "kind", "reason_shown", "why_shown", "whole_story", "draft_link",
              "version", "language_shown",
              "topic_shown", "text_read", "took", "decided_at")  # fmt: skip
    readonly_fields = fields

    def get_urls(self) -> list[URLPattern]:
        """Adds the page on everything that klark did on a ticket."""
        story = path("ticket/<uuid:connection>/<str:ticket>/", self.admin_site.admin_view(why.page), name="klark_why")
        return [story, *super().get_urls()]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Adds the topics' names, and leaves out the large columns of the drafts."""
        rows: QuerySet[Any] = super().get_queryset(request).annotate(topic_name=Coalesce(topic_names(), F("topic")))
        return rows.defer("draft__record", "draft__sentences", "draft__findings", "draft__reply_text")

    def get_search_results(self, request: HttpRequest, queryset: QuerySet[Any], search_term: str) -> tuple[Any, bool]:
        """Finds a ticket by its number, or by words in the subject and requester of one of the newest drafts. Each is read from
        an index and by itself: with both in one condition PostgreSQL reads every decision."""
        if not search_term:
            return queryset, False
        scope = access_of(request).scope
        newest = scope(Draft.objects.order_by("-pk"), self.sees).values("pk")[:LOOKED_THROUGH]
        drafts = Draft.objects.filter(pk__in=newest)
        for word in search_term.split():
            drafts = drafts.filter(Q(subject__icontains=word) | Q(requester__icontains=word))
        accounts = scope(Connection.objects.all(), self.sees).values("pk")
        numbered = Decision.objects.filter(connection__in=accounts, ticket_id=search_term.strip().removeprefix("#"))
        named = Decision.objects.filter(draft__in=drafts.values("pk"))
        found = [*numbered.values_list("pk", flat=True)[:MOST], *named.values_list("pk", flat=True)[:MOST]]
        return queryset.filter(pk__in=found), False

    @display(description=_("subject"), ordering="ticket_id")
    def about(self, decision: Decision) -> SafeString:
        """Returns the subject (the ticket's number if there is no draft), and below it the ticket and its connection."""
        subject = decision.draft.subject if decision.draft else ""
        return in_lines(subject or f"#{decision.ticket_id}", f"#{decision.ticket_id} · {decision.connection}")

    @display(description=_("took"), ordering="milliseconds")
    def took(self, decision: Decision) -> str:
        """Returns the time that the decision took, in seconds."""
        return f"{number_format(decision.milliseconds / 1000, 1)} s"

    @display(description=_("decision"), label=DECISION_COLOURS, ordering="kind")
    def kind_shown(self, decision: Decision) -> Any:
        """Returns the kind of decision with its colour."""
        return (decision.kind, DecisionKind(decision.kind).label)

    @display(description=_("connection"))
    def account(self, decision: Decision) -> str:
        """Returns the connection as text, because reviewers may not open connections."""
        return str(decision.connection)

    @display(description=_("policy"))
    def version(self, decision: Decision) -> str:
        """Returns the policy's version as text, because reviewers may not open policies."""
        return str(decision.policy or "—")

    @display(description=_("reason"), ordering="reason")
    def reason_shown(self, decision: Decision) -> str:
        """Returns the reason's title in the user's language."""
        return reason_title(decision.reason)

    @display(description=_("why"))
    def why_shown(self, decision: Decision) -> str:
        """Returns what was stored beside the reason; topics and languages are named in the user's language."""
        return kept_words(decision.reason, decision.words, get_language() or "en") or "—"

    @display(description=_("everything on this ticket"))
    def whole_story(self, decision: Decision) -> SafeString:
        """Returns a link to the page on everything that klark did on the ticket."""
        address = reverse("admin:klark_why", args=(decision.connection_id, decision.ticket_id))
        return format_html('<a class="k-link" href="{}">{}</a>', address, _("open"))

    @display(description=_("what triage read"))
    def text_read(self, decision: Decision) -> str:
        """Returns the customer's words in a ticket that triage left alone; a draft's page shows the whole ticket."""
        return decision.record.get("triage", {}).get("text", "") or "—"
