"""The page on what klark does not know: unanswered questions by how often they were asked, and articles to review."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from klark.admin.access import Power, chosen_tenant
from klark.admin.admin_page import admin_page
from klark.admin.knowledge.drafted_articles import filled
from klark.gap_articles.drafted import of_gaps
from klark.knowledge.gaps import Concern, Gaps, gaps
from klark.knowledge.strip_instructions import warning_in
from klark.models import DraftedArticle

KINDS: Mapping[str, tuple[Any, Any]] = {
    "rejected": (_("Often changed or rejected"), "danger"),
    "warning": (_("Something was left out"), "warning"),
    "stale": (_("Quoted, and old"), "warning"),
    "unused": (_("Never quoted"), ""),
}
SHOWN = 20


def page(request: HttpRequest) -> HttpResponse:
    """Returns the page for the chosen tenant, or the user's first. Raises PermissionDenied if the user leads none."""
    chosen, tenants = chosen_tenant(request, Power.LEAD)
    found = gaps(chosen.pk)
    drafts = of_gaps(chosen.pk, found.gaps)
    listed = [(gap, drafts.get(at)) for at, gap in enumerate(found.gaps)]
    listed.sort(key=lambda pair: bool(pair[1] and pair[1].state == DraftedArticle.State.ACCEPTED))  # those are done
    return admin_page(request, "klark/gaps.html", {
        "found": found, "gaps": listed, "filled": filled(chosen.pk),
        "concerns": _by_kind(found), "tenant": chosen, "tenants": tenants, "title": _("Gaps"),
    })  # fmt: skip


def _by_kind(found: Gaps) -> list[tuple[Any, str, list[Concern], int]]:
    """Groups the concerns by kind: title, colour, the first `SHOWN` of them, and how many more there are."""
    rows, language = [], get_language() or "en"
    for kind, (title, colour) in KINDS.items():
        some = [replace(one, note=warning_in(language, one.note)) for one in found.concerns if one.kind == kind]
        if some:
            rows.append((title, colour, some[:SHOWN], max(len(some) - SHOWN, 0)))
    return rows
