"""The page "Versions": who changed a policy, when, what and why, and a button that makes an old version the next one."""

import copy
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from klark.admin.access import Power, actor, chosen_tenant
from klark.admin.admin_page import admin_page
from klark.admin.policy.changes import changes_between
from klark.admin.policy.preview import compared, led_policy
from klark.models import AuditAct, AuditDetail, Policy, Tenant, policy_in_force, record, rules_of
from klark.models.policy_versions import give_modes, save_row
from klark.values.storable_text import clip

A_PAGE = 20
LONGEST_WHY = 500


@dataclass(frozen=True, slots=True)
class Version:
    """A version as the page shows it. `who` is "" where no audit entry tells; `changes` are sentences."""

    policy: Policy
    who: str
    at: datetime
    why: str
    changes: tuple[str, ...]
    in_force: bool


def page(request: HttpRequest) -> HttpResponse:
    """Returns the versions of the chosen tenant's policy, or of the first's. Raises PermissionDenied without a tenant."""
    chosen, tenants = chosen_tenant(request, Power.LEAD)
    shown = Paginator(Policy.of(chosen.pk).order_by("-version"), A_PAGE).get_page(request.GET.get("page"))
    return admin_page(request, "klark/policy_versions.html", {
        "title": _("Versions of the policy"), "tenant": chosen, "tenants": tenants,
        "page": shown, "versions": _versions(chosen, list(shown)),
    })  # fmt: skip


def _versions(tenant: Tenant, policies: list[Policy]) -> list[Version]:
    if not policies:
        return []
    told = _audited(tenant, policies)
    oldest = Policy.of(tenant.pk).filter(version__lt=policies[-1].version).order_by("-version").first()
    newest = policy_in_force(tenant.pk)
    older = [*policies[1:], oldest]
    return [
        Version(each, *told.get(str(each.pk), ("", each.created_at, "")), _changes(before, each), each == newest)
        for each, before in zip(policies, older, strict=True)
    ]


def changes_of(policy: Policy) -> tuple[str, ...]:
    """Returns what this version changed, in sentences."""
    older = Policy.of(policy.tenant_id).filter(version__lt=policy.version).order_by("-version")
    return _changes(older.first(), policy)


def _changes(before: Policy | None, after: Policy) -> tuple[str, ...]:
    found = changes_between(before, after, rules_of(before), after.rules())
    return tuple(line for lines in found.values() for line in lines)


def _audited(tenant: Tenant, policies: Iterable[Policy]) -> Mapping[str, tuple[str, datetime, str]]:
    """Returns who saved each version, when and why, by the row's id."""
    about = {
        "entry__kind": "policy",
        "entry__act": AuditAct.POLICY,
        "entry__row__in": [str(each.pk) for each in policies],
    }
    details = AuditDetail.objects.filter(tenant=tenant, **about).select_related("entry")
    return {each.entry.row: (each.entry.who, each.entry.at, each.content.get("why", "")) for each in details}


def restore(pages: Any, request: HttpRequest, object_id: str) -> HttpResponse:
    """Asks whether to make an old version the next one, with what that changes, and does so on POST. Raises PermissionDenied, and
    Http404."""
    policy = led_policy(pages, request, object_id)
    if request.method == "POST":
        return _restored(request, policy)
    return admin_page(request, "klark/policy_restore.html", {
        "title": _("Restore %(version)s") % {"version": policy}, "policy": policy,
        **compared(policy, policy.rules().topics),
    })  # fmt: skip


def _restored(request: HttpRequest, old: Policy) -> HttpResponse:
    changed = changes_between(before := policy_in_force(old.tenant_id), old, rules_of(before), rules := old.rules())
    if not changed:
        messages.info(request, _("Nothing was changed: the policy in force is the same."))
        return HttpResponseRedirect(reverse("admin:klark_policy_versions"))
    new = copy.copy(old)
    save_row(new)
    give_modes(new, rules.topics)
    record(
        old.tenant_id, actor(request), AuditAct.POLICY, new, done=[{"changed": {"fields": list(changed)}}],
        restored=old.version, why=why_of(request),
    )  # fmt: skip
    told = _("Version %(new)d is in force from the next ticket on. It is the same as version %(old)d.")
    messages.success(request, told % {"new": new.version, "old": old.version})
    return HttpResponseRedirect(reverse("admin:klark_policy_change", args=(new.pk,)))


def why_of(request: HttpRequest) -> str:
    """Returns the reason that was typed beside a change, for the audit chain."""
    return clip(request.POST.get("why", "").strip(), LONGEST_WHY)
