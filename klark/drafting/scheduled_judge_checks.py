"""Checks the tenants' judges: when a person requests it, and once a week automatically."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import structlog
from django.core.checks import CheckMessage
from django.core.checks import Warning as Caution
from django.db import OperationalError, ProgrammingError

from klark.drafting.judge_examination import Tell, examine
from klark.drafting.judge_qualification import begin, end, is_due, passes, refuse
from klark.drafting.tenant_settings import judge_names, settings_of
from klark.models import EVERY_TENANT, JudgeCheck, Tenant, policy_in_force, rules_of, within
from klark.models.tenant import all_tenant_ids
from klark.runtime.per_tenant import tried
from klark.values.draft import Judge
from klark.values.policy.rules import Rules

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Qualified:
    """The check that was made, or why there was none."""

    check: JudgeCheck | None = None
    why: str = ""

    @property
    def passed(self) -> bool:
        """Whether the judge's opinion counts from now on."""
        return self.check is not None and self.check.state == JudgeCheck.State.DONE and passes(self.check)


def qualify(tenant_id: int, tell: Tell = lambda done, of: None, only_due: bool = False) -> list[Qualified]:
    """Checks the tenant's judges now, each model for itself, or those whose check is due; the cost counts as that of drafts
    does. Opens its own transactions.

    Calls `tell(done, of)` after each group of claims.
    """
    ours = settings_of(tenant_id)
    if ours.judge is None:
        why = "The budget is spent." if ours.budget_spent else "There is no model that could judge."
        refuse(tenant_id, why)
        return [Qualified(why=why)]
    with within(tenant_id):
        judges = [each for each in ours.judge.in_order if not only_due or is_due(tenant_id, each.name)]
    return [_qualify(tenant_id, judge, tell) for judge in judges]


def _qualify(tenant_id: int, judge: Judge, tell: Tell) -> Qualified:
    check = begin(tenant_id, judge.name)
    if check is None:
        return Qualified(why="It is being checked just now.")
    return Qualified(end(check, examine(judge.llm, tell)))


def qualify_due() -> None:
    """Checks the judges of all tenants that let klark act, if they have not been checked for a week."""
    for tenant_id in due():
        tried("a judge could not be checked", _qualify_and_warn, tenant_id)


def _qualify_and_warn(tenant_id: int) -> None:
    for made in qualify(tenant_id, only_due=True):
        if not made.passed:
            said = "a judge has not passed its check" if made.check else "a judge could not be checked"
            log.warning(said, tenant=tenant_id, check=str(made.check or made.why))


def qualify_wanted() -> None:
    """Runs the checks that a person requested."""
    with within(EVERY_TENANT):
        rows = JudgeCheck.objects.filter(state=JudgeCheck.State.WANTED)
        wanted = list(rows.order_by("tenant").values_list("tenant", flat=True).distinct())
    for tenant_id in wanted:
        tried("a judge could not be checked", qualify, tenant_id)


def due() -> list[int]:
    """Returns the tenants that let klark act and have a judge that was never checked as it is now, or not for a week."""
    return [tenant_id for tenant_id in all_tenant_ids() if _is_due(tenant_id)]


def _is_due(tenant_id: int) -> bool:
    with within(tenant_id):
        policy = policy_in_force(tenant_id)
        return acts(rules_of(policy)) and any(is_due(tenant_id, judge) for judge in judge_names(policy))


def acts(rules: Rules) -> bool:
    """Returns whether a policy lets klark do anything at all."""
    return {rules.mode, *rules.topics.values()} != {"off"}


def check_judges(databases: Sequence[str] | None = None, **_: Any) -> list[CheckMessage]:
    """klark.W002: a judge that was never checked as it is supports nothing, and one that was not for a week may have changed."""
    if "default" not in (databases or ()):
        return []
    try:
        with within(EVERY_TENANT):
            slugs = list(Tenant.objects.filter(pk__in=due()).order_by("slug").values_list("slug", flat=True))
    except (OperationalError, ProgrammingError):  # there are no tables yet
        return []
    return [
        Caution(
            f"The judge of {slug} was never checked as it is, or not for a week.",
            hint=f"`manage.py judge check --tenant {slug}`; beat does it within the hour.",
            id="klark.W002",
        )
        for slug in slugs
    ]
