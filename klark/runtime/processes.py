"""Child processes that never outlive their owner, not even when it is killed with SIGKILL.

Each child leads a session of its own, so the terminal's Ctrl-C reaches only the owner, who stops its children in order.
Linux only.
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

LIFELINE = Path(__file__).with_name("lifeline.py")
POLL_S = 0.02
TAIL_LINES = 15


class StartFailed(RuntimeError):
    """A child ended or stayed silent before it was ready; carries the end of its log."""


class Account(NamedTuple):
    """Whom a child runs as; only root may choose."""

    uid: int
    gid: int


UNCHANGED = Account(-1, -1)


@dataclass(frozen=True)
class Child:
    """A running child. Its output goes to `log`, from byte `log_start` on; None: nowhere."""

    name: str
    log: Path | None
    log_start: int
    stop_signal: signal.Signals
    process: subprocess.Popen[bytes]

    @property
    def pid(self) -> int:
        return self.process.pid

    def alive(self) -> bool:
        # An ended child is left unreaped until `stop`: so long, nobody else can get its pid.
        if self.process.returncode is not None:
            return False
        return os.waitid(os.P_PID, self.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None

    def ended_within(self, timeout: float) -> bool:
        """Wait at most `timeout` seconds for the child's own end."""
        deadline = time.monotonic() + timeout
        while self.alive():
            if time.monotonic() >= deadline:
                return False
            time.sleep(POLL_S)
        return True

    def stop(self, timeout: float = 10.0) -> int:
        """End the child and its group politely, by force after `timeout` seconds; repeatable. Gives the exit status."""
        if self.process.returncode is None:
            os.kill(self.pid, self.stop_signal)
            self.ended_within(timeout)
            os.killpg(self.pid, signal.SIGKILL)
        return self.process.wait()

    def output(self) -> str:
        """What the child has written to its log so far."""
        if self.log is None:
            return ""
        return self.log.read_bytes()[self.log_start :].decode(errors="replace")

    def tail(self) -> str:
        """The last lines of its output, each indented and on a line of its own."""
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
    """Start `argv` as a child that gets `orphan_signal` when this process ends; output is appended to `log`.

    SIGKILL is the surer `orphan_signal`, but only for a program without children: these would not hear of it.
    """
    # The kernel watches the thread that forked, not the process: a thread's end would take the child along (prctl(2)).
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
    # Links stay unresolved: the Python of a virtual environment is a link, and knows itself by that name.
    return str(Path(path).absolute())


def free_port() -> int:
    """A TCP port on 127.0.0.1 that nobody uses now; whoever binds it must be ready to find it taken after all."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
    return port


def wait_until(probe: Callable[[], bool], timeout: float, what: str, child: Child | None = None) -> None:
    """Return once `probe()` is true; raise StartFailed after `timeout` seconds, or at once when `child` has ended.

    `what` completes the sentence "… before", as in "PostgreSQL answered".
    """
    deadline = time.monotonic() + timeout
    while not probe():
        if child is not None and not child.alive():
            raise StartFailed(f"{child.name} ended with status {child.stop()} before {what}{child.tail()}")
        if time.monotonic() >= deadline:
            raise StartFailed(f"{timeout:g} s went by before {what}{child.tail() if child else ''}")
        time.sleep(POLL_S)
