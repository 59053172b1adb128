"""The pages of the regression set: its cases, its runs, and what of a run came out better or worse than before."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from klark.admin.access import Power, actor, chosen_tenant
from klark.admin.choice_labels import money
from klark.admin.evidence.long_run_pages import UNDER_WAY_ALREADY, LongRunPages, buttons, state_of
from klark.drafting.tenant_settings import has_model
from klark.evidence.intervals import share_words
from klark.evidence.long_runs import average_cost
from klark.evidence.regression import run_sets
from klark.evidence.regression.case_results import TITLES, VERDICTS, WHY_NOT
from klark.evidence.regression.cases import WORDS, RegressionCase, cases_of, count_by_kind
from klark.evidence.regression.figures import compared_with
from klark.models import (
    AuditAct,
    DecisionKind,
    Draft,
    RegressionResult,
    RegressionRun,
    Tenant,
    policy_in_force,
    record,
    rules_of,
)
from klark.values.words_kept import differing

State = RegressionRun.State
MOST_RUNS = 20
VERDICT_COLOURS = {"right": "success", "incomplete": "warning", "wrong": "danger", "handed_over": "info"}
CHANGED = {
    "policy": _("the policy"), "models": _("the model or klark's words to it"), "knowledge": _("the articles"),
    "klark": _("klark itself"),
}  # fmt: skip
TOGETHER = (("better", _("better")), ("worse", _("worse")), ("same", _("the same")))
UNTOLD = _("not comparable with that run")


class RegressionPages(LongRunPages):
    """The regression set. The list has the cases and the last runs; the page of a run has what came of each case."""

    acts = buttons(_("It does not go on by itself. Cases that were tried are not tried again."))

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        """Shows the cases and the runs of the chosen tenant, or starts a run."""
        chosen, tenants = chosen_tenant(request, Power.LEAD)
        if request.method == "POST":
            return self._leave(request, chosen) if "draft" in request.POST else self._start(request, chosen)
        cases = cases_of(chosen.pk)
        tryable = sum(case.is_kept for case in cases)
        runs = list(RegressionRun.of(chosen.pk).select_related("policy")[: MOST_RUNS + 1])
        last = next((run for run in runs if run.state == State.DONE), None)
        return self.shown(request, "klark/regression_set.html", {
            "title": gettext("Regression set"), "tenant": chosen, "tenants": tenants,
            "cases": _with_results(cases, last), "left_out": cases_of(chosen.pk, left_out=True),
            "runs": _runs(runs)[:MOST_RUNS], "verdicts": TITLES.values(),
            "kinds": [(WORDS[kind], count) for kind, count in count_by_kind(cases).items() if count],
            "tryable": tryable, "untryable": len(cases) - tryable, "cost": _cost(chosen, tryable),
            "share": run_sets.share_of(policy_in_force(chosen.pk)), "newest": run_sets.ASKED,
        })  # fmt: skip

    def _leave(self, request: HttpRequest, tenant: Tenant) -> HttpResponse:
        """Leaves a case out, or takes it in again."""
        number, is_case = request.POST["draft"], "take_in" in request.POST
        rows = Draft.of(tenant.pk).exclude(is_case=is_case).defer("record")
        draft = rows.filter(pk=number).first() if number.isdecimal() else None
        if draft:
            draft.is_case = is_case
            draft.save(update_fields=["is_case"])
            record(tenant.pk, actor(request), AuditAct.CASE, draft, is_case=is_case)
        return HttpResponseRedirect(request.get_full_path())

    def _start(self, request: HttpRequest, tenant: Tenant) -> HttpResponse:
        asks_models = "asks_models" in request.POST
        run = run_sets.want(tenant.pk, asks_models, request.user.get_username())
        if run is None:
            messages.error(request, str(UNDER_WAY_ALREADY))
            return HttpResponseRedirect(request.get_full_path())
        record(tenant.pk, actor(request), AuditAct.ASKED, run, asks_models=asks_models)
        return HttpResponseRedirect(reverse("admin:klark_regressionrun_change", args=(run.pk,)))

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Shows how far a run is, or what came of it."""
        run: RegressionRun = self.run_of(request, object_id)
        results = RegressionResult.of(run.tenant_id).filter(run=run).select_related("draft").order_by("-draft_id")
        shown = _runs([run, *filter(None, [run_sets.before(run)])])[0]
        rights = {each.draft_id: each.right for each in cases_of(run.tenant_id)}
        moved = {pk: name for name in ("better", "worse") for pk in shown["moved"][name]}
        return self.shown(request, "klark/regression_run.html", {
            "title": gettext("Run of the regression set"), **shown,
            "acts": self.offered(request, object_id), "cases": len(rights), "newest": run_sets.ASKED,
            "results": sorted((_result(each, moved, rights) for each in results.defer("draft__record")), key=_order),
        })  # fmt: skip


