"""One deadline for a whole exchange, whatever the server does: when the time is over, its connection is cut.

A time limit on a socket counts from byte to byte. A server that drips its TLS handshake, its headers or `100 Continue` never
reaches it, and would hold a thread of klark's for ever.
"""

import os
import socket
from contextlib import suppress
from contextvars import ContextVar
from threading import Lock, Timer
from types import TracebackType


class Watch:
    """Cuts the connection that it follows `seconds` after it was entered. `over`: whether it has."""

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
        """Where there is an answer, the connection stays watched until `stop`, for whoever reads it afterwards."""
        _CURRENT.reset(self._before)
        if error is not None:
            self.stop()

    def follow(self, line: socket.socket) -> None:
        """Watch a connection, by a handle of its own: TLS takes the socket itself apart."""
        with self._lock:
            self._drop()
            self._handle = socket.socket(fileno=os.dup(line.fileno()))
            if self.over:
                self._shut()

    def stop(self) -> None:
        """The exchange is finished."""
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
    """Watch a connection for the exchange that is going on in this thread, if there is one."""
    if (watch := _CURRENT.get()) is not None:
        watch.follow(line)
