"""What a person has stopped: nothing of it is drafted or written, nothing of it is lost, and all of it goes on afterwards."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext

from integrations.sandbox.client import Sandbox
from klark import health, stopping, tasks
from klark.delivery import deliver as deliver_step
from klark.models import Connection, Decision, Delivery, Stop, WebhookEvent
from klark.models.database.claiming import WAITS
from tests.klark import rows
from tests.klark.rows import Case

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def bells(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    rung: list[int] = []
    monkeypatch.setattr("klark.wakeup.wake", lambda: rung.append(1))
    return rung


def stop(account: Connection, topic: str = "", only: Connection | None = None) -> int:
    stopping.stop(account.tenant_id, "lea", only, topic)
    return int(rows.get(Stop, released_at=None).pk)


def release(account: Connection) -> None:
    assert stopping.release(rows.get(Stop, released_at=None).pk, account.tenant_id, "max")


def due(table: type[WebhookEvent | Delivery] = Delivery) -> list[str]:
    """The tickets that a worker would take up now."""
    with rows.within(rows.EVERY_TENANT):
        seen = table._due().values_list("ticket_id", flat=True)
        waits = sorted(seen)
    claimed = sorted(rows.get(table, pk=claim.id).ticket_id for claim in table.claim(limit=9, each=9))
    rows.change(table, lease_until=None, attempts=0)
    assert claimed == waits  # what is counted as due is what can be claimed, or workers would look again and again
    return claimed


@pytest.mark.parametrize("table", [WebhookEvent, Delivery])
def test_a_stopped_tenants_rows_wait_and_another_tenants_go_on(account: Connection, table: Any) -> None:
    other = rows.connection(rows.tenant("globex"))
    make = rows.event if table is WebhookEvent else rows.delivery
    make(account, 1)
    make(other, 2)
    stop(account)
    assert due(table) == ["2"]
    release(account)
    assert due(table) == ["1", "2"]


@pytest.mark.parametrize("table", [WebhookEvent, Delivery])
def test_a_stopped_connections_rows_wait_and_the_tenants_other_ones_go_on(account: Connection, table: Any) -> None:
    other = rows.connection(account.tenant_id, "freshdesk")
    make = rows.event if table is WebhookEvent else rows.delivery
    make(account, 1)
    make(other, 2)
    stop(account, only=account)
    assert due(table) == ["2"]


def test_a_stopped_topics_replies_and_notes_wait_but_not_what_hands_its_tickets_over(account: Connection) -> None:
    for ticket, (topic, kind) in enumerate(
        [("returns", "reply"), ("returns", "note"), ("returns", "handover"), ("delivery", "reply"), ("", "reply")]
    ):
        rows.delivery(account, ticket, kind=kind, draft=rows.draft(account, ticket, topic=topic))
    rows.event(account, 9)
    stop(account, "returns")
    assert (due(), due(WebhookEvent)) == (["2", "3", "4"], ["9"])
    release(account)
    assert due() == ["0", "1", "2", "3", "4"]


def test_a_stopped_topics_ticket_reaches_a_person_past_the_tag_that_its_draft_left(account: Connection) -> None:
    waiting = rows.draft(account, 7, topic="returns")
    rows.delivery(account, 7, kind="tag", draft=waiting)
    rows.delivery(account, 7, kind="handover", draft=waiting)
    stop(account, "returns")
    claims = Delivery.claim()
    assert [claim.id for claim in claims] == [rows.get(Delivery, kind="tag").pk]
    with rows.within(account.tenant_id):
        Delivery.settle(claims[0], state="sent")
    assert due() == ["7"]


def test_who_stops_what_is_stopped_already_stops_nothing(account: Connection) -> None:
    assert (stopping.stop(account.tenant_id, "lea"), stopping.stop(account.tenant_id, "max")) == (True, False)
    with pytest.raises(IntegrityError), rows.within(account.tenant_id):
        Stop.objects.create(tenant_id=account.tenant_id, by="max")


def test_what_waits_for_a_release_keeps_no_worker_busy_and_is_not_late(account: Connection) -> None:
    rows.event(account, due_at=datetime.now(UTC) - timedelta(hours=3))
    stop(account)
    with CaptureQueriesContext(connection) as asked:
        assert WebhookEvent.claim() == []
    assert sum("klark_webhookevent" in each["sql"] for each in asked) == 1
    with rows.within(account.tenant_id):
        assert health.queue()[0] == "good"


def test_a_stop_of_two_days_costs_no_patience(account: Connection) -> None:
    rows.event(account, received_at=datetime.now(UTC) - timedelta(days=2))
    assert rows.claim().patience() is None
    rows.expire_lease(WebhookEvent)
    stop(account)
    release(account)
    assert rows.claim().patience() is not None


def test_a_backlog_that_is_stopped_is_not_read_at_each_claim(account: Connection) -> None:
    with rows.within(account.tenant_id):
        WebhookEvent.objects.bulk_create(
            WebhookEvent(tenant_id=account.tenant_id, connection=account, ticket_id=str(n)) for n in range(3_000)
        )
    stop(account)
    looking = WebhookEvent.sql(WAITS, but="'{}'::bigint[]")
    with rows.within(rows.EVERY_TENANT), connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN {looking}")
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert ("event_next" in plan, "Seq Scan on klark_webhookevent" in plan) == (True, False)


def test_a_stop_is_kept_with_who_gave_it_and_who_ended_it(account: Connection, bells: list[int]) -> None:
    stop(account, "returns")
    stop(account, "returns")  # pressed twice
    release(account)
    row = rows.get(Stop)
    assert (row.by, row.topic, row.released_by, row.since < row.released_at) == ("lea", "returns", "max", True)
    assert stopping.release(row.pk, account.tenant_id, "eve") is False


def test_a_stop_after_the_claim_is_seen_before_the_write(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    case = rows.case(sandbox)
    rows.delivery(case.row, case.ticket, seen=case.seen, readers_seen=case.readers)
    claim = rows.claim(Delivery)
    stop(case.row)
    assert (deliver_step.deliver(claim), case.by_klark) == ("due", [])
    row = rows.get(Delivery)
    assert (row.sending_at, row.lease_token, row.attempts) == (None, None, 0)
    release(case.row)
    assert (tasks.step(Delivery, deliver_step.deliver), len(case.by_klark)) == (True, 1)


def answered(case: Case) -> tuple[str, int, int]:
    """What a worker does now: the event's state, and how many decisions and comments of klark's there are."""
    tasks.work()
    return rows.get(WebhookEvent, ticket_id=str(case.ticket)).state, rows.count(Decision), len(case.by_klark)


def test_an_event_that_came_while_stopped_is_answered_after_the_release(sandbox: Sandbox) -> None:
    case = rows.case(sandbox, mode="note")
    stop(case.row)
    rows.event(case.row, case.ticket)
    assert answered(case) == ("due", 0, 0)
    release(case.row)
    assert answered(case) == ("done", 1, 1)


def test_a_reply_that_waited_is_not_written_over_a_person_who_answered_meanwhile(sandbox: Sandbox) -> None:
    case = rows.case(sandbox)
    rows.delivery(case.row, case.ticket, seen=case.seen, readers_seen=case.readers)
    stop(case.row)
    case.sandbox.comment(case.desk, case.ticket, "<p>I take it.</p>", by="agent", webhook=False)
    release(case.row)
    tasks.deliver()
    assert (rows.get(Delivery).state, case.by_klark) == ("retired", [])


def test_a_stopped_topics_ticket_is_handed_to_a_person_at_once_without_a_draft(sandbox: Sandbox) -> None:
    case = rows.case(sandbox, topics={"delivery": "reply"})
    stop(case.row, "delivery")
    rows.event(case.row, case.ticket)
    assert answered(case) == ("done", 1, 1)
    (note,) = case.by_klark
    assert (case.decision(), note["public"]) == (("ESCALATE", "topic_stopped"), False)
