"""Turns the helpdesk's own user and organization fields into facts: {"Plan": "user.plan", "Contract until":
"organization.contract_until:date"}. Only fields that the policy names become facts."""

from collections.abc import Mapping
from dataclasses import replace
from typing import cast

from integrations.crm.base import Fact, Origin
from integrations.crm.typed_fields import facts_in
from integrations.helpdesks.requester_fields import Profile

ORIGINS = ("user", "organization")


def desk_facts(profile: Profile, wanted: Mapping[str, str]) -> tuple[Fact, ...]:
    """Returns the facts in the order of `wanted`; values that are empty or not of their kind are left out."""
    told = {"user": profile.user, "organization": profile.organization}
    return tuple(
        replace(fact, origin=cast("Origin", origin_of(path)))
        for name, path in wanted.items()
        for fact in facts_in(told, {name: path}, profile.source)
    )


def origin_of(path: str) -> str:
    """Returns whose field a path names, "user" or "organization"; "" if neither."""
    origin, _, field = path.partition(".")
    return origin if origin in ORIGINS and field.partition(":")[0] else ""


def wants_organization(wanted: Mapping[str, str]) -> bool:
    """Returns whether the organization has to be fetched."""
    return any(origin_of(path) == "organization" for path in wanted.values())
