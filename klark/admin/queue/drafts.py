"""A draft's page: the thread, the draft, the sources of each sentence, and the buttons for a person's decision."""

from collections.abc import Callable, Mapping
from typing import Any

from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _

from klark import review, topic_correction
from klark.admin.access import Power, access_of, actor
from klark.admin.base import PLAIN_ERRORS, reviewed
from klark.admin.policy.autonomy import judged
from klark.admin.queue import outcomes
from klark.admin.queue.evidence import shown
from klark.admin.queue.listing import WAITING, DraftList, waiting
from klark.autonomy.judgements import judge
from klark.drafting.tenant_settings import has_model
from klark.models import AuditAct, Delivery, Draft, Judgement, Topic, record
from klark.review import Reviewed
from klark.values.storable_text import clip

Typed = Mapping[str, Any]
LONGEST = 1_000_000  # characters that a person may type; more than any helpdesk accepts

# Each button's action, and the message shown afterwards.
BUTTONS: Mapping[str, tuple[Callable[[Reviewed, Typed], None], Any]] = {
    "approve": (lambda who, typed: review.approve(who, _lines(typed["text"])), _("Approved: the reply is on its way.")),
    "reject": (
        lambda who, typed: review.reject(who, typed["why"]),
        _("Rejected: a note on the ticket says why, and hands it to a person."),
    ),
    "reject_silently": (
        lambda who, typed: review.reject(who, typed["why"], silently=True),
        _("Rejected: nothing is written on the ticket."),
    ),
    "regenerate": (
        lambda who, typed: review.regenerate(who, typed.get("why", "")),
        _("klark drafts again; the new draft will be in the queue in a moment."),
    ),
    "hand_over": (
        lambda who, typed: review.hand_over(who, typed["why"]),
        _("Handed over: a note on the ticket says why."),
    ),
}

VERDICTS: Mapping[str, str] = {f"judged_{verdict}": verdict for verdict in Judgement.Verdict.values}


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n")


class DraftPages(DraftList):
    """Drafts. The list is in `klark.admin.queue.listing`, the page of one draft here."""

    sees = Power.SEE

    def get_urls(self) -> list[URLPattern]:
        """Adds the page on what became of drafts."""
        return [
            path("outcomes/", self.admin_site.admin_view(outcomes.page), name="klark_outcomes"),
            *super().get_urls(),
        ]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Shows a draft, or handles a button pressed on its page."""
        draft = self.get_object(request, unquote(object_id))
        if draft is None:
            return super().change_view(request, object_id)  # which reports that it does not exist
        if request.method == "POST":
            if not access_of(request).may(Power.REVIEW, draft.tenant_id):
                raise PermissionDenied
            press = request.POST.get("press", "")
            does = {"topic": self._correct_topic, **dict.fromkeys(VERDICTS, self._judged)}.get(press, self._pressed)
            return does(request, draft)
        return self._page(request, draft)

    def _page(self, request: HttpRequest, draft: Draft) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "title": str(draft),
            "opts": self.opts,
            "original": draft,
            "draft": draft,
            "page": shown(draft),
            "decides": access_of(request).may(Power.REVIEW, draft.tenant_id),
            "topics": Topic.of(draft.tenant_id),
            "has_model": has_model(draft.tenant_id),
            "next": self._next(request, draft),
            **judged(draft.pk, draft.tenant_id),
            "queue": reverse("admin:klark_draft_changelist"),
            "is_fullwidth": "1",
        }
        request.current_app = self.admin_site.name
        if draft.record:
            record(draft.tenant_id, actor(request), AuditAct.SAW, draft)
        return TemplateResponse(request, "klark/draft.html", context)

    def _pressed(self, request: HttpRequest, draft: Draft) -> HttpResponse:
        row = Delivery.of(draft.tenant_id).filter(draft=draft).order_by("-pk").filter(state=WAITING).first()
        does, done = BUTTONS.get(request.POST.get("press", ""), (None, ""))
        if does is None or row is None:
            messages.error(request, _("This draft is not waiting any more: nothing was done."))
        else:
            typed = {name: clip(request.POST.get(name, ""), LONGEST) for name in ("text", "why")}
            self._press(request, row, lambda who: does(who, typed), done)
        return HttpResponseRedirect(reverse("admin:klark_draft_change", args=(draft.pk,)))

    def _correct_topic(self, request: HttpRequest, draft: Draft) -> HttpResponse:
        try:
            topic = topic_correction.correct(draft, request.POST.get("topic", ""))
        except PLAIN_ERRORS as error:
            messages.error(request, str(error))
        else:
            self.log_change(
                request, topic, f"draft {draft.pk}: {topic.key}"
            )  # without its subject: nobody erases it here
            record(draft.tenant_id, actor(request), AuditAct.TOPIC, topic, draft=draft.pk)
            messages.success(
                request, _("Noted: this is about “%(topic)s”, and tickets like it from now on.") % {"topic": topic}
            )
        return HttpResponseRedirect(reverse("admin:klark_draft_change", args=(draft.pk,)))

    def _judged(self, request: HttpRequest, draft: Draft) -> HttpResponse:
        if judge(draft, VERDICTS[request.POST["press"]], actor(request)):
            messages.success(request, _("Noted. What klark may do with this topic follows from it at once."))
        else:
            messages.error(request, _("Nobody was asked about this draft, so that it was right proves nothing."))
        return HttpResponseRedirect(reverse("admin:klark_draft_change", args=(draft.pk,)))

    def _press(self, request: HttpRequest, row: Delivery, does: Callable[[Reviewed], None], done: Any) -> None:
        try:
            does(reviewed(request, row.pk, row.tenant_id))
        except PLAIN_ERRORS as error:
            messages.error(request, str(error))
        else:
            messages.success(request, done)

    def _next(self, request: HttpRequest, draft: Draft) -> str:
        """Returns the address of the next waiting draft, or "" if none waits."""
        others: Any = waiting(self.get_queryset(request)).exclude(pk=draft.pk)
        following = others.order_by("-customer_wrote_at").first()
        return reverse("admin:klark_draft_change", args=(following.pk,)) if following else ""
