"""Checks of judges in the admin: a lead sees how the judge did, and asks for another check at the press of a button."""

from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from klark.drafting.judge_qualification import WHICH
from klark.models import JudgeCheck, within
from tests.klark.companies import Company, company, login

pytestmark = pytest.mark.django_db
State = JudgeCheck.State
LIST = reverse("admin:klark_judgecheck_changelist")


@pytest.fixture
def model(settings: Settings) -> None:
    """The operator's model, so that somebody judges."""
    settings.KLARK_MODEL_NAME = "writer"


def check(tenant: int, **more: Any) -> JudgeCheck:
    figures = {"wrong": 20, "caught": 20, "right": 30, "passed": 29, "by_kind": {"scope": [4, 5]}}
    with within(tenant):
        return JudgeCheck.objects.create(
            tenant_id=tenant, **{"judge": "api writer", "version": WHICH, **figures, **more}
        )


def policy_page(made: Company) -> str:
    return reverse("admin:klark_policy_change", args=(made.policy,))


def shown(browser: Client, address: str) -> str:
    return str(browser.get(address).content.decode())


@pytest.mark.parametrize(("more", "words"), [
    ({}, "passed"), ({"caught": 3}, "not passed"), ({"state": State.WANTED}, "waiting for a worker"),
    ({"state": State.FAILED, "trouble": "busy"}, "busy"),
])  # fmt: skip
def test_a_lead_sees_what_came_of_each_check(ours: Company, lead: Client, more: dict[str, Any], words: str) -> None:
    check(ours.tenant, **more)
    assert ("api writer" in shown(lead, LIST), words in shown(lead, LIST)) == (True, True)


def test_the_page_of_a_check_tells_each_kind_of_error_and_nothing_can_be_changed(ours: Company, lead: Client) -> None:
    address = reverse("admin:klark_judgecheck_change", args=(check(ours.tenant).pk,))
    text = shown(lead, address)
    assert ("another scope: 4 / 5" in text, "29 / 30" in text, '<input type="text"' in text) == (True, True, False)
    assert ("passed" in text, "(&#x27;passed" in text) == (True, False)
    assert lead.post(address, {"caught": "7"}).status_code == 403


def test_the_checks_of_others_are_not_seen(ours: Company, lead: Client) -> None:
    check(company("birch").tenant, judge="birch judge")
    assert "birch judge" not in shown(lead, LIST)
    assert login("reader", (ours, "agent")).get(LIST).status_code == 403


@pytest.mark.usefixtures("model")
def test_the_policys_page_has_a_button_that_asks_a_worker_for_a_check(ours: Company, lead: Client) -> None:
    assert "Check the judge now" in shown(lead, policy_page(ours))
    press = reverse("admin:klark_policy_act", args=(ours.policy, "check-judge"))
    said = [str(told) for _ in range(2) for told in get_messages(lead.post(press).wsgi_request)]
    assert said[0] == "A worker checks the judge now; look again in a few minutes."
    assert said[-1] == "It is asked for already: a worker takes it up."
    with within(ours.tenant):
        assert [(each.state, each.judge) for each in JudgeCheck.of(ours.tenant)] == [
            ("wanted", "api.openai.com writer")
        ]


def test_where_nobody_judges_there_is_no_button(ours: Company, lead: Client) -> None:
    assert "Check the judge now" not in shown(lead, policy_page(ours))


@pytest.mark.usefixtures("model")
def test_a_stranger_may_not_press(ours: Company) -> None:
    press = reverse("admin:klark_policy_act", args=(ours.policy, "check-judge"))
    assert login("other", (company("birch"), "lead")).post(press).status_code == 404
    with within(ours.tenant):
        assert JudgeCheck.of(ours.tenant).count() == 0
