"""What no webhook brought is found by reading the desk; the cursor moves only with the events."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import DatabaseError

from integrations.helpdesks.base import Changes, TicketEvent
from integrations.sandbox import records
from integrations.sandbox.client import Sandbox
from klark import pipeline, tasks
from klark.intake import catch_up as step
from klark.intake.catch_up import catch_up
from klark.models import Connection, WebhookEvent
from tests.klark import rows
from tests.klark.rows import DESKS, Case

pytestmark = pytest.mark.django_db


@pytest.fixture(params=DESKS)
def case(request: pytest.FixtureRequest, sandbox: Sandbox) -> Case:
    """A customer's ticket that no webhook told of."""
    sandbox.settings(incremental_lag_s=1)
    return rows.case(sandbox, request.param)


def account() -> Connection:
    found: Connection = rows.get(Connection)
    return found


def read_again() -> bool:
    rows.change(Connection, catch_up_at=None)
    return catch_up()


def events() -> list[tuple[str, str]]:
    with rows.within(account().tenant_id):
        return list(WebhookEvent.objects.order_by("pk").values_list("ticket_id", "origin"))


def test_a_ticket_that_no_webhook_told_of_becomes_an_event(case: Case) -> None:
    assert catch_up() is True
    assert events() == [(str(case.ticket), "catch-up")]
    assert (account().cursor != "", account().trouble) == (True, "")


def test_nobody_reads_before_the_next_turn(case: Case) -> None:
    assert [catch_up() for _ in range(2)] == [True, False]
    assert account().catch_up_at > datetime.now(UTC) + timedelta(seconds=200)


def test_a_connection_that_is_switched_off_is_not_read(case: Case) -> None:
    rows.change(Connection, active=False)
    assert catch_up() is False


def test_a_ticket_that_waits_already_is_not_told_of_again(case: Case) -> None:
    rows.event(case.row, case.ticket)
    catch_up()
    read_again()
    assert len(events()) == 1


def test_a_ticket_that_was_read_as_it_is_now_is_not_told_of_again(case: Case) -> None:
    rows.event(case.row, case.ticket, state="done", seen_at=datetime.now(UTC))
    catch_up()
    assert len(events()) == 1


def test_a_ticket_that_changed_since_it_was_read_is_told_of_again(case: Case) -> None:
    rows.event(case.row, case.ticket, state="done", seen_at=datetime.now(UTC) - timedelta(minutes=5))
    catch_up()
    assert len(events()) == 2


