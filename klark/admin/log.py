"""What happened: decisions, events and deliveries. Nobody edits these; what is parked gets its next step here."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.contrib.admin import DateFieldListFilter, SimpleListFilter
from django.contrib.admin.options import ModelAdmin as AnyPages
from django.contrib.admin.views.main import ChangeList
from django.db.models import F, Model, QuerySet
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from klark import review
from klark.admin.access import Power
from klark.admin.base import Act, Pages, reviewed
from klark.admin.filters import LanguageFilter, TopicFilter, topic_names
from klark.admin.look import display
from klark.admin.words import DECISION_COLOURS, DELIVERY_COLOURS, reason_title, trouble_words
from klark.models import Decision, DecisionKind, Delivery, WebhookEvent
from klark.models.event import REGENERATE
from klark.steps.why import kept_words

EVENT_COLOURS = {"due": "info", "done": "success", "parked": "danger"}
EVENT_KINDS: Mapping[str, Any] = {
    "catch-up": _("found by a catch-up read"),
    REGENERATE: _("draft again"),
    "ticket_action:created": _("ticket created"),
    "ticket_action:updated": _("ticket updated"),
    "note_type:reply": _("reply added"),
    "reply_sent:sent": _("reply sent"),
}
EVERYTHING = "all"
MOST_RAW = 4_000  # characters of a webhook's body shown


def retry_event(request: HttpRequest, event: WebhookEvent) -> str:
    """Due again, if it is still parked."""
    moved = review.retry_event(event.pk, event.tenant_id)
    return gettext("klark tries again now.") if moved else gettext("This event is not parked any more.")


def retry_write(request: HttpRequest, row: Delivery) -> str:
    """Due again: it never left."""
    review.retry(reviewed(request, row.pk, row.tenant_id))
    return gettext("klark tries again now.")


def mark_sent(request: HttpRequest, row: Delivery) -> str:
    """Someone saw it on the ticket."""
    review.mark_sent(reviewed(request, row.pk, row.tenant_id))
    return gettext("Marked as sent.")


def hand_over(request: HttpRequest, row: Delivery) -> str:
    """To a person, with a note that says what klark could not write."""
    review.hand_over(reviewed(request, row.pk, row.tenant_id), row.trouble)
    return gettext("Handed over: a note on the ticket says why.")


class KindFilter(SimpleListFilter):
    """By the decision; where nothing is chosen, without what was not for klark, which is most of what comes."""

    title = _("decision")
    parameter_name = "kind"

    def lookups(self, request: HttpRequest, model_admin: "AnyPages[Any]") -> list[tuple[str, Any]]:
        """The decisions, and all of them."""
        return [*DecisionKind.choices, (EVERYTHING, _("all"))]

    def choices(self, changelist: ChangeList) -> Iterator[Any]:
        """Django's own "all" is here what nothing chosen means."""
        first, *others = super().choices(changelist)
        yield {**first, "display": _("all but skipped")}
        yield from others

    def queryset(self, request: HttpRequest, queryset: QuerySet[Decision]) -> QuerySet[Decision]:
        """The decisions that were asked for. A search looks through all of them."""
        if self.value() == EVERYTHING or (self.value() is None and request.GET.get("q")):
            return queryset
        return queryset.filter(kind=self.value()) if self.value() else queryset.exclude(kind=DecisionKind.SKIP)


class ReasonFilter(SimpleListFilter):
    """By the reasons that occur, in the user's language."""

    title = _("reason")
    parameter_name = "reason"

    def lookups(self, request: HttpRequest, model_admin: "AnyPages[Any]") -> list[tuple[str, str]]:
        """Those that the user's tenants have had."""
        found = model_admin.get_queryset(request).order_by().values_list("reason", flat=True).distinct()
        return sorted(((reason, reason_title(reason)) for reason in found), key=lambda pair: pair[1])

    def queryset(self, request: HttpRequest, queryset: QuerySet[Decision]) -> QuerySet[Decision]:
        """The decisions with the chosen reason."""
        return queryset.filter(reason=self.value()) if self.value() else queryset


