"""One outbound policy, two transports: a requests adapter for the helpdesks, an httpx transport for the models.

Nothing is retried, no redirect is followed, no proxy is taken from the environment, and a response is limited in size
and, over the whole exchange, in time (integrations/http/deadline.py). A name is resolved once, all its addresses are
checked, and the connection goes to a checked address: checking a name first and letting the library resolve it again
would leave a gap for DNS rebinding.
"""

import socket
import ssl
import time
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from io import BytesIO
from typing import Any

import httpcore2
import httpx2
import requests
from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError
from urllib3.util.connection import create_connection

from integrations.errors import TryLater
from integrations.http.deadline import Watch, follow
from integrations.http.outbound import Outbound, TooMuch, bounded, check_method, checked_addresses, lost, reached

__all__ = ["Outbound", "httpx_transport", "requests_transport"]

_CHUNK = 64 * 1024
_IDLE_S = 10.0
"""How long a connection may wait for the next request. Servers close theirs after a minute or more; a request that meets the
closing would be lost, and of a write nobody would know."""


def requests_transport(outbound: Outbound) -> HTTPAdapter:
    """Returns an adapter to mount for https:// and http:// on a requests.Session. It raises klark's errors and
    requests' own."""
    return _RequestsTransport(outbound)


def httpx_transport(outbound: Outbound) -> httpx2.BaseTransport:
    """Returns a transport for httpx2.Client(transport=…, trust_env=False). It raises Refused and httpx2's own errors."""
    return _HttpxTransport(outbound)


def _dial(connection: HTTPConnection, outbound: Outbound) -> socket.socket:
    failed = OSError("the name has no address")
    port = connection.port or 0
    for address in checked_addresses(connection.host, port, outbound):
        try:
            line = create_connection((address, port), connection.timeout, None, connection.socket_options)
        except OSError as error:
            failed = error
        else:
            follow(line)
            return line
    raise failed


def _reach(connect: Callable[[], None], host: str) -> None:
    """Whatever fails in here (DNS, TCP, TLS) failed before a byte of the request was sent; later, that is unknown."""
    try:
        connect()
    except (OSError, HTTPError, UnicodeError) as error:
        raise TryLater(f"{host} could not be reached: {error}") from error


def _pools(outbound: Outbound) -> dict[str, Callable[..., Any]]:
    """Returns connection pools of urllib3 that connect to checked addresses only.

    `_new_conn` is the method that urllib3 itself overrides for SOCKS; TLS still sees the host's own name.
    """

    class Followed(HTTPConnection):
        used_at = 0.0

        @property
        def is_connected(self) -> bool:
            return time.monotonic() - self.used_at < _IDLE_S and super().is_connected

        def _new_conn(self) -> socket.socket:
            return _dial(self, outbound)

        def connect(self) -> None:
            _reach(super().connect, self.host)

        def request(self, *args: Any, **options: Any) -> None:
            if self.sock is not None:  # a connection that is reused
                follow(self.sock)
                reached(self.host, self.port or 0)
            super().request(*args, **options)
            self.used_at = time.monotonic()

    class FollowedTls(Followed, HTTPSConnection):
        """The same over TLS: what `super` leads to there."""

    class HttpPool(HTTPConnectionPool):
        ConnectionCls = Followed

    class HttpsPool(HTTPSConnectionPool):
        ConnectionCls = FollowedTls

    return {"http": HttpPool, "https": HttpsPool}


class _RequestsTransport(HTTPAdapter):
    def __init__(self, outbound: Outbound) -> None:
        self.outbound = outbound
        super().__init__(max_retries=0)

    def init_poolmanager(self, *args: Any, **options: Any) -> None:
        super().init_poolmanager(*args, **options)
        self.poolmanager.pool_classes_by_scheme = _pools(self.outbound)

    def send(
        self,
        request: requests.PreparedRequest,
        stream: bool = False,
        timeout: Any = None,
        verify: bool | str = True,
        cert: Any = None,
        proxies: Mapping[str, str] | None = None,
    ) -> requests.Response:
        method = request.method or ""
        check_method(method, self.outbound)
        limits = (self.outbound.connect_s, self.outbound.read_s)
        with Watch(sum(limits)) as watch:
            try:
                answer = super().send(request, stream=True, timeout=limits, verify=verify, cert=cert, proxies={})
                answer = self._read(answer, method)
            finally:
                watch.stop()
        if watch.over:  # a response without a length ends where it was cut
            raise lost(method, f"the whole exchange took longer than {watch.seconds:g} s")
        answer.headers.pop("Location", None)
        return answer

    def _read(self, answer: requests.Response, method: str) -> requests.Response:
        """Reads the whole body now, within the limits, so that no caller can forget to."""
        raw = answer.raw
        try:
            body = b"".join(bounded(iter(lambda: raw.read1(_CHUNK, decode_content=True), b""), self.outbound))
        except (HTTPError, OSError, TooMuch) as error:
            raw.close()
            raise lost(method, f"the answer could not be read: {error}") from error
        raw.release_conn()
        answer.raw = BytesIO(body)
        return answer