def test_a_comment_in_the_second_of_the_last_read_is_found_and_read_once(
    sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Zendesk's adapter waits until that second is over; Freshdesk's says that it was not."""
    second = datetime.now(UTC).replace(microsecond=0) + timedelta(minutes=1)
    monkeypatch.setattr(records, "now", lambda: second)
    case = rows.case(sandbox, "freshdesk", "Thank you!")
    rows.event(case.row, case.ticket)
    tasks.step(WebhookEvent, pipeline.answer)
    sandbox.comment("freshdesk", case.ticket, "Thanks again!", webhook=False)
    catch_up()
    assert [origin for _, origin in events()] == ["webhook", "catch-up"]
    second -= timedelta(hours=1)
    sandbox.change("freshdesk", case.ticket, priority="high", webhook=False)
    tasks.step(WebhookEvent, pipeline.answer)
    rows.change(Connection, cursor="")
    read_again()
    assert [origin for _, origin in events()] == ["webhook", "catch-up"]


def test_a_ticket_whose_second_was_over_when_it_was_read_is_not_told_of_again(sandbox: Sandbox) -> None:
    case = rows.case(sandbox, "freshdesk", "Thank you!")
    rows.event(case.row, case.ticket)
    tasks.step(WebhookEvent, pipeline.answer)
    catch_up()
    assert [origin for _, origin in events()] == ["webhook"]


def test_a_change_after_the_first_read_is_found_by_the_next(case: Case) -> None:
    catch_up()
    rows.change(WebhookEvent, state="done", attempts=1, seen_at=datetime.now(UTC) - timedelta(minutes=5))
    other = case.sandbox.ticket(case.desk, subject="Another", webhook=False)
    read_again()
    assert (str(other), "catch-up") in events()


def test_what_zendesk_leaves_out_as_too_recent_is_found_by_a_later_read(sandbox: Sandbox) -> None:
    """Its export shows nothing of the last minute (here: hour), so that the first read ends before these changes."""
    sandbox.settings(incremental_lag_s=3600)
    case = rows.case(sandbox)
    assert (catch_up(), events(), account().cursor != "") == (True, [], True)
    other = sandbox.ticket("zendesk", subject="Another", webhook=False)
    read_again()
    sandbox.settings(incremental_lag_s=0)
    read_again()
    assert events() == [(str(case.ticket), "catch-up"), (str(other), "catch-up")]


def test_a_desk_that_fails_leaves_the_cursor_and_says_so(case: Case) -> None:
    catch_up()
    before = account().cursor
    case.sandbox.fault("status", desk=case.desk, method="GET", status=503, times=1)
    assert read_again() is True
    assert (account().cursor, "not available" in account().trouble) == (before, True)
    read_again()
    assert account().trouble == ""


def test_wrong_credentials_are_told_in_the_connections_trouble(case: Case) -> None:
    case.sandbox.credentials(case.desk, ["nobody"])
    catch_up()
    assert (account().cursor, "credentials" in account().trouble) == ("", True)


def test_a_secret_that_cannot_be_opened_is_told_in_the_connections_trouble(case: Case) -> None:
    rows.change(Connection, sealed="gone:abc")
    assert catch_up() is True
    assert "'gone'" in account().trouble


def test_the_cursor_does_not_move_without_its_events(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> bool:
        raise DatabaseError("the disk is full")

    with monkeypatch.context() as broken:
        broken.setattr(step, "keep", fail)
        with pytest.raises(DatabaseError):
            catch_up()
    assert account().cursor == ""
    read_again()
    assert len(events()) == 1


def test_a_long_list_is_read_page_by_page_and_others_come_between(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    page = Changes((TicketEvent("5"),), "there", more=True)
    monkeypatch.setattr(f"integrations.helpdesks.{case.desk}.client.{case.desk.capitalize()}.changes", lambda *_: page)
    catch_up()
    assert account().cursor == "there"
    assert account().catch_up_at < datetime.now(UTC) + timedelta(seconds=3)


def test_each_read_goes_on_where_the_last_one_ended(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def changes(_: object, cursor: str) -> Changes:
        asked.append(cursor)
        return Changes((), f"place {len(asked)}", more=False)

    monkeypatch.setattr(f"integrations.helpdesks.{case.desk}.client.{case.desk.capitalize()}.changes", changes)
    for _ in range(3):
        read_again()
    assert asked[1:] == ["place 1", "place 2"]
    assert asked[0] == (case.row.start_mark - step.OVERLAP).isoformat()


def test_the_account_that_waited_longest_is_read_first(sandbox: Sandbox) -> None:
    tenant = rows.tenant()
    late = rows.connection(tenant, "zendesk", sandbox, catch_up_at=datetime.now(UTC) - timedelta(minutes=9))
    rows.connection(tenant, "freshdesk", sandbox, catch_up_at=datetime.now(UTC) - timedelta(minutes=1))
    first = step._claim()
    assert first is not None
    assert first.pk == late.pk


def test_an_old_ticket_is_found_after_a_downtime(case: Case) -> None:
    """The first read starts at the start mark, however long ago."""
    rows.change(Connection, start_mark=datetime.now(UTC) - timedelta(days=3))
    catch_up()
    assert events() == [(str(case.ticket), "catch-up")]


def test_the_task_reads_every_account_whose_time_has_come_and_rings(
    sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    rung: list[int] = []
    monkeypatch.setattr("klark.wakeup.wake", lambda: rung.append(1))
    for desk in DESKS:
        rows.connection(rows.tenant(f"of-{desk}"), desk, sandbox)
    tasks.catch_up.run()
    assert (len(rung), rows.count(Connection, catch_up_at=None)) == (2, 0)
