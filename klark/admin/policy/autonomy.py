"""The page "Autonomy": where each topic stands in each language and why, the lead's buttons, and the drafts to audit."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from klark.admin.access import Power, access_of, actor, posted_number
from klark.admin.admin_page import admin_page
from klark.autonomy.judgements import awaited, may_be_right
from klark.autonomy.labels import Earlier, Weighed, earlier, weigh
from klark.autonomy.last_fall import Fall, last_falls
from klark.autonomy.standing import close, open_next
from klark.autonomy.words import at_least, right_share, why
from klark.models import Draft, Judgement, Policy, Standing, Tenant, Topic, policy_in_force, rules_of
from klark.values.policy.rules import Rules

MOST = 30
"""How many drafts to audit the page shows."""
COLOURS = {"note": "warning", "queue": "info", "reply": "success"}


@dataclass(frozen=True, slots=True)
class Row:
    """One topic in one language as the page shows it."""

    standing: Standing
    topic: str
    weighed: Weighed
    right_share: str
    at_least: str
    why: str
    fall: Fall | None
    earlier: Earlier | None
    level: str
    colour: str


def page(request: HttpRequest) -> HttpResponse:
    """Returns the page. Raises PermissionDenied for whoever leads no tenant."""
    access = access_of(request)
    if not access.may(Power.LEAD):
        raise PermissionDenied
    tenants = access.scope(Tenant.objects.all(), Power.LEAD, "pk")
    todo = awaited(access.scope(Judgement.objects.all(), Power.LEAD)).select_related("draft")
    return admin_page(request, "klark/autonomy.html", {
        "title": _("Autonomy"), "shown": [(each, *_of(each)) for each in tenants],
        "todo": todo[:MOST], "waiting": todo.count(),
    })  # fmt: skip


def _of(tenant: Tenant) -> tuple[str, int, list[Row]]:
    """Returns what the policy says of autonomy, the share of right drafts that it asks for, and where the topics stand."""
    rules = rules_of(policy_in_force(tenant.pk))
    names = Topic.titles(tenant.pk)
    standings = list(Standing.of(tenant.pk))
    falls = last_falls(tenant.pk, standings)
    rows = [_row(each, names.get(each.topic, each.topic), rules, falls.get(each.pk)) for each in standings]
    return str(Policy.Autonomy(rules.autonomy).label), rules.autonomy_bar, rows


def _row(standing: Standing, topic: str, rules: Rules, fall: Fall | None) -> Row:
    weighed = weigh(standing)
    return Row(
        standing, topic, weighed, right_share(weighed.tally), at_least(weighed.tally), why(standing, weighed, rules),
        fall, earlier(standing), standing.get_rung_display(), COLOURS.get(standing.rung, ""),
    )  # fmt: skip


@require_POST
def step(request: HttpRequest) -> HttpResponse:
    """Opens the next step of the topic that is posted, or closes the one it is on. Raises PermissionDenied, and Http404."""
    row = get_object_or_404(Standing, pk=posted_number(request, "standing"))
    if not access_of(request).may(Power.LEAD, row.tenant_id):
        raise PermissionDenied
    if request.POST.get("press") == "close":
        close(row, actor(request))
        messages.success(request, _("Closed: it counts from the next ticket on."))
    elif open_next(row, actor(request)):
        messages.success(request, _("Opened: it counts from the next ticket on."))
    else:
        messages.error(request, _("The evidence is no longer enough: nothing was opened."))
    return HttpResponseRedirect(reverse("admin:klark_autonomy"))


def judged(draft: Draft) -> dict[str, Any]:
    """Returns what a draft's page shows of its judgement; {} where it has none."""
    row = draft.judgement if hasattr(draft, "judgement") else None
    return {"judgement": row, "may_be_right": may_be_right(row)} if row else {}
