"""What an open draft's page reports and learns every few seconds: who else is there, and whether the draft still waits; and, once
somebody has it drafted again, whether the new draft is there."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, cast

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from klark.admin.admin_page import admin_page
from klark.admin.choice_labels import reason_title
from klark.admin.queue.listing import DraftList
from klark.admin.queue.next_draft import address_of, beside
from klark.admin.queue.queue_filters import WAITING
from klark.models import Decision, Delivery, Draft, Outcome, WebhookEvent
from klark.models.event import regenerate_key
from klark.models.presence import others_at, report

KIND = Outcome.Kind
HAPPENED: Mapping[str, Any] = {
    KIND.APPROVED: _("At %(when)s %(who)s approved it."),
    KIND.EDITED: _("At %(when)s %(who)s edited and approved it."),
    KIND.ADDED: _("At %(when)s %(who)s sent an addition."),
    KIND.REJECTED: _("At %(when)s %(who)s rejected it."),
    KIND.REGENERATED: _("At %(when)s %(who)s had it drafted again."),
    KIND.ESCALATED: _("At %(when)s %(who)s handed the ticket over."),
    KIND.OVERTAKEN: _("klark saw at %(when)s that somebody had answered, taken or closed the ticket."),
    KIND.REPLACED: _("The customer wrote again; klark saw it at %(when)s, and drafts anew."),
    KIND.OTHER_READERS: _("Others would get the reply now; klark saw it at %(when)s, and drafts anew."),
    KIND.SOURCE_CHANGED: _("Its article changed; klark saw it at %(when)s, and drafts anew."),
    KIND.GONE: _("klark saw at %(when)s that the ticket is gone."),
}  # fmt: skip
NONE_CAME = _("There is no new draft: %(why)s. Answer the ticket yourself.")
GAVE_UP = _("klark could not draft it again. Answer the ticket yourself; the operator finds the reason under Events.")
LONG = timedelta(minutes=10)
"""How long after it was asked for a new draft is still waited for on the page: about as long as klark waits for a model."""
NOT_YET = _(
    "klark was asked at %(when)s, and the new draft is not there yet: klark is stopped, or the model or the helpdesk is away. "
    "Once it is there it waits in the queue. If the customer cannot wait, answer the ticket yourself: klark then leaves it alone."
)


def what_happened(draft: Draft) -> str:
    """Returns in a sentence what ended the wait of a draft, who did it and when; "" if that was not recorded."""
    last = draft.outcomes.filter(kind__in=HAPPENED).order_by("-pk").first()
    if last is None:
        return ""
    when = date_format(localtime(last.at), "TIME_FORMAT")
    return str(HAPPENED[last.kind]) % {"who": last.by, "when": when}


def presence(pages: DraftList, request: HttpRequest, object_id: str) -> JsonResponse:
    """Answers an open page's report that its user is there; "edits" says whether the text was changed.

    Answers with the state of the draft and, as HTML, what the page says of it.
    """
    if request.method != "POST":
        raise PermissionDenied
    draft = pages.get_object(request, object_id)
    if draft is None:
        raise Http404
    user_id = cast("int", request.user.pk)
    report(draft, user_id, "edits" in request.POST)
    row = Delivery.of(draft.tenant_id).filter(draft=draft, state=WAITING).only("taken_by", "taken_at").first()
    waits, mine = row is not None, request.user.get_username()
    told = {
        "others": others_at(draft, user_id),
        "row": row,
        "waits": waits,
        "mine": mine,
        "typed": "edits" in request.POST,
        "happened": what_happened(draft),
    }
    return JsonResponse({"waits": waits, "html": render_to_string("klark/presence.html", told).strip()})


def again(pages: DraftList, request: HttpRequest, object_id: str) -> HttpResponse:
    """Shows that a draft is being drafted again, and what was to be different; opens the new one once it is there, or says why
    there is none. Raises Http404 where nobody asked for one."""
    draft = pages.get_object(request, object_id)
    if draft is None:
        raise Http404
    keys = [*map(regenerate_key, draft.deliveries.values_list("pk", flat=True))]
    events = WebhookEvent.of(draft.tenant_id).filter(connection=draft.connection_id, key__in=keys).defer("raw")
    asked = events.select_related("decision").order_by("-pk").first()
    if asked is None:
        raise Http404
    decision = getattr(asked, "decision", None)
    if decision and decision.draft_id:
        return HttpResponseRedirect("?".join(filter(None, (address_of(decision.draft_id), request.GET.urlencode()))))
    context = {
        "title": str(draft), "opts": pages.opts, "original": draft, "draft": draft, "wish": asked.instruction,
        "beside": beside(pages, request, draft),
        "ended": _why_none(asked, decision),
    }  # fmt: skip
    return admin_page(request, "klark/again.html", context)


def _why_none(asked: WebhookEvent, decision: Decision | None) -> Any:
    """Returns why no new draft is there and none is waited for any longer; "" while it is."""
    if decision:
        return NONE_CAME % {"why": reason_title(decision.reason)}
    if asked.state != WebhookEvent.State.DUE:
        return GAVE_UP
    if timezone.now() < asked.received_at + LONG:
        return ""
    return NOT_YET % {"when": date_format(localtime(asked.received_at), "TIME_FORMAT")}
