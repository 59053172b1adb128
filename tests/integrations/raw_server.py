"""A server on the loopback that says exactly the bytes it is told to, and counts what it was sent."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

OK = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}"
Say = Callable[[socket.socket], None]


@dataclass
class RawServer:
    port: int
    heard: list[bytes] = field(default_factory=list)

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.port}"

    @property
    def url(self) -> str:
        return f"http://{self.host}/x"


def says(raw: bytes) -> Say:
    return lambda peer: peer.sendall(raw)


def drips(head: bytes, every_s: float) -> Say:
    def say(peer: socket.socket) -> None:
        peer.sendall(head)
        for _ in range(200):
            time.sleep(every_s)
            peer.sendall(b" ")

    return say


@contextmanager
def raw_server(say: Say) -> Iterator[RawServer]:
    """One connection, one request, one answer; then the connection is closed."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = RawServer(listener.getsockname()[1])
        threading.Thread(target=_serve, args=(listener, server, say), daemon=True).start()
        yield server


def _serve(listener: socket.socket, server: RawServer, say: Say) -> None:
    while True:
        try:
            peer, _ = listener.accept()
        except OSError:
            return
        with peer:
            server.heard.append(_request(peer))
            try:
                say(peer)
            except OSError:
                continue


def _request(peer: socket.socket) -> bytes:
    """Up to the end of the head, which is all that these tests send in one piece with the body."""
    peer.settimeout(2)
    heard = b""
    try:
        while b"\r\n\r\n" not in heard and (more := peer.recv(65536)):
            heard += more
    except OSError:
        return heard
    return heard
