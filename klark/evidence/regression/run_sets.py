"""Runs regression sets in a worker, slice by slice (klark.evidence.long_runs): what came of each case is a row of its own.

A lead asks for a run at any time. By itself a tenant's set runs after the policy, the model, klark's words to it or an article
has changed, at most once a day: models say again what they said when the drafts were made. Where they would have to be asked
anew, they are asked of the newest ASKED cases alone, and only from the policy's `regression_percent` of each budget.
"""

import time
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.db.models import Count, Max
from django.utils import timezone
from django.utils.translation import gettext_noop

from klark import __version__
from klark.drafting.budget import REGRESSION
from klark.drafting.kept_policy import paid_as_now
from klark.drafting.tenant_settings import settings_of, writes
from klark.evidence import long_runs
from klark.evidence.long_runs import Held, State
from klark.evidence.regression.case_results import CaseResult, results_of, worth
from klark.evidence.regression.cases import cases_of
from klark.evidence.regression.figures import Worth, figures, total
from klark.evidence.rerun.replay import Changes
from klark.models import (
    Article,
    Draft,
    Policy,
    RegressionResult,
    RegressionRun,
    Stop,
    policy_in_force,
    rules_of,
    within,
)
from klark.models.tenant import all_tenant_ids
from klark.runtime.per_tenant import tried
from klark.values.revived import revived
from klark.values.storable_text import storable

NO_CASE = gettext_noop("There is no case to try.")
AWAY = gettext_noop("A model cannot be asked now:")
APART = timedelta(days=1)
"""How long after a run the next one may begin by itself."""
SETTLED = timedelta(hours=1)
"""How long a policy must have stood before a run under it costs money: a lead often saves several in a row."""
ASKED = 50
"""The newest cases of a run by itself about which models may be asked anew."""
BY_KLARK = "klark"


def want(tenant_id: int, asks_models: bool, by: str, share: int = 0) -> RegressionRun | None:
    """Asks for a run under the policy in force; None if one is under way. `share`: how much of each budget, in percent, it may
    use where models would have to be asked anew."""
    about = {"in_force": in_force(tenant_id), "share": share}
    with within(tenant_id):
        policy = policy_in_force(tenant_id)
        return long_runs.want(
            RegressionRun, tenant_id, policy=policy, asks_models=asks_models, by=by[:150], about=about
        )


def in_force(tenant_id: int) -> dict[str, Any]:
    """Returns what answers depend on: the policy's version, digests of models and prompts and of the articles, and klark's own
    version."""
    ours = settings_of(tenant_id)
    with within(tenant_id):
        articles = Article.of(tenant_id).filter(current=True).aggregate(count=Count("pk"), last=Max("pk"))
    return {
        "policy": ours.rules.version, "models": ours.made_with, "knowledge": f"{articles['count']}/{articles['last']}",
        "klark": __version__,
    }  # fmt: skip


def want_after_changes() -> None:
    """Asks for a run of each tenant's set if something has changed since the last one, and that was a day ago."""
    for tenant_id in all_tenant_ids():
        tried("whether a regression set is to run was not found out", _want_after_change, tenant_id)


def _want_after_change(tenant_id: int) -> None:
    with within(tenant_id):
        last = RegressionRun.of(tenant_id).order_by("-wanted_at").first()
    if last and (last.wanted_at > timezone.now() - APART or last.about.get("in_force") == in_force(tenant_id)):
        return
    with within(tenant_id):
        has_cases, policy = bool(cases_of(tenant_id, 1)), policy_in_force(tenant_id)
        share = share_of(policy)
    if has_cases and not (share and policy and policy.created_at > timezone.now() - SETTLED):
        want(tenant_id, asks_models=False, by=BY_KLARK, share=share)


def share_of(policy: Policy | None) -> int:
    """Returns how much of each budget a run by itself may use under a policy, in percent; 0 without a model, and while klark is
    stopped. Call inside `within` its tenant."""
    if not policy or not policy.regression_percent or not writes(policy):
        return 0
    stopped = Stop.in_force().filter(tenant_id=policy.tenant_id, connection=None, topic="").exists()
    return 0 if stopped else policy.regression_percent


