"""A server on the loopback that says exactly the bytes it is told to, and counts what it was sent."""

import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

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
def raw_server(say: Say, tls: Path | None = None) -> Iterator[RawServer]:
    """A connection a request, closed after the answer; `tls` is a file with a key and its certificate.

    The thread ends before its listener is closed: one that is just about to accept would otherwise take the callers of
    the next server, which gets the same file descriptor.
    """
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = RawServer(listener.getsockname()[1])
        thread = threading.Thread(target=_serve, args=(listener, server, say, tls), daemon=True)
        thread.start()
        try:
            yield server
        finally:
            listener.shutdown(socket.SHUT_RDWR)
            thread.join(0.1)  # one that is asleep in what it says is far from accepting


def own_certificate(folder: Path, name: str) -> Path:
    """A key and a certificate for `name` that vouches for itself, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    who = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    built = x509.CertificateBuilder(who, who, key.public_key(), 1, now - timedelta(days=1), now + timedelta(days=1))
    built = built.add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
    built = built.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
    pem = serialization.Encoding.PEM
    private = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    path = folder / f"{name}.pem"
    path.write_bytes(private + built.sign(key, hashes.SHA256()).public_bytes(pem))
    return path


def _serve(listener: socket.socket, server: RawServer, say: Say, tls: Path | None) -> None:
    while True:
        try:
            peer, _ = listener.accept()
            peer = _wrapped(peer, tls)
        except ssl.SSLError:
            continue
        except OSError:
            return
        with peer:
            server.heard.append(_request(peer))
            try:
                say(peer)
            except OSError:
                continue


def _wrapped(peer: socket.socket, tls: Path | None) -> socket.socket:
    if tls is None:
        return peer
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tls)
    return context.wrap_socket(peer, server_side=True)


def _request(peer: socket.socket) -> bytes:
    """Up to the end of the head, which is all that these tests send in one piece with the body."""
    peer.settimeout(0.3)
    heard = b""
    try:
        while b"\r\n\r\n" not in heard and (more := peer.recv(65536)):
            heard += more
    except OSError:
        return heard
    return heard