class Log(Pages):
    """Rows to read: every field, none to edit."""

    list_per_page = 50

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Not by hand."""
        return False

    @display(description=_("trouble"))
    def trouble_shown(self, row: WebhookEvent | Delivery) -> str:
        """In the user's language, where it is klark's own."""
        return trouble_words(row.trouble) or "—"


class DecisionPages(Log):
    """Every decision with its reason."""

    sees = Power.REVIEW
    list_display = ("about", "kind_shown", "reason_shown", "topic_shown", "language", "decided_at", "took", "tenant")
    list_filter = (
        KindFilter,
        ReasonFilter,
        "connection",
        TopicFilter,
        LanguageFilter,
        ("decided_at", DateFieldListFilter),
        "tenant",
    )
    search_fields = ("ticket_id__exact",)
    search_help_text = _("Ticket number")
    list_select_related = ("tenant", "connection", "draft")
    fields = ("tenant", "account", "ticket_id", "kind", "reason_shown", "why_shown", "draft_link", "version", "language",
              "topic_shown", "took", "decided_at")  # fmt: skip
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """With the topics' names; of each draft the subject alone."""
        rows = super().get_queryset(request).annotate(topic_name=Coalesce(topic_names(), F("topic")))
        return rows.defer("draft__record", "draft__sentences", "draft__findings", "draft__reply_text")

    @display(description=_("subject"), header=True, ordering="ticket_id")
    def about(self, decision: Decision) -> list[str]:
        """The subject, where there is a draft, over where it comes from."""
        subject = decision.draft.subject if decision.draft else ""
        return [subject or f"#{decision.ticket_id}", f"#{decision.ticket_id} · {decision.connection}"]

    @display(description=_("topic"), ordering="topic")
    def topic_shown(self, decision: Any) -> str:
        """In the tenant's words."""
        return decision.topic_name or "—"

    @display(description=_("took"), ordering="milliseconds")
    def took(self, decision: Decision) -> str:
        """In seconds."""
        return f"{number_format(decision.milliseconds / 1000, 1)} s"

    @display(description=_("decision"), label=DECISION_COLOURS, ordering="kind")
    def kind_shown(self, decision: Decision) -> Any:
        """In colour."""
        return (decision.kind, DecisionKind(decision.kind).label)

    @display(description=_("connection"))
    def account(self, decision: Decision) -> str:
        """As text: whoever reviews may not open connections."""
        return str(decision.connection)

    @display(description=_("policy"))
    def version(self, decision: Decision) -> str:
        """As text, likewise."""
        return str(decision.policy or "—")

    @display(description=_("reason"), ordering="reason")
    def reason_shown(self, decision: Decision) -> str:
        """In the user's language."""
        return reason_title(decision.reason)

    @display(description=_("why"))
    def why_shown(self, decision: Decision) -> str:
        """In the user's language, where keys are kept."""
        return kept_words(decision.reason, decision.words, get_language() or "en") or "—"

    @display(description=_("draft"))
    def draft_link(self, decision: Decision) -> SafeString | str:
        """To the draft's page."""
        return _draft_link(decision.draft_id)


