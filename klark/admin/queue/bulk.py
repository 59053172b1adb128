"""Approving many drafts at once: only those on the screen that no check remarked on and that one person alone will read, once a
page has said how many customers get mail."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, cast

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.options import ModelAdmin
from django.db.models import F, QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, ngettext_lazy

from klark import review
from klark.admin.access import Power, access_of
from klark.admin.base import PLAIN_ERRORS, reviewed
from klark.admin.choice_labels import above_info
from klark.delivery.whose_text import is_as_drafted
from klark.drafting.edited_reply import contradicted
from klark.models import Delivery, Draft, Presence
from klark.models.presence import others_in
from klark.values.wording import percent_words

LEFT: Mapping[str, Any] = {
    "remarked": ngettext_lazy("%(n)d stays for a look, because a check remarked on it.",
                              "%(n)d stay for a look, because a check remarked on them.", "n"),
    "contradicted": ngettext_lazy("%(n)d stays for a look, because its sources contradict a sentence.",
                                  "%(n)d stay for a look, because their sources contradict a sentence.", "n"),
    "in_copy": ngettext_lazy("%(n)d stays for a look, because somebody is in copy.",
                             "%(n)d stay for a look, because somebody is in copy.", "n"),
    "edited": ngettext_lazy("%(n)d stays for a look, because a person has changed its text.",
                            "%(n)d stay for a look, because a person has changed their text.", "n"),
    "unknown": ngettext_lazy("%(n)d stays for a look: klark does not keep any more who is in copy.",
                             "%(n)d stay for a look: klark does not keep any more who is in copy.", "n"),
    "shadow": ngettext_lazy("%(n)d keeps waiting, because its connection is in shadow mode.",
                            "%(n)d keep waiting, because their connection is in shadow mode.", "n"),
    "late": ngettext_lazy("%(n)d does not wait any more, or was changed.", "%(n)d do not wait any more, or were changed.", "n"),
}  # fmt: skip
"""Why a reply is not approved, in the order in which it is said."""


@dataclass(slots=True)
class Sorted:
    """The chosen replies: those that may go, by the customers who get them, and how many stay, by a key of LEFT."""

    goes: list[Any] = field(default_factory=list)
    left: dict[str, int] = field(default_factory=lambda: dict.fromkeys(LEFT, 0))

    @property
    def customers(self) -> list[str]:
        """Who gets mail: each customer once, by name."""
        named = {(row.connection_id, row.asker["id"]): row.draft.requester or str(row.draft) for row in self.goes}
        return sorted(named.values(), key=str.casefold)

    @property
    def stays(self) -> list[str]:
        """What stays and why, in sentences."""
        return [str(LEFT[why] % {"n": count}) for why, count in self.left.items() if count]


def approve(pages: "ModelAdmin[Any]", request: HttpRequest, drafts: QuerySet[Draft]) -> HttpResponse | None:
    """Shows who gets mail; once that is confirmed, approves these replies, and says how many were approved and left."""
    ids = request.POST.getlist(ACTION_CHECKBOX_NAME)
    chosen = _sorted(request, drafts.filter(pk__in=ids))  # also where "select across" is posted
    if chosen.goes and "confirmed" not in request.POST:
        return _asked(pages, request, chosen)
    approved = [row for row in chosen.goes if _approved(request, row)]
    chosen.left["late"] += len(chosen.goes) - len(approved)
    told = ngettext("%(n)d approved.", "%(n)d approved.", len(approved)) % {"n": len(approved)}
    stopped = Delivery.objects.filter(Delivery.stopped(), pk__in=[row.pk for row in approved]).count()
    later = ngettext(
        "%(n)d will be sent once the stop is released.", "%(n)d will be sent once the stop is released.", stopped
    )
    level = messages.WARNING if chosen.stays else messages.SUCCESS
    pages.message_user(request, " ".join((told, *[later % {"n": stopped}] * bool(stopped), *chosen.stays)), level)
    return None


def _asked(pages: "ModelAdmin[Any]", request: HttpRequest, chosen: Sorted) -> HttpResponse:
    customers = chosen.customers
    about = {
        "replies": ngettext("%(n)d reply", "%(n)d replies", len(chosen.goes)) % {"n": len(chosen.goes)},
        "customers": ngettext("%(n)d customer", "%(n)d customers", len(customers)) % {"n": len(customers)},
    }
    context = {
        **admin.site.each_context(request), "title": _("Send %(replies)s to %(customers)s?") % about,
        "opts": pages.opts, "replies": _listed(request, chosen.goes), "customers": customers, "stays": chosen.stays,
        "box": ACTION_CHECKBOX_NAME, "queue": request.get_full_path(),
    }  # fmt: skip
    return TemplateResponse(request, "klark/approve_many.html", context)


def _listed(request: HttpRequest, rows: Sequence[Any]) -> list[Mapping[str, Any]]:
    """Returns each reply with how sure klark is of it, in percent, and who edits it right now."""
    edited = Presence.objects.filter(draft__in=[row.draft_id for row in rows], edits_since__isnull=False)
    editors: dict[int, list[str]] = {}
    for each in others_in(access_of(request).scope(edited, Power.REVIEW), cast("int", request.user.pk)):
        editors.setdefault(each.draft_id, []).append(each.user.get_username())
    return [
        {"draft": row.draft, "sure": percent_words(row.draft.confidence), "editors": editors.get(row.draft_id, ())}
        for row in rows
    ]


def _sorted(request: HttpRequest, drafts: QuerySet[Draft]) -> Sorted:
    """Locks the replies that wait, all before the first is approved: the audit chain's lock comes last for everybody."""
    waiting = Delivery.objects.filter(state=Delivery.State.WAITING, kind=Delivery.Kind.REPLY)
    rows = access_of(request).scope(waiting.filter(draft__in=drafts.values("pk")), Power.REVIEW)
    rows = rows.select_related("draft", "connection").defer("draft__record")
    ticket = {"asker": F("draft__record__ticket__requester"), "copied": F("draft__record__ticket__cc")}
    found = Sorted()
    for row in rows.annotate(**ticket).order_by("pk").select_for_update(of=("self",)):
        why = _why_not(row)
        if why:
            found.left[why] += 1
        else:
            found.goes.append(row)
    return found


def _why_not(row: Any) -> str:
    """Returns why a reply wants a look, as a key of LEFT, or ""."""
    if row.connection.shadow:
        return "shadow"
    if above_info(row.draft.findings):
        return "remarked"
    if not is_as_drafted(row.draft, row.text):
        return "edited"
    if contradicted(row.draft):
        return "contradicted"
    if not row.asker:
        return "unknown"
    return "in_copy" if row.copied else ""


def _approved(request: HttpRequest, row: Delivery) -> bool:
    try:
        review.approve(replace(reviewed(request, row.pk, row.tenant_id), singly=False), in_s=review.UNDO_S)
    except PLAIN_ERRORS:
        return False
    return True
