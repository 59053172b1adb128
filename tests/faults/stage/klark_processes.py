"""The klark of one tree in the middle of the stage: its launcher, its web server and its worker."""

import json
import secrets
import signal
import subprocess
import sys
import time
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import requests

from klark.runtime.processes import free_port, wait_until
from tests.faults.stage import model
from tests.faults.stage.ground import HOST, LOGIN, ROOT, START_S, Ground
from tests.faults.stage.switchboard import Process, ended, send

GRACE_S = 10.0
"""How long a process that was told to end may take; one that was killed ends at once."""
BOTH: tuple[Process, Process] = ("web", "worker")


class Klark:
    """Starts with nothing but its launcher running. Ends with `undo`."""

    def __init__(self, ground: Ground, tree: Path, undo: ExitStack) -> None:
        self.ground = ground
        self.log = ground.folder / f"klark-{secrets.token_hex(3)}.log"
        argv = [sys.executable, str(ROOT / "tests/faults/stage/launcher.py"), str(tree)]
        with self.log.open("ab") as log:
            self.launcher = subprocess.Popen(
                argv,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                cwd=tree,
                env=ground.environment(),
                text=True,
            )
        undo.callback(self.stop)
        self._told()

    def _told(self) -> dict[str, Any]:
        assert self.launcher.stdout
        line = self.launcher.stdout.readline()
        if not line:
            raise RuntimeError(f"klark could not be started:\n{self.tail()}")
        told: dict[str, Any] = json.loads(line)
        return told

    def order(self, run: str, database_port: int, **more: Any) -> int:
        """Has a process started; returns its id."""
        assert self.launcher.stdin
        order = {"run": run, "database_port": database_port, "log": str(self.log), **more}
        print(json.dumps(order), file=self.launcher.stdin, flush=True)
        return int(self._told()["pid"])

    def start(self, *processes: Process) -> None:
        """Starts the web server, the worker or both, ending those that are there. Waits for the web server."""
        for process in processes:
            self.end(process)
            more = {}
            if process == "web":
                self.ground.door.upstream = more["port"] = free_port()
            self.ground.board.pids[process] = self.order(process, self.ground.databases[process].port, **more)
        if "web" in processes:
            address = f"http://{HOST}:{self.ground.door.upstream}/health/live"
            wait_until(lambda: _answers(address), START_S, f"the web server answered{self.tail()}")

    def end(self, process: Process) -> None:
        """Kills a process, if it is there."""
        self.ground.board.doomed.discard(process)
        if pid := self.ground.board.pids.pop(process, 0):
            send(pid, signal.SIGKILL)
            ended(pid)

    def alive(self, process: Process) -> bool:
        """Returns whether it runs."""
        board = self.ground.board
        pid = board.pids.get(process, 0)
        return bool(pid) and not ended(pid, GRACE_S if process in board.doomed else 0.02)

    def furnish(self) -> dict[str, str]:
        """Sets the shops up in klark's database; returns the connections' ids by name."""
        out = self.ground.folder / "seeded.json"
        told = {
            "function": "tests.faults.stage.seed:seed", "tests": str(ROOT), "login": LOGIN, "password": self.ground.password,
            "desks": {name: f"http://{HOST}:{desk.proxy.port}" for name, desk in self.ground.desks.items()},
            "out": str(out), "secret": self.ground.secret, "judge": f"{self.ground.model_url} {model.NAME}",
        }  # fmt: skip
        self._done(self.order("call", self.ground.servers.database_port, **told))
        if not out.exists():
            raise RuntimeError(f"the shops were not set up:\n{self.tail()}")
        seeded: dict[str, str] = json.loads(out.read_text())["connections"]
        return seeded

    def chore(self, task: str) -> None:
        """Runs one of klark's tasks to its end, in a process of its own."""
        self._done(self.order("task", self.ground.servers.database_port, task=task))

    def _done(self, pid: int) -> None:
        end = time.monotonic() + START_S
        while not ended(pid, 0.1) and time.monotonic() < end:
            pass

    def tail(self) -> str:
        """Returns the end of the log."""
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-15:])

    def stop(self) -> None:
        """Ends everything of this klark."""
        for process in BOTH:
            self.end(process)
        if self.launcher.stdin:
            self.launcher.stdin.close()
        self.launcher.wait(10)


def _answers(address: str) -> bool:
    try:
        return requests.get(address, timeout=1).ok
    except requests.RequestException:
        return False
