"""Whether the inbox stays as fast as it grows: accepting an event, claiming it, ending it.

    python -m tests.bench.growth [--stored 0 100000 1000000] [--due 10000 50000] --json
    {"accept_per_s": {"0 stored": …}, "pickup_per_s": {…}, "claim_ms": {…}}

Each step is measured with so many rows that have ended, and then with so many due rows beside the largest number of these.
Autovacuum is off, and the statistics are those of the empty table: a burst is over before they are renewed. `accept_per_s`:
events stored in a second, one transaction each. `pickup_per_s`: events claimed and ended in a second by one worker.
`claim_ms`: the median of a claim. A PostgreSQL of its own, and this process alone.
"""

import argparse
import json
import statistics
import sys
import time
from collections.abc import Callable

import tests.bench.ready  # noqa: F401  # isort: skip

from django.db import connection, connections

from integrations.helpdesks.base import TicketEvent
from klark.models import Connection, WebhookEvent, within
from klark.models.event import keep
from tests.bench.stage import database
from tests.klark import rows

TIMES = 300
ENDED = """INSERT INTO klark_webhookevent (tenant_id, connection_id, ticket_id, state, origin, key, kind, raw, attempts, trouble,
                                           late, merged, instruction, due_at, ended_at)
           SELECT %s, %s, 'old-' || number, 'done', 'webhook', 'old-' || number, '', '', 1, '', false, 0, '', now(), now()
             FROM generate_series(%s, %s) AS number"""


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="tests.bench.growth", description=__doc__)
    parser.add_argument("--stored", type=int, nargs="+", default=[0, 100_000, 1_000_000], help="rows that have ended")
    parser.add_argument(
        "--due", type=int, nargs="+", default=[10_000, 50_000], help="rows that wait, beside the most ended"
    )
    parser.add_argument("--json", action="store_true", help="nothing but one JSON object")
    given = parser.parse_args()
    with database():
        account = rows.connection(rows.tenant())
        with connections["owner"].cursor() as cursor:
            cursor.execute("ALTER TABLE klark_webhookevent SET (autovacuum_enabled = false)")
        steps = [(f"{most} stored", _stored, most) for most in given.stored] + [
            (f"{most} due", _due, most) for most in given.due
        ]
        found = {
            name: _measured(account, lambda fill=fill, most=most: fill(account, most)) for name, fill, most in steps
        }
    print(json.dumps({figure: {name: one[figure] for name, one in found.items()} for figure in FIGURES}))
    return 0


FIGURES = ("accept_per_s", "pickup_per_s", "claim_ms")


def _measured(account: Connection, fill: Callable[[], None]) -> dict[str, float]:
    fill()
    accepted = _per_second(lambda number: _accept(account, f"new-{time.monotonic_ns()}-{number}"))
    claims: list[float] = []

    def pick_up(_: int) -> None:
        start = time.perf_counter()
        (claim,) = WebhookEvent.claim()
        claims.append(time.perf_counter() - start)
        with within(claim.tenant_id):
            WebhookEvent.settle(claim, state="done")

    return {
        "accept_per_s": accepted, "pickup_per_s": _per_second(pick_up),
        "claim_ms": round(1000 * statistics.median(claims), 2),
    }  # fmt: skip


def _per_second(step: Callable[[int], None]) -> float:
    start = time.perf_counter()
    for number in range(TIMES):
        step(number)
    return round(TIMES / (time.perf_counter() - start), 1)


def _accept(account: Connection, name: str) -> None:
    with within(account.tenant_id):
        keep(account, TicketEvent(ticket_id=name, kind="created", key=name), "webhook")


def _stored(account: Connection, most: int) -> None:
    with within(account.tenant_id), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM klark_webhookevent WHERE ticket_id LIKE 'old-%%'")
        cursor.execute(ENDED, [account.tenant_id, account.pk, cursor.fetchone()[0] + 1, most])


def _due(account: Connection, most: int) -> None:
    with within(account.tenant_id):
        waiting = WebhookEvent.of(account.tenant_id).filter(state="due").count()
        WebhookEvent.objects.bulk_create(
            (
                WebhookEvent(tenant_id=account.tenant_id, connection=account, ticket_id=f"due-{waiting + number}")
                for number in range(most - waiting)
            ),
            batch_size=1_000,
        )


if __name__ == "__main__":
    sys.exit(main())
