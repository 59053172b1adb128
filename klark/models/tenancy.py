"""Sets which tenants' rows are visible to the current transaction, by PostgreSQL's row-level security.

The setting is always local to the transaction (`set_config(…, true)`, as `SET LOCAL`), so a pooled connection never
carries one tenant's setting into another's transaction. Without it, the application role sees no tenant's rows at all.
https://www.postgresql.org/docs/current/ddl-rowsecurity.html
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction

EVERY_TENANT = "*"  # for claiming work, finding a webhook's connection, and superusers
SETTING = "klark.tenants"


@contextmanager
def within(*tenants: int | str) -> Iterator[None]:
    """Opens a short transaction in which only these tenants' rows are visible; the connection then returns to its pool.

    Takes tenants' ids, or EVERY_TENANT. May be nested: the outer setting is restored.
    """
    try:
        with transaction.atomic():
            before = _exchange(",".join(str(tenant) for tenant in tenants))
            yield
            _exchange(before)
    finally:
        if not connection.in_atomic_block:
            connection.close_if_unusable_or_obsolete()


def _exchange(tenants: str) -> str:
    """Sets the visible tenants and returns the previous setting, so that an outer `within` can be restored."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(current_setting(%s, true), '') AS before, set_config(%s, %s, true)",
            [SETTING, SETTING, tenants],
        )
        return str(cursor.fetchone()[0])
