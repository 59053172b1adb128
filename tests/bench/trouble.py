"""What klark loses, what it does twice, and how long another tenant waits, when a burst meets trouble.

    python -m tests.bench.trouble [--parts restarts huge broker backlog] [--tickets 300] [--webhooks 10000]
                                  [--rows 50000] --json
    {PART: {"lost", "doubled", "behind_s", "peak_mib": {…}, …}}

The processes and the burst of tests.bench.throughput. `restarts`: signed webhooks about KNOWN tickets of one account, within
SECONDS, while PostgreSQL crashes and recovers CRASHES times; those answered 503 are sent again. `huge`: a burst, and in it a
ticket of 2 MB. `broker`: a burst, while the broker is killed and started again every few seconds. `backlog`: due rows, each of
a ticket of its own that is gone, as a catch-up read leaves them after a week without webhooks; not waited for.

`lost`: acknowledged and not kept, without a decision at the end, or a write not made. `doubled`: kept twice, or a ticket with two
comments of the same words. `behind_s`: from the webhook of another tenant to its decision meanwhile (the median of BESIDE).
`peak_mib`: the most memory until then of the worker and its small models.
"""

import argparse
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Any

import psycopg

import tests.bench.ready  # noqa: F401  # isort: skip

from klark.models import Decision, Delivery, WebhookEvent, within
from klark.runtime.binaries import installed
from klark.runtime.processes import free_port, spawn, wait_until
from tests.bench.burst import BOTH, PARTS, Scene, arguments, scene
from tests.bench.cpu import peak_mib_by_part
from tests.bench.machines import twice
from tests.klark import rows

SECONDS, CRASHES, KNOWN, TRIES = 10, 3, 50, 60
HUGE = f"<p>{'I have read your page on delivery, and I wonder. ' * 43_000}What does standard delivery cost?</p>"
DOWN_S, UP_S = 2.0, 3.0
PATIENCE_S = 3600
MEASURED = ("worker", "triage", "embedding")
Told = dict[str, Any]


class Broker:
    """A Valkey that can be killed and started again at the same address."""

    def __init__(self) -> None:
        self.argv = [installed().valkey, "--port", str(free_port()), "--bind", "127.0.0.1", "--save", ""]
        self.child, self.next, self.killed = spawn(self.argv), 0.0, 0

    @contextmanager
    def between(self, servers: Mapping[str, str]) -> Iterator[Mapping[str, str]]:
        """Yields the environment of klark's processes with this broker."""
        yield {**servers, "BROKER_URL": f"redis://127.0.0.1:{self.argv[2]}/0"}
        self.child.stop()

    def come_and_go(self) -> None:
        """Kills it, or starts it, if it is time. Call often."""
        if time.monotonic() < self.next:
            return
        if self.child.alive():
            self.child.stop(0.0)
            self.killed, self.next = self.killed + 1, time.monotonic() + DOWN_S
        else:
            self.child, self.next = spawn(self.argv), time.monotonic() + UP_S


def restarts(ready: Scene, given: argparse.Namespace, _: Broker) -> Told:
    """Webhooks while PostgreSQL crashes."""
    asked = [f"What does delivery cost for order {number}?" for number in range(KNOWN)]
    tickets = [ready.apart.ticket("zendesk", body=each, webhook=False) for each in asked]
    port, target = ready.running.web.rpartition(":")[2], f"/webhooks/{ready.other.pk}/"
    rate, about = given.webhooks / SECONDS, ",".join(map(str, tickets))
    sent = map(str, (port, target, given.webhooks, rate, "crash", rows.SECRET, about, TRIES))
    argv = [sys.executable, "-m", "tests.bench.senders", *sent]
    with subprocess.Popen(argv, stdout=subprocess.PIPE, text=True) as senders:
        for _number in range(CRASHES):
            time.sleep(SECONDS / (CRASHES + 1))
            crash()
        said = json.loads(senders.communicate()[0])  # nothing, if an event was not taken
    with within(ready.other.tenant_id):
        keys = [*WebhookEvent.objects.filter(key__startswith="crash-").values_list("key", flat=True)]
    quiet(ready, ready.other.tenant_id)
    with within(ready.other.tenant_id):
        decided = Decision.objects.filter(ticket_id__in=map(str, tickets)).values("ticket_id").distinct().count()
    again = sum(twice(ready.apart.stored("zendesk", ticket)) for ticket in tickets)
    return {
        "lost": given.webhooks - len(set(keys)) + KNOWN - decided, "doubled": len(keys) - len(set(keys)) + again,
        "webhooks": given.webhooks, "answered_503": said["refused"], "per_s": round(said["per_s"]),
    }  # fmt: skip


def crash() -> None:
    """Kills a process of PostgreSQL's, which then ends all others, recovers from its log and takes connections again."""
    with suppress(psycopg.OperationalError), psycopg.connect(os.environ["DATABASE_OWNER_URL"], autocommit=True) as line:
        os.kill(line.info.backend_pid, signal.SIGKILL)
    wait_until(answers, PATIENCE_S, "PostgreSQL was back")