class EventPages(Log):
    """The inbox. A parked event can be tried again."""

    sees = Power.OPERATE
    list_display = (
        "ticket_id",
        "kind_shown",
        "state_shown",
        "origin",
        "received_at",
        "attempts",
        "trouble_shown",
        "tenant",
    )
    list_filter = ("state", "origin", "late", ("received_at", DateFieldListFilter), "connection", "tenant")
    search_fields = ("ticket_id__exact", "key__exact")
    search_help_text = _("Ticket number or the vendor's event id")
    list_select_related = ("tenant", "connection")
    actions = ("retry_chosen",)
    fields = ("tenant", "connection", "ticket_id", "kind_shown", "key", "state", "origin", "received_at", "due_at", "attempts",
              "trouble_shown", "ended_at", "late", "merged", "raw_shown")  # fmt: skip
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Without the raw bytes, up to a megabyte each, until one event is opened."""
        return super().get_queryset(request).defer("raw")

    acts = (
        Act(
            "retry",
            _("Try again"),
            retry_event,
            lambda event: event.state == WebhookEvent.State.PARKED,
            _("klark gave up on this event. Mend what the trouble says, then let it try again."),
        ),
    )

    def has_operate_permission(self, request: HttpRequest) -> bool:
        """Each row in the queryset is the user's to operate: `sees` is that power."""
        return self.has_view_permission(request)

    def retry_chosen(self, request: HttpRequest, queryset: QuerySet[WebhookEvent]) -> None:
        """Try all chosen ones that are parked again."""
        moved = sum(review.retry_event(event.pk, event.tenant_id) for event in queryset)
        self.message_user(request, gettext("Events that are tried again: %(n)d.") % {"n": moved})

    retry_chosen.short_description = _("Try the parked ones again")  # type: ignore[attr-defined]  # Django reads it
    retry_chosen.allowed_permissions = ("operate",)  # type: ignore[attr-defined]  # Django reads it

    @display(description=_("state"), label=EVENT_COLOURS, ordering="state")
    def state_shown(self, event: WebhookEvent) -> Any:
        """In colour."""
        return (event.state, WebhookEvent.State(event.state).label)

    @display(description=_("kind"), ordering="kind")
    def kind_shown(self, event: WebhookEvent) -> Any:
        """In words; what klark has none for as the vendor says it, without the braces around it."""
        kind = event.kind.strip("{}")
        return EVENT_KINDS.get(kind, kind) or "—"

    @display(description=_("body as it came"))
    def raw_shown(self, event: WebhookEvent) -> SafeString:
        """The beginning of it; what is not UTF-8 is replaced."""
        text = bytes(event.raw[: MOST_RAW * 4]).decode(errors="replace")[:MOST_RAW]
        return format_html('<pre class="k-raw">{}</pre>', text or "—")


class DeliveryPages(Log):
    """The outbox. A parked write is tried again if it never left, or marked as sent by whoever saw it on the ticket."""

    sees = Power.OPERATE
    list_display = ("ticket_id", "kind", "state_shown", "created_at", "due_at", "attempts", "trouble_shown", "tenant")
    list_filter = ("state", "kind", ("created_at", DateFieldListFilter), "connection", "tenant")
    search_fields = ("ticket_id__exact",)
    search_help_text = _("Ticket number")
    list_select_related = ("tenant",)
    fields = ("tenant", "connection", "ticket_id", "draft_link", "kind", "state", "text_shown", "tags", "group_id",
              "created_at", "due_at", "sending_at", "ended_at", "attempts", "trouble_shown", "comment_id")  # fmt: skip
    readonly_fields = fields
    acts = (
        Act(
            "retry",
            _("Try again"),
            retry_write,
            lambda row: row.state == Delivery.State.PARKED and row.sending_at is None,
            _("Nothing has left yet: this write can safely be tried again."),
        ),
        Act(
            "sent",
            _("Mark as sent"),
            mark_sent,
            lambda row: row.state == Delivery.State.PARKED,
            _("Look at the ticket first. If the comment is there, mark this write as sent."),
        ),
        Act(
            "hand_over",
            _("Hand over"),
            hand_over,
            lambda row: row.state == Delivery.State.PARKED and row.kind != Delivery.Kind.HANDOVER,
            _("A note on the ticket tells the team that klark could not write, and why; nothing else is sent."),
        ),
    )

    @display(description=_("state"), label=DELIVERY_COLOURS, ordering="state")
    def state_shown(self, row: Delivery) -> Any:
        """In colour."""
        return (row.state, Delivery.State(row.state).label)

    @display(description=_("text"))
    def text_shown(self, row: Delivery) -> SafeString:
        """As plain text, whatever stands in it."""
        return format_html('<div class="k-text">{}</div>', row.text)

    @display(description=_("draft"))
    def draft_link(self, row: Delivery) -> SafeString | str:
        """To the draft's page."""
        return _draft_link(row.draft_id)


def _draft_link(draft_id: int | None) -> SafeString | str:
    if draft_id is None:
        return "—"
    return format_html(
        '<a class="k-link" href="{}">{}</a>', reverse("admin:klark_draft_change", args=(draft_id,)), _("open")
    )
