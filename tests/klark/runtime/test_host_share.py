"""A host that several tenants use and that hangs: how many of a worker's threads wait for it, and who is served beside it."""

import threading
from collections.abc import Iterator

import pytest
from django.db import connection
from pytest_django import Settings

from integrations.http.outbound import Outbound, checked_addresses
from klark import tasks
from klark.models import Claim, Connection, Delivery, WebhookEvent
from klark.models.work_queue import Work
from klark.runtime import tenant_share
from tests.integrations.sandboxed import wait_for
from tests.klark import rows

pytestmark = pytest.mark.django_db(transaction=True)
THREADS = 4
MODEL, DESK = 9001, 9002  # ports; nobody is asked


class Worker:
    """Threads that each run one row. An event asks its tenant's helpdesk and, unless the tenant has none, the model, which hangs
    until it is let go; a delivery asks the helpdesk alone."""

    def __init__(self) -> None:
        self.without_model: set[int] = set()
        self.begun: list[tuple[str, int]] = []
        self.asking = 0
        self.answered = threading.Event()
        self.threads = [threading.Thread(target=self.step, args=(WebhookEvent,)) for _ in range(THREADS)]

    def step(self, kind: type[Work]) -> bool:
        did = tasks.step(kind, lambda claim: self.run(kind, claim))
        if threading.current_thread() in self.threads:
            connection.close()
        return did

    def run(self, kind: type[Work], claim: Claim) -> None:
        self.begun.append((kind.__name__, claim.tenant_id))
        reach(DESK + claim.tenant_id)
        if kind is WebhookEvent and claim.tenant_id not in self.without_model:
            reach(MODEL)
            self.asking += 1
            self.answered.wait(30)
        with rows.within(claim.tenant_id):
            kind.settle(claim, state="done")

    def start(self) -> None:
        self.answered.clear()
        for thread in self.threads:
            thread.start()

    def hangs(self) -> bool:
        """Returns whether three threads wait for the model, and the fourth found nothing that it may take."""
        return self.asking == sum(thread.is_alive() for thread in self.threads) == THREADS - 1

    def know_everyone(self) -> None:
        """Runs all that is due, while the model answers."""
        self.answered.set()
        while self.step(WebhookEvent) or self.step(Delivery):
            pass
        self.begun.clear()
        self.asking = 0

    def end(self) -> None:
        self.answered.set()
        for thread in self.threads:
            if thread.ident:
                thread.join()


def reach(port: int) -> None:
    checked_addresses("127.0.0.1", port, Outbound(private=("127.0.0.0/8",)))


@pytest.fixture
def worker(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Worker]:
    monkeypatch.setattr("klark.wakeup.wake", lambda: None)
    monkeypatch.setattr(tenant_share, "_hosts", {})
    settings.KLARK_TENANT_THREADS = settings.KLARK_HOST_THREADS = 3
    one = Worker()
    yield one
    one.end()


@pytest.fixture
def accounts(worker: Worker) -> list[Connection]:
    """Of three tenants, with two due events each."""
    made = [rows.connection(rows.tenant(slug)) for slug in ("acme", "globex", "initech")]
    events(made)
    return made


def events(accounts: list[Connection]) -> None:
    for account in accounts:
        for ticket_id in (1, 2):
            rows.event(account, ticket_id)


def test_a_model_that_hangs_leaves_a_thread_to_who_does_not_need_it(worker: Worker, accounts: list[Connection]) -> None:
    other = rows.connection(rows.tenant("umbrella"))
    worker.without_model.add(other.tenant_id)
    rows.event(other)
    rows.delivery(accounts[0], 3)
    worker.know_everyone()
    events(accounts)
    worker.start()
    assert wait_for(worker.hangs)
    rows.event(other, 9)
    rows.delivery(accounts[0], 9)
    assert [worker.step(kind) for kind in (WebhookEvent, WebhookEvent, Delivery)] == [True, False, True]
    assert worker.begun[3:] == [("WebhookEvent", other.tenant_id), ("Delivery", accounts[0].tenant_id)]


def test_its_rows_go_on_once_it_answers(worker: Worker, accounts: list[Connection]) -> None:
    worker.know_everyone()
    events(accounts)
    worker.start()
    assert wait_for(worker.hangs)
    worker.end()
    assert worker.step(WebhookEvent)


def test_a_worker_that_knows_no_host_yet_keeps_a_thread_free_all_the_same(
    worker: Worker, accounts: list[Connection]
) -> None:
    worker.start()
    assert wait_for(worker.hangs)
    rows.delivery(accounts[0], 9)
    assert [worker.step(kind) for kind in (WebhookEvent, Delivery)] == [False, True]


def test_a_host_of_one_tenants_alone_is_limited_by_its_own_share(
    worker: Worker, settings: Settings, account: Connection
) -> None:
    rows.tenant("idle")
    settings.KLARK_TENANT_THREADS, settings.KLARK_HOST_THREADS = THREADS, 1
    for ticket_id in range(THREADS):
        rows.event(account, ticket_id)
    worker.start()
    assert wait_for(lambda: len(worker.begun) == THREADS)