def answers() -> bool:
    """Returns whether PostgreSQL takes connections."""
    with suppress(psycopg.OperationalError), psycopg.connect(os.environ["DATABASE_OWNER_URL"], autocommit=True) as line:
        return bool(line.execute("SELECT true").fetchone())
    return False


def quiet(ready: Scene, tenant: int) -> None:
    """Waits until nothing of a tenant's is due."""
    wait_until(lambda: not ready.open(tenant), PATIENCE_S, "all was done")


def huge(ready: Scene, given: argparse.Namespace, _: Broker) -> Told:
    """A burst with one ticket of 2 MB."""
    asker = {"name": "Lou Example", "email": "lou@example.com"}
    number = ready.accounts[0].ticket("zendesk", subject="Delivery", body_html=HUGE, requester=asker)
    told = bursting(ready, given.tickets, lambda: None)
    with within(ready.seeded.tenant_id):
        became = Decision.objects.filter(ticket_id=str(number)).order_by("pk").values_list("kind", "reason").first()
    return {**told, "the_huge_one": became}


def broker(ready: Scene, given: argparse.Namespace, valkey: Broker) -> Told:
    """A burst while the broker comes and goes."""
    told = bursting(ready, given.tickets, valkey.come_and_go)
    while not valkey.child.alive():
        valkey.come_and_go()
    return {**told, "killed": valkey.killed}


def bursting(ready: Scene, count: int, look: Callable[[], None]) -> Told:
    """A burst to its end, and the other tenant's tickets beside it."""
    before, start, waits = ready.decided(), time.monotonic(), list[float]()
    ready.burst(count)
    aside = threading.Thread(target=lambda: waits.append(ready.waited()))
    aside.start()
    ready.settle(before + count, look)
    took = time.monotonic() - start
    aside.join()
    places = {account.base(desk): account for account in ready.accounts for desk in BOTH}
    with within(ready.seeded.tenant_id):
        made = [*Delivery.objects.values_list("state", "connection__address", "connection__helpdesk", "ticket_id")]
    sent = {(where, desk, int(ticket)) for state, where, desk, ticket in made if state == "sent"}
    stored = [places[where].stored(desk, ticket) for where, desk, ticket in sent]
    return {
        "lost": sum(state != "sent" for state, *_ in made), "doubled": sum(map(twice, stored)), "tickets": count,
        "tickets_per_s": round(count / took, 1), "behind_s": round(waits[0], 2),
    }  # fmt: skip


def backlog(ready: Scene, given: argparse.Namespace, _: Broker) -> Told:
    """A week's rows of one tenant, and another's tickets beside them."""
    own = {"tenant_id": ready.seeded.tenant_id, "connection": ready.seeded.connections["zendesk"], "origin": "catch-up"}
    with within(ready.seeded.tenant_id):
        WebhookEvent.objects.bulk_create(
            (WebhookEvent(**own, ticket_id=str(10**12 + number)) for number in range(given.rows)), batch_size=1_000
        )
    start, behind = time.monotonic(), ready.waited()
    took = time.monotonic() - start
    with within(ready.seeded.tenant_id):
        ours = WebhookEvent.objects.filter(origin="catch-up", ticket_id__startswith=str(10**12)[:5])
        states = [*ours.values_list("state", flat=True)]
    return {
        "lost": given.rows - states.count("due") - states.count("done"), "doubled": len(states) - given.rows,
        "rows": given.rows, "ended_per_s": round(states.count("done") / took, 1), "behind_s": round(behind, 2),
    }  # fmt: skip


TROUBLES: Mapping[str, Callable[[Scene, argparse.Namespace, Broker], Told]] = {
    "restarts": restarts, "huge": huge, "broker": broker, "backlog": backlog,
}  # fmt: skip
"""In this order, since the last one leaves much to do."""


def main() -> int:
    """Measure and print; returns 1 if something was lost or done twice."""
    parser = arguments("tests.bench.trouble", __doc__)
    parser.add_argument("--parts", nargs="+", choices=TROUBLES, default=[*TROUBLES], help="which (default: all)")
    parser.add_argument("--webhooks", type=int, default=10_000, help="of `restarts` (default: %(default)s)")
    parser.add_argument("--rows", type=int, default=50_000, help="of `backlog` (default: %(default)s)")
    parser.set_defaults(tickets=300)
    given, valkey, told = parser.parse_args(), Broker(), dict[str, Told]()
    with scene(given, apart=valkey.between) as ready:
        alone = round(ready.waited(), 2)
        for part in (each for each in TROUBLES if each in given.parts):
            found = TROUBLES[part](ready, given, valkey)
            peak = peak_mib_by_part(PARTS)
            told[part] = {**found, "alone_s": alone, "peak_mib": {name: peak[name] for name in MEASURED}}
            print(f"{part}: {told[part]}", file=sys.stderr, flush=True)
    print(json.dumps(told))
    return 1 if any(one["lost"] or one["doubled"] for one in told.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
