"""What is reserved before a request to a model and settled after it: exact whoever asks, whatever goes wrong on the way."""

import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from django.db import connections
from django.db.models import F, Sum
from pytest_django import Settings

from integrations.errors import IntegrationError
from integrations.llms.base import LLM, BudgetSpent, Prompt
from integrations.sandbox.client import Sandbox
from klark import live_reads, pipeline
from klark.connections import circuit_breaker
from klark.drafting import budget, judge_examination
from klark.drafting.judge import SCHEMA as JUDGED
from klark.drafting.judge_examination import groups
from klark.drafting.scheduled_judge_checks import qualify
from klark.drafting.tenant_settings import settings_of
from klark.models import Charge, Draft, Policy, within
from klark.triage.second_reader import SCHEMA as READ
from klark.values.policy.rules import Rules
from tests.klark import rows
from tests.klark.billing import BillingServer, billing
from tests.klark.modelled import between_ordinary_and_sensitive
from tests.klark.said import asked, prompt_of

pytestmark = pytest.mark.django_db

PROMPT = prompt_of(asked())
FAULTS = ("dropped", "", "prose", "", "", "cut off", "429", "", "502", "401", "too long", "", "503", "400", "")
"""What happens to requests one after another; never three failures in a row, after which a server is left alone."""


