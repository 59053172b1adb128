"""The sandbox of `tests/klark`, and servers that never answer."""

import socket
import threading
from collections.abc import Iterator

import pytest

from tests.klark.conftest import sandbox, server, world

__all__ = ["sandbox", "server", "world"]


class SilentServer:
    """Takes every connection and never says a word."""

    def __init__(self) -> None:
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.asked: list[socket.socket] = []
        threading.Thread(target=self.hold, daemon=True).start()

    @property
    def place(self) -> str:
        """Its host and port."""
        return f"127.0.0.1:{self.listener.getsockname()[1]}"

    def hold(self) -> None:
        try:
            while True:
                self.asked.append(self.listener.accept()[0])
        except OSError:
            return

    def close(self) -> None:
        for each in (self.listener, *self.asked):
            each.close()


@pytest.fixture
def silent() -> Iterator[SilentServer]:
    """A helpdesk that never answers."""
    one = SilentServer()
    yield one
    one.close()


@pytest.fixture(scope="module")
def frozen() -> Iterator[SilentServer]:
    """A broker that takes every connection and never says a word."""
    one = SilentServer()
    yield one
    one.close()