class _CheckedBackend(httpcore2.NetworkBackend):
    """httpcore's own hook for connecting differently; TLS still sees the host's own name."""

    def __init__(self, outbound: Outbound) -> None:
        self.outbound = outbound
        self.plain = httpcore2.SyncBackend()

    def connect_tcp(self, host: str, port: int, *args: Any, **options: Any) -> httpcore2.NetworkStream:
        failed: Exception = httpcore2.ConnectError("the name has no address")
        for address in self._addresses(host, port):
            try:
                stream = self.plain.connect_tcp(address, port, *args, **options)
            except (httpcore2.ConnectError, httpcore2.ConnectTimeout) as error:
                failed = error
            else:
                follow(stream.get_extra_info("socket"))
                return stream
        raise failed

    def _addresses(self, host: str, port: int) -> list[str]:
        try:
            return checked_addresses(host, port, self.outbound)
        except (OSError, UnicodeError) as error:
            raise httpcore2.ConnectError(str(error)) from error


class _Bounded(httpx2.SyncByteStream):
    def __init__(self, stream: httpx2.SyncByteStream, outbound: Outbound, watch: Watch) -> None:
        self.stream = stream
        self.outbound = outbound
        self.watch = watch

    def __iter__(self) -> Iterator[bytes]:
        try:
            yield from bounded(self.stream, self.outbound)
        except TooMuch as error:
            raise httpx2.ReadError(str(error)) from error
        except TimeoutError as error:  # seen here before the watch wakes
            raise httpx2.ReadTimeout(str(error)) from error
        except httpx2.TransportError as error:
            if self.watch.over:
                raise _too_slow(self.watch) from error
            raise
        if self.watch.over:  # a response without a length ends where it was cut
            raise _too_slow(self.watch)

    def close(self) -> None:
        self.watch.stop()
        self.stream.close()


def _too_slow(watch: Watch) -> httpx2.ReadTimeout:
    return httpx2.ReadTimeout(f"the whole exchange took longer than {watch.seconds:g} s")


@cache
def _certificates() -> ssl.SSLContext:
    """Returns the certificates that this machine trusts. Reading them takes 5 ms, so a process does it once for all clients."""
    return httpx2.create_ssl_context(trust_env=False)


class _HttpxTransport(httpx2.HTTPTransport):
    def __init__(self, outbound: Outbound) -> None:
        super().__init__(verify=_certificates(), trust_env=False)
        self.outbound = outbound
        # HTTPTransport takes no backend of its own; the pool that it builds does.
        self._pool = httpcore2.ConnectionPool(
            ssl_context=_certificates(), network_backend=_CheckedBackend(outbound),
            max_keepalive_connections=0,  # one connection, one exchange, one deadline
        )  # fmt: skip

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        check_method(request.method, self.outbound)
        # Bytes are counted before decompression, so no compression is requested.
        request.headers["accept-encoding"] = "identity"
        limits = self._limits(request.extensions.get("timeout", {}))
        request.extensions = {**request.extensions, "timeout": limits}
        with Watch(limits["read"]) as watch:
            try:
                answer = super().handle_request(request)
            except httpx2.TransportError as error:
                if watch.over:
                    raise _too_slow(watch) from error
                raise
        answer.headers.pop("location", None)
        return self._within_limits(answer, watch)

    def _limits(self, asked: Mapping[str, float | None]) -> dict[str, float]:
        """Returns the caller's own time limits where they are tighter than the operator's."""
        most = {"connect": self.outbound.connect_s, "pool": self.outbound.connect_s}
        names = ("connect", "pool", "read", "write")
        return {name: min(asked.get(name) or 1e9, most.get(name, self.outbound.read_s)) for name in names}

    def _within_limits(self, answer: httpx2.Response, watch: Watch) -> httpx2.Response:
        if answer.headers.get("content-encoding", "identity") != "identity":
            watch.stop()
            answer.close()
            raise httpx2.DecodingError("the answer is packed although that was not asked for")
        if isinstance(answer.stream, httpx2.SyncByteStream):
            answer.stream = _Bounded(answer.stream, self.outbound, watch)
        return answer
