"""How long the webhook door takes to answer while the admin, a process of its own, is kept busy by strangers.

    python -m tests.bench.door [--count 500] [--together] --json
    {"alone_p99_ms", "beside_logins_p99_ms", "beside_sockets_p99_ms"}

Signed Zendesk events, RATE a second, over real HTTP: alone; beside LOGINS strangers who log in again and again, each try with a
password to hash and an address of its own, since klark soon refuses one that fails; beside SOCKETS sockets that each have begun a
request and do not end it. The time is counted from when an event should have been sent. It ends with an error if one is refused.
`--together`: one process serves both, for comparison.
"""

import argparse
import itertools
import json
import os
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from unittest.mock import patch
from urllib.parse import urlsplit

import requests

import tests.bench.ready  # noqa: F401  # isort: skip

from tests.bench.stage import database
from tests.faults.processes import web
from tests.klark import rows

RATE = 50
LOGINS = 30
SOCKETS = 1000
NO_BROKER = "redis://127.0.0.1:1/0"
_places = itertools.count(1)


def main() -> int:
    """Measures and prints."""
    parser = argparse.ArgumentParser(prog="tests.bench.door", description=__doc__)
    parser.add_argument("--count", type=int, default=500, help="webhooks of each figure (default: %(default)s)")
    parser.add_argument("--together", action="store_true", help="one process for both")
    parser.add_argument("--json", action="store_true", help="nothing but one JSON object")
    given = parser.parse_args()
    with database(), ExitStack() as running:
        own = {"KLARK_TRUSTED_PROXY": "true", "KLARK_TEST_DATABASE_URL": os.environ["DATABASE_URL"]}
        running.enter_context(patch.dict(os.environ, own))
        folder = Path(running.enter_context(tempfile.TemporaryDirectory()))
        parts = [()] if given.together else [("--only", "webhooks"), ("--only", "admin")]
        served = [running.enter_context(web(folder, NO_BROKER, *part, threads=16)) for part in parts]
        door, admin = served[0], served[-1]
        target = f"/webhooks/{rows.connection(rows.tenant(), 'zendesk').pk}/"
        _p99_ms(door, target, 50, "warm")
        told = {"alone_p99_ms": _p99_ms(door, target, given.count, "alone")}
        with logins(admin):
            told["beside_logins_p99_ms"] = _p99_ms(door, target, given.count, "logins")
        with slow_sockets(admin):
            told["beside_sockets_p99_ms"] = _p99_ms(door, target, given.count, "sockets")
    print(json.dumps(told))
    return 0


def _p99_ms(door: str, target: str, count: int, name: str) -> float:
    argv = [sys.executable, "-m", "tests.bench.senders", str(urlsplit(door).port), target, str(count), str(RATE), name,
            rows.SECRET]  # fmt: skip
    return round(json.loads(subprocess.run(argv, check=True, stdout=subprocess.PIPE).stdout)["p99_ms"], 1)


@contextmanager
def logins(admin: str, many: int = LOGINS) -> Iterator[list[int]]:
    """Strangers who try passwords at the admin until the end of the block; yields the statuses that they got."""
    stop, got = threading.Event(), list[int]()

    def stranger() -> None:
        while not stop.is_set():
            got.append(_log_in(admin))

    threads = [threading.Thread(target=stranger, daemon=True) for _ in range(many)]
    for thread in threads:
        thread.start()
    try:
        yield got
    finally:
        stop.set()
        for thread in threads:
            thread.join(60)


def _log_in(admin: str) -> int:
    """One try, from an address of its own; returns the status."""
    number = next(_places)
    with requests.Session() as browser:
        browser.headers["X-Forwarded-For"] = f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"
        browser.get(f"{admin}/admin/login/", timeout=60)
        form = {"username": f"stranger{number}", "password": "not a password of anybody's",
                "csrfmiddlewaretoken": browser.cookies.get("csrftoken", "")}  # fmt: skip
        return browser.post(f"{admin}/admin/login/", data=form, timeout=60).status_code


@contextmanager
def slow_sockets(admin: str, many: int = SOCKETS) -> Iterator[None]:
    """Sockets that each begin a request at the admin, and leave it at that until the end of the block."""
    with ExitStack() as held:
        for _ in range(many):
            line = held.enter_context(socket.create_connection(("127.0.0.1", urlsplit(admin).port or 0)))
            line.sendall(b"POST /admin/login/ HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 1000\r\n\r\n{")
        yield


if __name__ == "__main__":
    sys.exit(main())
