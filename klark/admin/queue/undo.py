"""Taking back what one has just approved, as long as it has not left."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.db.models import DurationField, Exists, ExpressionWrapper, F, OuterRef, Q
from django.db.models.functions import Now
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from klark import review
from klark.admin.access import Power, access_of
from klark.admin.base import PLAIN_ERRORS, reviewed
from klark.admin.choice_labels import STATES, labelled
from klark.models import Delivery, Outcome
from klark.models.draft import APPROVALS


@dataclass(frozen=True, slots=True)
class Undoable:
    """The user's last approval that has not left yet: its deliveries, what it was about in words, for how many more seconds it
    waits, and whether it is stopped and waits for the release."""

    deliveries: tuple[int, ...]
    about: str
    seconds: int
    stopped: bool


def undoable(request: HttpRequest) -> Undoable | None:
    """Returns what the user may still take back; of several approvals the last, which may be of many drafts at once."""
    mine = Outcome.objects.filter(by=request.user.get_username(), draft=OuterRef("draft"))
    approved = Q(Exists(mine.filter(kind__in=APPROVALS)), adds=False)
    added = Q(Exists(mine.filter(kind=Outcome.Kind.ADDED, text=OuterRef("text"))), adds=True)
    due = Delivery.objects.filter(state=Delivery.State.DUE, kind=Delivery.Kind.REPLY, due_at__gt=Now())
    held = due.filter(attempts=0, trouble="")
    rows = access_of(request).scope(held.filter(approved | added), Power.REVIEW)
    left = ExpressionWrapper(F("due_at") - Now(), DurationField())
    found: list[Any] = list(rows.annotate(left=left).select_related("draft").defer("draft__record").order_by("-due_at"))
    last = [row for row in found if row.due_at == found[0].due_at]
    if not last:
        return None
    ids = tuple(row.pk for row in last)
    stopped = Delivery.objects.filter(Delivery.stopped(), pk__in=ids).exists()
    return Undoable(ids, _about(last), max(1, round(last[0].left.total_seconds())), stopped)


def _about(rows: Sequence[Delivery]) -> str:
    many = ngettext("%(n)d reply", "%(n)d replies", len(rows)) % {"n": len(rows)}
    return str(rows[0].draft) if len(rows) == 1 else many


def undo(request: HttpRequest) -> HttpResponse:
    """Takes back the approvals of the deliveries posted, and opens the draft, or the queue if they are several. A GET says
    what became of them, once that is known of all."""
    sent = request.POST if request.method == "POST" else request.GET
    asked = [int(each) for each in sent.getlist("delivery") if each.isdecimal() and len(each) < 19]
    rows = access_of(request).scope(Delivery.objects.filter(pk__in=asked), Power.REVIEW)
    whole = rows.select_related("draft").defer("draft__record").order_by("pk")
    if request.method != "POST":
        return HttpResponse(_what_became_of(list(whole)), content_type="text/plain")
    locked = list(whole.select_for_update(of=("self",)))  # all, before the audit chain is
    taken = [row for row in locked if _taken_back(request, row)]
    if taken:
        waits = _("Taken back: nothing was sent, and it waits again.")
        messages.success(request, _("Taken back: nothing was sent.") if taken[0].adds else waits)
    if len(locked) == 1:
        return HttpResponseRedirect(reverse("admin:klark_draft_change", args=(locked[0].draft_id,)))
    return HttpResponseRedirect(reverse("admin:klark_draft_changelist"))


def _what_became_of(rows: Sequence[Delivery]) -> str:
    """Returns what became of replies, in words; "" while one of them is still to be written."""
    states = Counter(row.state for row in rows)
    if not rows or set(states) & {Delivery.State.WAITING, Delivery.State.DUE, Delivery.State.SENDING}:
        return ""
    told = (labelled(STATES[state][0], n) if len(rows) > 1 else str(STATES[state][0]) for state, n in states.items())
    return " · ".join((_about(rows), *told))


def _taken_back(request: HttpRequest, row: Delivery) -> bool:
    try:
        review.take_back(reviewed(request, row.pk, row.tenant_id))
    except PLAIN_ERRORS as error:
        messages.error(request, f"{row.draft} · {error}")
        return False
    return True
