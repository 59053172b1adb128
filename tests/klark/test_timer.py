"""The worker's own timer: which tasks it runs, that a slow one keeps no other waiting, and that failures are told."""

import threading
from collections.abc import Iterator
from concurrent.futures import Future
from types import SimpleNamespace
from typing import Any
from unittest.mock import MagicMock

import pytest
from celery.exceptions import WorkerShutdown
from celery.worker.consumer import Consumer
from pytest_django import Settings

from klark import celery
from klark.celery import TIMED, WARM_UP, LookForWork, app, tell


class Tasks(dict[str, Any]):
    """Tasks that only write down that they ran; one of them may block or break."""

    def __init__(self) -> None:
        super().__init__({name: self._run(name) for name in (*TIMED, WARM_UP)})
        self.ran: list[str] = []
        self.unmigrated = 0
        self.rounds = threading.Event()
        self.block, self.broken, self.free = "", "", threading.Event()

    def migrated(self) -> bool:
        """False for so many looks as `unmigrated` says."""
        if self.unmigrated:
            self.unmigrated -= 1
            self.ran.append("no tables")
            return False
        return True

    def _run(self, name: str) -> Any:
        def run() -> None:
            self.ran.append(name)
            if self.ran.count(name) >= 3 and name != self.block:
                self.rounds.set()
            if name == self.block:
                self.free.wait(10)
            if name == self.broken:
                raise RuntimeError(f"{name} broke")

        return run


@pytest.fixture
def tasks(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> Iterator[Tasks]:
    made = Tasks()
    monkeypatch.setattr(celery, "app", SimpleNamespace(tasks=made))
    monkeypatch.setattr(celery.HAND_BACK, lambda: made.ran.append("handed back"))
    monkeypatch.setattr(celery.MIGRATED, made.migrated)
    settings.KLARK_LOOK_SECONDS = 0.005
    yield made
    made.free.set()


@pytest.fixture
def timer(tasks: Tasks) -> Iterator[LookForWork]:
    one = LookForWork(None)
    yield one
    one.stop(None)


def test_all_that_needs_no_broker_is_looked_for_again_and_again(tasks: Tasks, timer: LookForWork) -> None:
    timer.start(None)
    assert tasks.rounds.wait(10)
    assert set(tasks.ran) == {
        "klark.work",
        "klark.long_runs",
        "klark.deliver",
        "klark.catch_up",
        "klark.check_judges",
        "klark.embed",
        "klark.notify",
        "klark.read",
        "klark.recall",
        "klark.warm_up",
    }
    assert tasks.ran.count("klark.warm_up") == 1


def test_a_worker_that_has_just_started_looks_at_once(tasks: Tasks, timer: LookForWork, settings: Settings) -> None:
    settings.KLARK_LOOK_SECONDS = 3600
    timer.start(None)
    while set(tasks.ran) < {*TIMED, WARM_UP}:
        threading.Event().wait(0.005)
    assert len(tasks.ran) == len({*TIMED, WARM_UP})


def test_a_worker_that_is_started_before_the_tables_are_there_waits_for_them(
    tasks: Tasks, timer: LookForWork, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(celery, "UNMIGRATED_S", 0.001)
    tasks.unmigrated = 2
    timer.start(None)
    assert tasks.rounds.wait(10)
    assert [one for one in tasks.ran if one != WARM_UP][:3].count("no tables") == 2


@pytest.mark.parametrize("slow", TIMED)
def test_a_task_that_takes_long_runs_once_and_keeps_no_other_waiting(
    tasks: Tasks, timer: LookForWork, slow: str
) -> None:
    tasks.block = slow
    timer.start(None)
    assert tasks.rounds.wait(10)
    assert tasks.ran.count(slow) == 1


def test_a_task_that_breaks_is_told_and_runs_again(
    tasks: Tasks, timer: LookForWork, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []
    monkeypatch.setattr(celery.log, "error", lambda words, exc_info: told.append(str(exc_info)), raising=False)
    tasks.broken = "klark.work"
    timer.start(None)
    assert tasks.rounds.wait(10)
    while tasks.ran.count("klark.work") < 3 or len(told) < 2:
        threading.Event().wait(0.005)
    assert set(told) == {"klark.work broke"}


def test_a_timer_that_was_stopped_starts_nothing_more(tasks: Tasks, timer: LookForWork) -> None:
    timer.stop(None)
    timer._look()  # in this thread: it comes back at once
    assert (tasks.ran, timer.stopping.is_set()) == (["handed back"], True)


def test_a_timer_whose_threads_are_shut_down_while_it_looks_ends_without_an_error(
    tasks: Tasks, timer: LookForWork
) -> None:
    timer.threads.shutdown()  # as `stop` does, after the timer has looked whether it is to stop
    timer._look()
    assert tasks.ran == []


@pytest.mark.parametrize(
    ("how", "words"), [("fine", []), ("cancelled", []), ("broken", ["a task on the worker's timer failed"])]
)
def test_only_a_failure_is_told(monkeypatch: pytest.MonkeyPatch, how: str, words: list[str]) -> None:
    told: list[str] = []
    monkeypatch.setattr(celery.log, "error", lambda text, exc_info: told.append(text), raising=False)
    done: Future[Any] = Future()
    if how == "cancelled":
        done.cancel()
    elif how == "broken":
        done.set_exception(RuntimeError("no"))
    else:
        done.set_result(None)
    tell(done)
    assert told == words


def test_the_timers_tasks_are_tasks_that_workers_know() -> None:
    app.loader.import_default_modules()
    assert set(TIMED) <= set(app.tasks)


def test_every_worker_has_the_timer() -> None:
    assert LookForWork in app.steps["worker"]


def test_a_connection_to_the_broker_that_is_torn_down_in_use_ends_no_worker() -> None:
    """Celery's consumer connects again after each of its connection_errors, and ends the worker after any other."""
    consumer = Consumer(lambda request: None, app=app, pool=MagicMock(is_green=False), controller=MagicMock())
    broken = iter([AttributeError("'NoneType' object has no attribute 'hostname'"), WorkerShutdown()])
    consumer.blueprint = SimpleNamespace(state=None, start=lambda _: raised(next(broken)), restart=lambda _: None)
    with pytest.raises(WorkerShutdown):
        consumer.start()


def raised(error: BaseException) -> None:
    raise error


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("task_soft_time_limit", None), ("task_time_limit", None), ("worker_prefetch_multiplier", 1),
        ("task_ignore_result", True), ("broker_connection_retry_on_startup", True),
    ],
)  # fmt: skip
def test_threads_are_never_cut_short_and_nothing_is_hoarded(name: str, expected: object) -> None:
    assert app.conf[name] == expected
