"""The logs of events and deliveries. Nobody edits them, but parked rows get their next step here.

Decisions are in klark.admin.queue.decisions.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from django.contrib.admin import DateFieldListFilter, action
from django.contrib.admin.utils import unquote
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from klark import review
from klark.admin.access import Power, actor
from klark.admin.base import Act, Pages, reviewed
from klark.admin.choice_labels import DELIVERY_COLOURS, trouble_words
from klark.admin.unfold_classes import display
from klark.models import AuditAct, Delivery, JudgeCheck, WebhookEvent, record
from klark.models.event import REGENERATE

STATE_COLOURS = {**DELIVERY_COLOURS, "done": "success"}
"""Colours of the states of events, deliveries and notifications."""
EVENT_KINDS: Mapping[str, Any] = {
    "catch-up": _("found by a catch-up read"),
    REGENERATE: _("draft again"),
    "ticket_action:created": _("ticket created"),
    "ticket_action:updated": _("ticket updated"),
    "note_type:reply": _("reply added"),
    "reply_sent:sent": _("reply sent"),
}
MOST_RAW = 4_000  # characters of a webhook's body that are shown


def retry_events(request: HttpRequest, events: Iterable[WebhookEvent]) -> int:
    """Makes the events due again that are still parked; returns how many. The audit chain's lock comes last for everybody."""
    moved = [event for event in events if review.retry_event(event.pk, event.tenant_id)]
    for event in moved:
        record(event.tenant_id, actor(request), AuditAct.TRIED_AGAIN, event)
    return len(moved)


def retry_event(request: HttpRequest, event: WebhookEvent) -> str:
    """Makes an event due again if it is still parked, and returns the sentence to show."""
    moved = retry_events(request, [event])
    return gettext("klark tries again now.") if moved else gettext("This event is not parked any more.")


def retry_write(request: HttpRequest, row: Delivery) -> str:
    """Makes a delivery that was never sent due again, and returns the sentence to show."""
    review.retry(reviewed(request, row.pk, row.tenant_id))
    return gettext("klark tries again now.")


def mark_sent(request: HttpRequest, row: Delivery) -> str:
    """Marks a delivery as sent, because someone saw it on the ticket, and returns the sentence to show."""
    review.mark_sent(reviewed(request, row.pk, row.tenant_id))
    return gettext("Marked as sent.")


def hand_over(request: HttpRequest, row: Delivery) -> str:
    """Hands the ticket over, with a note that says why klark could not write, and returns the sentence to show."""
    review.hand_over(reviewed(request, row.pk, row.tenant_id), row.trouble)
    return gettext("Handed over: a note on the ticket says why.")


class Log(Pages):
    """Pages that nobody edits by hand. `holds` names the columns with a ticket's content: whoever opens a row that has any has
    seen it."""

    holds: tuple[str, ...] = ()
    list_per_page = 50

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Adds to the audit chain that a ticket's content was seen."""
        row = self.get_object(request, unquote(object_id)) if self.holds else None
        if row is not None and any(map(bool, (getattr(row, name) for name in self.holds))):
            record(row.tenant_id, actor(request), AuditAct.SAW, row)
        return super().change_view(request, object_id, form_url, extra_context)

    @display(description=_("state"), label=STATE_COLOURS, ordering="state")
    def state_shown(self, row: Any) -> Any:
        """Returns the state with its colour."""
        return (row.state, row.get_state_display())

    @display(description=_("draft"))
    def draft_link(self, row: Any) -> SafeString | str:
        """Returns a link to the draft's page, or a dash if there is none."""
        return link_to_draft(row.draft_id)

    @display(description=_("trouble"))
    def trouble_shown(self, row: WebhookEvent | Delivery | JudgeCheck) -> str:
        """Returns the trouble, in the user's language if the message is klark's own."""
        return trouble_words(row.trouble) or "—"


class EventPages(Log):
    """The inbox. A parked event can be tried again."""

    sees = Power.OPERATE
    holds = ("raw",)
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
        """Leaves out the raw bytes, up to a megabyte each, until one event is opened."""
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
        """Returns the permission to view: `sees` is Power.OPERATE, so the user may operate on every row of the queryset."""
        return self.has_view_permission(request)

    @action(permissions=["operate"], description=_("Try the parked ones again"))
    def retry_chosen(self, request: HttpRequest, queryset: QuerySet[WebhookEvent]) -> None:
        """Makes all chosen events that are parked due again."""
        moved = retry_events(request, queryset.order_by("pk"))
        self.message_user(request, gettext("Events that are tried again: %(n)d.") % {"n": moved})

    @display(description=_("kind"), ordering="kind")
    def kind_shown(self, event: WebhookEvent) -> Any:
        """Returns the kind in words, or as the vendor calls it, without the braces around it, if klark has none."""
        kind = event.kind.strip("{}")
        return EVENT_KINDS.get(kind, kind) or "—"

    @display(description=_("body as it came"))
    def raw_shown(self, event: WebhookEvent) -> SafeString:
        """Returns the beginning of the body; bytes that are not UTF-8 are replaced."""
        text = bytes(event.raw[: MOST_RAW * 4]).decode(errors="replace")[:MOST_RAW]
        return format_html('<pre class="k-raw">{}</pre>', text or "—")


class DeliveryPages(Log):
    """The outbox. A parked delivery can be retried if it was never sent, or marked as sent by a person who saw it there."""

    sees = Power.OPERATE
    holds = ("text",)
    list_display = ("ticket_id", "kind", "state_shown", "created_at", "due_at", "attempts", "trouble_shown", "tenant")
    list_filter = ("state", "kind", ("created_at", DateFieldListFilter), "connection", "tenant")
    search_fields = ("ticket_id__exact",)
    search_help_text = _("Ticket number")
    list_select_related = ("tenant",)
    fields = ("tenant", "connection", "ticket_id", "draft_link", "kind", "state", "text_shown", "tags_shown", "group_id",
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
            lambda row: row.state == Delivery.State.PARKED and row.kind in (Delivery.Kind.REPLY, Delivery.Kind.NOTE),
            _("A note on the ticket tells the team that klark could not write, and why; nothing else is sent."),
        ),
    )

    @display(description=_("text"))
    def text_shown(self, row: Delivery) -> SafeString:
        """Returns the text, escaped."""
        return format_html('<div class="k-text">{}</div>', row.text)

    @display(description=_("tags"))
    def tags_shown(self, row: Delivery) -> str:
        """Returns the tags that are set, separated by commas."""
        return ", ".join(row.tags) or "—"


def link_to_draft(draft_id: int | None) -> SafeString | str:
    """Returns a link to a draft's page, or a dash if there is none."""
    if draft_id is None:
        return "—"
    return format_html(
        '<a class="k-link" href="{}">{}</a>', reverse("admin:klark_draft_change", args=(draft_id,)), _("open")
    )
