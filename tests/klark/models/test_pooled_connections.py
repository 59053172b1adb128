"""A connection that the server has closed meanwhile is not used again, at no round trip for those that are open."""

import pytest
from django.db import connection

from klark.models import EVERY_TENANT, Tenant, within
from tests.klark.test_webhooks import owner

pytestmark = pytest.mark.django_db(transaction=True)

LIMITS = "SELECT current_setting('statement_timeout'), current_setting('lock_timeout')"


@pytest.fixture(autouse=True)
def one_connection() -> None:
    """Earlier tests may have left several in the pool."""
    connection.close()
    connection.close_pool()


def backend() -> int:
    with within(EVERY_TENANT), connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return int(cursor.fetchone()[0])


def test_the_same_connection_serves_one_transaction_after_another() -> None:
    assert len({backend() for _ in range(5)}) == 1


def test_a_connection_that_the_server_has_closed_is_replaced_before_anybody_notices() -> None:
    before = backend()
    with owner() as other:
        other.execute("SELECT pg_terminate_backend(%s, 5000)", [before])
    assert backend() != before
    with within(EVERY_TENANT):
        assert Tenant.objects.count() == 0


def test_time_limits_end_with_the_transaction_that_set_them() -> None:
    def limits() -> tuple[str, str]:
        with connection.cursor() as cursor:
            cursor.execute(LIMITS)
            statement, lock = cursor.fetchone()
        return statement, lock

    with within(EVERY_TENANT, statement_ms=2000, lock_ms=1000):
        assert limits() == ("2s", "1s")
    with within(EVERY_TENANT):
        assert limits() == ("0", "0")
