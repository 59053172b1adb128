"""Time that nobody waits for: what klark does later is made due now, in its rows, as if the time had gone by.

Only the times in rows that are work are moved, by the owner of the database, and never what they say.
"""

import time
from collections.abc import Callable, Sequence

from tests.faults.stage.ground import Ground

OPEN = {"klark_webhookevent": "('due')", "klark_delivery": "('due', 'sending')"}
COLUMNS = """SELECT table_name, column_name FROM information_schema.columns WHERE data_type = 'timestamp with time zone'
 AND table_name LIKE 'klark\\_%' AND table_name NOT LIKE 'klark\\_audit%' AND column_name NOT IN ('catch_up_at', 'cursor')"""
UNREAD = "SELECT 1 FROM klark_connection WHERE catch_up_at < now() + interval '1 h'"
HASTE_S, LOOK_S, READ_S = 0.4, 0.1, 90.0
Lease = tuple[str, int, str]


class Rows:
    """The owner's view of klark's open work."""

    def __init__(self, ground: Ground) -> None:
        self.ground = ground

    def run(self, *statements: str) -> list[tuple[object, ...]]:
        """Runs statements; returns the rows of the last, if it has any."""
        return self.ground.servers.ask(*statements)

    def open(self) -> int:
        """Returns how many events and deliveries have not ended."""
        parts = [f"SELECT count(*) AS n FROM {table} WHERE state IN {states}" for table, states in OPEN.items()]
        return int(str(self.run(f"SELECT sum(n) FROM ({' UNION ALL '.join(parts)}) AS every")[0][0]))

    def hasten(self) -> None:
        """Makes due what is postponed."""
        self.run(
            *(f"UPDATE {table} SET due_at = now() WHERE state IN {states} AND due_at > now() AND lease_until IS NULL"
              for table, states in OPEN.items()),
            "UPDATE klark_budget SET held_until = NULL WHERE held_until IS NOT NULL",
        )  # fmt: skip

    def leases(self) -> Sequence[Lease]:
        """Returns the claims that somebody holds."""
        parts = [f"SELECT '{table}', id, lease_token::text FROM {table} WHERE lease_until > now()" for table in OPEN]
        return [(str(table), int(str(row)), str(token)) for table, row, token in self.run(" UNION ALL ".join(parts))]

    def expire(self, leases: Sequence[Lease]) -> None:
        """Ends these claims, as when their workers have been dead for long."""
        for table, row, token in leases:
            self.run(
                f"UPDATE {table} SET lease_until = now() - interval '1s' WHERE id = {row} AND lease_token = '{token}'"
            )

    def jump(self, seconds: float) -> None:
        """Sets the database's clock forward (or back): every time in klark's rows is that much older, also under a worker."""
        columns: dict[str, list[str]] = {}
        for table, column in self.run(COLUMNS):
            columns.setdefault(str(table), []).append(f"{column} = {column} - interval '{seconds} s'")
        self.run(*(f"UPDATE {table} SET {', '.join(moved)}" for table, moved in columns.items()))

    def catch_up(self, ends: Callable[[], bool] = bool) -> None:
        """Has the helpdesks' changes read, and waits until they are, or until `ends()`."""
        self.run("UPDATE klark_connection SET catch_up_at = now()")
        end = time.monotonic() + READ_S
        while time.monotonic() < end and not ends() and self.run(UNREAD):
            time.sleep(LOOK_S)

    def stop(self, tenant: str) -> None:
        """A person stops all of a tenant."""
        self.run(f"INSERT INTO klark_stop (tenant_id, topic, by, released_by) SELECT id, '', 'lead', '' "
                 f"FROM klark_tenant WHERE slug = '{tenant}'")  # fmt: skip

    def release(self) -> None:
        """Releases every stop."""
        self.run("UPDATE klark_stop SET released_at = now(), released_by = 'lead' WHERE released_at IS NULL")

    def idle(self, patience_s: float) -> None:
        """Waits until nobody holds a claim."""
        end = time.monotonic() + patience_s
        while self.leases() and time.monotonic() < end:
            time.sleep(LOOK_S)

    def done(self) -> bool:
        """Returns whether no webhook is on its way and all work has ended."""
        return not self.open() and self.ground.quiet() and not self.open()

    def settled(self, patience_s: float) -> bool:
        """Waits until no webhook is on its way and all work has ended, for `patience_s` from the last time that anything did;
        returns whether it has."""
        left, end, hasten_at = -1, 0.0, 0.0
        while not self.done():
            if (now_left := self.open()) != left:
                left, end = now_left, time.monotonic() + patience_s
            if time.monotonic() > end:
                return False
            if time.monotonic() > hasten_at:
                self.hasten()
                hasten_at = time.monotonic() + HASTE_S
            time.sleep(LOOK_S)
        return True
