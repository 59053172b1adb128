"""Sets which tenants' rows are visible to the current transaction, by PostgreSQL's row-level security.

The setting is always local to the transaction (`set_config(…, true)`, as `SET LOCAL`), so a pooled connection never
carries one tenant's setting into another's transaction. Without it, the application role sees no tenant's rows at all.
https://www.postgresql.org/docs/current/ddl-rowsecurity.html
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction

EVERY_TENANT = "*"  # for claiming work, finding a webhook's connection, and superusers
SETTING = "klark.tenants"


SHOW = "SELECT coalesce(current_setting(%s, true), ''), set_config(%s, %s, true)"
IN_ONE_MESSAGE = "SELECT set_config(%(setting)s, %(tenants)s, true)"
"""Statements in one message are one transaction:
https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-FLOW-MULTI-STATEMENT"""
IN_TIME = ", set_config('statement_timeout', %s, true), set_config('lock_timeout', %s, true)"
IN_ONE_IN_TIME = IN_ONE_MESSAGE + IN_TIME % ("%(statement_ms)s", "%(lock_ms)s")


@contextmanager
def within(*tenants: int | str, statement_ms: int = 0, lock_ms: int = 0) -> Iterator[None]:
    """Opens a short transaction in which only these tenants' rows are visible; the connection then returns to its pool.

    Takes tenants' ids, or EVERY_TENANT. May be nested: the outer setting is restored; that of the outermost block ends with
    its transaction. `statement_ms` and `lock_ms`: how long a statement, and a lock, may take until the transaction's end.
    """
    outermost = not connection.in_atomic_block
    try:
        with transaction.atomic():
            before = _show(",".join(str(tenant) for tenant in tenants), statement_ms, lock_ms)
            yield
            if not outermost:
                _show(before)
    finally:
        if not connection.in_atomic_block:
            connection.close_if_unusable_or_obsolete()


def at_once(
    tenant: int | str, statement: str, values: Mapping[str, Any], statement_ms: int = 0, lock_ms: int = 0
) -> list[tuple[Any, ...]]:
    """Runs one statement as in a `within` block of its own, and returns its rows: in one message where the block takes four.

    Inside a transaction it is a part of that. `values` are by name, as in `%(limit)s`.
    """
    if connection.in_atomic_block:
        with within(tenant, statement_ms=statement_ms, lock_ms=lock_ms), connection.cursor() as cursor:
            cursor.execute(statement, values)
            return list(cursor.fetchall())
    first = IN_ONE_IN_TIME if statement_ms else IN_ONE_MESSAGE
    own = {"setting": SETTING, "tenants": str(tenant), "statement_ms": str(statement_ms), "lock_ms": str(lock_ms)}
    try:
        with connection.cursor() as cursor:
            cursor.execute(f"{first}; {statement}", {**values, **own})
            cursor.nextset()
            return list(cursor.fetchall())
    finally:
        connection.close_if_unusable_or_obsolete()


def _show(tenants: str, statement_ms: int = 0, lock_ms: int = 0) -> str:
    """Sets the visible tenants, and the time limits if there are any; returns the tenants visible before."""
    limits = [str(statement_ms), str(lock_ms)] if statement_ms else []
    with connection.cursor() as cursor:
        cursor.execute(SHOW + (IN_TIME if limits else ""), [SETTING, SETTING, tenants, *limits])
        return str(cursor.fetchone()[0])
