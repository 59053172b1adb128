"""The page "Suggestions": what people do with drafts again and again, with its evidence and a button that changes the policy."""

import copy
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from klark.admin.access import Power, actor, chosen_tenant, posted_tenant
from klark.admin.admin_page import admin_page
from klark.admin.choice_labels import labelled, source_title
from klark.admin.queue.claims import web_address
from klark.evidence.suggestions.find import suggestions
from klark.evidence.suggestions.suggestion import Kind, Suggestion
from klark.knowledge.ingest import BY_HAND
from klark.models import Article, AuditAct, DismissedSuggestion, Policy, Tenant, Topic, policy_in_force, record
from klark.models.policy_versions import give_modes, save_row
from klark.values.triage import PRIORITIES
from klark.values.wording import priority_words

TITLES: Mapping[Kind, Any] = {
    "sign_off": gettext_lazy("Another sign-off (%(about)s)"),
    "greeting": gettext_lazy("Another greeting (%(about)s)"),
    "note": gettext_lazy("“%(about)s”: a note in place of a draft that waits"),
    "autonomy": gettext_lazy("“%(about)s”: nearly every draft is sent as it is"),
    "article": gettext_lazy("“%(about)s” says %(was)s, people write %(now)s"),
    "priority": gettext_lazy("“%(about)s”: %(now)s"),
    "lower_priority": gettext_lazy("“%(about)s”: %(now)s at most"),
}
EVIDENCE: Mapping[Kind, Any] = {
    "sign_off": gettext_lazy("People end %(hits)d of %(of)d replies so."),
    "greeting": gettext_lazy("People begin %(hits)d of %(of)d replies so."),
    "note": gettext_lazy(
        "People rejected %(hits)d of its %(of)d drafts, or rewrote more than half: far more than of other topics."
    ),
    "autonomy": gettext_lazy("%(hits)d of %(of)d drafts that somebody looked at one by one."),
    "priority": gettext_lazy(
        "Its tickets were made more urgent, in klark or in the helpdesk, in %(hits)d of %(of)d cases."
    ),
    "lower_priority": gettext_lazy(
        "Its tickets were made less urgent, in klark or in the helpdesk, in %(hits)d of %(of)d cases. One that touches a "
        "sensitive topic stays as urgent as klark finds it."
    ),
    "article": gettext_lazy(
        "In %(hits)d of the %(of)d replies that people approved or edited and that rest on this value of the article."
    ),
}
PRIORITY_FIELDS: Mapping[str, str] = {"priority": "priority", "lower_priority": "highest_priority"}
"""The field of a topic that a suggestion sets."""
PRIORITY_GIVEN: Mapping[str, Any] = {
    "priority": gettext_lazy("Saved: from the next ticket on, tickets on this topic get at least this priority."),
    "lower_priority": gettext_lazy("Saved: from the next ticket on, tickets on this topic get at most this priority."),
}
BY_POLICY = frozenset({"sign_off", "greeting", "note"})
"""What can be accepted here; the others open the page where a person decides."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A suggestion as the page shows it. `opens`: the page where a person decides, or "", and `button`: what leads there.
    `comes_from`: where an article must be changed that klark only reads, and `original`: its address there, or ""."""

    one: Suggestion
    title: str
    evidence: str
    opens: str = ""
    button: str = ""
    comes_from: str = ""
    original: str = ""


def page(request: HttpRequest) -> HttpResponse:
    """Returns the page of the chosen tenant, or of the first that the user leads. Raises PermissionDenied without one."""
    chosen, tenants = chosen_tenant(request, Power.LEAD)
    names, found = Topic.titles(chosen.pk), suggestions(chosen.pk, timezone.now())
    articles = Article.of(chosen.pk).only("source", "url").in_bulk([one.article_id for one in found])
    return admin_page(request, "klark/suggestions.html", {
        "title": _("Suggestions"), "tenant": chosen, "tenants": tenants,
        "found": [_shown(one, names, articles.get(one.article_id)) for one in found],
    })  # fmt: skip


