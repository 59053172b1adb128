"""Starts klark's processes in a moment: imports klark once, then forks a web server or a worker whenever it is told to.

    python tests/faults/stage/launcher.py TREE

TREE is the tree whose klark is run, and the working directory. Orders come as lines of JSON on standard input, and each is
answered with one line. What a forked process then runs is what `manage.py serve` and `celery worker` run; only the port of
its database differs, so that a proxy can tell the two apart. A forked process ends with this one.
"""

import ctypes
import importlib
import json
import os
import signal
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

PR_SET_PDEATHSIG, PR_SET_CHILD_SUBREAPER = 1, 36
IMPORTED = ("klark.celery", "klark.tasks", "klark.wsgi", "klark.management.commands.serve", "celery.bin.worker",
            "integrations.embeddings.openai")  # fmt: skip
Told = Mapping[str, Any]


def main(tree: str) -> None:
    """Takes orders until standard input is closed."""
    sys.path[0] = tree
    import django  # noqa: PLC0415 — of the tree that was named

    django.setup()
    for name in IMPORTED:
        importlib.import_module(name)
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)  # what a killed worker had started is reaped here, too
    signal.signal(signal.SIGCHLD, reap)
    print(json.dumps({"ready": True}), flush=True)
    for line in sys.stdin:
        told = json.loads(line)
        print(json.dumps({"pid": forked(told)}), flush=True)


def reap(*_: object) -> None:
    """Takes note of every child that has ended, so that its id is free and its seconds are counted."""
    with suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass


def forked(told: Told) -> int:
    """Returns the process id of a child that does what it is told."""
    if pid := os.fork():
        return pid
    try:
        apart(told["log"])
        at_port(told["database_port"])
        RUNS[told["run"]](told)
        os._exit(0)
    except SystemExit as ended:
        os._exit(int(ended.code or 0) if isinstance(ended.code, int | None) else 1)
    except BaseException:
        sys.excepthook(*sys.exc_info())
        os._exit(1)


def apart(log: str) -> None:
    """Makes this child a group of its own, ties it to its parent's life and sends its output to `log`."""
    os.setsid()
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    output = os.open(log, os.O_CREAT | os.O_APPEND | os.O_WRONLY)
    for descriptor, file in ((0, os.open(os.devnull, os.O_RDONLY)), (1, output), (2, output)):
        os.dup2(file, descriptor)


def at_port(port: int) -> None:
    """Leads this process to its own way to the database."""
    from django.db import connections  # noqa: PLC0415

    for alias in ("default", "owner"):
        connections[alias].settings_dict["PORT"] = port


def web(told: Told) -> None:
    """The web server."""
    from django.core.management import call_command  # noqa: PLC0415

    call_command("serve", port=told["port"], threads=6)


def worker(told: Told) -> None:
    """A worker, with the options of the demo and the containers."""
    from klark.celery import app  # noqa: PLC0415

    app.worker_main(["worker", "--pool", "threads", "--concurrency", str(told.get("threads", 2)), "--loglevel", "warning",
                     "--without-gossip", "--without-mingle", "--without-heartbeat"])  # fmt: skip


def call(told: Told) -> None:
    """A function of the tests, by its name."""
    module, _, name = told["function"].partition(":")
    sys.path.append(told["tests"])
    getattr(importlib.import_module(module), name)(told)


def task(told: Told) -> None:
    """One of klark's tasks, as a worker runs it."""
    from klark.celery import app  # noqa: PLC0415

    app.tasks[told["task"]]()


RUNS: Mapping[str, Callable[[Told], None]] = {"web": web, "worker": worker, "call": call, "task": task}

if __name__ == "__main__":
    main(sys.argv[1])
