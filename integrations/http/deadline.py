"""One deadline for a whole exchange, whatever the server does: when it passes, the connection is cut.

A socket's time-out counts from byte to byte. A server that drips its TLS handshake, its headers or `100 Continue`
never triggers it, and would block a thread of klark's forever.
"""

import os
import socket
from contextlib import suppress
from contextvars import ContextVar
from threading import Lock, Timer
from types import TracebackType


class Watch:
    """A context manager that cuts the connection it follows `seconds` after it was entered. `over`: whether the time is up."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.over = False
        self._lock = Lock()
        self._handle: socket.socket | None = None
        self._timer = Timer(seconds, self._cut)
        self._timer.daemon = True

    def __enter__(self) -> "Watch":
        self._timer.start()
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
        self._timer.cancel()
        with self._lock:
            self._drop()

    def _cut(self) -> None:
        with self._lock:
            self.over = True
            self._shut()

    def _shut(self) -> None:
        if self._handle is not None:
            with suppress(OSError):
                self._handle.shutdown(socket.SHUT_RDWR)

    def _drop(self) -> None:
        if self._handle is not None:
            self._handle.close()
            self._handle = None


_CURRENT: ContextVar[Watch | None] = ContextVar("watch", default=None)


def follow(line: socket.socket) -> None:
    """Watches a connection for the exchange that is running in this thread, if there is one."""
    if (watch := _CURRENT.get()) is not None:
        watch.follow(line)
