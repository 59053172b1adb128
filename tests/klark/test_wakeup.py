"""Waking the workers never slows, never fails, and comes back by itself."""

import threading
from collections.abc import Iterator

import pytest
from kombu.exceptions import KombuError

from klark import wakeup
from tests.integrations.sandboxed import wait_for


class Broker:
    """Where the requests go; may refuse, or hold on."""

    def __init__(self) -> None:
        self.sent: list[str] = []
        self.asked = 0
        self.errors: list[Exception] = []
        self.free = threading.Event()
        self.free.set()

    def send_task(self, name: str, **options: object) -> None:
        self.free.wait(10)
        self.asked += 1
        if self.errors:
            raise self.errors.pop()
        self.sent.append(name)


@pytest.fixture
def broker(monkeypatch: pytest.MonkeyPatch) -> Iterator[Broker]:
    one = Broker()
    wakeup._pending.clear()
    monkeypatch.setattr(wakeup.app, "send_task", one.send_task)
    yield one
    one.free.set()
    wait_for(lambda: not wakeup._pending.is_set())


def test_a_request_wakes_the_workers(broker: Broker) -> None:
    wakeup.wake()
    assert wait_for(lambda: broker.sent == ["klark.work"])


def test_requests_while_the_broker_is_frozen_cost_nothing_and_become_one(broker: Broker) -> None:
    broker.free.clear()
    wakeup.wake()
    assert wait_for(lambda: not wakeup._pending.is_set())
    for _ in range(1000):
        wakeup.wake()
    assert broker.sent == []  # a thousand times back while nothing was sent yet
    broker.free.set()
    assert wait_for(lambda: len(broker.sent) == 2)
    assert broker.sent == ["klark.work"] * 2


@pytest.mark.parametrize("error", [OSError("refused"), KombuError("gone"), RuntimeError("anything else")])
def test_a_broker_that_fails_once_does_not_silence_later_requests(broker: Broker, error: Exception) -> None:
    broker.errors = [error]
    wakeup.wake()
    assert wait_for(lambda: broker.asked == 1)
    wakeup.wake()
    assert wait_for(lambda: broker.sent == ["klark.work"])


def test_one_thread_sends_however_many_ask(broker: Broker) -> None:
    askers = [threading.Thread(target=wakeup.wake) for _ in range(20)]
    for asker in askers:
        asker.start()
    for asker in askers:
        asker.join()
    assert sum(thread.name == "klark-wakeup" for thread in threading.enumerate()) == 1
    assert all(thread.daemon for thread in threading.enumerate() if thread.name == "klark-wakeup")
