"""A second model server is asked where the first one cannot help, and is known by what it did: its prices, its own check."""

from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from pytest_django import Settings

from integrations.errors import NoAnswer, Refused, TryLater
from integrations.llms.base import BudgetSpent, ModelAccount, Unusable
from integrations.sandbox.client import Sandbox
from klark import pipeline
from klark.connections import circuit_breaker
from klark.drafting import judge_examination
from klark.drafting.fallback import Fallback
from klark.drafting.judge_qualification import WHICH
from klark.drafting.scheduled_judge_checks import due, qualify, qualify_due
from klark.drafting.tenant_settings import fallback_account, model_account, settings_of
from klark.models import Charge, Draft, JudgeCheck, Policy, policy_in_force, within
from klark.runtime.encrypted_secrets import seal
from tests.klark import rows
from tests.klark.billing import BillingServer, billing
from tests.klark.said import Drafter, asked, completion, prompt_of

pytestmark = pytest.mark.django_db

PROMPT = prompt_of(asked())
GOOD = completion(("It takes 3 days.", ["P1.1"]))
FIRST, SECOND = ("0.10", "0.40"), ("0.30", "1.20")


@pytest.fixture(autouse=True)
def own_machine(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.KLARK_PRIVATE_HOSTS = ("127.0.0.1",)
    monkeypatch.setattr(circuit_breaker, "RESTS", circuit_breaker.OpenCircuits())
    some = judge_examination.groups()[:3]
    monkeypatch.setattr(judge_examination, "groups", lambda: some)


@pytest.fixture
def first() -> Iterator[BillingServer]:
    with billing(BillingServer(*FIRST)) as one:
        yield one


@pytest.fixture
def second() -> Iterator[BillingServer]:
    with billing(BillingServer(*SECOND)) as one:
        yield one


def name(server: BillingServer) -> str:
    return f"{server.address} {'m2' if server.price_in == Decimal(SECOND[0]) else 'm'}"


# The order


@pytest.mark.parametrize("error", [TryLater("away"), NoAnswer("slow"), Refused("bad key")])
def test_where_the_first_server_cannot_help_the_second_is_asked(error: Exception) -> None:
    second = Drafter(GOOD)
    assert Fallback([Drafter(error), second]).complete(PROMPT) == GOOD
    assert len(second.asked) == 1


@pytest.mark.parametrize("error", [Unusable("prose", 1, 1, Decimal(1)), BudgetSpent()])
def test_an_answer_that_was_billed_and_a_spent_budget_are_the_same_everywhere(error: Exception) -> None:
    second = Drafter(GOOD)
    with pytest.raises(type(error)):
        Fallback([Drafter(error), second]).complete(PROMPT)
    assert second.asked == []


def test_where_none_can_help_the_first_one_says_why() -> None:
    with pytest.raises(TryLater, match="away"):
        Fallback([Drafter(TryLater("away")), Drafter(Refused("bad key"))]).complete(PROMPT)


def test_a_server_that_rests_is_passed_over_without_being_asked(first: BillingServer, second: BillingServer) -> None:
    tenant = rows.tenant(**first.rules, **second.second)
    first.faults.extend(["429"] * 9)
    for number in range(5):
        settings_of(tenant, attempt=str(number)).drafters[0].complete(PROMPT)
    assert (first.requests, second.requests) == (circuit_breaker.FAILURES, 5)


def test_one_tenants_key_that_is_turned_down_keeps_no_other_key_from_the_same_server(first: BillingServer) -> None:
    one, other = (
        rows.tenant(slug, **first.rules, sealed_key=seal({"key": f"{slug}'s key"})) for slug in ("one", "other")
    )
    first.faults.extend(["429"] * circuit_breaker.FAILURES)
    for number in range(circuit_breaker.FAILURES + 1):
        with pytest.raises(TryLater):
            settings_of(one, attempt=str(number)).drafters[0].complete(PROMPT)
    settings_of(other).drafters[0].complete(PROMPT)
    assert first.requests == circuit_breaker.FAILURES + 1


# Who it is


def test_the_policy_names_the_second_server_with_its_own_key_and_prices() -> None:
    tenant = rows.tenant(model_name="m", price_in=1, price_out=4, fallback_name="m2", fallback_url="https://b.example/v1",
                         fallback_price_in=3, sealed_fallback_key=seal({"key": "k2"}))  # fmt: skip
    other = named(tenant)
    assert other is not None
    assert (other.model, other.base_url, other.key, other.price_in, other.price_out) == (
        "m2", "https://b.example/v1", "k2", Decimal(3), Decimal(4))  # fmt: skip


def test_the_operators_second_server_is_for_those_who_use_the_operators_first(settings: Settings) -> None:
    settings.KLARK_FALLBACK_NAME, settings.KLARK_FALLBACK_URL = "spare", "https://spare.example/v1"
    settings.KLARK_FALLBACK_KEY = "operators-key"
    assert named(rows.tenant("nobody")) is None
    settings.KLARK_MODEL_NAME = "small"
    found = [named(rows.tenant("plain")), named(rows.tenant("own", model_name="own"))]
    assert [each and (each.model, each.key) for each in found] == [("spare", "operators-key"), None]


def named(tenant: int) -> ModelAccount | None:
    with within(tenant):
        policy = policy_in_force(tenant)
        assert policy is not None
        return fallback_account(model_account(policy, policy.rules()), policy, policy.rules())


def test_what_form_the_second_server_takes_is_not_noted_for_the_first(
    first: BillingServer, second: BillingServer
) -> None:
    tenant = rows.tenant(**first.rules, **second.second)
    first.faults.append("503")
    settings_of(tenant).drafters[0].complete(PROMPT)
    assert rows.get(Policy).model_dialect == ""


# What it did


def test_the_second_server_drafts_and_judges_at_its_own_prices_and_the_record_names_it(
    first: BillingServer, second: BillingServer, sandbox: Sandbox
) -> None:
    case = rows.case(sandbox, **first.rules, **second.second)
    first.faults.extend(["503"] * 9)
    rows.event(case.row, case.ticket)
    pipeline.answer(rows.claim())
    record = rows.get(Draft).record
    assert (record["answer"]["server"], [each["server"] for each in record["judged"]]) == (name(second), [name(second)])
    with within(case.row.tenant_id):
        charges = Charge.of(case.row.tenant_id).exclude(cost=0)
        assert sum(charges.values_list("cost", flat=True)) == second.billed > 0
        assert set(charges.values_list("server", flat=True)) == {name(second)}
    assert (first.billed, rows.get(Draft).cost) == (0, round(second.billed, 6))


def test_a_kept_answer_of_the_second_server_is_still_its_own(first: BillingServer, second: BillingServer) -> None:
    tenant = rows.tenant(**first.rules, **second.second)
    first.faults.extend(["503"] * 2)
    said = [settings_of(tenant).drafters[0].complete(PROMPT) for _ in range(2)]
    assert ([each.server for each in said], second.requests) == ([name(second)] * 2, 1)


# Whose word counts


def passed(tenant: int, judge: str, **more: Any) -> None:
    figures = {"wrong": 20, "caught": 20, "right": 20, "passed": 20, "version": WHICH, **more}
    with within(tenant):
        JudgeCheck.objects.create(tenant_id=tenant, judge=judge, at=datetime.now(UTC), **figures)


@pytest.mark.parametrize(("away", "who", "trusted"), [(False, "first", True), (True, "second", False)])
def test_the_second_judge_does_not_inherit_the_check_that_the_first_passed(
    first: BillingServer, second: BillingServer, sandbox: Sandbox, away: bool, who: str, trusted: bool
) -> None:
    case = rows.case(sandbox, **first.rules, **second.second)
    passed(case.row.tenant_id, name(first))
    first.faults.extend(["503"] * 9 if away else [])
    rows.event(case.row, case.ticket)
    pipeline.answer(rows.claim())
    (reading,) = rows.get(Draft).record["judged"]
    assert (reading["server"], reading["trusted"]) == (name({"first": first, "second": second}[who]), trusted)


def test_each_judge_is_checked_for_itself(first: BillingServer, second: BillingServer) -> None:
    tenant = rows.tenant(**first.rules, **second.second)
    assert len(qualify(tenant)) == 2
    with within(tenant):
        assert list(JudgeCheck.of(tenant).order_by("pk").values_list("judge", flat=True)) == [name(first), name(second)]
    assert (first.requests, second.requests) == (3, 3)


def test_only_the_judge_that_is_due_is_checked_by_itself(first: BillingServer, second: BillingServer) -> None:
    tenant = rows.tenant(**first.rules, **second.second)
    passed(tenant, name(first))
    assert due() == [tenant]
    qualify_due()
    assert (first.requests, second.requests, due()) == (0, 3, [])


def test_a_second_server_that_is_the_judges_own_is_asked_once(first: BillingServer, settings: Settings) -> None:
    settings.KLARK_JUDGE_NAME, settings.KLARK_JUDGE_URL = "m2", first.address
    judge = settings_of(rows.tenant(**first.rules, **first.second)).judge
    assert judge is not None
    assert [each.name for each in judge.in_order] == [f"{first.address} m2"]
