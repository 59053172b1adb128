"""Claims by many workers at once, of both tables: each row once, its lease held, no ticket by two; and how long to wait."""

import threading
from collections import Counter
from collections.abc import Callable
from uuid import UUID

import pytest
from django.db import connection

from klark.models import Claim, Delivery, WebhookEvent, within
from klark.models.work_queue import ATTEMPTS, LONGEST_WAIT_S, PATIENCE_S, Work
from tests.klark import rows

WORKERS = 4
TOKEN = UUID(int=1)


def at_once(each: Callable[[int], None]) -> None:
    """Let every worker begin in the same moment, each with a connection of its own."""
    barrier = threading.Barrier(WORKERS)
    broken: list[BaseException] = []

    def run(number: int) -> None:
        barrier.wait()
        try:
            each(number)
        except BaseException as error:  # told in the thread that asserts
            broken.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(WORKERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert broken == []


def _events(tickets: int) -> type[Work]:
    account = rows.connection(rows.tenant())
    for number in range(tickets):
        rows.event(account, number)
    return WebhookEvent


def _writes(tickets: int) -> type[Work]:
    account = rows.connection(rows.tenant())
    for number in range(tickets):
        rows.delivery(account, number)
    return Delivery


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("make", [_events, _writes])
def test_of_workers_that_claim_and_end_at_once_each_row_is_ended_by_one(make: Callable[[int], type[Work]]) -> None:
    table = make(12)
    ended: list[int] = []

    def worker(_: int) -> None:
        while claims := table.claim(limit=2, each=2):
            for claim in claims:
                with within(claim.tenant_id):
                    assert table.settle(claim, state="parked")
                ended.append(claim.id)

    at_once(worker)
    assert (len(ended), max(Counter(ended).values()), rows.count(table, state="parked")) == (12, 1, 12)


@pytest.mark.django_db(transaction=True)
def test_of_workers_whose_lease_ended_only_the_last_one_ends_the_row() -> None:
    _events(1)
    claims = []
    for _ in range(WORKERS):
        claims.append(rows.claim())
        rows.expire_lease(WebhookEvent)
    moved: dict[int, bool] = {}

    def worker(number: int) -> None:
        with within(claims[number].tenant_id):
            moved[number] = WebhookEvent.settle(claims[number], state="done", trouble=str(number))

    at_once(worker)
    assert [moved[number] for number in range(WORKERS)] == [False] * (WORKERS - 1) + [True]
    assert (rows.get(WebhookEvent).trouble, rows.get(WebhookEvent).attempts) == (str(WORKERS - 1), WORKERS)


@pytest.mark.django_db(transaction=True)
def test_a_row_that_one_worker_put_off_is_not_taken_by_another_before_its_time() -> None:
    _events(1)
    claim = rows.claim()
    with within(claim.tenant_id):
        assert WebhookEvent.postpone(claim, 60, "later")
    taken: list[Claim] = []
    at_once(lambda _: taken.extend(WebhookEvent.claim(limit=9, each=9)))
    assert (taken, rows.get(WebhookEvent).trouble) == ([], "later")


@pytest.mark.django_db
@pytest.mark.parametrize("limit", [1, 2, 5, 50])
@pytest.mark.parametrize("each", [1, 3])
def test_no_more_is_claimed_than_was_asked_for(limit: int, each: int) -> None:
    for slug in ("first", "second", "third"):
        account = rows.connection(rows.tenant(slug))
        for number in range(4):
            rows.event(account, number)
    claims = WebhookEvent.claim(limit=limit, each=each)
    by_tenant = Counter(claim.tenant_id for claim in claims)
    assert (len(claims), max(by_tenant.values()) <= each) == (min(limit, 3 * each), True)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("table", "state", "claimed"),
    [
        (WebhookEvent, "due", 1), (WebhookEvent, "done", 0), (WebhookEvent, "parked", 0),
        (Delivery, "due", 1), (Delivery, "sending", 1), (Delivery, "waiting", 0), (Delivery, "sent", 0),
        (Delivery, "retired", 0), (Delivery, "parked", 0),
    ],
)  # fmt: skip
def test_a_state_and_whether_it_is_work(table: type[Work], state: str, claimed: int) -> None:
    account = rows.connection(rows.tenant())
    if table is WebhookEvent:
        rows.event(account, state=state)
    else:
        rows.delivery(account, state=state)
    assert (table.someone_waits(), len(table.claim())) == (bool(claimed), claimed)


@pytest.mark.django_db
def test_trouble_of_any_length_is_kept_when_a_row_is_put_off() -> None:
    rows.event(rows.connection(rows.tenant()))
    claim = rows.claim()
    with within(claim.tenant_id):
        assert WebhookEvent.postpone(claim, 1, "x\0\ud800" * 1000)
    assert (len(rows.get(WebhookEvent).trouble) <= 500, "\0" in rows.get(WebhookEvent).trouble) == (True, False)


# How old the work is, and how long a helpdesk that cannot be reached is waited for.
PATIENCE = (
    (0.0, 2.0), (1.0, 2.0), (8.0, 2.0), (40.0, 10.0), (400.0, 100.0), (2400.0, LONGEST_WAIT_S), (40_000.0, LONGEST_WAIT_S),
    (PATIENCE_S, LONGEST_WAIT_S), (PATIENCE_S + 1, None), (PATIENCE_S * 30, None),
)  # fmt: skip


@pytest.mark.parametrize(("age", "seconds"), PATIENCE)
def test_patience_grows_with_the_age_of_the_work_and_ends_after_a_day(age: float, seconds: float | None) -> None:
    assert Claim(1, 1, TOKEN, ATTEMPTS, "due", age).patience() == seconds
