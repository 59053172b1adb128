"""The page "Ask klark": what it would do with a question or a pasted ticket under a version of the policy, and why."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from integrations.errors import IntegrationError
from klark.admin.access import Power, Slow, access_of, actor, remember_tenant
from klark.admin.admin_page import admin_page
from klark.admin.choice_labels import DECISION_COLOURS, reason_title
from klark.admin.first_run.steps import STEPS, count_done, led
from klark.admin.queue.assisting import plays_recorded
from klark.admin.queue.claims import claims_of, remarks_on
from klark.admin.unfold_classes import Textarea, TextInput
from klark.assistance.no_assistance import meaning
from klark.delivery.reason_words import kept_words
from klark.delivery.record import finding_records, sentence_records
from klark.drafting.tenant_settings import has_model
from klark.evidence.asking import LONGEST, Asked, Busy, Stopped, ask, asked_lately, question
from klark.models import AuditAct, DecisionKind, Policy, Tenant, Topic, policy_in_force, record, rules_of, within
from klark.values.policy.rules import Rules
from klark.values.storable_text import clip
from klark.values.wording import confidence_words

WOULD: Mapping[str, Any] = {
    "SKIP": _("klark would leave this ticket alone."),
    "ESCALATE": _("klark would hand this ticket to a person, with a note that says why."),
    "WAIT": _("klark would put this draft into the queue, for a person to approve."),
    "NOTE": _("klark would write this draft into an internal note. The customer would not see it."),
    "REPLY": _("klark would send this reply to the customer by itself."),
}
STOPPED = _("klark is stopped: it drafts nothing until somebody releases it.")
BUSY = _(
    "klark is helping two people already, which is as many as it can at a time. Ask again in some seconds: your text is still "
    "here."
)


class QuestionForm(forms.Form):
    """What is asked, and under which version of the policy."""

    text = forms.CharField(
        label=_("What the customer writes"), max_length=LONGEST, widget=Textarea({"rows": 6, "dir": "auto"})
    )
    subject = forms.CharField(label=_("Subject, if there is one"), max_length=500, required=False, widget=TextInput())
    version = forms.ModelChoiceField(
        Policy.objects.none(), label=_("Version of the policy"), required=False, empty_label=None
    )

    def __init__(self, given: Any, tenant: Tenant) -> None:
        super().__init__(given, label_suffix="")
        versions: Any = self.fields["version"]
        versions.queryset = Policy.of(tenant.pk).order_by("-version")
        versions.label_from_instance = _named
        if not versions.queryset.exists():
            del self.fields["version"]


def _named(policy: Policy) -> str:
    told = {"policy": policy, "mode": policy.get_mode_display()}
    return _("%(policy)s · %(mode)s, where a topic has no mode of its own") % told


def page(request: HttpRequest) -> HttpResponse:
    """Shows the page, or answers what is asked on it. Raises PermissionDenied for who leads no tenant, and Http404."""
    if not access_of(request).may(Power.LEAD):
        raise PermissionDenied
    tenants = list(led(request))
    named = request.POST.get("tenant") or request.GET.get("tenant", "")
    chosen = remember_tenant(request, tenants)
    tenant = next((each for each in tenants if each.slug == named), None) if named else chosen or tenants[0]
    if tenant is None:
        raise Http404
    form = QuestionForm(request.POST or None, tenant)
    if form.is_valid():
        version = form.cleaned_data.get("version")
        return Slow(partial(_answered, request, tenant, form, version, version.rules() if version else None))
    return admin_page(request, "klark/ask.html", _shown(tenant, tenants, form))


def _shown(tenant: Tenant, tenants: list[Tenant], form: QuestionForm) -> dict[str, Any]:
    return {
        "title": _("Ask klark"), "tenant": tenant, "tenants": tenants, "form": form, "has_model": has_model(tenant.pk),
        "unfinished": count_done(tenant) < len(STEPS), "lately": asked_lately(tenant.pk),
        "recorded": plays_recorded(),
    }  # fmt: skip


def _answered(
    request: HttpRequest, tenant: Tenant, form: QuestionForm, chosen: Policy | None, rules: Rules | None
) -> str:
    """Asks klark, outside of any transaction, and returns the page with the answer, or with why there is none."""
    text, subject = (clip(form.cleaned_data[name], LONGEST) for name in ("text", "subject"))
    told: dict[str, Any] = {}
    try:
        asked = ask(tenant.pk, question(text, subject=subject), rules)
        told = {"answer": asked}
    except Stopped:
        told = {"trouble": STOPPED}
    except Busy:
        told = {"trouble": BUSY}
    except IntegrationError as error:
        told = {"trouble": meaning(error), "details": str(error)}
    with within(*access_of(request).visible()):
        if "answer" in told:
            about = chosen or policy_in_force(tenant.pk)
            told["answer"] = _answer(tenant, asked, about)
            record(tenant.pk, actor(request), AuditAct.ASKED, about, cost=asked.line["cost"])
        tenants = list(led(request))
        marked = next(each for each in tenants if each.pk == tenant.pk)
        shown = {**admin.site.each_context(request), **_shown(marked, tenants, form), **told}
        return render_to_string("klark/ask.html", shown, request)


def _answer(tenant: Tenant, asked: Asked, policy: Policy | None) -> dict[str, Any]:
    run, line, findings = asked.run, asked.line, finding_records(asked.run.verdict)
    language, titles = get_language() or "en", Topic.titles(tenant.pk)
    claims = claims_of(sentence_records(run), findings)
    return {
        "kind": DecisionKind(line["decision"]).label, "colour": DECISION_COLOURS.get(line["decision"], ""),
        "would": WOULD[line["decision"]], "reason": reason_title(line["reason"]),
        "why": kept_words(line["reason"], run.decided.words, language), "failed": run.answer.failed,
        "budget_spent": run.answer.budget_spent or bool(run.case and run.case.budget_spent),
        "text": line["reply_text"], "language": line["language"], "policy": policy,
        "topic": titles.get(line["topic"], line["topic"]),
        "mode": Policy.Mode(rules_of(policy).mode_of(line["topic"])).label,
        "claims": claims, "remarks": remarks_on(findings, claims),
        "confidence": confidence_words(run.confidence, language), "cost": line["cost"],
        "currency": rules_of(policy_in_force(tenant.pk)).currency, "seconds": line["ms"] / 1000,
    }  # fmt: skip
