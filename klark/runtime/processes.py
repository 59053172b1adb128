"""Starts child processes that never outlive their owner, even if it is killed with SIGKILL. Linux only.

Each child leads its own session, so the terminal's Ctrl-C reaches only the owner, which stops its children in order.
"""

import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, NamedTuple

LIFELINE = Path(__file__).with_name("parent_death_signal.py")
POLL_S = 0.02
TAIL_LINES = 15


class StartFailed(RuntimeError):
    """A child ended, or was not ready in time. The message contains the end of its log."""


class Account(NamedTuple):
    """The account that a child runs as; only root may choose one."""

    uid: int
    gid: int


UNCHANGED = Account(-1, -1)


@dataclass(frozen=True)
class Child:
    """A started child. Its output is in `log` from byte `log_start` on; if `log` is None, it is discarded."""

    name: str
    log: Path | None
    log_start: int
    stop_signal: signal.Signals
    process: subprocess.Popen[bytes]

    @property
    def pid(self) -> int:
        """The child's process id."""
        return self.process.pid

    def alive(self) -> bool:
        """Returns whether the child is still running."""
        # An ended child is not reaped until `stop`, so that no other process can get its pid before.
        if self.process.returncode is not None:
            return False
        return os.waitid(os.P_PID, self.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None

    def ended_within(self, timeout: float) -> bool:
        """Waits up to `timeout` seconds for the child to end by itself. Returns whether it did."""
        deadline = time.monotonic() + timeout
        while self.alive():
            if time.monotonic() >= deadline:
                return False
            time.sleep(POLL_S)
        return True

    def stop(self, timeout: float = 10.0) -> int:
        """Stops the child, kills its whole process group after at most `timeout` seconds, and returns the exit status.

        May be called repeatedly.
        """
        if self.process.returncode is None:
            os.kill(self.pid, self.stop_signal)
            self.ended_within(timeout)
            os.killpg(self.pid, signal.SIGKILL)
        return self.process.wait()

    def output(self) -> str:
        """Returns what the child has written to its log so far."""
        if self.log is None:
            return ""
        return self.log.read_bytes()[self.log_start :].decode(errors="replace")

    def tail(self) -> str:
        """Returns the last `TAIL_LINES` lines of the child's output, each preceded by a line break and an indent."""
        return "".join(f"\n  {line}" for line in self.output().splitlines()[-TAIL_LINES:])


def _open_log(log: Path | None) -> IO[bytes]:
    if log is None:
        return Path(os.devnull).open("wb")
    log.parent.mkdir(parents=True, exist_ok=True)
    return log.open("ab")


def spawn(
    argv: Sequence[str | Path],
    *,
    env: Mapping[str, str] | None = None,
    account: Account = UNCHANGED,
    log: Path | None = None,
    cwd: Path | None = None,
    stop_signal: signal.Signals = signal.SIGTERM,
    orphan_signal: signal.Signals = signal.SIGTERM,
    pass_fds: Collection[int] = (),
) -> Child:
    """Starts `argv` as a child that gets `orphan_signal` when this process ends. Its output is appended to `log`.

    SIGKILL is the safer `orphan_signal`, but only for a program without children, because they would not be signalled.
    Raises RuntimeError outside the main thread, and FileNotFoundError if there is no such program.
    """
    # The kernel watches the thread that forked, not the process: if that thread ended, so would the child (prctl(2)).
    if threading.current_thread() is not threading.main_thread():
        raise RuntimeError("children are started from the main thread only")
    program = [_found(argv[0]), *map(str, argv[1:])]
    lifeline = [sys.executable, "-I", "-S", str(LIFELINE), *map(str, (os.getpid(), int(orphan_signal), *account))]
    with _open_log(log) as output:
        log_start = output.seek(0, os.SEEK_END)
        process = subprocess.Popen(  # noqa: S603 — argv comes from klark's own code
            lifeline + program,
            env=env,
            cwd=cwd,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            pass_fds=tuple(pass_fds),
        )
    return Child(Path(program[0]).name, log, log_start, stop_signal, process)


def _found(program: str | Path) -> str:
    path = shutil.which(program)
    if path is None:
        raise FileNotFoundError(f"there is no program {program} to run")
    # Links are not resolved: the Python of a virtual environment is a link, and finds its environment by that path.
    return str(Path(path).absolute())


def free_port() -> int:
    """Returns a TCP port on 127.0.0.1 that is free now. It may be taken before the caller binds it."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
    return port


def wait_until(probe: Callable[[], bool], timeout: float, what: str, child: Child | None = None) -> None:
    """Waits until `probe()` is true. Raises StartFailed after `timeout` seconds, or as soon as `child` has ended.

    `what` completes the message "… before", as in "PostgreSQL answered".
    """
    deadline = time.monotonic() + timeout
    while not probe():
        if child is not None and not child.alive():
            raise StartFailed(f"{child.name} ended with status {child.stop()} before {what}{child.tail()}")
        if time.monotonic() >= deadline:
            raise StartFailed(f"{timeout:g} s went by before {what}{child.tail() if child else ''}")
        time.sleep(POLL_S)
