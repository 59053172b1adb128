"""Saves a policy as the next version of a tenant's: no version is ever changed in place."""

from collections.abc import Mapping
from typing import Any

from django.db.models import Max
from django.utils import timezone

from klark.models.policy import Policy, TopicRule
from klark.models.tenant import Tenant, Topic


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


def give_rules(policy: Policy, rows: list[dict[str, Any]]) -> None:
    """Gives the new version its own topic rules, unchanged ones included."""
    TopicRule.objects.bulk_create(
        TopicRule(tenant_id=policy.tenant_id, policy=policy, topic=row["topic"], mode=row["mode"])
        for row in rows
        if row and not row.get("DELETE")
    )


def give_modes(policy: Policy, modes: Mapping[str, str]) -> None:
    """Gives the new version these modes by topic's key; a topic that there is no more needs none."""
    topics = {topic.key: topic for topic in Topic.of(policy.tenant_id).filter(key__in=modes)}
    give_rules(policy, [{"topic": topics[key], "mode": mode} for key, mode in modes.items() if key in topics])
