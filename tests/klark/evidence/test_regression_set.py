"""The regression set in the admin: it runs when a lead wants it and after a change, and says what became better or worse."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db.models import Count, F, Sum
from django.test import Client
from django.urls import reverse

from integrations.sandbox.client import Sandbox
from klark import tasks
from klark.evidence import long_runs
from klark.evidence.comparison import Compared, compared
from klark.evidence.regression import run_sets
from klark.evidence.regression.figures import Worth, compared_with
from klark.evidence.regression.run_sets import run_wanted, want_after_changes
from klark.models import (
    AuditDetail,
    Charge,
    Connection,
    Draft,
    KeptCompletion,
    Policy,
    RegressionResult,
    RegressionRun,
    Stop,
)
from klark.personal_data.erase import erase
from klark.personal_data.retention import tidy_tenant
from klark.stopping import stop
from tests.klark import rows
from tests.klark.evidence.backtests.test_run_backtests import browser
from tests.klark.evidence.test_eval import ASKER, RIGHT, Models, desk, edited, handed_over, models, rejected  # noqa: F401
from tests.klark.modelled import embedded
from tests.klark.rows import ANSWER

pytestmark = pytest.mark.django_db
LIST = reverse("admin:klark_regressionrun_changelist")


@pytest.fixture
def lead(desk: Connection, django_user_model: Any) -> Client:  # noqa: F811
    return browser(desk, django_user_model)


def newest() -> RegressionRun:
    with rows.within("*"):
        found = RegressionRun.objects.select_related("policy").first()
    assert found is not None
    return found


def shown(client: Client, run: RegressionRun | None = None) -> str:
    page = reverse("admin:klark_regressionrun_change", args=(run.pk,)) if run else LIST
    return " ".join(client.get(page).text.split())


def verdicts(run: RegressionRun) -> list[str]:
    with rows.within("*"):
        return sorted(RegressionResult.objects.filter(run=run).values_list("verdict", flat=True))


def test_a_lead_sees_the_cases_tries_them_and_reads_what_became_better(
    sandbox: Sandbox, desk: Connection, lead: Client, models: Models, monkeypatch: pytest.MonkeyPatch  # noqa: F811
) -> None:  # fmt: skip
    assert "There is none yet: a case is a draft" in shown(lead)
    made = [edited(sandbox, desk), rejected(sandbox, desk), handed_over(sandbox, desk)]
    listed = shown(lead)
    assert "3 cases · 1 edited and sent · 1 rejected · 1 handed over, and a colleague answered" in listed
    assert all(f"/draft/{each.pk}/change/" in listed for each in made) and "It is December." in listed
    record = rows.get(Draft, pk=made[0].pk).record
    rows.change(Draft, {"pk": made[0].pk}, record={"ticket": record["ticket"]})
    assert "1 case cannot be tried: what its draft was made of is not kept whole." in shown(lead)
    rows.change(Draft, {"pk": made[0].pk}, record=record)
    asked = models.requests
    monkeypatch.setattr(long_runs, "SLICE_S", -1.0)  # one case, and the next one later
    page = lead.post(LIST)["Location"]
    assert lead.get(reverse("admin:klark_auditentry_changelist")).text.count("had the regression set tried") == 1
    tasks.long_runs()
    assert "1 of 3 cases tried." in lead.get(page).text and "under way: wait" in lead.post(LIST, follow=True).text
    for _ in range(3):
        tasks.long_runs()
    first = newest()
    assert (first.state, verdicts(first), models.requests) == ("done", ["handed_over", "wrong", "wrong"], asked)
    assert "“3 working days”, people “9 working days”" in shown(lead, first)
    rows.policy(desk.tenant_id, mode="queue", **models.rules | {"model_name": "better"})
    monkeypatch.setattr(long_runs, "SLICE_S", 20.0)
    lead.post(LIST, {"asks_models": "1"})
    tasks.long_runs()
    second = shown(lead, newest())
    assert "Left out" in lead.post(LIST, {"draft": made[1].pk}, follow=True).text and "2 cases · 1 edited" in shown(
        lead
    )
    lead.post(LIST, {"draft": made[1].pk, "take_in": "1"})
    assert "3 cases ·" in shown(lead)
    with rows.within("*"):
        told = AuditDetail.objects.filter(entry__act="case", entry__row=str(made[1].pk)).order_by("entry__number")
        assert [each.content for each in told] == [{"is_case": False}, {"is_case": True}]
    assert verdicts(newest()) == ["handed_over", "not_compared", "right"] and models.requests > asked
    assert (
        "1 better, 0 worse, 1 the same, 1 not comparable with that run. Changed meanwhile: the policy, the model or klark"
        in second
    )
    assert sandbox.writes() == []


def test_what_the_judge_compared_is_better_or_worse_only_than_what_it_compared_before() -> None:
    right, incomplete, over = Worth(4, by_judge=False), Worth(3, by_judge=True), Worth(2, by_judge=None)
    then = {1: right, 2: right, 3: over, 4: Worth(-1, by_judge=False), 5: incomplete}
    now = {1: incomplete, 2: Worth(3, by_judge=False), 3: incomplete, 4: right, 5: over, 6: right}
    assert compared_with(then, now) == {"better": [3], "worse": [2, 5], "same": [], "untold": [1, 4, 6]}


def a_day_later() -> None:
    rows.change(RegressionRun, wanted_at=F("wanted_at") - timedelta(hours=25))
    want_after_changes()
    tasks.long_runs()


def whys() -> list[str]:
    with rows.within("*"):
        return sorted(each.found["why"] for each in RegressionResult.objects.filter(run=newest()))


def test_after_a_change_the_set_runs_by_itself_once_a_day_and_asks_no_model(
    sandbox: Sandbox, desk: Connection, models: Models  # noqa: F811
) -> None:  # fmt: skip
    want_after_changes()
    assert rows.count(RegressionRun) == 0  # there is no case
    edited(sandbox, desk)
    edited(sandbox, desk, f"{ANSWER} Have a nice day.")
    asked = models.requests
    for _ in range(2):
        want_after_changes()
        tasks.long_runs()
    assert (rows.count(RegressionRun), newest().by, verdicts(newest())) == (1, "klark", ["not_compared", "wrong"])
    assert whys() == ["", "same_words"]
    rows.policy(desk.tenant_id, mode="queue", **models.rules | {"model_name": "better"})
    want_after_changes()
    assert rows.count(RegressionRun) == 1  # not so soon
    a_day_later()
    assert (rows.count(RegressionRun), whys()) == (2, ["unasked"] * 2)  # it is another model
    rows.policy(desk.tenant_id, mode="queue", **models.rules)
    a_day_later()
    assert (rows.count(RegressionRun), whys()) == (3, ["", "same_words"])
    rows.article(desk.tenant_id, html=f"<p>{RIGHT}</p>")
    embedded(desk.tenant_id)
    a_day_later()
    assert (rows.count(RegressionRun), whys()) == (4, ["unasked"] * 2)  # the model would be shown something else
    a_day_later()
    assert (rows.count(RegressionRun), models.requests) == (4, asked)  # nothing has changed


def allow(desk: Connection, models: Models, percent: int, budget: str = "10") -> None:  # noqa: F811
    """The lead lets a share of the budget be asked of another model, two hours ago."""
    ours = {"model_name": "better", "regression_percent": percent, "budget_month": Decimal(budget)}
    rows.policy(desk.tenant_id, mode="queue", **models.rules | ours)
    rows.change(Policy, created_at=F("created_at") - timedelta(hours=2))


@pytest.fixture
def two_cases(sandbox: Sandbox, desk: Connection, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: F811
    """Of which models are asked about the newest only, unless somebody asks about all."""
    monkeypatch.setattr(run_sets, "ASKED", 1)
    for _ in range(2):
        edited(sandbox, desk)


def test_where_the_policy_lets_it_a_set_asks_what_a_change_makes_new_once_and_from_its_share(
    two_cases: None, desk: Connection, lead: Client, models: Models  # noqa: F811
) -> None:  # fmt: skip
    allow(desk, models, 50)
    rows.change(Policy, created_at=F("created_at") + timedelta(hours=2))
    asked = models.requests
    want_after_changes()
    assert rows.count(RegressionRun) == 0  # the lead may be about to save another version
    rows.change(Policy, created_at=F("created_at") - timedelta(hours=2))
    for _ in range(3):
        want_after_changes()
        tasks.long_runs()
    assert (rows.count(RegressionRun), verdicts(newest()), whys()) == (1, ["not_compared", "right"], ["", "unasked"])
    with rows.within("*"):
        paid = Charge.objects.filter(purpose="regression").aggregate(cost=Sum("cost"), count=Count("pk"))
    page, cost = shown(lead, newest()), f"{paid['cost']:.4f}"
    assert models.requests == asked + paid["count"] and f"This run spent {cost} EUR: what models had" in page
    assert "about the newest 1 cases they were asked anew" in page and "from 50 % of the budget" in page
    assert "asks models where needed" in shown(lead) and "Changed meanwhile" not in page


def test_a_lead_asks_about_all_cases_and_pays_for_each_answer_once(
    two_cases: None, desk: Connection, lead: Client, models: Models  # noqa: F811
) -> None:  # fmt: skip
    allow(desk, models, 0)
    costs = []
    for _ in range(2):
        lead.post(LIST, {"asks_models": "1"})
        tasks.long_runs()
        costs.append("This run spent 0.0000 EUR" in shown(lead, newest()))
        assert verdicts(newest()) == ["right", "right"]
    assert costs == [False, True]


def test_a_share_that_is_spent_asks_nothing_more(
    sandbox: Sandbox, desk: Connection, lead: Client, models: Models  # noqa: F811
) -> None:  # fmt: skip
    edited(sandbox, desk)
    allow(desk, models, 1, "1")
    rows.spend(desk.tenant_id, "0.01", purpose="regression")
    asked = models.requests
    want_after_changes()
    tasks.long_runs()
    assert (newest().state, whys(), models.requests) == ("done", ["share_spent"], asked)
    assert "the policy&#x27;s share of the budget for that is spent." in shown(lead, newest())


def test_where_a_person_has_stopped_klark_no_model_is_asked(
    sandbox: Sandbox, desk: Connection, models: Models  # noqa: F811
) -> None:  # fmt: skip
    edited(sandbox, desk)
    allow(desk, models, 50)
    want_after_changes()
    stop(desk.tenant_id, "alex")
    asked = models.requests
    tasks.long_runs()
    assert (whys(), models.requests, sandbox.writes()) == (["unasked"], asked, [])


def test_a_set_by_itself_asks_no_model_about_what_a_person_stops_meanwhile(
    sandbox: Sandbox, desk: Connection, models: Models, monkeypatch: pytest.MonkeyPatch  # noqa: F811
) -> None:  # fmt: skip
    for _ in range(2):
        edited(sandbox, desk)
    rows.change(Draft, topic="delivery")
    ours = {"model_name": "better", "regression_percent": 50, "budget_month": Decimal(10)}
    rows.policy(desk.tenant_id, mode="queue", **models.rules | ours)
    keep = run_sets._keep
    for what in ({}, {"connection": desk}, {"topic": "delivery"}):

        def keep_and_stop(held: Any, found: Any, what: Any = what) -> None:
            keep(held, found)
            stop(desk.tenant_id, "alex", **what)

        monkeypatch.setattr(run_sets, "_keep", keep_and_stop)
        run_sets.want(desk.tenant_id, asks_models=False, by="klark", share=50)
        tasks.long_runs()
        assert (what, newest().state, whys()) == (what, "done", ["", "unasked"])
        rows.delete(Stop)


def test_a_run_that_cannot_go_on_says_why_and_what_it_keeps_of_a_person_is_erased(
    sandbox: Sandbox, desk: Connection, lead: Client, models: Models, django_user_model: Any  # noqa: F811
) -> None:  # fmt: skip
    edited(sandbox, desk)
    rows.delete(KeptCompletion)
    models.faults.extend(["503"] * 4)
    lead.post(LIST, {"asks_models": "1"})
    tasks.long_runs()
    assert (newest().state, newest().failures) == ("running", 1)
    assert "A model cannot be asked now: the model&#x27;s server" in shown(lead, newest())
    models.faults.clear()
    waits = "It waits for “Go on” on its page."
    rows.change(RegressionRun, state="failed")
    assert (waits in lead.get(LIST).text, "It does not go on by itself." in shown(lead, newest())) == (True, True)
    rows.change(RegressionRun, state="running")
    assert (waits in lead.get(LIST).text, "It does not go on by itself." in shown(lead, newest())) == (False, False)
    for act, state in (("cancel", "cancelled"), ("go-on", "wanted")):
        lead.post(reverse("admin:klark_regressionrun_act", args=(newest().pk, act)))
        assert newest().state == state
    tasks.long_runs()
    assert (newest().state, verdicts(newest())) == ("done", ["wrong"])
    agent = browser(desk, django_user_model, "agent")
    assert [agent.get(LIST).status_code, agent.post(LIST).status_code] == [403, 403]
    assert erase(desk.tenant_id, ASKER["email"])[RegressionResult] == 1
    after = shown(lead, newest())
    assert "Its texts were deleted." in after and "3 to 5" not in after and verdicts(newest()) == ["wrong"]
    rows.change(RegressionRun, wanted_at=F("wanted_at") - timedelta(days=4000))
    tidy_tenant(desk.tenant_id)
    assert (rows.count(RegressionRun), rows.count(RegressionResult), rows.count(Draft)) == (0, 0, 1)


def test_of_a_draft_that_is_erased_while_it_is_tried_nothing_is_kept(
    sandbox: Sandbox, desk: Connection, lead: Client, monkeypatch: pytest.MonkeyPatch  # noqa: F811
) -> None:  # fmt: skip
    edited(sandbox, desk)

    def erased_meanwhile(*what: Any) -> Compared | None:
        erase(desk.tenant_id, ASKER["email"])
        return compared(*what)

    monkeypatch.setattr("klark.evidence.regression.case_results.compared", erased_meanwhile)
    lead.post(LIST)
    run_wanted()
    assert (newest().state, rows.count(RegressionResult)) == ("failed", 0)
