"""The engine. Django's health check of a connection, and its BEGIN, cost each transaction a round trip; here neither does."""

import select
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db.backends import utils
from django.db.backends.postgresql import base
from psycopg import Connection, OperationalError
from psycopg.pq import TransactionStatus
from psycopg_pool import ConnectionPool


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection to PostgreSQL. What begins a transaction waits, and is sent in one message with its first statement:
    https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-FLOW-MULTI-STATEMENT"""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.pending: list[str] = []
        self.shown = ""  # the tenants that are visible to the transaction: klark.models.tenancy

    def prepend(self, statement: str) -> None:
        """Has `statement` sent in one message with the next one, before it."""
        self.ensure_connection()
        self.pending.append(statement)

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """Returns one that the server has not closed; what it has closed leaves the pool."""
        self._forget()
        kept = super().get_new_connection(conn_params)
        while self.pool and _closed(kept):
            self.pool.putconn(kept)
            kept = super().get_new_connection(conn_params)
        return kept

    def make_cursor(self, cursor: Any) -> utils.CursorWrapper:
        """Returns a cursor that sends the pending statements first."""
        return Cursor(cursor, self)

    def make_debug_cursor(self, cursor: Any) -> utils.CursorDebugWrapper:
        """Returns one that logs, too."""
        return DebugCursor(cursor, self)

    def _start_transaction_under_autocommit(self) -> None:
        """Django's hook for a driver that is not to send BEGIN by itself."""
        self.prepend("BEGIN")

    def _savepoint(self, sid: str) -> None:
        # If the server cannot even read the next statement, there is no such savepoint, and the block around ends as well.
        self.prepend(self.ops.savepoint_create_sql(sid))

    def _savepoint_commit(self, sid: str) -> None:
        if self.pending and self.pending[-1] == self.ops.savepoint_create_sql(sid):
            self.pending.pop()  # nothing was asked since
        else:
            self.prepend(self.ops.savepoint_commit_sql(sid))

    def _set_autocommit(self, autocommit: bool) -> None:
        self._forget()  # nothing was asked since, in the transaction that ends here
        super()._set_autocommit(autocommit)  # type: ignore[misc]  # the stubs lack it

    def _forget(self) -> None:
        self.pending.clear()
        self.shown = ""

    @contextmanager
    def sending(self, cursor: Any) -> Iterator[str]:
        """Yields the pending statements as one; they stay pending if the server has not seen them by the end of this block."""
        seen = False
        try:
            yield "; ".join(self.pending)
            seen = True
        finally:
            seen = seen or cursor.pgresult is not None  # what was raised may come after the server's answer
            failed = self.connection.pgconn.transaction_status == TransactionStatus.INERROR
            if seen or failed or not self.in_atomic_block:
                self.pending.clear()


class Cursor(utils.CursorWrapper):
    """A cursor of a DatabaseWrapper."""

    db: DatabaseWrapper

    def _execute(self, sql: Any, params: Any, *more: Any) -> Any:
        if not self.db.pending:
            return super()._execute(sql, params, *more)  # type: ignore[misc]  # the stubs lack it
        with self.db.sending(self.cursor) as pending:
            first = pending if params is None else pending.replace("%", "%%")
            statement = sql if isinstance(sql, str) else sql.as_string(self.cursor)
            done = super()._execute(f"{first}; {statement}", params, *more)  # type: ignore[misc]
            for _ in self.db.pending:
                self.cursor.nextset()
            return done

    def _executemany(self, sql: Any, param_list: Any, *more: Any) -> Any:
        if self.db.pending:
            self._execute("SELECT", None)  # asks nothing
        return super()._executemany(sql, param_list, *more)  # type: ignore[misc]


class DebugCursor(Cursor, base.CursorDebugWrapper):
    """The same, which logs."""


def _closed(kept: Connection) -> bool:
    """Returns whether the server has closed this connection, which waits for nothing.

    A server that closes a connection says so, or ends it: then there is something to read. A frozen server is not noticed;
    a query would hang.
    """
    waiting = select.poll()
    waiting.register(kept.fileno(), select.POLLIN)
    if not waiting.poll(0):
        return False
    try:
        ConnectionPool.check_connection(kept)
    except OperationalError:
        return True
    return False
