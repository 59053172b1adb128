"""Which faults are to strike, and where. The proxies tell it all that passes; it says what happens there.

A fault strikes at a *point*: a statement or request that matches a pattern, at one of three moments. Nothing in klark knows
of it.

before  it has arrived at the proxy, and nobody else has seen it
sent    it has been passed on; its answer has not come back
after   it has been carried out, and its answer has arrived at the proxy, but whoever asked has not heard of it
"""

import os
import re
import signal
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Literal

Moment = Literal["before", "sent", "after"]
Process = Literal["web", "worker"]
Way = Literal["database", "helpdesk", "model", "door"]
PROCESS_ACTS = ("kill", "stop", "end")


@dataclass(frozen=True, slots=True)
class Point:
    """A place where a fault may strike. `commit`: at the COMMIT of the transaction in which the statement stood."""

    name: str
    process: Process
    way: Way
    pattern: str
    moment: Moment
    commit: bool = False


@dataclass(slots=True)
class Trigger:
    """One fault to come: `act` at the `nth` passage of a point, `times` times in a row.

    kill, stop, end  SIGKILL; SIGSTOP for `seconds`; SIGTERM to the point's process
    cut              the connection is closed on both sides
    hold             nothing passes for `seconds`
    full             the database says that its disk is full, and does nothing
    status, half, garbage, drip, page    what the answer is made into: see tests.faults.stage.http_proxy
    """

    point: Point
    act: str
    nth: int = 1
    times: int = 1
    seconds: float = 0.0
    status: int = 503
    headers: Mapping[str, str] = field(default_factory=dict)
    fired: threading.Event = field(default_factory=threading.Event)

    def strikes(self, process: str, way: str, text: str, moment: str, *, commit: bool) -> bool:
        """Counts a passage; returns whether the fault strikes at it."""
        point = self.point
        here = (point.process, point.way, point.moment, point.commit) == (process, way, moment, commit)
        if self.times <= 0 or not here or re.search(point.pattern, text) is None:
            return False
        self.nth -= 1
        if self.nth > 0:
            return False
        self.times -= 1
        self.fired.set()
        return True


class Switchboard:
    """The faults to come, and the processes that they strike."""

    def __init__(self) -> None:
        self.pids: dict[str, int] = {}
        self.triggers: list[Trigger] = []
        self.closed: set[str] = set()
        self.frozen: set[str] = set()
        self.doomed: set[str] = set()
        self.heard: list[tuple[str, str, str]] | None = None
        self._lock = threading.Lock()

    def arm(self, *triggers: Trigger) -> None:
        """Adds faults."""
        with self._lock:
            self.triggers += triggers

    def clear(self) -> None:
        """Removes all faults; what is frozen or closed is open again."""
        with self._lock:
            self.triggers.clear()
            self.closed.clear()
            self.frozen.clear()

    def at(self, process: str, way: str, text: str, moment: Moment, *, commit: bool = False) -> Trigger | None:
        """Returns the fault that strikes here, if any. Signals to processes are sent at once."""
        with self._lock:
            if self.heard is not None and moment == "before":
                self.heard.append((process, way, f"COMMIT of {text}" if commit else text))
            found = next((one for one in self.triggers if one.strikes(process, way, text, moment, commit=commit)), None)
        if found and found.act in PROCESS_ACTS:
            self.strike(found.point.process, found.act, found.seconds)
        return found

    def strike(self, process: str, act: str, seconds: float = 0.0) -> None:
        """Sends a signal to a process; one that is stopped goes on after `seconds`."""
        pid = self.pids.get(process, 0)
        send(pid, {"kill": signal.SIGKILL, "stop": signal.SIGSTOP, "end": signal.SIGTERM}[act])
        if act != "stop":
            self.doomed.add(process)
        else:
            threading.Timer(seconds, send, (pid, signal.SIGCONT)).start()


def send(pid: int, number: int) -> None:
    """Sends a signal to a process, if it is still there."""
    if pid:
        with suppress(ProcessLookupError):
            os.kill(pid, number)


def ended(pid: int, patience_s: float = 5.0) -> bool:
    """Waits for a process to end; returns whether it has."""
    end = time.monotonic() + patience_s
    while time.monotonic() < end:
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.01)
    return False
