"""Saves a policy's form as the next version of a tenant's policy."""

from typing import Any

from klark.models import Policy
from klark.models.policy_versions import save_row
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


def _sealed(key: str, before: str) -> str:
    """Returns the new key, encrypted, or the one before: "" where the server changed, since a key must never be sent to
    another server than the one it is for."""
    return seal({"key": key}) if key else before