@pytest.fixture
def biller(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[BillingServer]:
    settings.KLARK_PRIVATE_HOSTS = ("127.0.0.1",)
    monkeypatch.setattr(circuit_breaker, "RESTS", circuit_breaker.OpenCircuits())
    with billing(BillingServer()) as one:
        yield one


def ledger(tenant: int, **wanted: object) -> Decimal:
    """What counts against the budget, of the charges that are wanted."""
    with within(tenant):
        total: Decimal = Charge.of(tenant).filter(**wanted).aggregate(all=Sum("cost", default=Decimal(0)))["all"]
    return total


def states(tenant: int) -> list[str]:
    with within(tenant):
        return list(Charge.of(tenant).order_by("pk").values_list("state", flat=True))


def fresh(number: int, schema: Any = PROMPT.schema) -> Prompt:
    """A request that nobody has made before."""
    return replace(PROMPT, user=f"{PROMPT.user}\nC1 {number}\nA1 é{number}", schema=schema)


def draft(tenant: int, number: int = 0) -> None:
    settings_of(tenant).drafters[0].complete(fresh(number))


def ask(llm: LLM | None, number: int, schema: Any) -> None:
    """Asks once, however that ends."""
    assert llm is not None
    try:
        llm.complete(fresh(number, schema))
    except IntegrationError:
        return


# To the last digit


def test_the_ledger_equals_the_servers_own_tally(biller: BillingServer, sandbox: Sandbox, monkeypatch: Any) -> None:
    """Over drafts, judging, second readings, checks of the judge, failures, lost answers, and answers that are kept."""
    monkeypatch.setattr(live_reads, "vectors", between_ordinary_and_sensitive(0.6))
    some = groups()[:6]
    monkeypatch.setattr(judge_examination, "groups", lambda: some)
    case = rows.case(sandbox, **biller.rules, budget_month=Decimal(1000))
    tenant = case.row.tenant_id
    rows.event(case.row, case.ticket)
    pipeline.answer(rows.claim())
    qualify(tenant)
    biller.faults.extend(FAULTS * 2)
    for number in range(10):
        ours = settings_of(tenant)
        for _ in range(2):  # the second time from what is kept, where there was an answer
            ask(ours.drafters[0], number, PROMPT.schema)
            ask(ours.judge.llm if ours.judge else None, number, JUDGED)
            ask(ours.reader, number, READ)
    assert ledger(tenant, state="settled") == biller.billed
    assert ledger(tenant, state="reserved") >= biller.lost > 0
    assert ledger(tenant) == biller.billed + ledger(tenant, state="reserved")
    with within(tenant):
        charges = Charge.of(tenant)
        assert [charges.filter(state=each).count() for each in ("settled", "reserved")] == [biller.answers, 6]
        assert not charges.filter(cost__gt=F("reserved")).exists()
        assert set(charges.values_list("purpose", flat=True)) == {"draft", "judge", "reader"}
        assert charges.filter(purpose="judge").count() > len(some)


def test_what_a_draft_is_shown_to_cost_is_what_its_requests_were_billed(
    biller: BillingServer, sandbox: Sandbox
) -> None:
    case = rows.case(sandbox, **biller.rules)
    rows.event(case.row, case.ticket)
    pipeline.answer(rows.claim())
    assert (rows.get(Draft).cost, biller.requests) == (round(biller.billed, 6), 2)


@pytest.mark.parametrize(("fault", "state"), [
    ("", "settled"), ("prose", "settled"), ("too long", "settled"), ("dropped", "reserved"), ("cut off", "reserved"),
    ("502", "reserved"), ("504", "reserved"), ("408", "reserved"), ("500", "reserved"), ("401", "released"),
    ("402", "released"), ("429", "released"), ("503", "released"), ("529", "released"),
])  # fmt: skip
def test_a_reservation_is_given_back_only_where_nothing_can_have_been_billed(
    biller: BillingServer, fault: str, state: str
) -> None:
    tenant = rows.tenant(**biller.rules)
    biller.faults.append(fault)
    ask(settings_of(tenant).drafters[0], 1, PROMPT.schema)
    assert states(tenant)[0] == state
    assert (ledger(tenant) == 0) is (state == "released")


@pytest.mark.parametrize("address", ["http://127.0.0.1:1/v1", "http://10.1.2.3/v1", "https://no.such.host.invalid/v1"])
def test_a_request_that_never_left_costs_nothing(biller: BillingServer, address: str) -> None:
    tenant = rows.tenant(**{**biller.rules, "model_url": address})
    ask(settings_of(tenant).drafters[0], 1, PROMPT.schema)
    assert states(tenant) == ["released"]


def test_the_form_that_a_server_does_not_know_costs_nothing_and_the_next_is_paid(biller: BillingServer) -> None:
    tenant = rows.tenant(**biller.rules)
    biller.faults.extend(["400", ""])
    draft(tenant)
    assert (states(tenant), ledger(tenant)) == (["released", "settled"], biller.billed)


def test_more_than_was_reserved_is_counted_in_full_and_told(
    biller: BillingServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []
    monkeypatch.setattr(budget.log, "error", lambda words, **_: told.append(words), raising=False)
    tenant = rows.tenant(**biller.rules)
    biller.faults.append("dear")
    draft(tenant)
    with within(tenant):
        charge = Charge.of(tenant).get()
    assert (charge.cost, charge.cost > charge.reserved) == (biller.billed, True)
    assert told == ["a model's server billed more than its request could cost"]


# Never more than the budget


def test_an_answer_as_long_as_it_may_be_costs_no_more_than_was_reserved(biller: BillingServer) -> None:
    tenant, biller.worst = rows.tenant(**biller.rules), True
    draft(tenant)
    with within(tenant):
        charge = Charge.of(tenant).get()
    assert charge.reserved == charge.cost == biller.billed


def test_a_budget_can_be_spent_to_its_last_digit() -> None:
    purse = budget.Purse(rows.tenant(), Rules(budget_day=Decimal("1.0000000001")), "m", "draft")
    for most in ("0.25", "0.75", "0.0000000001"):
        purse.reserve(Decimal(most))
    with pytest.raises(BudgetSpent):
        purse.reserve(Decimal("0.0000000001"))


@pytest.mark.parametrize("period", ["budget_day", "budget_month"])
def test_comparing_spends_its_share_to_the_last_digit_and_what_is_left_is_for_drafts(period: str) -> None:
    rules, tenant = Rules(compare_percent=10, **{period: Decimal(1)}), rows.tenant()
    comparing, drafting = (budget.Purse(tenant, rules, "m", purpose) for purpose in (budget.COMPARE, "draft"))
    drafting.reserve(Decimal("0.5"))
    for most in ("0.04", "0.06"):
        comparing.reserve(Decimal(most))
    with pytest.raises(BudgetSpent):
        comparing.reserve(Decimal("0.0000000001"))
    drafting.reserve(Decimal("0.4"))
    assert ledger(tenant) == 1


@pytest.mark.parametrize("period", ["budget_day", "budget_month"])
def test_a_request_that_might_pass_the_budget_is_not_made(biller: BillingServer, period: str) -> None:
    tenant, biller.worst = rows.tenant(**biller.rules), True
    draft(tenant)
    paid = ledger(tenant)
    with within(tenant):
        Policy.of(tenant).update(**{period: (2 * paid).quantize(Decimal("0.0001")) - Decimal("0.0001")})
    with pytest.raises(BudgetSpent):
        draft(tenant, 1)
    assert (biller.requests, ledger(tenant), settings_of(tenant).budget_spent) == (1, paid, False)


def test_the_reservation_of_a_worker_that_died_counts_as_spent_and_is_seen(biller: BillingServer) -> None:
    now = budget.timezone.now()
    where_it_is_not_night = "Etc/GMT-12" if now.hour < 12 else "UTC"  # the half hour before is of the same day there
    tenant = rows.tenant(**biller.rules, budget_day=Decimal("0.01"), time_zone=where_it_is_not_night)
    rows.spend(tenant, "0.01", state="reserved", at=now - 2 * budget.UNDER_WAY)
    with within(tenant):
        costs = budget.costs_of([tenant], now)[tenant]
        assert budget.unanswered_today(now) == 1
    assert (costs.unanswered, costs.percent, settings_of(tenant).budget_spent) == (Decimal("0.01"), 100, True)


def test_a_reservation_is_settled_once(biller: BillingServer) -> None:
    tenant = rows.tenant(**biller.rules)
    reserved = budget.Purse(tenant, settings_of(tenant).rules, "m", "draft").reserve(Decimal(1))
    reserved.settle(1, 1, Decimal("0.5"))
    reserved.release()
    assert (states(tenant), ledger(tenant)) == (["settled"], Decimal("0.5"))


@pytest.mark.django_db(transaction=True)
def test_eight_workers_make_as_many_requests_as_the_budget_holds_and_not_one_more(biller: BillingServer) -> None:
    tenant, biller.worst, fits = rows.tenant(**biller.rules), True, 20
    draft(tenant, 99)
    with within(tenant):
        most = Charge.of(tenant).get().reserved
        Charge.of(tenant).delete()
        Policy.of(tenant).update(price_in=1000 * biller.price_in, price_out=1000 * biller.price_out)
        Policy.of(tenant).update(budget_day=1000 * most * fits)
    biller.price_in, biller.price_out = 1000 * biller.price_in, 1000 * biller.price_out
    biller.requests, biller.billed, numbers = 0, Decimal(0), iter(range(10, 99))
    together(8, lambda: [draft(tenant, number) for number in numbers])
    assert (biller.requests, ledger(tenant)) == (fits, biller.billed)
    assert biller.billed <= 1000 * most * fits


@pytest.mark.django_db(transaction=True)
def test_a_reservation_waits_until_the_one_before_it_is_committed(biller: BillingServer) -> None:
    tenant = rows.tenant(**biller.rules, budget_day=Decimal(1))
    purse = budget.Purse(tenant, settings_of(tenant).rules, "m", "draft")
    with within(tenant):
        purse.reserve(Decimal("0.6"))
        second = threading.Thread(target=together, args=(1, lambda: purse.reserve(Decimal("0.6"))))
        second.start()
        second.join(0.3)
        assert second.is_alive()
    second.join()
    assert ledger(tenant) == Decimal("0.6")


def together(workers: int, work: Callable[[], object]) -> None:
    """Lets so many workers do the same at once, each until the budget is spent."""

    def run() -> None:
        start.wait()
        with suppress(BudgetSpent):
            work()
        connections.close_all()

    start, threads = threading.Barrier(workers), [threading.Thread(target=run) for _ in range(workers)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
