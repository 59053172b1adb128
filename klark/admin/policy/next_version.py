"""Saves a policy as the next version of a tenant's."""

from typing import Any

from django.db.models import Max
from django.utils import timezone

from klark.models import Policy, Tenant, TopicRule
from klark.runtime.encrypted_secrets import seal


def save_as_next(policy: Policy, given: dict[str, Any], changed: list[str]) -> None:
    """Saves what a form changed. `given`: the form's values, with the keys of models; `changed`: the fields that differ."""
    if {"model_provider", "model_url", "model_name"} & set(changed):
        policy.model_dialect = ""  # another server may need another dialect
    moved = {"model_provider", "model_url"} & set(changed)
    policy.sealed_key = _sealed(given["model_key"], "" if moved else policy.sealed_key)
    policy.sealed_fallback_key = _sealed(
        given["fallback_key"], "" if "fallback_url" in changed else policy.sealed_fallback_key
    )
    save_row(policy)


def save_row(policy: Policy) -> None:
    """Saves the policy as a new row, the tenant's next version. Call inside `within(tenant_id)`."""
    # Serializes two people who save at once, and keeps nobody else from adding rows of this tenant.
    Tenant.objects.select_for_update(no_key=True).get(pk=policy.tenant_id)
    last = Policy.of(policy.tenant_id).aggregate(last=Max("version"))["last"] or 0
    policy.pk = None
    policy._state.adding = True
    policy.version = last + 1
    policy.used_at = None
    policy.created_at = timezone.now()
    policy.save()


def _sealed(key: str, before: str) -> str:
    """Returns the new key, encrypted, or the one before: "" where the server changed, since a key must never be sent to
    another server than the one it is for."""
    return seal({"key": key}) if key else before


def give_rules(policy: Policy, rows: list[dict[str, Any]]) -> None:
    """Gives the new version its own topic rules, unchanged ones included."""
    TopicRule.objects.bulk_create(
        TopicRule(tenant_id=policy.tenant_id, policy=policy, topic=row["topic"], mode=row["mode"])
        for row in rows
        if row and not row.get("DELETE")
    )
