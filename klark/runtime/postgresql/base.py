"""The engine. Django's own health check is a query, so a round trip for each transaction; klark's is none."""

import select
from typing import Any

from django.db.backends.postgresql import base
from psycopg import Connection, OperationalError
from psycopg_pool import ConnectionPool


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection to PostgreSQL."""

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """Returns one that the server has not closed; what it has closed leaves the pool."""
        kept = super().get_new_connection(conn_params)
        while self.pool and _closed(kept):
            self.pool.putconn(kept)
            kept = super().get_new_connection(conn_params)
        return kept


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
