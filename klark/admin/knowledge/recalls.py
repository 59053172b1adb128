"""The page "Recall": answers that were sent and rest on sentences of articles that are different now."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models.fields.json import KeyTextTransform, KeyTransform
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from klark import wakeup
from klark.admin.access import Access, Power, access_of, actor
from klark.admin.admin_page import admin_page
from klark.admin.base import Act, Pages
from klark.admin.choice_labels import reason_title
from klark.admin.queue.claims import web_address
from klark.delivery.correction import ask_for_correction, under_way, unsent
from klark.models import Article, AuditAct, Recall, record

COLOURS = {Recall.Severity.FIGURES: "danger", Recall.Severity.GONE: "warning", Recall.Severity.WORDING: "primary"}
AT_ONCE = 25
TICKET_URL = KeyTextTransform("url", KeyTransform("ticket", "draft__record"))
LIST = "admin:klark_recall_changelist"
OFF = _("The connection of its ticket is switched off: klark drafts nothing there until an operator connects it again.")


@dataclass(frozen=True, slots=True)
class Shown:
    """One answer. `pairs`: (severity, its colour, what was sent, the old sentence, the new one, title and id of the article);
    `correction`: the id of the draft that corrects it; `trouble`: why there is or can be none."""

    row: Recall
    colour: str
    pairs: tuple[dict[str, Any], ...]
    ticket_url: str
    correction: int | None
    trouble: str
    may_correct: bool


def needs_none(request: HttpRequest, row: Recall) -> str:
    """Notes that an answer needs no correction. Returns the address of the list."""
    Recall.of(row.tenant_id).filter(pk=row.pk).update(state=Recall.State.NEEDLESS, by=request.user.get_username()[:150])
    record(row.tenant_id, actor(request), AuditAct.JUDGED, row, pressed="needless")
    messages.success(request, gettext("Noted. It is listed again only if the article changes again."))
    return reverse(LIST)


def correct(request: HttpRequest, row: Recall) -> str:
    """Has a correction drafted, unless its connection is switched off. Returns the address of the list."""
    if not row.draft.connection.active:
        messages.error(request, OFF)
    elif ask_for_correction(row, request.user.get_username()):
        record(row.tenant_id, actor(request), AuditAct.JUDGED, row, pressed="correct")
        transaction.on_commit(wakeup.wake)
        told = gettext("klark drafts the correction; in a moment it waits in the queue for approval.")
        link = format_html(
            '<a class="k-link" href="?shown=all#recall-{}">{}</a>', row.pk, gettext("See the correction")
        )
        messages.success(request, format_html("{} {}", told, link))
    else:
        messages.error(request, gettext("A correction is there already: nothing was done."))
    return reverse(LIST)


class RecallPages(Pages):
    """The answers to be decided, and with `?shown=all` the others too."""

    sees = Power.REVIEW
    acts = (
        Act("correct", _("Draft a correction"), correct, lambda row: True, leads=True),
        Act("needless", _("No correction needed"), needs_none, lambda row: row.state == Recall.State.OPEN, leads=True),
    )

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Shows the answers, the most serious change first. Raises PermissionDenied."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        every = request.GET.get("shown") == "all"
        rows = self.get_queryset(request).order_by("-severity", "-pk")
        counts = {
            "open": rows.filter(state=Recall.State.OPEN).count(), "all": rows.count(), "under_way": unsent(rows).count(),
        }  # fmt: skip
        chosen = rows if every else rows.filter(state=Recall.State.OPEN)
        some = Paginator(
            chosen.select_related("draft__connection", "tenant", "event__decision")
            .defer("draft__record")
            .annotate(ticket_url=TICKET_URL),
            AT_ONCE,
        ).get_page(request.GET.get("p"))
        return admin_page(request, "klark/recalls.html", {
            "title": _("Recall"), "is_fullwidth": "1", "opts": self.opts, "page": some,
            "shown": _shown(list(some), access_of(request)), "every": every, "counts": counts,
            "several": access_of(request).has_several_tenants(),
        })  # fmt: skip

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Leads to the list: an answer has no page of its own."""
        return HttpResponseRedirect(reverse(LIST))


def _shown(rows: Sequence[Recall], access: Access) -> list[Shown]:
    articles = Article.objects.filter(pk__in={pair["article"] for row in rows for pair in row.pairs})
    known, busy = set(access.scope(articles, Power.LEAD).values_list("pk", flat=True)), under_way(rows)
    return [_one(row, known, row.pk not in busy) for row in rows]


def _one(row: Any, known: Collection[int], may_correct: bool) -> Shown:
    pairs = tuple(
        {**pair, "label": Recall.Severity(pair["severity"]).label, "colour": COLOURS[Recall.Severity(pair["severity"])],
         "said": row.draft.sentences[pair["place"]]["text"] if row.draft.sentences else "",
         "article": pair["article"] if pair["article"] in known else None}
        for pair in row.pairs
    )  # fmt: skip
    decision, off = getattr(row.event, "decision", None), not row.draft.connection.active
    correction = decision.draft_id if decision else None
    trouble = (
        reason_title(decision.reason) if decision and correction is None else str(OFF) if off and not correction else ""
    )
    return Shown(
        row, COLOURS[Recall.Severity(row.severity)], pairs, web_address(row.ticket_url or ""), correction, trouble,
        may_correct and not off,
    )  # fmt: skip
