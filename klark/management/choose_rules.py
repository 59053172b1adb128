"""What the commands `policy`, `replay` and `eval` share: finding the policy that an option names."""

from pathlib import Path

from django.core.management.base import CommandError

from klark.drafting.kept_policy import paid_as_now
from klark.management.policy_file.check import read_policy_file
from klark.models import Policy, Tenant, Topic, rules_of, within
from klark.values.policy.rules import Rules

UNUSABLE = 2
"""The exit status where nothing could be compared."""


def chosen_rules(owner: Tenant, typed: str) -> Rules:
    """Returns the rules of a policy's version, by its number, or of a file. Raises CommandError."""
    with within(owner.pk):
        if typed.isdecimal():
            return rules_of(version_of(owner, int(typed)))
        return paid_as_now(owner.pk, read_policy_file(Path(typed), topics_of(owner)).rules)


def version_of(owner: Tenant, number: int, option: str = "") -> Policy:
    """Returns the version of the policy that an option names. Raises CommandError if there is none. Call inside `within`."""
    found = Policy.of(owner.pk).filter(version=number).first()
    if found is None:
        raise CommandError(f"{option}{owner} has no version {number} of its policy.", returncode=UNUSABLE)
    return found


def topics_of(owner: Tenant) -> list[str]:
    """Returns the keys of the tenant's topics."""
    with within(owner.pk):
        return list(Topic.of(owner.pk).values_list("key", flat=True))
