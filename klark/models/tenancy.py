"""Which tenants' rows exist for the current transaction: set for PostgreSQL's row-level security.

`SET LOCAL` only (through `set_config(…, true)`), so a pooled connection never carries one tenant's setting into
another's transaction. Without a setting, the application role sees no tenant's rows at all.
https://www.postgresql.org/docs/current/ddl-rowsecurity.html
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction

EVERY_TENANT = "*"  # claims, the door's look-up of a connection, superusers
SETTING = "klark.tenants"


@contextmanager
def within(*tenants: int | str) -> Iterator[None]:
    """One short transaction in which only these tenants' rows exist; afterwards the connection is back in its pool."""
    try:
        with transaction.atomic():
            before = _exchange(",".join(str(tenant) for tenant in tenants))
            yield
            _exchange(before)
    finally:
        if not connection.in_atomic_block:
            connection.close_if_unusable_or_obsolete()


def _exchange(tenants: str) -> str:
    """Set who is visible; what was set before, so that an outer `within` goes on as it was."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(current_setting(%s, true), '') AS before, set_config(%s, %s, true)",
            [SETTING, SETTING, tenants],
        )
        return str(cursor.fetchone()[0])
