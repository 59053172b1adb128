"""What tests of child processes share: an owner to kill, and what the kernel knows about a process."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
PATIENCE_S = 20.0


class Owner:
    """A running `tests.klark.owner` and the facts that it reported."""

    def __init__(self, *arguments: str) -> None:
        command = [sys.executable, "-m", "tests.klark.owner", *arguments]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT)

    def facts(self) -> dict[str, Any]:
        assert self.process.stdout is not None
        return dict(json.loads(self.process.stdout.readline()))

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()


@contextmanager
def owner(*arguments: str) -> Iterator[Owner]:
    it = Owner(*arguments)
    try:
        yield it
    finally:
        it.process.communicate()


def gone(pid: int) -> bool:
    """Whether the process is no more, or is dead and only waits for its parent to notice."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return True
    return state in "ZX"


def soon(probe: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + PATIENCE_S
    while not probe():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def family(pid: int) -> list[int]:
    """The process and its children."""
    return [pid, *map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text().split())]


def status(pid: int, field: str) -> str:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(line.split(":", 1)[1].strip() for line in lines if line.startswith(f"{field}:"))


def another_account() -> tuple[int, int]:
    """As root an account that children can be given, else the one that stands for no change."""
    return (65534, 65534) if os.geteuid() == 0 else (-1, -1)
