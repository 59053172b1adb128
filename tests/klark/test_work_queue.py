"""The claim: one worker a row, the lease decides, no tenant waits behind another's flood."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection

from integrations.helpdesks.base import TicketEvent
from klark.admin.navigation import COUNTED
from klark.models import Claim, Connection, Delivery, WebhookEvent
from klark.models.database.claiming import CLAIM
from klark.models.event import keep
from tests.klark import rows

pytestmark = pytest.mark.django_db
FEW = 20
"""Events that a claim may read, of hundreds that wait."""


def flood(account: Connection, many: int) -> None:
    with rows.within(account.tenant_id):
        WebhookEvent.objects.bulk_create(
            WebhookEvent(tenant_id=account.tenant_id, connection=account, ticket_id=str(number))
            for number in range(many)
        )


def test_a_claim_goes_by_the_indexes_of_open_rows_although_the_statistics_are_of_before_the_burst(
    account: Connection,
) -> None:
    flood(account, 3_000)
    with rows.within(account.tenant_id), connection.cursor() as cursor:
        cursor.execute("UPDATE klark_webhookevent SET lease_until = clock_timestamp()")
        cursor.execute("UPDATE klark_webhookevent SET state = 'done', lease_until = NULL")
        cursor.execute("ANALYZE klark_webhookevent")
    flood(account, 300)
    assert read_by_a_claim() < FEW
    claiming = WebhookEvent.sql(CLAIM, but="'{}'::bigint[]", lease="400", each="1", most="1")
    with rows.within(rows.EVERY_TENANT), connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN {claiming}")
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert ("event_next" in plan, "event_of_ticket" in plan, "event_held" in plan) == (True, True, True), plan
    assert "Seq Scan on klark_webhookevent" not in plan


def read_by_a_claim() -> int:
    """How many events this transaction reads for a claim that finds one."""
    before = read()
    assert len(WebhookEvent.claim()) == 1
    return read() - before


def read() -> int:
    """How many events this transaction has read, by the indexes or without."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT seq_tup_read + idx_tup_fetch FROM pg_stat_xact_user_tables WHERE relname = 'klark_webhookevent'"
        )
        return int(cursor.fetchone()[0])


def test_what_was_planned_while_little_was_stored_reads_no_more_when_much_is(account: Connection) -> None:
    with rows.within(account.tenant_id), connection.cursor() as cursor:
        cursor.execute("ANALYZE klark_webhookevent")
        cursor.execute("DISCARD PLANS")
    assert WebhookEvent.claim() == []
    rows.event(account, "the first")
    assert len(WebhookEvent.claim()) == 1
    for many in (300, 3_000):
        flood(account, many)
        assert read_by_a_claim() < FEW, many


@pytest.mark.parametrize(
    ("page", "index"),
    [("klark_draft_changelist", "delivery_queue"), ("klark_delivery_changelist", "delivery_parked")],
)
def test_what_needs_a_person_is_counted_by_an_index_of_its_own_however_much_was_sent(
    account: Connection, page: str, index: str
) -> None:
    tenant, draft = account.tenant_id, rows.draft(account)
    with rows.within(tenant), connection.cursor() as cursor:
        Delivery.objects.bulk_create(
            Delivery(tenant_id=tenant, connection=account, draft=draft, kind="reply", state="sent")
            for _ in range(3_000)
        )
        cursor.execute("ANALYZE klark_delivery")
        cursor.execute(f"EXPLAIN SELECT count(*) FROM {COUNTED[page][1]} AND tenant_id = ANY(%s)", [[tenant]])
        plan = str(cursor.fetchall())
    assert index in plan


def test_a_claim_counts_the_attempt_and_holds_a_lease(account: Connection) -> None:
    pk = rows.event(account)
    (claim,) = WebhookEvent.claim()
    row = rows.get(WebhookEvent)
    assert (claim.id, claim.tenant_id, claim.attempts, claim.state) == (pk, account.tenant_id, 1, "due")
    assert (row.lease_token, row.attempts) == (claim.token, 1)
    assert row.lease_until > datetime.now(UTC) + timedelta(seconds=200)


def test_a_claimed_row_is_nobody_elses(account: Connection) -> None:
    rows.event(account)
    assert (len(WebhookEvent.claim(limit=9)), WebhookEvent.claim(limit=9)) == (1, [])


@pytest.mark.parametrize("state", ["done", "parked"])
def test_what_has_ended_is_not_claimed(account: Connection, state: str) -> None:
    rows.event(account, state=state)
    assert WebhookEvent.claim() == []


def test_what_is_due_later_is_not_claimed_yet(account: Connection) -> None:
    rows.event(account, due_at=datetime.now(UTC) + timedelta(seconds=5))
    assert WebhookEvent.claim() == []


def test_after_the_lease_another_worker_takes_the_row_and_the_first_ones_end_is_refused(account: Connection) -> None:
    rows.event(account)
    first = rows.claim()
    rows.expire_lease(WebhookEvent)
    second = rows.claim()
    with rows.within(account.tenant_id):
        assert WebhookEvent.settle(first, state="parked") is False
        assert WebhookEvent.postpone(first, 5, "late") is False
        assert WebhookEvent.settle(second, state="done") is True
    row = rows.get(WebhookEvent)
    assert (row.state, row.trouble, row.attempts, row.lease_token) == ("done", "", 2, None)


