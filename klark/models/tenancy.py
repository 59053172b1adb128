"""Sets which tenants' rows are visible to the current transaction, by PostgreSQL's row-level security.

The setting is always local to the transaction (`SET LOCAL`), so a pooled connection never carries one tenant's setting into
another's transaction. Without it, the application role sees no tenant's rows at all.
https://www.postgresql.org/docs/current/ddl-rowsecurity.html
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction

EVERY_TENANT = "*"  # for claiming work, finding a webhook's connection, and superusers
SETTING = "klark.tenants"
_link: Any = connection  # a DatabaseWrapper of klark.runtime.postgresql


@contextmanager
def within(*tenants: int | str, statement_ms: int = 0, lock_ms: int = 0) -> Iterator[None]:
    """Opens a short transaction in which only these tenants' rows are visible; the connection then returns to its pool.

    Takes tenants' ids, or EVERY_TENANT. May be nested: the outer setting is restored; that of the outermost block ends with
    its transaction. `statement_ms` and `lock_ms`: how long a statement, and a lock, may take until the transaction's end.
    """
    outermost, before, now = not connection.in_atomic_block, _link.shown, ",".join(map(str, tenants))
    try:
        with transaction.atomic():
            _link.shown = now
            if outermost or now != before or statement_ms:
                _show(now, statement_ms, lock_ms)
            yield
            if not outermost and now != before:
                _show(before)
    finally:
        _link.shown = before
        if not connection.in_atomic_block:
            connection.close_if_unusable_or_obsolete()


def at_once(
    tenant: int | str, statement: str, values: Mapping[str, Any] | Sequence[Any], statement_ms: int = 0, lock_ms: int = 0
) -> list[tuple[Any, ...]]:  # fmt: skip
    """Runs one statement as in a `within` block of its own, and returns its rows: in one message where the block takes four.

    Inside a transaction it is a part of that.
    """
    if connection.in_atomic_block:
        with within(tenant, statement_ms=statement_ms, lock_ms=lock_ms), connection.cursor() as cursor:
            cursor.execute(statement, values)
            return list(cursor.fetchall())
    try:
        with connection.cursor() as cursor:
            _show(str(tenant), statement_ms, lock_ms)
            cursor.execute(statement, values)
            return list(cursor.fetchall())
    finally:
        connection.close_if_unusable_or_obsolete()


def _show(tenants: str, statement_ms: int = 0, lock_ms: int = 0) -> None:
    """Sets the visible tenants, and the time limits if there are any, in one message with the next statement."""
    _link.prepend("SET LOCAL {} TO '{}'".format(SETTING, tenants.replace("'", "''")))
    if statement_ms:
        _link.prepend(f"SET LOCAL statement_timeout TO {statement_ms}")
        _link.prepend(f"SET LOCAL lock_timeout TO {lock_ms}")
