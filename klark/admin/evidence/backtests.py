"""The pages of backtests: a lead starts one, sees how far it is, and reads or downloads its report."""

import json
from datetime import timedelta
from typing import Any, cast

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext, override
from django.utils.translation import gettext_lazy as _

from klark.admin.access import Power, actor, chosen_tenant
from klark.admin.choice_labels import money
from klark.admin.evidence.long_run_pages import UNDER_WAY_ALREADY, LongRunPages, buttons, state_of
from klark.evidence.backtests import report
from klark.evidence.backtests.closed_on_desk import FIRST_DAY
from klark.evidence.backtests.run_backtests import AWAY, report_of, want
from klark.evidence.long_runs import average_cost
from klark.models import AuditAct, BacktestRun, Connection, Policy, Tenant, Topic, policy_in_force, record, rules_of

State = BacktestRun.State
MOST, USUAL, SINCE_DAYS = 1_000, 100, 90
FILES = {"json": "application/json", "html": "text/html; charset=utf-8"}


class BacktestForm(forms.Form):
    """Which closed tickets are tried, and under which version of the policy."""

    connection = forms.ModelChoiceField(Connection.objects.none(), label=_("Connection"), empty_label=None)
    since = forms.DateField(label=_("Tickets changed since"), widget=forms.DateInput(attrs={"type": "date"}))
    limit = forms.IntegerField(label=_("Closed tickets at most"), min_value=1, max_value=MOST, initial=USUAL)
    policy = forms.ModelChoiceField(
        Policy.objects.none(), label=_("Version of the policy"), required=False, empty_label=_("the one in force")
    )

    def __init__(self, request: HttpRequest, tenant: Tenant) -> None:
        first = timezone.localdate() - timedelta(days=SINCE_DAYS)
        super().__init__(request.POST or None, initial={"since": first.isoformat()})
        connections: Any = self.fields["connection"]
        policies: Any = self.fields["policy"]
        connections.queryset = Connection.of(tenant.pk).filter(active=True)
        policies.queryset = Policy.of(tenant.pk)

    def clean_since(self) -> Any:
        """Returns the day. Raises ValidationError for one to come, and one that no helpdesk knows."""
        if self.cleaned_data["since"] < FIRST_DAY:
            raise forms.ValidationError(gettext("Give a day from 1970 on: helpdesks know none before."))
        if self.cleaned_data["since"] > timezone.localdate():
            raise forms.ValidationError(gettext("This day is still to come."))
        return self.cleaned_data["since"]


class BacktestPages(LongRunPages):
    """Backtests. The list has the form for a new one; the page of one has its progress, and in the end its report."""

    acts = buttons(_("Tickets that were tried are not tried again."))

    def get_urls(self) -> list[URLPattern]:
        """Adds the reports as files."""
        wrap = self.admin_site.admin_view
        return [
            path("<path:object_id>/report.<slug:form>", wrap(self.file), name="klark_backtestrun_file"),
            *super().get_urls(),
        ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Adds how many tickets were tried, and how many left out."""
        rows = super().get_queryset(request).select_related("connection", "policy", "tenant")
        tried = Q(tickets__isnull=False) & Q(tickets__left_out="")
        counts = {"tried": Count("tickets", tried), "left": Count("tickets", ~Q(tickets__left_out=""))}
        return cast("QuerySet[Any]", rows.annotate(**counts))

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        """Shows the form and all backtests, or starts one."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        chosen, tenants = chosen_tenant(request, Power.LEAD)
        form = BacktestForm(request, chosen)
        if form.is_valid() and (run := self._started(request, form)):
            return HttpResponseRedirect(reverse("admin:klark_backtestrun_change", args=(run.pk,)))
        return self.shown(request, "klark/backtests.html", {
            "title": gettext("Backtests"), "form": form, "tenant": chosen, "tenants": tenants,
            "runs": [_shown(run) for run in self.get_queryset(request).filter(tenant=chosen)], "cost": _cost(chosen),
        })  # fmt: skip

    def _started(self, request: HttpRequest, form: BacktestForm) -> BacktestRun | None:
        run = want(**form.cleaned_data, by=request.user.get_username())
        if run is None:
            messages.error(request, str(UNDER_WAY_ALREADY))
        else:
            record(run.tenant_id, actor(request), AuditAct.ASKED, run, tickets=run.limit)
        return run

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Shows how far a backtest is, or its report."""
        run = self.run_of(request, object_id)
        return self.shown(request, "klark/backtest_run.html", {
            "title": gettext("Backtest"), **_shown(run), "acts": self.offered(request, object_id),
            **(_report(run) if run.state == State.DONE else {}),
        })  # fmt: skip

    def file(self, request: HttpRequest, object_id: str, form: str) -> HttpResponse:
        """Returns the report of a backtest that is done, as JSON, or as a page that stands by itself. Raises Http404."""
        run = self.run_of(request, object_id)
        if run.state != State.DONE or form not in FILES:
            raise Http404
        made = _made(run)
        text = report.page(made) if form == "html" else json.dumps(made, ensure_ascii=False, indent=1) + "\n"
        name = {"Content-Disposition": f'attachment; filename="klark-backtest-{run.pk}.{form}"'}
        return HttpResponse(text, content_type=FILES[form], headers=name)


def _shown(run: Any) -> dict[str, Any]:
    """Returns what the pages show of a run besides its report."""
    return {**state_of(run, AWAY), "is_done": run.state == State.DONE}


def _report(run: BacktestRun) -> dict[str, Any]:
    """Returns its report as the page shows it."""
    return report.shown(_made(run))


def _made(run: BacktestRun) -> dict[str, Any]:
    """Returns its report, with the topics' names as they are now in each language."""
    titles = {}
    for code in dict(settings.LANGUAGES):
        with override(code):
            titles[code] = Topic.titles(run.tenant_id)
    return {**report_of(run), "titles": titles}


def _cost(tenant: Tenant) -> str:
    """Returns what a hundred tickets cost if they cost what drafts of the last months did; "" without such drafts."""
    each = average_cost(tenant.pk)
    return money(100 * each, rules_of(policy_in_force(tenant.pk)).currency) if each else ""
