"""The page on what klark does not know: unanswered questions by how often they were asked, and articles to review."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import get_language, gettext, ngettext
from django.utils.translation import gettext_lazy as _

from klark.admin.access import Power, access_of
from klark.knowledge.gap import Gap
from klark.knowledge.gaps import Concern, Gaps, gaps
from klark.knowledge.proposal import propose
from klark.knowledge.strip_instructions import warning_in
from klark.models import Tenant

PROPOSED = "klark-proposed-article"

KINDS: Mapping[str, tuple[Any, Any]] = {
    "rejected": (_("Often changed or rejected"), "danger"),
    "warning": (_("Something was left out"), "warning"),
    "stale": (_("Quoted, and old"), "warning"),
    "unused": (_("Never quoted"), ""),
}
SHOWN = 20


def page(request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
    """Returns the page for the chosen tenant, or the user's first. Raises PermissionDenied if the user leads none."""
    tenants = list(access_of(request).scope(Tenant.objects.all(), Power.LEAD, "pk"))
    chosen = next((each for each in tenants if each.slug == request.GET.get("tenant")), tenants[0] if tenants else None)
    if chosen is None:
        raise PermissionDenied
    found = gaps(chosen.pk)
    shown = {"found": found, "concerns": _by_kind(found), "tenant": chosen, "tenants": tenants, "title": _("Gaps")}
    return TemplateResponse(request, "klark/gaps.html", {**context, **shown})


def draft(request: HttpRequest) -> HttpResponse:
    """Drafts an article for a gap from what people answered, and redirects to the form for a new article.

    The proposal is kept in the session until the form opens. Raises PermissionDenied.
    """
    tenants = access_of(request).scope(Tenant.objects.all(), Power.LEAD, "pk")
    tenant = next((each for each in tenants if each.slug == request.POST.get("tenant")), None)
    if request.method != "POST" or tenant is None:
        raise PermissionDenied
    gap = _asked(gaps(tenant.pk), request.POST.get("draft", ""))
    if gap is None:
        return HttpResponseRedirect(reverse("admin:klark_article_gaps"))
    made = propose(tenant.pk, gap)
    request.session[PROPOSED] = {
        "tenant": tenant.pk, "title": made.title, "body_html": made.html, "language": made.language,
    }  # fmt: skip
    request.session[f"{PROPOSED}-from"] = list(made.tickets)
    return HttpResponseRedirect(reverse("admin:klark_article_add"))


def proposed(request: HttpRequest) -> dict[str, Any]:
    """Returns the fields of the proposed article, and removes it from the session; {} if there is none."""
    return dict(request.session.pop(PROPOSED, {}))


def origin(request: HttpRequest) -> str:
    """Returns a sentence on which tickets a proposal was drafted from, once; "" if there is no proposal."""
    tickets = request.session.pop(f"{PROPOSED}-from", None)
    if tickets is None:
        return ""
    if not tickets:
        return gettext("No ticket like these was answered by a person yet: only the questions stand here.")
    text = ngettext(
        "Drafted from what people answered on ticket %(tickets)s. Check every sentence: it was true for one customer.",
        "Drafted from what people answered on tickets %(tickets)s. Check every sentence: it was true for one customer.",
        len(tickets),
    )
    return text % {"tickets": ", ".join(f"#{ticket}" for ticket in tickets)}


def _asked(found: Gaps, draft_id: str) -> Gap | None:
    return next((gap for gap in found.gaps if str(gap.examples[0].draft_id) == draft_id), None)


def _by_kind(found: Gaps) -> list[tuple[Any, str, list[Concern], int]]:
    """Groups the concerns by kind: title, colour, the first `SHOWN` of them, and how many more there are."""
    rows, language = [], get_language() or "en"
    for kind, (title, colour) in KINDS.items():
        some = [replace(one, note=warning_in(language, one.note)) for one in found.concerns if one.kind == kind]
        if some:
            rows.append((title, colour, some[:SHOWN], max(len(some) - SHOWN, 0)))
    return rows
