"""How klark's pace grows with its workers, and what is lost when one of them dies, behind PgBouncer and RabbitMQ.

    python -m tests.bench.machines [--tickets 200] [--workers 1 2 3] --json
    {"tickets_per_s": {"1": …}, "cpu_s_per_s": {…}, "connections", "killed": {"tickets", "deliveries", "lost", "doubled"}}

Needs Debian's pgbouncer and rabbitmq-server. Every process of klark goes to the one PostgreSQL through PgBouncer in transaction
mode, with no more connections than POOLED, and is woken through RabbitMQ. A worker is a process of four threads, as a container
would be. For each number of workers a burst as in tests.bench.throughput; `cpu_s_per_s`: seconds of CPU of klark's processes
in a second. Then another burst, in the middle of which a worker is killed, and which ends when each ticket has a decision and
nothing is due: `deliveries` so far, `lost` ones were not sent, `doubled` are tickets with two comments of the same words.
"""

import json
import os
import pwd
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg

import tests.bench.ready  # noqa: F401  # isort: skip

from klark.demo.processes import WORKER
from klark.models import Delivery, within
from klark.runtime.processes import Account, Child, free_port, spawn, wait_until
from klark.settings import BASE_DIR
from tests.bench.burst import PARTS, Scene, arguments, scene
from tests.bench.cpu import seconds_by_part

POOLED = 20
START_S = 90.0
BROKER_USER = "nobody"
PGBOUNCER = """[databases]
klark = host=127.0.0.1 port={server} dbname=klark
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {port}
unix_socket_dir =
pool_mode = transaction
default_pool_size = {size}
max_client_conn = 500
auth_type = plain
auth_file = {users}
"""


@contextmanager
def pooler(folder: Path, url: str) -> Iterator[str]:
    """Starts PgBouncer before the database of `url`; yields its own URL."""
    place, port, home = urlsplit(url), free_port(), folder / "pgbouncer"
    home.mkdir()
    (home / "users").write_text(f'"{place.username}" "{place.password}"\n')
    told = PGBOUNCER.format(server=place.port, port=port, size=POOLED, users=home / "users")
    (home / "ini").write_text(told)
    child = spawn(["/usr/sbin/pgbouncer", home / "ini"], log=home / "log", account=_nobody(folder))
    with _stopped(child):
        wait_until(lambda: "process up" in child.output(), START_S, "PgBouncer", child)
        yield place._replace(netloc=f"{place.username}:{place.password}@127.0.0.1:{port}").geturl()


@contextmanager
def broker(folder: Path) -> Iterator[str]:
    """Starts RabbitMQ; yields its URL."""
    home, port = folder / "rabbitmq", free_port()
    home.mkdir()
    (home / "conf").write_text(f"listeners.tcp.default = 127.0.0.1:{port}\n")
    env = {
        **os.environ, "HOME": str(home), "RABBITMQ_NODENAME": f"klark{port}@localhost", "RABBITMQ_MNESIA_BASE": str(home),
        "RABBITMQ_LOGS": "-", "RABBITMQ_CONFIG_FILE": str(home / "conf"), "RABBITMQ_DIST_PORT": str(free_port()),
        "RABBITMQ_ENABLED_PLUGINS_FILE": str(home / "plugins"), "ERL_EPMD_ADDRESS": "127.0.0.1",
    }  # fmt: skip
    child = spawn(["/usr/lib/rabbitmq/bin/rabbitmq-server"], env=env, log=home / "log", account=_nobody(folder))
    with _stopped(child):
        wait_until(lambda: "Server startup complete" in child.output(), START_S, "RabbitMQ", child)
        yield f"amqp://guest:guest@127.0.0.1:{port}//"


def _nobody(folder: Path) -> Account:
    """Returns the account of a server that does not run as root, and lets it into the folder."""
    found = pwd.getpwnam(BROKER_USER)
    for path in (folder, *folder.rglob("*")):
        os.chown(path, found.pw_uid, found.pw_gid)
    return Account(found.pw_uid, found.pw_gid)


@contextmanager
def _stopped(child: Child) -> Iterator[None]:
    try:
        yield
    finally:
        child.stop()


@contextmanager
def apart(servers: Mapping[str, str]) -> Iterator[Mapping[str, str]]:
    """Puts PgBouncer and RabbitMQ between klark's processes and the servers; yields the environment for them."""
    with tempfile.TemporaryDirectory() as name, ExitStack() as stack:
        folder = Path(name)
        folder.chmod(0o755)
        pooled = stack.enter_context(pooler(folder, servers["DATABASE_URL"]))
        yield {**servers, "DATABASE_URL": pooled, "BROKER_URL": stack.enter_context(broker(folder))}


def worker(environment: Mapping[str, str]) -> Child:
    """Starts another worker."""
    return spawn(
        [sys.executable, "-m", *WORKER], env={**os.environ, **environment}, cwd=BASE_DIR, orphan_signal=signal.SIGKILL
    )


def paced(ready: Scene, tickets: int) -> tuple[float, float]:
    """Runs a burst to its end; returns tickets a second and cores used."""
    before, start, decided = sum(seconds_by_part(PARTS).values()), time.monotonic(), ready.decided()
    ready.burst(tickets)
    ready.settle(decided + tickets)
    took = time.monotonic() - start
    return round(tickets / took, 2), round((sum(seconds_by_part(PARTS).values()) - before) / took, 2)


def killed(ready: Scene, tickets: int, victim: Child) -> Mapping[str, int]:
    """Kills a worker once a third of a burst is decided; returns what became of the tickets."""
    decided = ready.decided()
    ready.burst(tickets)
    wait_until(lambda: ready.decided() >= decided + tickets // 3, 600, "a third of the burst")
    victim.stop(0.0)
    ready.settle(decided + tickets)
    with within(ready.seeded.tenant_id):
        states = Counter(Delivery.objects.values_list("state", flat=True))
        written = set(Delivery.objects.filter(state="sent").values_list("connection__helpdesk", "ticket_id"))
    doubled = sum(twice(ready.running.sandbox.stored(desk, int(ticket))) for desk, ticket in written)
    lost = states.total() - states["sent"]
    return {"tickets": tickets, "deliveries": states.total(), "lost": lost, "doubled": doubled}


def twice(stored: Mapping[str, Any]) -> bool:
    """Returns whether a ticket has two comments of the same words."""
    return max(Counter(each["html"] for each in stored["comments"]).values()) > 1


def main() -> int:
    """Measure and print."""
    parser = arguments("tests.bench.machines", __doc__)
    parser.add_argument(
        "--workers", type=int, nargs="+", default=[1, 2, 3], help="numbers of workers (default: %(default)s)"
    )
    given = parser.parse_args()
    pace, cores, more = {}, {}, []
    with scene(given, apart=apart) as ready:
        for count in sorted(given.workers):
            more += [worker(ready.running.environment) for _ in range(count - 1 - len(more))]
            pace[str(count)], cores[str(count)] = paced(ready, given.tickets)
        died = killed(ready, given.tickets, more[-1]) if more else None
        with psycopg.connect(os.environ["DATABASE_OWNER_URL"]) as owner:
            used = owner.execute("SELECT count(*) FROM pg_stat_activity WHERE usename = 'klark_app'").fetchone()
    print(json.dumps({"tickets_per_s": pace, "cpu_s_per_s": cores, "connections": used and used[0], "killed": died}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
