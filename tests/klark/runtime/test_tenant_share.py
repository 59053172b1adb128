"""A tenant whose server hangs: how many of a worker's threads it occupies, and who is served beside it; and what becomes of
its rows when the worker is told to stop."""

import threading
from collections.abc import Iterator

import pytest
from django.db import connection
from pytest_django import Settings

from klark import tasks
from klark.celery import WORK, LookForWork
from klark.models import Claim, Connection, Delivery, WebhookEvent
from klark.models.delivery import step_through
from klark.runtime import tenant_share
from klark.runtime.tenant_share import claimed, hand_back, more_waits
from tests.integrations.sandboxed import wait_for
from tests.klark import rows

pytestmark = pytest.mark.django_db(transaction=True)
THREADS = 4


class Worker:
    """Threads that each take one row of events; a row of the slow tenant's takes until it is let go."""

    def __init__(self, slow: int) -> None:
        self.slow = slow
        self.begun: list[int] = []
        self.answered = threading.Event()
        self.threads = [threading.Thread(target=self.step) for _ in range(THREADS)]

    def step(self) -> None:
        tasks.step(WebhookEvent, self.run)
        connection.close()

    def run(self, claim: Claim) -> None:
        self.begun.append(claim.tenant_id)
        if claim.tenant_id == self.slow:
            self.answered.wait(30)
        with rows.within(claim.tenant_id):
            WebhookEvent.settle(claim, state="done")

    def start(self) -> None:
        for thread in self.threads:
            thread.start()

    def working(self) -> int:
        return sum(thread.is_alive() for thread in self.threads)

    def end(self) -> None:
        self.answered.set()
        for thread in self.threads:
            thread.join()


@pytest.fixture
def worker(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Worker]:
    monkeypatch.setattr("klark.wakeup.wake", lambda: None)
    settings.KLARK_TENANT_THREADS = 3
    account = rows.connection(rows.tenant("slow"))
    for number in range(2 * THREADS):
        rows.event(account, number)
    one = Worker(account.tenant_id)
    yield one
    one.end()


def test_a_tenant_whose_server_hangs_leaves_a_thread_to_the_others(worker: Worker) -> None:
    quick = rows.tenant("quick")
    worker.start()
    assert wait_for(lambda: worker.working() == 3)  # the fourth found nothing that it may take
    assert more_waits(WebhookEvent) is False  # so nobody need be woken
    rows.event(rows.connection(quick))
    assert more_waits(WebhookEvent) is True
    worker.step()
    assert worker.begun == [worker.slow] * 3 + [quick]


def test_without_a_broker_rows_are_taken_up_while_the_timer_is_at_one(
    worker: Worker, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    quick = rows.tenant("quick")
    worker.threads.clear()  # the timer's take their place
    settings.KLARK_LOOK_SECONDS = 0.01
    monkeypatch.setattr("klark.celery.TIMED", (WORK,))
    monkeypatch.setattr("klark.pipeline.answer", worker.run)
    timer = LookForWork(None)
    look = threading.Thread(target=timer._look)
    look.start()
    try:
        assert wait_for(lambda: worker.begun == [worker.slow] * 3)
        rows.event(rows.connection(quick))
        assert wait_for(lambda: worker.begun == [worker.slow] * 3 + [quick])
    finally:
        timer.stopping.set()
        look.join()
        worker.answered.set()
        timer.threads.shutdown()


def test_its_rows_go_on_once_a_thread_of_its_own_is_free(worker: Worker) -> None:
    rows.tenant("quick")
    worker.start()
    assert wait_for(lambda: worker.working() == 3)
    worker.end()
    worker.step()
    assert worker.begun == [worker.slow] * 4


def test_the_only_tenant_may_have_every_thread(worker: Worker) -> None:
    worker.start()
    assert wait_for(lambda: worker.begun == [worker.slow] * THREADS)


def test_a_run_that_breaks_gives_its_thread_back(account: Connection, settings: Settings) -> None:
    settings.KLARK_TENANT_THREADS = 1
    rows.tenant("quick")
    rows.event(account, 1)
    rows.event(account, 2)
    with pytest.raises(ValueError, match="a bug"), claimed(WebhookEvent) as first:
        raise ValueError("a bug")
    with claimed(WebhookEvent) as second, claimed(WebhookEvent) as third:
        assert [len(claims) for claims in (first, second, third)] == [1, 1, 0]


@pytest.fixture
def stops() -> Iterator[None]:
    """This process goes on after the test."""
    yield
    tenant_share._stopping.clear()


def test_what_is_done_in_time_is_not_handed_back_and_nothing_more_is_claimed(account: Connection, stops: None) -> None:
    rows.event(account, 1)
    rows.event(account, 2)
    go_on = threading.Event()
    run = threading.Thread(target=step_on, args=(go_on,))
    run.start()
    assert wait_for(lambda: rows.count(WebhookEvent, lease_until=None) == 1)
    threading.Timer(0.2, go_on.set).start()
    assert hand_back(300) == 0
    run.join()
    with claimed(WebhookEvent) as none:
        assert (none, rows.count(WebhookEvent, state="done")) == ([], 1)


def step_on(go_on: threading.Event) -> None:
    def run(claim: Claim) -> None:
        go_on.wait(300)
        with rows.within(claim.tenant_id):
            WebhookEvent.settle(claim, state="done")

    tasks.step(WebhookEvent, run)
    connection.close()


def test_what_takes_longer_is_anothers_at_once_and_its_first_run_ends_nothing(account: Connection, stops: None) -> None:
    rows.event(account, 1)
    with claimed(WebhookEvent) as (mine,):
        assert hand_back(0) == 1
        (other,) = WebhookEvent.claim()
        assert (other.id, other.attempts) == (mine.id, mine.attempts)
        with rows.within(account.tenant_id):
            assert (WebhookEvent.settle(mine, state="done"), WebhookEvent.settle(other, state="done")) == (False, True)


def test_a_write_that_had_not_begun_cannot_begin_any_more(account: Connection, stops: None) -> None:
    rows.delivery(account, 1)
    with claimed(Delivery) as (mine,):
        hand_back(0)
        with rows.within(account.tenant_id):
            assert step_through(mine, "", 400) is False


def test_a_write_that_may_have_left_is_looked_for_a_little_later(account: Connection, stops: None) -> None:
    rows.delivery(account, 1)
    with claimed(Delivery) as (mine,):
        with rows.within(account.tenant_id):
            assert step_through(mine, "", 400)
        hand_back(0)
    row = rows.get(Delivery)
    assert (row.state, row.lease_until, row.attempts, Delivery.claim()) == ("sending", None, 1, [])
    rows.make_due(Delivery)
    assert [claim.state for claim in Delivery.claim()] == ["sending"]
