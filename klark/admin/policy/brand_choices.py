"""Brands in a policy's form: by their names, where a helpdesk has told them."""

from collections.abc import Mapping

from django import forms
from django.utils.translation import gettext_lazy as _

from klark.admin.unfold_classes import CheckboxSelectMultiple
from klark.models import Policy

BRAND_IDS = _(
    "One of the helpdesk's ids a line (Freshdesk: products). Empty: all. “Set up at the helpdesk”, on the connection's page, "
    "reads their names."
)


def named_brands(policy: Policy, names: Mapping[str, str], by_id: forms.Field) -> forms.Field:
    """Returns a field that offers the tenant's brands by name, and ids of the policy's that no helpdesk told as they are; or
    the field that takes ids, where there are no names."""
    if not names:
        return by_id
    offered = {**names, **{known: known for known in policy.rollout_brands if known not in names}}
    return forms.MultipleChoiceField(
        label=by_id.label, help_text=_("None chosen: all."), choices=offered.items(), required=False,
        widget=CheckboxSelectMultiple,
    )  # fmt: skip
