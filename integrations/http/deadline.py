"""One deadline for a whole exchange, whatever the server does: when it passes, the connection is cut.

A socket's time-out counts from byte to byte. A server that drips its TLS handshake, its headers or `100 Continue`
never triggers it, and would block a thread of klark's forever.
"""

import os
import socket
from contextlib import suppress
from contextvars import ContextVar
from heapq import heappop, heappush
from itertools import count
from threading import Condition, Lock, Thread
from time import monotonic
from types import TracebackType


class Watch:
    """A context manager that cuts the connection it follows `seconds` after it was entered. `over`: whether the time is up."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.over = self.stopped = False
        self._lock = Lock()
        self._handle: socket.socket | None = None

    def __enter__(self) -> "Watch":
        _DEADLINES.add(self)
        self._before = _CURRENT.set(self)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stops only on an error. Otherwise the connection stays watched until `stop`, while the response is read."""
        _CURRENT.reset(self._before)
        if error is not None:
            self.stop()

    def follow(self, line: socket.socket) -> None:
        """Watches a connection through a duplicate handle, since TLS takes over the socket itself."""
        with self._lock:
            self._drop()
            self._handle = socket.socket(fileno=os.dup(line.fileno()))
            if self.over:
                self._shut()

    def stop(self) -> None:
        """Ends the watch: the exchange is finished."""
        with self._lock:
            self.stopped = True
            self._drop()

    def cut(self) -> None:
        """Cuts the connection, unless the exchange is finished."""
        with self._lock:
            self.over = not self.stopped
            self._shut()

    def _shut(self) -> None:
        if self._handle is not None:
            with suppress(OSError):
                self._handle.shutdown(socket.SHUT_RDWR)

    def _drop(self) -> None:
        if self._handle is not None:
            self._handle.close()
            self._handle = None


class _Deadlines:
    """Cuts what is over, in one thread for all exchanges: one is started in 0.1 ms, but in 5 and more while others compute."""

    def __init__(self) -> None:
        self.changed = Condition()
        self.heap: list[tuple[float, int, Watch]] = []  # by time; what has stopped stays until it is the first
        self.numbers = count()
        self.thread: Thread | None = None

    def add(self, watch: Watch) -> None:
        """Cuts it in time."""
        with self.changed:
            heappush(self.heap, (monotonic() + watch.seconds, next(self.numbers), watch))
            if self.thread is None or not self.thread.is_alive():  # the first one of this process, which may be forked
                self.thread = Thread(target=self._run, name="klark-deadlines", daemon=True)
                self.thread.start()
            elif self.heap[0][2] is watch:
                self.changed.notify()

    def _run(self) -> None:
        while True:
            with self.changed:
                watch = self._first()
            watch.cut()

    def _first(self) -> Watch:
        """Waits until the first deadline of those that go on, and returns what is over."""
        while True:
            while self.heap and self.heap[0][2].stopped:
                heappop(self.heap)
            wait_s = self.heap[0][0] - monotonic() if self.heap else None
            if wait_s is not None and wait_s <= 0:
                return heappop(self.heap)[2]
            self.changed.wait(wait_s)


_DEADLINES = _Deadlines()
_CURRENT: ContextVar[Watch | None] = ContextVar("watch", default=None)


def follow(line: socket.socket) -> None:
    """Watches a connection for the exchange that is running in this thread, if there is one."""
    if (watch := _CURRENT.get()) is not None:
        watch.follow(line)