def _runs(runs: list[RegressionRun]) -> list[dict[str, Any]]:
    """Returns what the pages show of runs, the newest first, each with what moved since the one before; not of the oldest, if
    the one before it is not among them."""
    worths = run_sets.worths_of(runs)
    shown = []
    for place, run in enumerate(runs):
        ended = run.state == State.DONE
        earlier = next((each for each in runs[place + 1 :] if ended and each.state == State.DONE), None)
        moved = compared_with(worths[earlier.pk] if earlier else {}, worths[run.pk])
        together = [(title, len(moved[name])) for name, title in TOGETHER]
        together += [(UNTOLD, len(moved["untold"]))] if moved["untold"] else []
        shown.append({**_run(run, earlier), "moved": moved, "together": together})
    return shown


def _run(run: RegressionRun, earlier: RegressionRun | None) -> dict[str, Any]:
    of = run.about.get("figures", {})
    return {
        **state_of(run, run_sets.AWAY), "earlier": earlier,
        "shares": [(TITLES[name], share_words(of[name]), VERDICT_COLOURS.get(name, "")) for name in VERDICTS if of],
        "counts": [(TITLES[name], of[name]["hits"]) for name in VERDICTS if of], "figures": of,
        "changed": [title for name, title in CHANGED.items() if name in run_sets.changed_between(run, earlier)],
    }  # fmt: skip


def _with_results(cases: list[RegressionCase], last: RegressionRun | None) -> list[dict[str, Any]]:
    """Returns the cases, each with what came of it in the last run that is done."""
    rows = RegressionResult.of(last.tenant_id).filter(run=last) if last else RegressionResult.objects.none()
    verdicts: dict[int, str] = dict(rows.values_list("draft_id", "verdict"))
    return [
        {"case": each, "corrected": WORDS[each.corrected], "said": differing(each.said, each.right),
         "right": differing(each.right, each.said), "verdict": TITLES.get(verdicts.get(each.draft_id, "")),
         "colour": VERDICT_COLOURS.get(verdicts.get(each.draft_id, ""), "")}
        for each in cases
    ]  # fmt: skip


def _result(row: RegressionResult, moved: Mapping[int, str], rights: Mapping[int, str]) -> dict[str, Any]:
    found, right = row.found, rights.get(row.draft_id, "")
    said = found.get("text", "")
    return {
        "row": row, "verdict": TITLES[row.verdict], "colour": VERDICT_COLOURS.get(row.verdict, ""), "found": found,
        "why": WHY_NOT.get(found.get("why", "")), "moved": moved.get(row.draft_id, ""),
        "right": differing(right, said) if said else right, "says": differing(said, right),
        "decision": dict(DecisionKind.choices).get(row.decision, ""),
    }  # fmt: skip


def _order(result: Mapping[str, Any]) -> tuple[int, int]:
    """Sorts what became worse first, then what became better, then by how bad it is."""
    return (
        ("worse", "better", "").index(result["moved"]),
        ("wrong", "incomplete", "handed_over", "not_compared", "right").index(result["row"].verdict),
    )


def _cost(tenant: Tenant, count: int) -> str:
    """Returns what a run costs if each case costs what the tenant's drafts do; "" without a model."""
    if not has_model(tenant.pk):
        return ""
    return money(count * (average_cost(tenant.pk) or Decimal(0)), rules_of(policy_in_force(tenant.pk)).currency)
