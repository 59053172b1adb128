"""Brands in a policy's form: by their names, where a helpdesk has told them."""

from collections.abc import Iterable, Mapping

from django import forms
from django.utils.translation import gettext_lazy as _

from klark.admin.unfold_classes import CheckboxSelectMultiple
from klark.models import Policy

BRAND_IDS = _(
    "One of the helpdesk's ids a line (Freshdesk: products). Empty: all. “Set up at the helpdesk”, on the connection's page, "
    "reads their names."
)


def offered(names: Mapping[str, str], kept: Iterable[str]) -> list[tuple[str, str]]:
    """Returns brands to choose from: those that a helpdesk told, by name, and others that the policy keeps, as they are."""
    return [*names.items(), *((each, each) for each in kept if each not in names)]


def named_brands(policy: Policy, names: Mapping[str, str], by_id: forms.Field) -> forms.Field:
    """Returns a field that offers the tenant's brands by name, or the field that takes ids, where there are no names."""
    if not names:
        return by_id
    return forms.MultipleChoiceField(
        label=by_id.label, help_text=_("None chosen: all."), choices=offered(names, policy.rollout_brands), required=False,
        widget=CheckboxSelectMultiple,
    )  # fmt: skip
