"""Starts what the demo needs as child processes: stand-in helpdesks, a stand-in model, the web server and a worker."""

import os
import signal
import socket
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import requests
from django.conf import settings

from integrations.sandbox.client import Sandbox
from klark.demo.model_choice import Writer, environment, use_here
from klark.runtime.processes import Child, StartFailed, free_port, spawn, wait_until
from klark.settings import BASE_DIR

HOST = "127.0.0.1"
START_S = 60.0
ENVIRONMENT, PORT = "demo.env", "helpdesks.port"
WORKER = ("celery", "--app", "klark.celery", "worker", "--pool", "threads", "--loglevel", "warning", "--without-gossip",
          "--without-mingle")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Stage:
    """The running demo: the stand-in helpdesks, the web server's address, all child processes, the environment of klark's, and
    who writes drafts."""

    sandbox: Sandbox
    web: str
    children: tuple[Child, ...]
    environment: Mapping[str, str]
    writer: Writer = "recorded"

    def check(self) -> None:
        """Raises StartFailed, with the end of its log, if a process ended by itself."""
        for child in self.children:
            if not child.alive():
                raise StartFailed(f"A process of the demo ended by itself:\n{child.tail()}")


@contextmanager
def stage(folder: Path, servers: Mapping[str, str], port: int, writer: Writer = "recorded") -> Iterator[Stage]:
    """Starts everything, with the web server on `port`, and stops it in order at the end; waits for none of it.

    `folder` is for logs, `servers` the environment variables that name the database and the broker; others in it replace the
    demo's own.
    """
    web, model = f"http://{HOST}:{port}", free_port()
    sandbox = Sandbox(f"http://{HOST}:{_kept_port(folder / PORT)}")
    told = environment(writer, f"{HOST}:{model}", settings.KLARK_PRIVATE_HOSTS)
    use_here(told)
    own = {
        **told, "KLARK_MODE": "demo", "KLARK_URL": web, "KLARK_READ_SECONDS": "4", "KLARK_LOOK_SECONDS": "1",
        "KLARK_CATCH_UP_SECONDS": "20", "KLARK_DATABASE_POOL": "20", "PYTHONUNBUFFERED": "1", **servers,
    }  # fmt: skip
    env = {**os.environ, **own}
    run = [sys.executable, "-m"]
    with ExitStack() as stack:
        stack.enter_context(_told(folder / ENVIRONMENT, own))

        def child(name: str, argv: list[str]) -> Child:
            log = folder / "logs" / f"{name}.log"
            # None of them has children of its own, so SIGKILL leaves no process behind.
            one = spawn([*run, *argv], env=env, log=log, cwd=BASE_DIR, orphan_signal=signal.SIGKILL)
            stack.callback(one.stop)
            return one

        played = (child("model", ["klark.demo.model_server", "--port", str(model)]),) if writer == "recorded" else ()
        children = (
            # Ticket numbers start from the time, so that a resumed demo does not mix up its tickets with the last one's.
            child("sandbox", ["integrations.sandbox", "--port", sandbox.address.rsplit(":", 1)[1],
                              "--first-id", str(int(time.time()))]),
            child("web", ["manage", "serve", "--host", HOST, "--port", str(port), "--threads", "8"]),
            child("worker", [*WORKER]),
        )  # fmt: skip
        yield Stage(sandbox, web, (*children, *played), own, writer)


@contextmanager
def _told(path: Path, environment: Mapping[str, str]) -> Iterator[None]:
    """While the demo runs, keeps a file for running other commands on it: `uv run --env-file FILE manage.py …`.

    It contains keys, so only its owner can read it.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    path.touch(mode=0o600)
    path.write_text("".join(f"{name}='{value}'\n" for name, value in environment.items()))
    try:
        yield
    finally:
        path.unlink(missing_ok=True)


def _kept_port(path: Path) -> int:
    """Returns the port that an earlier demo of this folder had, so that links to its tickets lead to a page that says what became
    of them; a new one if there was none, or it is taken."""
    try:
        port = int(path.read_text())
        socket.create_server((HOST, port)).close()
    except (OSError, ValueError):
        port = free_port()
        path.write_text(str(port))
    return port


def wait_for_desks(stage: Stage) -> None:
    """Waits until the stand-in helpdesks respond. Raises StartFailed."""
    wait_until(lambda: stage.sandbox.ready(0.1), START_S, "the stand-in helpdesks", stage.children[0])


def wait_for_web(stage: Stage) -> None:
    """Waits until the web server responds. Raises StartFailed."""
    wait_until(lambda: _answers(f"{stage.web}/health/live"), START_S, "the web server", stage.children[1])


def _answers(address: str) -> bool:
    try:
        return requests.get(address, timeout=1).ok
    except requests.RequestException:
        return False
