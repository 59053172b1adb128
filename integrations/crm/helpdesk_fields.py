"""The helpdesk's own user and organization fields as facts: {"Plan": "user.plan", "Contract until":
"organization.contract_until:date"}. Only fields that the policy names are facts."""

from collections.abc import Mapping
from dataclasses import replace
from typing import cast

from integrations.crm.base import Fact, Origin
from integrations.crm.typed import facts_in
from integrations.helpdesks.profile import Profile

ORIGINS = ("user", "organization")


def desk_facts(profile: Profile, wanted: Mapping[str, str]) -> tuple[Fact, ...]:
    """In the order of the mapping; what is empty there, or not of its kind, is left out."""
    told = {"user": profile.user, "organization": profile.organization}
    return tuple(
        replace(fact, origin=cast("Origin", origin_of(path)))
        for name, path in wanted.items()
        for fact in facts_in(told, {name: path}, profile.source)
    )


def origin_of(path: str) -> str:
    """Whose field a path names; "" where it names none."""
    origin, _, field = path.partition(".")
    return origin if origin in ORIGINS and field.partition(":")[0] else ""


def wants_organization(wanted: Mapping[str, str]) -> bool:
    """Whether an organization has to be asked for."""
    return any(origin_of(path) == "organization" for path in wanted.values())
