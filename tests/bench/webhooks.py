"""How fast the web server accepts webhooks, beside a bare view on the same server that does nothing but an INSERT.

    python -m tests.bench.webhooks [--count 3000] --json
    {"accept_per_s", "anchor_per_s", "ratio", "cpu_us", "anchor_cpu_us", "p99_ms", "anchor_p99_ms"}

Signed Zendesk events, each of another ticket, over real HTTP by SENDERS connections of another process. `accept_per_s`: as many
as it takes, in turns with the anchor, so that both meet the same machine. `cpu_us`: what the web process used for one, in
microseconds. `p99_ms`: the 99th percentile of the time from when an event should have been sent to its answer, at half of
the rate that the server accepted.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import tests.bench.ready  # noqa: F401  # isort: skip

from django.conf import settings
from django.db import connections

from klark.runtime.processes import Child, free_port, spawn, wait_until
from tests.bench.bare import TABLE
from tests.bench.cpu import seconds
from tests.bench.stage import database
from tests.faults.processes import START_S, answers
from tests.klark import rows

TURNS = 3


@dataclass
class Figures:
    """What was measured of one server, turn by turn."""

    per_s: list[float] = field(default_factory=list)
    cpu_us: list[float] = field(default_factory=list)
    p99_ms: list[float] = field(default_factory=list)


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="tests.bench.webhooks", description=__doc__)
    parser.add_argument("--count", type=int, default=3000, help="webhooks of one turn (default: %(default)s)")
    parser.add_argument("--json", action="store_true", help="nothing but one JSON object")
    given = parser.parse_args()
    with database(), tempfile.TemporaryDirectory() as folder:
        target = f"/webhooks/{rows.connection(rows.tenant(), 'zendesk').pk}/"
        with connections["owner"].cursor() as cursor:
            cursor.execute(TABLE)
            cursor.execute("GRANT INSERT ON bare TO klark_app")
            cursor.execute("GRANT USAGE ON bare_id_seq TO klark_app")
        with _server(Path(folder), "klark.settings") as door, _server(Path(folder), "tests.bench.bare") as anchor:
            print(json.dumps(_compared(door, anchor, target, given.count)))
    return 0


Server = tuple[Child, int]


def _compared(door: Server, anchor: Server, target: str, count: int) -> Mapping[str, float]:
    servers = {"": door, "anchor_": anchor}
    found = {name: Figures() for name in servers}
    for turn in range(-1, TURNS):  # the first one warms both
        for name, (child, port) in servers.items():
            before = seconds(child.pid)
            fast = _sent(port, target, count if turn >= 0 else count // 10, 0, f"{turn}-fast")
            if turn < 0:
                continue
            found[name].per_s.append(fast["per_s"])
            found[name].cpu_us.append(1e6 * (seconds(child.pid) - before) / count)
            paced = _sent(port, target, count, fast["per_s"] / 2, f"{turn}-paced")
            found[name].p99_ms.append(paced["p99_ms"])
    middle = {
        f"{name}{figure}": round(statistics.median(getattr(found[name], own)), 1)
        for name in servers
        for figure, own in (("per_s", "per_s"), ("cpu_us", "cpu_us"), ("p99_ms", "p99_ms"))
    }
    accepted = middle.pop("per_s")
    return {"accept_per_s": accepted, "ratio": round(accepted / middle["anchor_per_s"], 2), **middle}


@contextmanager
def _server(folder: Path, configured: str) -> Iterator[Server]:
    port = free_port()
    keys = ",".join(f"{name}:{key}" for name, key in settings.KLARK_ENCRYPTION_KEYS.items())
    own = {"DJANGO_SETTINGS_MODULE": configured, "KLARK_MODE": "demo", "BROKER_URL": "redis://127.0.0.1:1/0",
           "KLARK_ENCRYPTION_KEYS": keys, "KLARK_SECRET_KEY": settings.SECRET_KEY}  # fmt: skip
    child = spawn(
        [sys.executable, "manage.py", "serve", "--port", str(port)],
        env={**os.environ, **own}, log=folder / f"{configured}.log", cwd=settings.BASE_DIR,
    )  # fmt: skip
    try:
        wait_until(lambda: answers(f"http://127.0.0.1:{port}/health/live"), START_S, f"{configured} answered", child)
        yield child, port
    finally:
        child.stop(5)


def _sent(port: int, target: str, count: int, rate: float, name: str) -> dict[str, float]:
    """Returns what `tests.bench.senders` measured; it is a process of its own, so that the server's CPU is the server's."""
    argv = [sys.executable, "-m", "tests.bench.senders", str(port), target, str(count), str(rate), name, rows.SECRET]
    told: dict[str, float] = json.loads(subprocess.run(argv, check=True, capture_output=True, text=True).stdout)
    time.sleep(0.5)
    return told


if __name__ == "__main__":
    sys.exit(main())
