"""klark's own processes under test: on the test's database, with the test's keys, and any broker."""

import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import requests
from django.conf import settings
from django.db import connections

from klark.runtime.processes import Child, free_port, spawn, wait_until

START_S = 60.0
NO_BROKER = "redis://127.0.0.1:1/0"


def environment(broker: str) -> Mapping[str, str]:
    """What a process needs to be one with this test; it searches by words only, as the test does."""
    place = urlsplit(os.environ["KLARK_TEST_DATABASE_URL"])
    database = urlunsplit(place._replace(path=f"/{connections['default'].settings_dict['NAME']}"))
    keys = ",".join(f"{name}:{key}" for name, key in settings.KLARK_ENCRYPTION_KEYS.items())
    return {
        **os.environ, "DJANGO_SETTINGS_MODULE": "klark.settings", "KLARK_MODE": "demo", "DATABASE_URL": database,
        "BROKER_URL": broker, "KLARK_ENCRYPTION_KEYS": keys, "KLARK_SECRET_KEY": settings.SECRET_KEY,
        "KLARK_LOOK_SECONDS": "1", "KLARK_CATCH_UP_SECONDS": "3600", "KLARK_READ_SECONDS": "5",
        "KLARK_EMBEDDINGS": "",
    }  # fmt: skip


@contextmanager
def running(folder: Path, name: str, argv: list[str], broker: str, **more: str) -> Iterator[Child]:
    """A process of klark's until the end of the block. `more`: what stands in its environment besides."""
    child = spawn(
        [sys.executable, *argv], env={**environment(broker), **more}, log=folder / f"{name}.log", cwd=settings.BASE_DIR
    )
    try:
        yield child
    finally:
        child.stop(5)


@contextmanager
def worker(folder: Path, broker: str, **more: str) -> Iterator[Child]:
    """A Celery worker, as the demo and the containers start it."""
    argv = ["-m", "celery", "--app", "klark.celery", "worker", "--pool", "threads", "--concurrency", "2",
            "--loglevel", "warning", "--without-gossip", "--without-mingle"]  # fmt: skip
    with running(folder, "worker", argv, broker, **more) as child:
        yield child


SERVE = """
import sys
from django.core.management import execute_from_command_line
from klark.management.commands import serve
serve.REQUEST_S = float(sys.argv.pop(1))
execute_from_command_line(sys.argv)
"""


@contextmanager
def web(folder: Path, broker: str, *options: str, threads: int = 4, request_s: float = 15.0) -> Iterator[str]:
    """A web server; its address. It waits `request_s` seconds for the rest of a request."""
    port = free_port()
    argv = ["-c", SERVE, str(request_s), "serve", "--port", str(port), "--threads", str(threads), *options]
    with running(folder, "-".join(("web", *options)), argv, broker) as child:
        address = f"http://127.0.0.1:{port}"
        wait_until(lambda: answers(f"{address}/health/ready"), START_S, "the web server answered", child)
        yield address


def answers(address: str) -> bool:
    """Whether somebody is there."""
    try:
        return requests.get(address, timeout=1).ok
    except requests.RequestException:
        return False


DELIVER = """
import sys, threading, django
django.setup()
from klark import tasks
for _ in range(int(sys.argv[1])):
    threading.Thread(target=tasks.deliver.run).start()
"""


def deliverer(folder: Path, threads: int) -> Child:
    """A worker that makes due writes until nothing is due, in so many threads with a write each at a time, without a broker. The
    caller stops it."""
    argv = [sys.executable, "-c", DELIVER, str(threads)]
    return spawn(argv, env=environment(NO_BROKER), log=folder / "writes.log", cwd=settings.BASE_DIR)
