"""Reads once what several parts of a policy's or a judge's page ask of its tenant."""

from klark.admin.once import once
from klark.models import JudgeCheck, Policy, Topic, policy_in_force


def policy_now_of(row: JudgeCheck | Policy) -> Policy | None:
    """Returns the policy in force at the tenant of a row."""
    return once(row, "policy_now", lambda: policy_in_force(row.tenant_id))


def topics_of(policy: Policy) -> list[Topic]:
    """Returns the topics of a policy's tenant."""
    return once(policy, "topics", lambda: list(Topic.of(policy.tenant_id)) if policy.tenant_id else [])
