"""What klark has earned decides on the path, and what it drafts is kept for people to judge."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

import pytest
from pytest_django import Settings

from integrations.sandbox.client import Sandbox
from klark import pipeline, tasks
from klark.drafting.tenant_settings import settings_of
from klark.evidence.backtests.backtest import as_it_was
from klark.management.trial import NO_MODEL, settings_for
from klark.models import Connection, Judgement, Standing, within
from klark.values.policy.rules import Mode, Rules
from tests.klark import rows
from tests.klark.modelled import answering, furnished
from tests.klark.rows import Case

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def model(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> None:
    """A model drafts what the article says."""
    monkeypatch.setattr("klark.wakeup.wake", lambda: None)
    answering(monkeypatch, settings)


def answered(sandbox: Sandbox, rung: str = "", shadow: bool = False, **rules: object) -> Case:
    """A ticket that klark has drafted a reply to; `rung`: where its topic stood before."""
    case = rows.case(sandbox, **rules)
    tenant_id = case.row.tenant_id
    furnished(tenant_id)
    if rung:
        made_with = settings_of(tenant_id).made_with
        with within(tenant_id):
            Standing.objects.create(tenant_id=tenant_id, language="en", rung=rung, why="opened", made_with=made_with)
    rows.change(Connection, shadow=shadow)
    rows.event(case.row, case.ticket)
    tasks.work()
    return case


def kept() -> tuple[str, str, str, int]:
    found = rows.get(Judgement)
    return found.via, found.language, found.verdict, len(found.articles)


def test_a_topic_that_has_earned_nothing_waits_in_the_queue_and_is_kept_for_judgement(sandbox: Sandbox) -> None:
    case = answered(sandbox, autonomy="proposed")
    assert (case.decision(), kept()) == (("WAIT", "not_yet_earned"), ("queue", "en", "", 1))
    assert (rows.get(Standing).rung, rows.get(Standing).why) == ("queue", "new")


def test_a_topic_that_has_earned_it_is_answered_and_may_be_audited(sandbox: Sandbox) -> None:
    case = answered(sandbox, rung="reply", autonomy="automatic", audit_percent=100)
    assert (case.decision(), kept()) == (("REPLY", "ready"), ("audit", "en", "", 1))


def test_in_shadow_mode_drafts_are_judged_as_notes(sandbox: Sandbox) -> None:
    answered(sandbox, shadow=True, autonomy="proposed")
    assert kept()[0] == "note"


def test_a_draft_that_something_else_holds_back_is_no_evidence(sandbox: Sandbox) -> None:
    case = answered(sandbox, autonomy="proposed", forbidden_phrases=["working days"])
    assert (case.decision(), rows.count(Judgement)) == (("WAIT", "held_by_guard"), 0)


def test_while_the_mode_alone_decides_nothing_is_kept(sandbox: Sandbox) -> None:
    case = answered(sandbox)
    assert (case.decision(), rows.count(Judgement), rows.count(Standing)) == (("REPLY", "ready"), 0, 0)


def test_a_change_of_the_model_closes_what_was_open_from_the_next_ticket_on(
    sandbox: Sandbox, settings: Settings
) -> None:
    case = rows.case(sandbox, autonomy="automatic")
    tenant_id = case.row.tenant_id
    with within(tenant_id):
        Standing.objects.create(tenant_id=tenant_id, language="en", rung="reply", why="opened", made_with="another")
    furnished(tenant_id)
    rows.event(case.row, case.ticket)
    tasks.work()
    assert (case.decision(), rows.get(Standing).why) == (("WAIT", "not_yet_earned"), "model")


@pytest.mark.parametrize("other", [{"first_model": "another"}, {"instruction": "Shorter."}])
def test_what_a_second_model_drafts_or_a_reviewer_wished_for_is_no_evidence(
    sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch, other: dict[str, str]
) -> None:
    monkeypatch.setattr(pipeline, "settings_of", lambda *given, **about: replace(settings_of(*given, **about), **other))
    case = answered(sandbox, autonomy="proposed")
    assert (case.decision(), rows.count(Judgement)) == (("WAIT", "not_yet_earned"), 0)


def test_a_second_model_that_stands_in_for_the_first_has_earned_nothing() -> None:
    earned: Mapping[tuple[str, str], Mode] = {("", "en"): "reply"}
    ours = replace(settings_of(rows.tenant()), rungs=earned, first_model="first")
    assert [ours.earned_by(server) for server in ("first", "", "second")] == [earned, earned, {("", "en"): "queue"}]
    assert replace(ours, rungs={("", "en"): "note"}).earned_by("second") == {("", "en"): "note"}
    assert replace(ours, rungs=None).earned_by("second") is None


def test_trials_and_backtests_have_nothing_to_earn() -> None:
    tenant, rules = rows.tenant(autonomy="proposed"), Rules(autonomy="proposed")
    ours = settings_of(tenant)
    tried, _ = settings_for(tenant, NO_MODEL, rules, set())
    assert (ours.rungs, as_it_was(ours, None, None, date(2026, 11, 29)).rungs, tried.rungs) == ({}, None, None)