def _shown(one: Suggestion, names: Mapping[str, str], article: Article | None) -> Shown:
    about = one.about.upper() if one.kind in ("sign_off", "greeting") else one.about
    if one.kind in ("note", "autonomy", *PRIORITY_FIELDS):
        about = names.get(one.about, one.about)
    now = priority_words(one.now, get_language() or "en") if one.kind in PRIORITY_FIELDS else one.now
    told = {"about": about, "was": one.was, "now": now, "hits": one.hits, "of": one.of}
    shown = Shown(one, str(TITLES[one.kind]) % told, str(EVIDENCE[one.kind]) % told)
    if one.kind == "autonomy":
        return replace(shown, opens=reverse("admin:klark_autonomy"), button=_("Autonomy"))
    return _of_article(shown, article) if article else shown


def _of_article(shown: Shown, article: Article) -> Shown:
    """Adds where the article is changed: here with the new value put in, or at its source."""
    page = reverse("admin:klark_article_change", args=(article.pk,))
    if article.source == BY_HAND:
        given = urlencode({"was": shown.one.was, "now": shown.one.now})
        return replace(shown, opens=f"{page}?{given}", button=_("Accept"))
    source, original = source_title(article.source), web_address(article.url)
    return replace(shown, opens=page, button=_("Open the article"), comes_from=source, original=original)


@require_POST
def press(request: HttpRequest) -> HttpResponse:
    """Accepts or dismisses the suggestion that is posted, if it is still there. Raises PermissionDenied."""
    tenant = posted_tenant(request, Power.LEAD)
    now = suggestions(tenant.pk, timezone.now())
    one = next((each for each in now if each.key == request.POST.get("key")), None)
    if one is None:
        messages.error(request, _("This suggestion is no longer there: nothing was changed."))
    elif request.POST.get("press") == "dismiss":
        _dismiss(request, tenant, one)
    elif one.kind in PRIORITY_FIELDS:
        _give_priority(request, tenant, one)
    elif one.kind in BY_POLICY:
        _accept(request, tenant, one)
    return HttpResponseRedirect(f"{reverse('admin:klark_suggestions')}?tenant={tenant.slug}")


def _dismiss(request: HttpRequest, tenant: Tenant, one: Suggestion) -> None:
    kept = {"drafts": one.hits, "by": actor(request).name[:150], "at": timezone.now()}
    row, _new = DismissedSuggestion.objects.update_or_create(tenant=tenant, key=one.key, defaults=kept)
    record(tenant.pk, actor(request), AuditAct.DISMISSED, row, kind=one.kind, drafts=one.hits, of=one.of)
    messages.success(request, _("Dismissed: it comes back only if twice as many drafts speak for it."))


def _give_priority(request: HttpRequest, tenant: Tenant, one: Suggestion) -> None:
    """Gives the topic its priority, with the evidence as the reason. A limit on the other side that contradicts it goes."""
    row, rank = Topic.of(tenant.pk).get(key=one.about), PRIORITIES.index
    setattr(row, PRIORITY_FIELDS[one.kind], one.now)
    if row.priority and row.highest_priority and rank(row.priority) > rank(row.highest_priority):
        setattr(row, "highest_priority" if one.kind == "priority" else "priority", "")
    row.save(update_fields=[*PRIORITY_FIELDS.values()])
    why = labelled(_("Suggested"), str(EVIDENCE[one.kind]) % {"hits": one.hits, "of": one.of})
    record(
        tenant.pk,
        actor(request),
        AuditAct.TOPIC,
        row,
        done=[{"changed": {"fields": [PRIORITY_FIELDS[one.kind]]}}],
        why=why,
    )
    messages.success(request, PRIORITY_GIVEN[one.kind])


def _accept(request: HttpRequest, tenant: Tenant, one: Suggestion) -> None:
    """Saves the next version of the policy, with the evidence as its reason."""
    new = copy.copy(policy_in_force(tenant.pk)) or Policy(tenant=tenant)
    modes = dict(new.rules().topics) if new.pk else {}
    field: str = one.kind
    if one.kind == "note":
        modes[one.about], field = "note", "topics"
    else:
        setattr(new, field, {**getattr(new, field), one.about: one.now})
    save_row(new)
    give_modes(new, modes)
    why = labelled(_("Suggested"), str(EVIDENCE[one.kind]) % {"hits": one.hits, "of": one.of})
    record(tenant.pk, actor(request), AuditAct.POLICY, new, done=[{"changed": {"fields": [field]}}], why=why)
    told = _("Saved as version %(version)d, in force from the next ticket on.")
    messages.success(request, told % {"version": new.version})
