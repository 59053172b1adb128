"""Where each topic stands on the ladder: read for a run, and moved on new labels. Call all of it inside `within(tenant_id)`.

A step down takes effect at once: a run that finds another model, or a changed article, does not wait for the row to move.
"""

from collections.abc import Mapping
from typing import Any

from django.db.models.functions import Now

from klark.autonomy.labels import Weighed, changed, of_topic, weigh
from klark.autonomy.ladder import Why, down, up
from klark.autonomy.sequential_tests import lowest_share
from klark.models import KLARK, Actor, AuditAct, Standing, policy_in_force, record, rules_of, within
from klark.models.tenant import all_tenant_ids
from klark.runtime.per_tenant import tried
from klark.values.policy.rules import Mode, Rules


def rungs_of(tenant_id: int, rules: Rules, made_with: str) -> Mapping[tuple[str, str], Mode] | None:
    """Returns how far klark may go by topic and language; None where nothing needs to be earned. `made_with`: what drafts
    are made with now."""
    if rules.autonomy == "off":
        return None
    return {(row.topic, row.language): _holds(row, made_with) for row in Standing.of(tenant_id)}


def _holds(row: Standing, made_with: str) -> Mode:
    if row.rung == "reply" and (row.made_with != made_with or changed(row.tenant_id, row.articles)):
        return "queue"
    return row.rung  # type: ignore[return-value]  # one of the modes


def restate(tenant_id: int, topic: str, language: str) -> None:
    """Moves a topic up or down, if its labels, its articles or its models say so; only down while autonomy is off."""
    rules = rules_of(policy_in_force(tenant_id))
    row = _locked(tenant_id, topic, language)
    if row is None:
        return
    weighed = weigh(row)
    if why := _falls(row, weighed):
        _fall(row, weighed, why, KLARK)
    if why or rules.autonomy == "off":
        return
    earned = weighed.tally.climbs(rules.autonomy_bar / 100)
    if earned and rules.autonomy == "automatic":
        _climb(row, weighed, Why.EARNED, KLARK)
    elif earned != row.proposed:
        Standing.of(tenant_id).filter(pk=row.pk).update(proposed=earned)


def restate_all() -> None:
    """Restates every topic of every tenant that has to earn its replies. Opens its own transactions."""
    for tenant_id in all_tenant_ids():
        tried("it was not looked at what klark has earned", _restate_tenant, tenant_id)


def _restate_tenant(tenant_id: int) -> None:
    with within(tenant_id):
        topics = list(Standing.of(tenant_id).values_list("topic", "language"))
    for topic, language in topics:
        with within(tenant_id):
            restate(tenant_id, topic, language)


def open_next(row: Standing, by: Actor) -> bool:
    """Takes the next step up for a lead; returns False if the evidence is not, or no longer, enough."""
    bar = rules_of(policy_in_force(row.tenant_id)).autonomy_bar / 100
    locked = _locked(row.tenant_id, row.topic, row.language)
    if locked is None:
        return False
    weighed = weigh(locked)
    if _falls(locked, weighed) or not weighed.tally.climbs(bar):
        return False
    _climb(locked, weighed, Why.OPENED, by)
    return True


def close(row: Standing, by: Actor) -> None:
    """Takes a step down for a lead, whatever the evidence."""
    locked = _locked(row.tenant_id, row.topic, row.language)
    if locked is not None:
        weighed = weigh(locked)
        _fall(locked, weighed, Why.CLOSED, by)


def _locked(tenant_id: int, topic: str, language: str) -> Standing | None:
    return Standing.of(tenant_id).select_for_update().filter(topic=topic, language=language).first()


def _falls(row: Standing, weighed: Weighed) -> Why | None:
    if _newest_made_with(row) != row.made_with:
        return Why.MODEL
    if row.rung == "reply" and changed(row.tenant_id, row.articles):
        return Why.ARTICLE
    return weighed.tally.falls()


def _newest_made_with(row: Standing) -> str:
    newest = of_topic(row).order_by("-pk").values_list("made_with", flat=True).first()
    return row.made_with if newest is None else newest


def _climb(row: Standing, weighed: Weighed, why: Why, by: Actor) -> None:
    """Counting goes on from where it was, so that a serious error of before is never forgotten by climbing."""
    _step(row, up(row.rung), why, by, AuditAct.CLIMBED, weighed, articles=list(weighed.articles))  # type: ignore[arg-type]  # a rung


def _fall(row: Standing, weighed: Weighed, why: Why, by: Actor) -> None:
    """Begins the evidence anew, except after an article's change: there what rests on others still counts. Where
    the rung stays as it is, that is no step: what is said of the last step stays."""
    anew: dict[str, object] = {} if why is Why.ARTICLE else {"since": Now(), "carried": weighed.tally.kept}
    if why is Why.MODEL:
        anew |= {"made_with": _newest_made_with(row), "carried": 0.0}
    lower = "note" if row.rung == "queue" and why is Why.CLOSED else down(row.rung, why)  # type: ignore[arg-type]  # a rung
    if lower == row.rung:
        Standing.of(row.tenant_id).filter(pk=row.pk).update(proposed=False, **anew)
        return
    causes: Mapping[Why, dict[str, Any]] = {
        Why.SERIOUS: {"drafts": weighed.tally.serious_ones}, Why.DROP: {"drafts": weighed.tally.wrong_ones},
        Why.ARTICLE: {"articles": changed(row.tenant_id, row.articles)},
    }  # fmt: skip
    _step(row, lower, why, by, AuditAct.FELL, weighed, causes.get(why), articles=[], **anew)


def _step(
    row: Standing, rung: str, why: Why, by: Actor, act: AuditAct, weighed: Weighed, causes: Mapping[str, Any] | None = None,
    **changes: object,
) -> None:  # fmt: skip
    Standing.of(row.tenant_id).filter(pk=row.pk).update(
        rung=rung, why=why, by=by.name[:150], proposed=False, stepped_at=Now(), **changes
    )
    tally = weighed.tally
    evidence = {"right": tally.right, "wrong": tally.wrong, "serious": tally.serious,
                "at_least": round(lowest_share(tally.right, tally.wrong, tally.carried), 4)}  # fmt: skip
    record(row.tenant_id, by, act, row, before=row.rung, now=rung, why=str(why), **evidence, **(causes or {}))