def run_wanted() -> None:
    """Goes on with every run that is wanted and that no worker has."""
    long_runs.run_wanted(RegressionRun, _is_over, _finish, AWAY)


def _is_over(held: Held[RegressionRun]) -> bool:
    """Tries cases until the time or the cases are over; returns False in the first case. Raises Lost, and as `results_of`."""
    run, ends = held.run, time.monotonic() + long_runs.SLICE_S
    changes = _changes(run)
    with within(run.tenant_id):
        done = set(RegressionResult.of(run.tenant_id).filter(run=run).values_list("draft_id", flat=True))
        cases = cases_of(run.tenant_id)
        asks = run.about.get("share") and share_of(policy_in_force(run.tenant_id))
        ask_of = {each.draft_id for each in cases[:ASKED]} if asks else set()
    left = [each for each in cases if each.draft_id not in done]
    for found in results_of(run.tenant_id, left, changes, run.asks_models, ask_of):
        _keep(held, found)
        if time.monotonic() > ends:
            return False
    return True


def _keep(held: Held[RegressionRun], found: CaseResult) -> None:
    """Keeps what came of a case, unless its draft was erased while it was tried. Raises Lost."""
    run = held.run
    with within(run.tenant_id):
        held.renew()
        draft = Draft.of(run.tenant_id).filter(pk=found.draft_id).exclude(record={}).select_for_update(no_key=True)
        if draft.values_list("pk").first():  # locked: an erasure from now on waits, and finds the result
            RegressionResult.objects.create(
                tenant_id=run.tenant_id, run=run, draft_id=found.draft_id, verdict=found.verdict, decision=found.decision,
                found=storable(found.as_json()),
            )  # fmt: skip


def _changes(run: RegressionRun) -> Changes:
    with within(run.tenant_id):
        rules = rules_of(run.policy)
    paid = paid_as_now(run.tenant_id, rules)
    purpose = "" if run.asks_models else REGRESSION
    return Changes(paid, models="now" if run.asks_models else "recorded", knowledge="now", purpose=purpose)


def _finish(held: Held[RegressionRun]) -> None:
    run = held.run
    with within(run.tenant_id):
        kept = RegressionResult.of(run.tenant_id).filter(run=run).exclude(found={}).values_list("found", flat=True)
        results = [revived(CaseResult, each) for each in kept]
        currency = rules_of(policy_in_force(run.tenant_id)).currency
    if not results:
        held.end(State.FAILED, NO_CASE)
        return
    came = {"figures": figures(results), "spent": total(each.spent for each in results), "currency": currency}
    held.end(State.DONE, about=storable({**run.about, **came}))


def before(run: RegressionRun) -> RegressionRun | None:
    """Returns the run that came to its end before this one, if there is one. Call inside `within(tenant_id)`."""
    earlier = RegressionRun.of(run.tenant_id).filter(state=State.DONE, wanted_at__lt=run.wanted_at)
    return earlier.order_by("-wanted_at").first()


def worths_of(runs: Sequence[RegressionRun]) -> dict[int, dict[int, Worth]]:
    """Returns by run and draft how good the results are. Call inside `within`."""
    found: dict[int, dict[int, Worth]] = {run.pk: {} for run in runs}
    rows = RegressionResult.objects.filter(run__in=runs)
    columns = ("run_id", "draft_id", "verdict", "decision", "found__by_judge")
    for run_id, draft_id, verdict, decision, by_judge in rows.values_list(*columns):
        found[run_id][draft_id] = Worth(worth(verdict, decision), _by_judge(verdict, by_judge))
    return found


def _by_judge(verdict: str, by_judge: bool | None) -> bool | None:
    """Returns whether the judge compared; None where it would have found no more than what was found without it."""
    if by_judge:
        return True
    # Where figures alone find a draft right or incomplete, the judge might have found more.
    return False if verdict in ("right", "incomplete") else None


def changed_between(run: RegressionRun, earlier: RegressionRun | None) -> set[str]:
    """Returns the names of what is other than in the `earlier` run, as `in_force` has them."""
    now, then = (each.about.get("in_force", {}) if each else {} for each in (run, earlier))
    return {name for name in now if then and now[name] != then.get(name)}
