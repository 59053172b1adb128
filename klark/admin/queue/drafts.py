"""A draft's page: the thread, the draft, the sources of each sentence, and the buttons for a person's decision."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from klark import adding, review, taking
from klark.admin.access import Power, access_of, actor
from klark.admin.admin_page import admin_page
from klark.admin.base import PLAIN_ERRORS, reviewed
from klark.admin.evidence import outcomes, trends
from klark.admin.policy.autonomy import judged
from klark.admin.queue.assisting import assist, offered
from klark.admin.queue.claims import remark_of
from klark.admin.queue.correcting import CORRECTIONS, correct, correctable
from klark.admin.queue.evidence import shown
from klark.admin.queue.listing import DraftList, until_words
from klark.admin.queue.next_draft import address_of, beside
from klark.admin.queue.presence import again, presence, what_happened
from klark.admin.queue.taken import SNOOZES, taken
from klark.admin.queue.undo import undo, undoable
from klark.admin.queue.why import has_steps
from klark.autonomy.judgements import judge
from klark.drafting.edited_reply import Objection
from klark.drafting.kept_policy import policy_now
from klark.drafting.tenant_settings import writes
from klark.models import AuditAct, Delivery, Draft, Judgement, policy_in_force, record, rules_of, sha256
from klark.review import Reviewed
from klark.values.storable_text import clip
from klark.values.wording import language_words

Typed = Mapping[str, Any]

SNOOZED = _("%(until)s: it is listed under “Snoozed” meanwhile.")


def _snoozing(until: str) -> Callable[[Reviewed, Typed], str]:
    def snooze(who: Reviewed, _typed: Typed) -> str:
        zone = rules_of(policy_in_force(who.tenant_id)).zone
        chosen = SNOOZES[until](timezone.now(), zone)
        return SNOOZED % {"until": capfirst(until_words(taking.snooze(who, chosen), chosen, zone))}

    return snooze


CHECKED = _("Approved: the checks have read your text and object to nothing. The reply is on its way.")
STOPPED = _("Approved: it will be sent once the stop is released.")
OVERRULED = _("Approved: the reply is on its way, though a check objects. Your reason is kept.")


def _approve(who: Reviewed, typed: Typed) -> Any:
    found = review.approve(who, typed["text"], review.UNDO_S, typed["overrule"])
    if review.is_stopped(who):
        return STOPPED
    return OVERRULED if found else CHECKED if found is not None else ""


# Each button's action, and the message shown afterwards, unless the action returns another.
BUTTONS: Mapping[str, tuple[Callable[[Reviewed, Typed], Any], Any]] = {
    "approve": (_approve, _("Approved: the reply is on its way.")),
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
        "",
    ),
    "hand_over": (
        lambda who, typed: review.hand_over(who, typed["why"]),
        _("Handed over: a note on the ticket says why."),
    ),
    "take": (lambda who, _typed: taking.take(who), _("This draft is yours. Others see that.")),
    "give_back": (lambda who, _typed: taking.give_back(who), _("Given back: nobody has taken this draft.")),
    "bring_back": (lambda who, _typed: taking.bring_back(who), _("It is in the queue again.")),
    **{f"snooze_{until}": (_snoozing(until), "") for until in SNOOZES},
}
SHADOWED: Mapping[str, Any] = {
    "reject": _("Rejected. The note is not written, since the connection is in shadow mode: it stands "
                "in klark as “could not be written”."),
    "hand_over": _("Handed over in klark alone: the note is not written, since the connection is in shadow mode, and stands "
                   "in klark as “could not be written”. Tell whoever answers the ticket."),
}  # fmt: skip
"""The same in shadow mode, where it differs."""
STAYS = frozenset({"take", "give_back", "bring_back"})
"""Buttons after which the draft stays open."""

VERDICTS: Mapping[str, str] = {f"judged_{verdict}": verdict for verdict in Judgement.Verdict.values}


class DraftPages(DraftList):
    """Drafts. The list is in `klark.admin.queue.listing`, the page of one draft here."""

    sees = Power.SEE

    def get_urls(self) -> list[URLPattern]:
        """Adds what open pages report and learn, what takes an approval back, and the pages on evidence."""
        wrap = self.admin_site.admin_view
        return [
            path("undo/", wrap(undo), name="klark_draft_undo"),
            path("<path:object_id>/presence/", wrap(partial(presence, self)), name="klark_draft_presence"),
            path("<path:object_id>/again/", wrap(partial(again, self)), name="klark_draft_again"),
            path("<path:object_id>/assist/", wrap(partial(assist, self)), name="klark_draft_assist"),
            path("outcomes/", wrap(outcomes.page), name="klark_outcomes"),
            path("trends/", wrap(trends.page), name="klark_trends"),
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
            does = {
                **dict.fromkeys(CORRECTIONS, self._correct),
                "add": self._add,
                **dict.fromkeys(VERDICTS, self._judged),
            }
            return does.get(press, self._pressed)(request, draft)
        return self._page(request, draft)

    def _page(
        self, request: HttpRequest, draft: Draft, kept: str = "", objected: Sequence[Objection] = ()
    ) -> HttpResponse:
        """Shows a draft. `kept` is what the user typed into the box and could not send, `objected` what the checks say of it."""
        page, ours = shown(draft), policy_now(draft.tenant_id)[0]
        first = None if page.waiting else adding.approved_reply(draft)
        beyond = kept if first is None or request.POST.get("whole") else adding.beyond(draft, kept, first.text)
        context = {
            "title": str(draft),
            "opts": self.opts,
            "original": draft,
            "draft": draft,
            "page": page,
            "has_steps": page.decision is not None or has_steps(draft),
            "correctable": correctable(draft, page, ours.rules.languages),
            "help": offered(draft, page, ours.rules),
            "decides": access_of(request).may(Power.REVIEW, draft.tenant_id),
            "has_model": writes(ours.policy),
            "house": language_words(ours.rules.language, get_language() or "en"),
            "beside": beside(self, request, draft),
            "undo": undoable(request),
            "taken": taken(request, page.waiting, ours.rules),
            "kept": kept,
            "adds": first is not None,
            "addition": beyond,
            "whole": request.POST.get("whole") or kept,
            "objected": [(remark_of(each.record), each) for each in objected],
            "checked": sha256(kept.strip()),
            "overrule": _typed(request)["overrule"] if "checked" in request.POST else request.POST.get("overrule", ""),
            "reason_before": request.POST.get("overrule", ""),
            **judged(draft),
            "is_fullwidth": "1",
        }
        if draft.record:
            record(draft.tenant_id, actor(request), AuditAct.SAW, draft)
        return admin_page(request, "klark/draft.html", context)

    def _pressed(self, request: HttpRequest, draft: Draft) -> HttpResponse:
        row = review.waiting_reply(draft)
        press = request.POST.get("press", "")
        does, done = BUTTONS.get(press, (None, ""))
        typed, objected = _typed(request), ()
        if does is None or row is None:
            told = str(_("This draft is not waiting any more: nothing was done."))
            messages.error(request, " ".join(filter(None, (told, what_happened(draft)))))
        else:
            try:
                done = does(reviewed(request, row.pk, row.tenant_id), typed) or done
            except PLAIN_ERRORS as error:
                messages.error(request, str(error))
                objected = getattr(error, "found", ())
            else:
                if press not in STAYS:
                    return self._onwards(request, draft, press, done)
                messages.success(request, done)
        if objected or (typed["text"].strip() and not _is_on_the_page(typed["text"], draft)):
            return self._page(request, draft, typed["text"], objected)
        return HttpResponseRedirect(request.get_full_path())

    def _add(self, request: HttpRequest, draft: Draft) -> HttpResponse:
        """Sends the text of whoever pressed second as an addition."""
        typed = _typed(request)
        try:
            first = adding.reply_added_to(draft, typed["text"], request.POST.get("whole", ""))
            adding.add(reviewed(request, first.pk, draft.tenant_id), typed["text"], typed["overrule"])
        except PLAIN_ERRORS as error:
            messages.error(request, str(error))
            return self._page(request, draft, typed["text"], getattr(error, "found", ()))
        messages.success(request, _("Your text goes to the customer as an addition, after the first reply."))
        return HttpResponseRedirect(request.get_full_path())

    def _onwards(self, request: HttpRequest, draft: Draft, press: str, done: Any) -> HttpResponse:
        """Says what was done, and opens the next draft that waits, else the list. A new draft is waited for on its page."""
        if press == "regenerate":
            address = reverse("admin:klark_draft_again", args=(draft.pk,))
            return HttpResponseRedirect("?".join(filter(None, (address, request.GET.urlencode()))))
        done = SHADOWED.get(press, done) if draft.connection.shadow else done
        others = beside(self, request, draft)
        link = format_html('<a class="k-link" href="{}">#{}</a>', address_of(draft.pk), draft.ticket_id)
        messages.success(request, format_html("{} {}", done, link))
        return HttpResponseRedirect(others.after or others.queue)

    def _correct(self, request: HttpRequest, draft: Draft) -> HttpResponse:
        if topic := correct(request, draft):
            told = f"draft {draft.pk}: {topic.key}"  # without its subject: nobody erases it here
            self.log_change(request, topic, told)
        return HttpResponseRedirect(request.get_full_path())

    def _judged(self, request: HttpRequest, draft: Draft) -> HttpResponse:
        if judge(draft, VERDICTS[request.POST["press"]], actor(request)):
            messages.success(request, _("Noted. What klark may do with this topic follows from it at once."))
        else:
            messages.error(request, _("Nobody was asked about this draft, so that it was right proves nothing."))
        return HttpResponseRedirect(request.get_full_path())


def _typed(request: HttpRequest) -> Typed:
    """Returns what was typed. A reason to overrule the checks counts for the text alone that it was given for, which was shown
    with what they object to."""
    names = ("text", "why", "overrule")
    typed = {name: clip(request.POST.get(name, ""), review.LONGEST).replace("\r\n", "\n") for name in names}
    return typed if request.POST.get("checked") == sha256(typed["text"].strip()) else {**typed, "overrule": ""}


def _is_on_the_page(text: str, draft: Draft) -> bool:
    """Returns whether the page shows this text anyway: as it was drafted, or as it waits or was sent."""
    shown = {draft.reply_text, *draft.deliveries.filter(kind=Delivery.Kind.REPLY).values_list("text", flat=True)}
    return " ".join(text.split()) in {" ".join(each.split()) for each in shown}
