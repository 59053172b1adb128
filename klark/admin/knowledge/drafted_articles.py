"""The page of an article drafted from a gap: each sentence with the tickets behind it, to be changed, accepted or dismissed."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from guardrails.checks.finding_meanings import explain
from klark.admin.access import Power, access_of, actor, posted_tenant
from klark.admin.admin_page import admin_page
from klark.admin.choice_labels import labelled, money
from klark.drafting.tenant_settings import has_model
from klark.evidence.long_runs import average_cost
from klark.gap_articles.drafted import (
    accept,
    change,
    dismiss,
    markdown_of,
    propose,
    run_of,
    sign_of,
    stop,
    want,
)
from klark.gap_articles.jobs import AWAY
from klark.gap_articles.share import share_of, since
from klark.knowledge.gaps import DAYS, open_gaps
from klark.models import (
    Article,
    ArticleRun,
    AuditAct,
    Connection,
    Draft,
    DraftedArticle,
    policy_in_force,
    record,
    rules_of,
)
from klark.models.evidence.long_run import UNDER_WAY

State, Does = DraftedArticle.State, ArticleRun.Does
COLOURS = {State.DRAFTED: "info", State.ACCEPTED: "success", State.DISMISSED: ""}
SHOWN = 10
WHY: Mapping[str, Any] = {
    "disagree": _("Agents disagree"),
    "refused": _("The model wrote it, and the answers do not bear it out"),
    "personal": _("Sentences that may be about one customer: a name, an address, a number, a day, a deed or a promise"),
    "no_answer": _("Tickets that nobody has answered in public, as far as klark knows"),
    "by_phone": _("Answers given by phone"),
    "other_language": _("Answers in another language"),
    "no_words": _("Answers without words"),
    "other_brand": _("Answers for another brand"),
}


def _rows(request: HttpRequest) -> QuerySet[DraftedArticle]:
    return access_of(request).scope(DraftedArticle.objects.select_related("tenant"), Power.LEAD)


def draft(request: HttpRequest) -> HttpResponse:
    """Drafts an article for a gap from what agents answered, and leads to its page. Raises PermissionDenied."""
    tenant = posted_tenant(request, Power.LEAD)
    found = open_gaps(tenant.pk, timezone.now() - timedelta(days=DAYS))
    gap = next((each for each in found if str(each.asked[0].draft_id) == request.POST.get("draft")), None)
    if gap is None:
        return HttpResponseRedirect(reverse("admin:klark_article_gaps"))
    return _to(propose(tenant.pk, gap, request.user.get_username()))


def _to(row: DraftedArticle) -> HttpResponse:
    return HttpResponseRedirect(reverse("admin:klark_article_drafted", args=(row.pk,)))


def page(request: HttpRequest, number: int) -> HttpResponse:
    """Shows the draft, or does what was pressed. Raises PermissionDenied and Http404."""
    if not access_of(request).may(Power.LEAD):
        raise PermissionDenied
    row = _rows(request).filter(pk=number).first()
    if row is None:
        raise Http404
    if request.method == "POST":
        _press(request, row)
        return _to(row)
    return admin_page(request, "klark/drafted_article.html", _shown(row))


def _press(request: HttpRequest, row: DraftedArticle) -> None:
    """Keeps what stands in the form, and does what was pressed."""
    pressed = request.POST.get("press", "")
    if pressed != "cancel":  # a worker locks its run before the article
        row = DraftedArticle.of(row.tenant_id).select_for_update().get(pk=row.pk)
    if request.POST.get("seen", sign_of(row)) != sign_of(row):
        messages.error(request, gettext("It has changed since you opened it, so nothing was done: look again."))
        return
    if row.state == State.DRAFTED and not run_of(row, *UNDER_WAY) and "title" in request.POST:
        change(row, request.POST["title"], [*request.POST.getlist("text"), *request.POST.get("more", "").splitlines()])
    act = ACTS.get(pressed)
    done = act(row, request.user.get_username()) if act else True
    if not done:
        messages.error(request, gettext("That is not possible now: it has ended, says nothing, or a worker has it."))
        return
    if act:
        record(row.tenant_id, actor(request), AuditAct.ARTICLE, row, pressed=pressed)
    messages.success(request, str(DONE[pressed] if act else _("Kept.")))


ACTS: Mapping[str, Callable[[DraftedArticle, str], bool]] = {
    "accept": accept,
    "dismiss": dismiss,
    "write": lambda row, by: want(row, Does.WRITE, by),
    "again": lambda row, by: want(row, Does.TRY, by),
    "cancel": lambda row, _by: stop(row),
}
DONE: Mapping[str, Any] = {
    "accept": _("It is an article of your knowledge now. Nothing was published in the helpdesk."),
    "dismiss": _("Dismissed: what was drafted is gone. The gap stays listed until an article answers it."),
    "write": _("A model writes it: look again in a minute."),
    "again": _("Its tickets are tried again: look again in a minute."),
    "cancel": _("Cancelled: what was tried is kept."),
}


def _shown(row: DraftedArticle) -> dict[str, Any]:
    links = _links(row)
    accepted = row.state == State.ACCEPTED
    share, gone = share_of(row)
    run = run_of(row)
    doing = run if run and run.state in UNDER_WAY else None
    return {
        "title": gettext("Article from a gap"), "row": row, "colour": COLOURS[State(row.state)],
        "may": row.state == State.DRAFTED, "brand": row.brand and Connection.brand_names(row.tenant_id).get(row.brand, row.brand),
        "sentences": [(each, [links[tuple(ticket)] for ticket in each["tickets"]]) for each in row.sentences],
        "left_out": [_left(each) for each in row.left_out], "markdown": markdown_of(row), "seen": sign_of(row),
        "may_write": row.state == State.DRAFTED and has_model(row.tenant_id), "cost": _cost(row),
        "trouble": _words(run.trouble) if run else "", "doing": doing,
        "share": share if accepted else None, "gone": gone,
        "since": since(row) if accepted and not doing else None,  # it mines every gap, and the page asks every 2 s
        "article": Article.of(row.tenant_id).filter(key=row.key, current=True).first() if accepted else None,
    }  # fmt: skip


def _words(trouble: str) -> str:
    """Returns a trouble in the language of the page."""
    parts = [AWAY, trouble.removeprefix(AWAY).strip()] if trouble.startswith(AWAY) else [trouble]
    return " ".join(gettext(part) for part in parts if part)


def _links(row: DraftedArticle) -> Mapping[tuple[str, str], tuple[str, int | None]]:
    """Returns each ticket's number, and the id of its newest draft if it has one."""
    wanted = {(place, ticket) for each in row.sentences for place, ticket in each["tickets"]}
    drafts = Draft.of(row.tenant_id).filter(ticket_id__in={ticket for _place, ticket in wanted}).order_by("pk")
    newest = {(str(place), ticket): pk for place, ticket, pk in drafts.values_list("connection_id", "ticket_id", "pk")}
    return {each: (each[1], newest.get(each)) for each in wanted}


def _left(kept: Mapping[str, Any]) -> dict[str, str]:
    """Returns what was left out, in the language of the page."""
    values = ", ".join(f"{value} ({count})" for value, count in kept.get("values", ()))
    because = explain(kept["finding"], get_language() or "en") if kept.get("finding") else ""
    told = values or because or kept.get("count", "")
    why = str(WHY[kept["why"]])
    return {"why": labelled(why, told) if told else why, "text": kept.get("text", "")}


def _cost(row: DraftedArticle) -> str:
    """Returns what trying the tickets again costs if they cost what drafts do; "" where nothing is known."""
    each = average_cost(row.tenant_id)
    return money(len(row.tickets) * each, rules_of(policy_in_force(row.tenant_id)).currency) if each else ""


def filled(tenant_id: int) -> list[dict[str, Any]]:
    """Returns the tenant's newest accepted drafts, with what they answer. Call inside `within(tenant_id)`."""
    rows = DraftedArticle.of(tenant_id).filter(state=State.ACCEPTED).order_by("-ended_at")[:SHOWN]
    return [{"row": row, "share": share, "gone": gone} for row in rows for share, gone in [share_of(row)]]
