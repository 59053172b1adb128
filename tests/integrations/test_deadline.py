"""One deadline holds for the whole exchange, however the server spends the time, in both transports."""

import socket
import ssl
import threading
import time
from collections.abc import Callable
from typing import Any

import httpx2
import pytest
import requests

from integrations.errors import IntegrationError
from integrations.http.deadline import Watch
from integrations.http.outbound import Outbound
from integrations.http.transports import httpx_transport, requests_transport

from .raw_server import OK, RawServer, Say, drips, raw_server, says

LIMIT = 0.4
GIVEN_UP = (IntegrationError, requests.RequestException, httpx2.TransportError)
Ask = Callable[[str, Outbound], Any]


def by_requests(url: str, outbound: Outbound) -> Any:
    session = requests.Session()
    for scheme in ("https://", "http://"):
        session.mount(scheme, requests_transport(outbound))
    return session.put(url, data=b"{}")


def by_httpx(url: str, outbound: Outbound) -> Any:
    with httpx2.Client(transport=httpx_transport(outbound), trust_env=False) as client:
        return client.put(url, content=b"{}")


@pytest.fixture(params=[by_requests, by_httpx], ids=["requests", "httpx"])
def ask(request: pytest.FixtureRequest) -> Ask:
    asked: Ask = request.param
    return asked


def goes_on(peer: socket.socket) -> None:
    for _ in range(200):
        time.sleep(0.02)
        peer.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")


WAYS: dict[str, Say] = {
    "drips its head": drips(b"HTTP/1.1 200 OK\r\nX-Slow:", 0.02),
    "says 100 Continue for ever": goes_on,
    "drips a body with a length": drips(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n", 0.02),
    "drips a body without one": drips(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n{}", 0.02),
    "drips chunks": drips(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n400\r\n", 0.02),
}


def seconds_until_given_up(ask: Ask, server: RawServer, url: str) -> float:
    started = time.monotonic()
    with pytest.raises(GIVEN_UP):
        ask(url, Outbound(private=(server.host,), connect_s=LIMIT, read_s=LIMIT))
    return time.monotonic() - started


@pytest.mark.parametrize("way", WAYS)
def test_a_server_holds_a_thread_no_longer_than_the_limits(ask: Ask, way: str) -> None:
    with raw_server(WAYS[way]) as server:
        assert seconds_until_given_up(ask, server, server.url) < 3 * LIMIT


def test_a_tls_handshake_in_drips_is_given_up(ask: Ask) -> None:
    with raw_server(drips(b"\x16\x03\x03\x40\x00\x02", 0.02)) as server:
        assert seconds_until_given_up(ask, server, f"https://{server.host}/") < 3 * LIMIT


def test_a_connection_that_is_used_again_has_a_new_deadline() -> None:
    def twice(peer: socket.socket) -> None:
        peer.sendall(OK)
        peer.settimeout(None)
        peer.recv(65536)
        drips(b"HTTP/1.1 200 OK\r\nX-Slow:", 0.02)(peer)

    with raw_server(twice) as server:
        session = requests.Session()
        session.mount("http://", requests_transport(Outbound(private=(server.host,), connect_s=LIMIT, read_s=LIMIT)))
        assert session.get(server.url).status_code == 200
        time.sleep(3 * LIMIT)  # the first deadline is over, and has cut nothing
        started = time.monotonic()
        with pytest.raises(GIVEN_UP):
            session.get(server.url)
        assert (len(server.heard), time.monotonic() - started < 3 * LIMIT) == (1, True)


def test_an_answer_in_time_is_not_cut(ask: Ask) -> None:
    with raw_server(says(OK)) as server:
        assert ask(server.url, Outbound(private=(server.host,))).status_code == 200


def test_a_request_that_is_refused_leaves_no_timer_behind(ask: Ask) -> None:
    with Watch(LIMIT) as watch:  # the one thread for all of them may have to be started
        watch.stop()
    before = threading.active_count()
    with pytest.raises(IntegrationError, match="not on the public internet"):
        ask("http://127.0.0.1:9/", Outbound())
    time.sleep(0.05)
    assert threading.active_count() == before


def test_a_watch_that_stopped_cuts_nothing_and_keeps_no_handle() -> None:
    here, there = socket.socketpair()
    with here, there, Watch(0.05) as watch:
        watch.follow(here)
        watch.stop()
        time.sleep(0.1)
        here.sendall(b"x")
        assert (there.recv(1), watch.over) == (b"x", False)


def test_a_watch_that_is_over_cuts_what_it_is_given_afterwards() -> None:
    here, there = socket.socketpair()
    with here, there, Watch(0.01) as watch:
        time.sleep(0.05)
        watch.follow(here)
        assert (there.recv(1), watch.over) == (b"", True)
        watch.stop()


def test_a_watch_holds_through_tls() -> None:
    here, there = socket.socketpair()
    with there, Watch(0.05) as watch:
        watch.follow(here)
        context = ssl.create_default_context()
        with pytest.raises((OSError, ssl.SSLError)):
            context.wrap_socket(here, server_hostname="shop.example")
        watch.stop()
