"""How long klark's processes take from their start until they are of use.

    python -m tests.bench.start [--times 3] --json
    {"web_answers_s", "web_cpu_s", "worker_takes_s", "worker_cpu_s"}

The web server until it answers /health/live, and a worker until it has claimed an event that was due before: medians, one process
at a time, and the seconds of CPU that it used until then.
"""

import argparse
import itertools
import json
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

import tests.bench.ready  # noqa: F401  # isort: skip

from django.core.management import call_command

from klark.demo.processes import WORKER
from klark.models import Connection, WebhookEvent, within
from klark.runtime.processes import free_port, spawn, wait_until
from klark.runtime.standalone import standalone
from klark.settings import BASE_DIR
from tests.bench.cpu import seconds
from tests.faults.processes import answers
from tests.klark import rows

START_S = 60.0
tickets = itertools.count(1)


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="tests.bench.start", description=__doc__)
    parser.add_argument("--times", type=int, default=3, help="starts of each (default: %(default)s)")
    parser.add_argument("--json", action="store_true", help="nothing but one JSON object")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, standalone(Path(folder)) as servers:
        call_command("migrate", verbosity=0)
        account = rows.connection(rows.tenant(), "zendesk")
        told = [_started(servers, account) for _ in range(given.times)]
    print(json.dumps({name: round(statistics.median(one[name] for one in told), 2) for name in told[0]}))
    return 0


def _started(servers: Mapping[str, str], account: Connection) -> Mapping[str, float]:
    port, event = free_port(), rows.event(account, next(tickets))
    env = {**os.environ, **servers, "KLARK_MODE": "demo", "DJANGO_SETTINGS_MODULE": "klark.settings"}
    web = [sys.executable, "manage.py", "serve", "--port", str(port)]
    answered = _until(web, env, partial(answers, f"http://127.0.0.1:{port}/health/live"))
    took = _until([sys.executable, "-m", *WORKER], env, partial(_is_taken, account, event))
    return {"web_answers_s": answered[0], "web_cpu_s": answered[1], "worker_takes_s": took[0], "worker_cpu_s": took[1]}


def _until(argv: list[str], env: Mapping[str, str], probe: Callable[[], bool]) -> tuple[float, float]:
    """Returns the seconds, by the clock and of CPU, from the start of a process until the probe is true."""
    start = time.monotonic()
    child = spawn(argv, env=env, cwd=BASE_DIR)
    try:
        wait_until(probe, START_S, "it was of use", child)
        return time.monotonic() - start, seconds(child.pid)
    finally:
        child.stop()


def _is_taken(account: Connection, event: int) -> bool:
    with within(account.tenant_id):
        return WebhookEvent.objects.filter(pk=event, attempts__gt=0).exists()


if __name__ == "__main__":
    sys.exit(main())
