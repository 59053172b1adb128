"""One budget per account, counted in the database: never above the limit in any window, a share kept for answers."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from integrations.errors import TryLater
from integrations.helpdesks.base import Write
from integrations.helpdesks.freshdesk.limits import LISTS, UPDATES
from integrations.helpdesks.pool import Pool
from integrations.helpdesks.zendesk.limits import pools_of_update
from integrations.sandbox.client import Sandbox
from klark import tasks
from klark.connections import rate_limit
from klark.connections.open_helpdesk import open_desk
from klark.connections.rate_limit import (
    BACKGROUND_SHARE,
    COUNTED,
    SLOTS,
    RateLimit,
    RequestBudget,
    background,
    left,
    wait_for,
)
from klark.intake.catch_up import catch_up
from klark.models import Budget, Connection, Delivery, WebhookEvent, within
from tests.klark import rows

pytestmark = pytest.mark.django_db

FULL = {"ratelimit-limit": "10", "ratelimit-remaining": "0"}


def purse(spent: dict[int, int], now: float = 1000.0, limit: int = 10, held_s: float = 0.0) -> RequestBudget:
    return RequestBudget(limit, spent, now, 1.0, held_s)


def budget() -> Budget:
    found: Budget = rows.get(Budget)
    return found


def limited(account: Connection, limit: int) -> None:
    RateLimit(account).permit(1)
    rows.change(Budget, limit=limit, spent={})


def used() -> int:
    return sum(budget().spent.values())


def counted() -> dict[str, int]:
    return {name: sum(told["spent"].values()) for name, told in budget().pools.items()}


# The arithmetic


def test_what_fits_need_not_wait() -> None:
    assert wait_for(purse({990: 9}), 1, 1.0) == 0.0


def test_what_does_not_fit_waits_until_the_oldest_slot_has_left_the_window_for_certain() -> None:
    assert wait_for(purse({990: 4, 995: 6}, now=1000.5), 1, 1.0) == 990 + COUNTED - 1000.5


def test_a_large_weight_waits_for_as_many_slots_as_it_takes() -> None:
    assert wait_for(purse({990: 4, 995: 6}), 5, 1.0) == 995 + COUNTED - 1000


def test_a_weight_above_the_limit_waits_for_an_empty_window_and_not_for_ever() -> None:
    assert [wait_for(purse({990: 1}), 99, 1.0) > 0, wait_for(purse({}), 99, 1.0)] == [True, 0.0]


def test_a_slot_counts_as_long_as_a_moment_of_it_is_in_the_window() -> None:
    assert [purse({1000 - 123: 10}).used, purse({1000 - 124: 10}).used] == [10, 0]


def test_background_reads_leave_a_share_to_answers() -> None:
    assert wait_for(purse({999: 7}), 1, BACKGROUND_SHARE) > 0
    assert wait_for(purse({999: 7}), 1, 1.0) == 0


def test_no_one_asks_while_the_vendor_wants_silence() -> None:
    assert wait_for(purse({}, held_s=12.0), 1, 1.0) == 12.0


def test_nothing_is_counted_into_the_past_and_old_slots_are_dropped() -> None:
    assert purse({800: 3, 1001: 2}, now=1000.0).with_spent(1) == {"1001": 3}


# The row


def test_each_request_is_counted_by_its_weight(account: Connection) -> None:
    meter = RateLimit(account)
    meter.permit(1)
    meter.permit(2)
    assert (used(), budget().limit) == (3, 200)


def test_two_workers_share_one_row(account: Connection) -> None:
    limited(account, 2)
    RateLimit(account).permit(1)
    RateLimit(account).permit(1)
    with pytest.raises(TryLater) as refused:
        RateLimit(account).permit(1)
    assert (60 < refused.value.after <= 62, used(), rows.count(Budget)) == (True, 2, 1)


def test_the_limit_is_learned_from_the_vendor(account: Connection) -> None:
    meter = RateLimit(account)
    meter.permit(1)
    meter.seen({"x-rate-limit": "700", "x-rate-limit-remaining": "699"})
    assert (budget().limit, used()) == (700, 1)


def test_an_answer_that_only_confirms_what_is_known_costs_no_query(
    account: Connection, django_assert_num_queries
) -> None:
    meter = RateLimit(account)
    meter.permit(1)
    with django_assert_num_queries(0):
        meter.seen({"x-rate-limit": "200", "x-rate-limit-remaining": "199"})


def test_what_others_use_of_the_account_is_counted_too(account: Connection) -> None:
    meter = RateLimit(account)
    meter.permit(1)
    meter.seen({"x-rate-limit": "200", "x-rate-limit-remaining": "150"})
    assert used() == 50


def test_retry_after_stops_everyone(account: Connection) -> None:
    meter = RateLimit(account)
    meter.permit(1)
    meter.seen({"Retry-After": "17"})
    with pytest.raises(TryLater) as refused:
        background(account).permit(1)
    assert 15 < refused.value.after <= 17


def test_a_shorter_silence_does_not_end_a_longer_one(account: Connection) -> None:
    meter = RateLimit(account)
    meter.seen({"Retry-After": "60"})
    meter.seen({"Retry-After": "1"})
    with pytest.raises(TryLater) as refused:
        meter.permit(1)
    assert refused.value.after > 50


def test_what_need_not_wait_is_counted_in_one_statement_and_by_the_same_arithmetic(
    account: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    limited(account, 100)
    now = int(time.time() * 2)
    spent = {now - 200: 50, now - 10: 7, now + 3: 2, now + 500: 50}
    rows.change(Budget, spent=spent)
    monkeypatch.setattr(RateLimit, "_locked", pytest.fail)
    RateLimit(account).permit(2)
    assert budget().spent == RequestBudget(100, spent, time.time(), 0.5).with_spent(2)


@pytest.mark.django_db(transaction=True)
def test_of_many_who_ask_at_once_as_many_are_let_through_as_the_limit_allows() -> None:
    account = rows.connection(rows.tenant())
    limited(account, 30)

    def ask(_: int) -> bool:
        try:
            RateLimit(account, patience_s=0.0).permit(1)
        except TryLater:
            return False
        return True

    with ThreadPoolExecutor(8) as threads:
        assert sum(threads.map(ask, range(50))) == 30
    assert used() == 30


def test_background_reads_stop_while_answers_go_on(account: Connection) -> None:
    limited(account, 10)
    for _ in range(7):
        background(account).permit(1)
    with pytest.raises(TryLater):
        background(account).permit(1)
    RateLimit(account).permit(3)
    assert used() == 10


def test_nobody_sleeps_in_an_open_transaction(account: Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    limited(account, 1)
    monkeypatch.setattr(time, "sleep", pytest.fail)
    meter = RateLimit(account, window_s=1.2)  # so short a wait that it would be waited for
    meter.permit(1)
    with pytest.raises(TryLater):
        meter.permit(1)


def test_another_tenants_budget_is_another_row(account: Connection) -> None:
    other = rows.connection(rows.tenant("other"))
    RateLimit(account).permit(1)
    RateLimit(other).permit(5)
    with within(account.tenant_id):
        assert left(account) == (199, 200)
    with within(other.tenant_id):
        assert left(other) == (195, 200)


def test_what_is_left_is_known_before_the_first_request(account: Connection) -> None:
    with within(account.tenant_id):
        assert left(account) == (200, 200)


# Pools of their own


def updates_made(pool: Pool, many: int) -> None:
    spent = {str(int(time.time() * 2)): many}
    rows.change(Budget, pools={pool.name: {**budget().pools[pool.name], "spent": spent}})


def test_a_full_pool_waits_though_the_account_and_other_pools_have_room(account: Connection) -> None:
    for _ in range(2):
        RateLimit(account).permit_in(Pool("updates", 2))
    with pytest.raises(TryLater) as refused:
        RateLimit(account).permit_in(Pool("updates", 2))
    assert 60 < refused.value.after <= 62
    RateLimit(account).permit_in(Pool("of ticket 7", 2))
    RateLimit(account).permit(1)
    assert used() == 1


def test_a_pool_has_its_own_window(account: Connection) -> None:
    RateLimit(account).permit_in(Pool("of ticket 7", 1, 600.0))
    with pytest.raises(TryLater) as refused:
        RateLimit(account).permit_in(Pool("of ticket 7", 1, 600.0))
    assert 600 < refused.value.after <= 620


def test_a_pool_whose_window_is_over_is_forgotten(account: Connection) -> None:
    RateLimit(account).permit(1)
    rows.change(Budget, pools={"of ticket 7": {"seconds": 600.0, "spent": {"1": 30}}})
    RateLimit(account).permit_in(Pool("of ticket 8", 30, 600.0))
    assert list(budget().pools) == ["of ticket 8"]


def test_a_pool_is_as_large_as_the_plan_that_the_accounts_limit_tells(account: Connection) -> None:
    limited(account, 200)
    meter = RateLimit(account, patience_s=0.0)
    for _ in range(20):
        meter.permit_in(LISTS)
    with pytest.raises(TryLater):
        meter.permit_in(LISTS)
    limited(account, 400)
    meter.permit_in(LISTS)
    assert counted() == {LISTS.name: 21}


@pytest.mark.parametrize(("told", "fit"), [(300, 300), (20, 20), (30, 100)],
                         ids=["an add-on", "a trial", "the limit of the one ticket"])  # fmt: skip
def test_zendesk_tells_with_each_update_how_many_it_allows(account: Connection, told: int, fit: int) -> None:
    _, ours = pools_of_update(7)
    meter = RateLimit(account, patience_s=0.0)
    meter.permit_in(ours)
    meter.seen({"zendesk-ratelimit-tickets-update": f"total={told}; remaining={told - 1}; resets=60"})
    updates_made(ours, fit - 1)
    meter.permit_in(ours)
    updates_made(ours, fit)
    with pytest.raises(TryLater):
        meter.permit_in(ours)


def test_an_open_zendesk_hears_how_many_updates_it_may_make(sandbox: Sandbox) -> None:
    row = rows.connection(rows.tenant(), "zendesk", sandbox)
    desk = open_desk(row)
    ticket = desk.fetch(str(sandbox.ticket("zendesk")))
    desk.write(ticket, Write("delivery-1", public=False, html="<p>x</p>", text="x"))
    assert budget().pools["ticket updates"]["size"] == 300


def test_an_open_freshdesk_counts_its_lists_and_updates(sandbox: Sandbox) -> None:
    row = rows.connection(rows.tenant(), "freshdesk", sandbox)
    desk = open_desk(row)
    desk.changes("")
    ticket = desk.fetch(str(sandbox.ticket("freshdesk")))
    desk.settle(ticket, Write("delivery-1", public=False, html="<p>x</p>", text="x", tags=("klark",)))
    assert counted() == {LISTS.name: 1, UPDATES.name: 1}


@pytest.mark.parametrize("which", [0, 1])
def test_a_reply_waits_below_zendesks_limits_on_updates_and_is_then_made_once(sandbox: Sandbox, which: int) -> None:
    case = rows.case(sandbox)
    rows.delivery(case.row, case.ticket, seen=case.seen, readers_seen=case.readers)
    pool = pools_of_update(case.ticket)[which]
    RateLimit(case.row).permit(1)
    full = {pool.name: {"seconds": pool.seconds, "spent": {int(time.time() / (pool.seconds / SLOTS)): pool.most}}}
    rows.change(Budget, pools=full)
    tasks.deliver.run()
    row = rows.get(Delivery)
    assert (row.state, row.attempts, row.sending_at, sandbox.writes()) == ("due", 0, None, [])
    rows.change(Budget, pools={})
    rows.make_due(Delivery)
    tasks.deliver.run()
    assert (rows.get(Delivery).state, len(sandbox.writes())) == ("sent", 1)


# Through the adapters


def test_every_request_of_both_desks_is_counted_as_the_vendor_counts(sandbox: Sandbox) -> None:
    for desk in rows.DESKS:
        case = rows.case(sandbox, desk, body=f"Hello {desk}") if desk == "zendesk" else None
        tenant = case.row.tenant_id if case else rows.tenant("second")
        row = case.row if case else rows.connection(tenant, desk, sandbox)
        ticket = case.ticket if case else sandbox.ticket(desk)
        open_desk(row).fetch(str(ticket))
    with within(rows.EVERY_TENANT):
        figures = {each.connection.helpdesk: (each.limit, sum(each.spent.values())) for each in Budget.objects.all()}
    assert figures == {"zendesk": (2500, 2), "freshdesk": (700, 3)}


def test_a_429_is_a_wait_and_never_an_error_to_anyone(sandbox: Sandbox) -> None:
    case = rows.case(sandbox)
    rows.event(case.row, case.ticket)
    sandbox.fault("status", desk="zendesk", status=429, headers={"Retry-After": "9"})
    tasks.step(WebhookEvent, tasks.pipeline.answer)
    event = rows.get(WebhookEvent)
    assert (event.state, event.attempts) == ("due", 0)
    assert budget().held_until is not None


def test_a_catch_up_read_that_must_wait_is_put_off_without_trouble(sandbox: Sandbox) -> None:
    case = rows.case(sandbox)
    sandbox.fault("status", desk="zendesk", status=429, headers={"Retry-After": "900"})
    assert catch_up() is True
    row = rows.get(Connection, pk=case.row.pk)
    assert (row.trouble, row.catch_up_at.timestamp() - time.time() > 800) == ("", True)


def test_the_window_is_a_minute() -> None:
    assert (rate_limit.WINDOW_S, rate_limit.SLOTS, COUNTED) == (60.0, 120, 124)
