"""What a task does with what goes wrong: later, a person, or on with the next row; the row says why."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import structlog

from integrations.errors import Gone, LookAgain, Refused, TryLater, Unsure
from klark import review, tasks
from klark.models import Claim, Connection, Delivery, WebhookEvent
from klark.models.work_queue import ATTEMPTS, MOST_CLAIMS, Work
from tests.klark import rows

pytestmark = pytest.mark.django_db

Answer = Callable[[Claim], Any]


@pytest.fixture(autouse=True)
def bells(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    rung: list[int] = []
    monkeypatch.setattr("klark.wakeup.wake", lambda: rung.append(1))
    return rung


def raising(error: Exception) -> Answer:
    def answer(claim: Claim) -> None:
        raise error

    return answer


def done(claim: Claim) -> None:
    with rows.within(claim.tenant_id):
        WebhookEvent.settle(claim, state="done")


def seconds_to_wait() -> float:
    return float((rows.get(WebhookEvent).due_at - datetime.now(UTC)).total_seconds())


def test_nothing_to_do_is_said(account: Connection) -> None:
    assert tasks.step(WebhookEvent, done) is False


def test_one_step_takes_one_row(account: Connection) -> None:
    rows.event(account, 1)
    rows.event(account, 2)
    assert tasks.step(WebhookEvent, done) is True
    assert rows.count(WebhookEvent, state="done") == 1


@pytest.mark.parametrize(("table", "work"), [("klark_webhookevent", WebhookEvent), ("klark_delivery", Delivery)])
def test_every_line_that_is_logged_during_a_run_names_its_row_and_tenant(
    account: Connection, caplog: pytest.LogCaptureFixture, table: str, work: type[Work]
) -> None:
    def run(claim: Claim) -> None:
        structlog.get_logger("klark.context").warning("the CRM gave no facts")
        raise ValueError("a bug")

    number = rows.event(account) if work is WebhookEvent else rows.delivery(account)
    tasks.step(work, run)
    structlog.get_logger("klark.context").warning("after it")
    told = [record.msg for record in caplog.records if isinstance(record.msg, dict)]
    row = (table, number, account.tenant_id)
    assert [(line["event"], line.get("table"), line.get("row"), line.get("tenant")) for line in told] == [
        ("the CRM gave no facts", *row), ("a run failed", *row), ("after it", None, None, None),
    ]  # fmt: skip


def test_the_bell_is_rung_while_more_rows_wait(account: Connection, bells: list[int]) -> None:
    for number in range(2):
        rows.event(account, number)
    tasks.step(WebhookEvent, done)
    assert bells == [1]
    tasks.step(WebhookEvent, done)
    assert bells == [1]


@pytest.mark.parametrize("error", [Unsure("No answer."), LookAgain("It changed."),
                                   ValueError("a bug")])  # fmt: skip
def test_what_may_pass_is_tried_again_each_time_later(account: Connection, error: Exception) -> None:
    rows.event(account)
    waited = []
    for _ in range(4):
        rows.make_due(WebhookEvent)
        tasks.step(WebhookEvent, raising(error))
        waited.append(round(seconds_to_wait()))
    assert waited == [2, 4, 8, 16]
    row = rows.get(WebhookEvent)
    assert (row.state, row.attempts, row.lease_token, str(error) in row.trouble) == ("due", 4, None, True)


@pytest.mark.parametrize(("hours", "waits"), [(0, 2), (0.1, 90), (1, 600), (23, 600)])
def test_a_desk_that_is_away_is_waited_for_longer_the_longer_it_is(
    account: Connection, hours: float, waits: int
) -> None:
    rows.event(account, received_at=datetime.now(UTC) - timedelta(hours=hours))
    tasks.step(WebhookEvent, raising(TryLater("The desk is away.")))
    assert (rows.get(WebhookEvent).attempts, round(seconds_to_wait() / 2) * 2) == (0, waits)


def test_a_desk_that_is_away_for_more_than_a_day_leaves_the_event_to_a_person(account: Connection) -> None:
    rows.event(account, received_at=datetime.now(UTC) - timedelta(hours=25))
    tasks.step(WebhookEvent, raising(TryLater("The desk is away.")))
    assert (rows.get(WebhookEvent).state, rows.get(WebhookEvent).trouble) == ("parked", "The desk is away.")


def test_after_enough_attempts_a_person_looks_and_may_have_it_tried_again(account: Connection) -> None:
    pk = rows.event(account, attempts=ATTEMPTS - 1)
    tasks.step(WebhookEvent, raising(ValueError("a bug")))
    row = rows.get(WebhookEvent)
    assert (row.state, row.trouble, row.ended_at is not None) == ("parked", "ValueError: a bug", True)
    assert WebhookEvent.claim() == []
    assert review.retry_event(pk, account.tenant_id) is True
    assert rows.claim().attempts == 1


def test_only_what_is_parked_can_be_retried(account: Connection) -> None:
    assert review.retry_event(rows.event(account), account.tenant_id) is False


def test_another_tenants_event_cannot_be_retried(account: Connection) -> None:
    pk = rows.event(account, state="parked")
    assert review.retry_event(pk, rows.tenant("globex")) is False


@pytest.mark.parametrize("error", [Refused("The key was revoked."), Gone("It was deleted.")])
def test_what_the_desk_refuses_is_parked_at_once(account: Connection, error: Exception) -> None:
    rows.event(account)
    tasks.step(WebhookEvent, raising(error))
    row = rows.get(WebhookEvent)
    assert (row.state, row.trouble, row.attempts) == ("parked", str(error), 1)


def test_a_wait_that_the_desk_asked_for_is_no_attempt(account: Connection) -> None:
    rows.event(account)
    for _ in range(ATTEMPTS + 2):
        rows.make_due(WebhookEvent)
        tasks.step(WebhookEvent, raising(TryLater("Slow down.", after=90)))
        assert 80 < seconds_to_wait() <= 90
    rows.make_due(WebhookEvent)
    tasks.step(WebhookEvent, raising(TryLater("The desk is busy.")))
    row = rows.get(WebhookEvent)
    assert (row.state, row.attempts) == ("due", 0)


@pytest.mark.parametrize(("asked", "kept"), [(0.0, 1), (-3.0, 1), (3600.0, 600)])
def test_a_wait_is_never_none_and_never_hours(account: Connection, asked: float, kept: int) -> None:
    rows.event(account)
    tasks.step(WebhookEvent, raising(TryLater("Slow down.", after=asked)))
    assert round(seconds_to_wait()) == kept


def test_trouble_of_any_length_and_with_any_sign_is_kept(account: Connection) -> None:
    rows.event(account)
    tasks.step(WebhookEvent, raising(ValueError("\0" + "x" * 2000)))
    assert len(rows.get(WebhookEvent).trouble) == 499
    rows.make_due(WebhookEvent)
    tasks.step(WebhookEvent, raising(Refused("\0" + "x" * 2000)))
    assert rows.get(WebhookEvent).state == "parked"


def test_a_lone_surrogate_in_an_error_does_not_hide_it(account: Connection) -> None:
    rows.event(account)
    tasks.step(WebhookEvent, raising(ValueError("half a sign: \ud83d")))
    assert "half a sign" in rows.get(WebhookEvent).trouble


def test_a_row_that_ends_its_workers_is_parked_at_last(account: Connection) -> None:
    """Nobody is left to say why: the claims themselves are counted."""
    rows.event(account, attempts=MOST_CLAIMS)
    tasks.step(WebhookEvent, done)
    row = rows.get(WebhookEvent)
    assert (row.state, row.trouble) == ("parked", "Every worker that took it up ended before it was done.")


def test_a_row_that_breaks_does_not_keep_the_next_one_waiting(
    account: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows.event(account, 1)
    rows.event(account, 2)
    monkeypatch.setattr("klark.pipeline.answer", lambda claim: done(claim) if claim.id % 2 else 1 / 0)
    tasks.work.run()
    assert (rows.count(WebhookEvent, state="done"), rows.count(WebhookEvent, attempts=1)) == (1, 2)


def test_work_answers_events_and_makes_writes_until_nothing_is_due(
    account: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(3):
        rows.event(account, number)
    rows.delivery(account, 9)
    made: list[int] = []

    def deliver(claim: Claim) -> None:
        made.append(claim.id)
        with rows.within(claim.tenant_id):
            Delivery.settle(claim, state="sent")

    monkeypatch.setattr("klark.pipeline.answer", done)
    monkeypatch.setattr(tasks, "deliver_step", deliver)
    tasks.work.run()
    assert (rows.count(WebhookEvent, state="done"), len(made)) == (3, 1)


def test_the_tasks_have_the_names_that_bells_and_timers_call() -> None:
    names = {task.name for task in (tasks.work, tasks.deliver, tasks.catch_up, tasks.housekeeping)}
    assert names == {"klark.work", "klark.deliver", "klark.catch_up", "klark.housekeeping"}


def test_a_step_of_housekeeping_that_breaks_keeps_no_later_one_from_running(
    account: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    ran: list[str] = []

    def breaks(name: str) -> Callable[[], None]:
        def step() -> None:
            ran.append(name)
            raise ValueError(name)

        return step

    steps = [(tasks.retention, "tidy"), (tasks.sync_help_centre, "sync_all"), (tasks.refresh_source, "refresh_all"),
             (tasks.kept_comparison, "compare_all"), (tasks.embedding, "drop_retired"),
             (tasks.scheduled_judge_checks, "qualify_due"), (tasks.compared_outcomes, "compare_outcomes")]  # fmt: skip
    for module, name in steps:
        monkeypatch.setattr(module, name, breaks(name))
    tasks.housekeeping.run()
    assert ran == [name for _, name in steps]


def test_housekeeping_drops_old_bodies_of_what_is_done_or_parked_and_nothing_else(account: Connection) -> None:
    old = datetime(2026, 1, 1, tzinfo=UTC)
    kept = rows.event(account, 1, raw=b"young", state="done")
    rows.event(account, 2, raw=b"old", state="done", received_at=old)
    rows.event(account, 3, raw=b"parked", state="parked", received_at=old)
    waiting = rows.event(account, 4, raw=b"due", received_at=old)
    for _ in range(2):
        tasks.housekeeping.run()
    with rows.within(account.tenant_id):
        assert {row.pk: bytes(row.raw) for row in WebhookEvent.objects.exclude(raw=b"")} == {
            kept: b"young",
            waiting: b"due",
        }