def test_a_row_is_free_before_a_claim_and_again_once_its_lease_has_ended(account: Connection) -> None:
    def free() -> int:
        with rows.within(account.tenant_id):
            return WebhookEvent.free(account.tenant_id).count()

    rows.event(account)
    seen = [free()]
    rows.claim()
    seen.append(free())
    rows.expire_lease(WebhookEvent)
    assert [*seen, free()] == [1, 0, 1]


def test_an_ended_row_cannot_be_ended_again(account: Connection) -> None:
    rows.event(account)
    claim = rows.claim()
    with rows.within(account.tenant_id):
        assert [WebhookEvent.settle(claim, state=state) for state in ("done", "parked")] == [True, False]


def test_a_claim_of_another_tenant_ends_nothing(account: Connection) -> None:
    rows.event(account)
    claim = rows.claim()
    stranger = Claim(claim.id, rows.tenant("globex"), claim.token, 1, "due")
    with rows.within(stranger.tenant_id):
        assert WebhookEvent.settle(stranger, state="done") is False


def test_one_event_of_a_quiet_tenant_is_in_the_first_claim_beside_a_flood(account: Connection) -> None:
    flood(account, 500)
    quiet = rows.connection(rows.tenant("quiet"))
    pk = rows.event(quiet)
    assert pk in {claim.id for claim in WebhookEvent.claim(limit=9, each=1)}


def test_quiet_tenants_are_served_at_once_while_a_flood_is_worked_on(account: Connection) -> None:
    """One row a claim, as workers take them, with the flood's rows older than the quiet tenants'."""
    flood(account, 500)
    assert rows.claim().tenant_id == account.tenant_id
    quiet = {rows.event(rows.connection(rows.tenant(f"quiet-{number}"))) for number in range(12)}
    assert {rows.claim().id for _ in range(12)} == quiet


def test_a_quiet_tenant_is_served_soon_by_a_single_worker(account: Connection) -> None:
    flood(account, 60)
    quiet = rows.connection(rows.tenant("quiet"))
    pk = rows.event(quiet)
    served = []
    for _ in range(40):
        claim = rows.claim()
        served.append(claim.id)
        with rows.within(claim.tenant_id):
            WebhookEvent.settle(claim, state="done")
    assert pk in served


def test_within_a_tenant_the_oldest_is_first(account: Connection) -> None:
    younger = rows.event(account, 1, due_at=datetime.now(UTC) - timedelta(seconds=10))
    older = rows.event(account, 2, due_at=datetime.now(UTC) - timedelta(seconds=20))
    assert [rows.claim().id for _ in range(2)] == [older, younger]


def test_a_tickets_rows_go_one_by_one_in_order(account: Connection) -> None:
    first, second = rows.event(account, 7), rows.event(account, 7)
    assert [claim.id for claim in WebhookEvent.claim(limit=9, each=9)] == [first]
    assert (WebhookEvent.someone_waits(), WebhookEvent.claim(limit=9, each=9)) == (False, [])
    rows.change(WebhookEvent, {"pk": first}, state="done", lease_until=None)
    assert rows.claim().id == second


def test_the_same_ticket_number_at_two_accounts_is_two_tickets(account: Connection) -> None:
    other = rows.connection(account.tenant_id, "freshdesk")
    rows.event(account, 7)
    rows.event(other, 7)
    assert len(WebhookEvent.claim(limit=9, each=9)) == 2


def test_a_row_that_waits_for_its_next_try_lets_the_tickets_next_one_go(account: Connection) -> None:
    rows.event(account, 7, due_at=datetime.now(UTC) + timedelta(seconds=60))
    second = rows.event(account, 7)
    assert rows.claim().id == second


def test_someone_waits_only_while_a_row_is_due_and_free(account: Connection) -> None:
    assert WebhookEvent.someone_waits() is False
    rows.event(account)
    assert WebhookEvent.someone_waits() is True
    rows.claim()
    assert WebhookEvent.someone_waits() is False
    rows.expire_lease(WebhookEvent)
    assert WebhookEvent.someone_waits() is True


@pytest.mark.django_db(transaction=True)
def test_many_workers_at_once_claim_each_row_once() -> None:
    account = rows.connection(rows.tenant())
    flood(account, 40)
    claimed: list[int] = []
    barrier = threading.Barrier(4)

    def worker() -> None:
        barrier.wait()
        for _ in range(40):
            claimed.extend(claim.id for claim in WebhookEvent.claim())
        connection.close()

    threads = [threading.Thread(target=worker) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(claimed), len(set(claimed))) == (40, 40)


@pytest.mark.django_db(transaction=True)
def test_two_workers_never_hold_two_rows_of_one_ticket() -> None:
    account = rows.connection(rows.tenant())
    for _ in range(6):
        rows.event(account, 7)
    held: list[Claim] = []
    barrier = threading.Barrier(4)

    def worker() -> None:
        barrier.wait()
        held.extend(WebhookEvent.claim(limit=9, each=9))
        connection.close()

    threads = [threading.Thread(target=worker) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(held) == 1


def test_two_long_ids_of_a_vendor_that_begin_alike_are_two_events(account: Connection) -> None:
    ids = ["x" * 300 + "1", "x" * 300 + "2", "x" * 300 + "1"]
    with rows.within(account.tenant_id):
        kept = [keep(account, TicketEvent("7", key, "comment"), WebhookEvent.Origin.WEBHOOK) for key in ids]
    assert kept == [True, True, False]
