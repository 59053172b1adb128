"""What the commands `replay` and `eval` share: finding the policy that an option names."""

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
        if not typed.isdecimal():
            topics = list(Topic.of(owner.pk).values_list("key", flat=True))
            return paid_as_now(owner.pk, read_policy_file(Path(typed), topics).rules)
        found = Policy.of(owner.pk).filter(version=int(typed)).first()
        if found is None:
            raise CommandError(f"{owner} has no version {typed} of its policy.", returncode=UNUSABLE)
        return rules_of(found)
