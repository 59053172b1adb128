"""One outbound policy, and both transports that carry it, over real sockets on the loopback."""

import gzip
import socket
import threading
import time

import httpx2
import pytest
import requests

from integrations.errors import Refused, TryLater, Unsure
from integrations.http.outbound import TooMuch, bounded, checked_addresses, web_address
from integrations.http.transports import Outbound, httpx_transport, requests_transport

from .raw_server import OK, drips, own_certificate, raw_server, says

ADDRESSES = {
    "public.example": ["93.184.215.14"],
    "two.example": ["93.184.215.14", "10.0.0.7"],
    "metadata.example": ["169.254.169.254"],
    "mapped.example": ["::ffff:10.0.0.7"],
    "nat64.example": ["64:ff9b::a00:7"],
    "nat64-local.example": ["64:ff9b:1::7f00:1"],
    "compatible.example": ["::127.0.0.1"],
    "site-local.example": ["fec0::1"],
    "nat64-public.example": ["64:ff9b::5db8:d70e"],
    "six-to-four.example": ["2002:a00:7::1"],
    "local6.example": ["fe80::1%eth0"],
    "unique6.example": ["fd00::1"],
    "loop6.example": ["::1"],
    "shared.example": ["100.64.0.9"],
    "multicast.example": ["224.0.0.1"],
    "nowhere.example": ["0.0.0.0"],
    "protocols.example": ["192.0.0.9"],
    "old-relay.example": ["192.88.99.1"],
    "azure.example": ["168.63.129.16"],
    "documents.example": ["3fff::7"],
    "segments.example": ["5f00::7"],
    "public6.example": ["2606:2800:21f:cb07::1"],
}


def _ask_requests(outbound, method, url):
    session = requests.Session()
    session.mount("https://", requests_transport(outbound))
    session.mount("http://", requests_transport(outbound))
    return session.request(method, url, data=b"" if method == "GET" else b"{}")


def _ask_httpx(outbound, method, url):
    with httpx2.Client(transport=httpx_transport(outbound), trust_env=False, follow_redirects=True) as client:
        return client.request(method, url, content=b"" if method == "GET" else b"{}")


@pytest.fixture(params=[_ask_requests, _ask_httpx], ids=["requests", "httpx"])
def ask(request):
    return request.param


@pytest.fixture
def names(monkeypatch):
    """Name resolution from a table that a test may change; addresses resolve as ever."""
    real = socket.getaddrinfo
    table = {name: list(addresses) for name, addresses in ADDRESSES.items()}
    asked = []

    def resolve(host, port, *args, **options):
        asked.append(host)
        if host in table:
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in table[host]]
        if host.endswith(".example"):
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return real(host, port, *args, **options)

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    table["asked"] = asked
    return table


def _allowed(server, **limits):
    return Outbound(private=(server.host,), **limits)


def test_an_allowed_host_answers(ask):
    with raw_server(says(OK)) as server:
        answer = ask(_allowed(server), "GET", server.url)
    assert (answer.status_code, answer.json(), len(server.heard)) == (200, {}, 1)


@pytest.mark.parametrize(
    "host",
    [
        "metadata.example",
        "mapped.example",
        "nat64.example",
        "nat64-local.example",
        "compatible.example",
        "site-local.example",
        "six-to-four.example",
        "local6.example",
        "unique6.example",
        "loop6.example",
        "shared.example",
        "multicast.example",
        "nowhere.example",
        "protocols.example",
        "old-relay.example",
        "azure.example",
        "documents.example",
        "segments.example",
    ],
)
def test_a_name_that_leads_inside_is_refused(names, host):
    with pytest.raises(Refused, match="not on the public internet"):
        checked_addresses(host, 443, Outbound())


@pytest.mark.parametrize("host", ["public.example", "public6.example", "nat64-public.example"])
def test_a_public_name_gives_its_addresses(names, host):
    assert checked_addresses(host, 443, Outbound()) == ADDRESSES[host]


def test_one_private_address_among_public_ones_refuses_the_name(names):
    with pytest.raises(Refused):
        checked_addresses("two.example", 443, Outbound())


@pytest.mark.parametrize(
    "entry", ["two.example", "two.example:443", "10.0.0.0/24", "10.0.0.7", "10.0.0.7:443", "10.1.2.3/8"]
)
def test_the_operator_may_allow_a_host_or_a_network(names, entry):
    assert checked_addresses("two.example", 443, Outbound(private=(entry,))) == ADDRESSES["two.example"]


@pytest.mark.parametrize("entry", ["two.example:80", "10.0.0.7:80", "10.0.1.0/24", "example", "", "nonsense/9"])
def test_another_entry_allows_nothing(names, entry):
    with pytest.raises(Refused):
        checked_addresses("two.example", 443, Outbound(private=(entry,)))


def test_a_private_address_hears_nothing(ask):
    with raw_server(says(OK)) as server, pytest.raises(Refused):
        ask(Outbound(), "GET", server.url)
    assert server.heard == []


def test_the_connection_goes_to_the_address_that_was_checked(ask, names):
    """A name that changes its mind between the check and the connection (DNS rebinding) gains nothing."""
    with raw_server(says(OK)) as server:
        names["rebound.example"] = ["127.0.0.1"]
        answer = ask(Outbound(private=("127.0.0.0/8",)), "GET", f"http://rebound.example:{server.port}/x")
    assert answer.status_code == 200
    assert names["asked"].count("rebound.example") == 1
    assert f"Host: rebound.example:{server.port}".lower().encode() in server.heard[0].lower()


def test_the_next_address_is_tried_when_one_is_down(ask, names):
    with raw_server(says(OK)) as server, socket.create_server(("127.0.0.2", 0)) as closed:
        names["double.example"] = ["127.0.0.2", "127.0.0.1"]
        closed.close()
        answer = ask(Outbound(private=("127.0.0.0/8",)), "GET", f"http://double.example:{server.port}/x")
    assert answer.status_code == 200


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_shadow_mode_refuses_every_method_that_changes_something(ask, method):
    with raw_server(says(OK)) as server:
        with pytest.raises(Refused, match="shadow"):
            ask(_allowed(server, read_only=True), method, server.url)
        assert ask(_allowed(server, read_only=True), "GET", server.url).status_code == 200
    assert len(server.heard) == 1


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_not_followed(ask, status):
    head = f"HTTP/1.1 {status} Moved\r\nLocation: {{}}\r\nContent-Length: 0\r\n\r\n"
    with raw_server(says(OK)) as target, raw_server(says(head.format(target.url).encode())) as server:
        outbound = Outbound(private=("127.0.0.0/8",))
        assert ask(outbound, "GET", server.url).status_code == status
        assert ask(outbound, "PUT", server.url).status_code == status
    assert target.heard == []


def test_proxies_of_the_environment_are_ignored(ask, monkeypatch):
    with raw_server(says(OK)) as proxy, raw_server(says(OK)) as server:
        for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, f"http://{proxy.host}")
        monkeypatch.delenv("NO_PROXY", raising=False)
        monkeypatch.delenv("no_proxy", raising=False)
        ask(Outbound(private=("127.0.0.0/8",)), "GET", server.url)
    assert (len(proxy.heard), len(server.heard)) == (0, 1)


def test_what_fails_while_connecting_was_never_sent(names):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    for url in (f"http://127.0.0.1:{port}/", "http://unknown.example/", "http://" + "a" * 70 + ".example/"):
        with pytest.raises(TryLater, match="could not be reached"):
            _ask_requests(Outbound(private=("127.0.0.0/8",)), "PUT", url)
        with pytest.raises(httpx2.ConnectError):
            _ask_httpx(Outbound(private=("127.0.0.0/8",)), "POST", url)


def test_a_failed_tls_handshake_was_never_sent(ask):
    with raw_server(says(OK)) as server, pytest.raises((TryLater, httpx2.ConnectError)):
        ask(_allowed(server), "POST", server.url.replace("http:", "https:"))
    assert not any(heard.startswith(b"POST") for heard in server.heard)


def test_a_certificate_that_nobody_vouches_for_was_never_sent(ask, tmp_path):
    unproven = pytest.raises((TryLater, httpx2.ConnectError), match="CERTIFICATE_VERIFY_FAILED")
    with raw_server(says(OK), tls=own_certificate(tmp_path, "127.0.0.1")) as server, unproven:
        ask(_allowed(server), "POST", server.url.replace("http:", "https:"))
    assert server.heard == []


def test_certificates_are_read_once_for_all_clients_of_models(monkeypatch):
    httpx_transport(Outbound())
    monkeypatch.setattr(httpx2, "create_ssl_context", lambda **_: pytest.fail("read again"))
    httpx_transport(Outbound())


def test_a_checked_address_still_has_to_prove_the_hosts_name(names, tmp_path):
    certificate = own_certificate(tmp_path, "secure.example")
    names["secure.example"] = names["other.example"] = ["127.0.0.1"]
    session = requests.Session()
    session.mount("https://", requests_transport(Outbound(private=("127.0.0.1",))))
    session.trust_env, session.verify = False, str(certificate)
    with raw_server(says(OK), tls=certificate) as server:
        assert session.get(f"https://secure.example:{server.port}/").status_code == 200
        with pytest.raises(TryLater, match="could not be reached"):
            session.put(f"https://other.example:{server.port}/")
    assert len(server.heard) == 1


def test_a_silent_server_is_given_up_and_asked_once(ask):
    with raw_server(lambda peer: time.sleep(2)) as server, pytest.raises((requests.ReadTimeout, httpx2.ReadTimeout)):
        ask(_allowed(server, read_s=0.2), "PUT", server.url)
    assert len(server.heard) == 1


def test_a_dropped_answer_is_not_asked_for_again(ask):
    with raw_server(lambda peer: None) as server:
        with pytest.raises((requests.ConnectionError, httpx2.RemoteProtocolError, httpx2.ReadError)):
            ask(_allowed(server), "PUT", server.url)
        time.sleep(0.1)
    assert len(server.heard) == 1


def test_a_503_is_not_asked_for_again(ask):
    with raw_server(says(b"HTTP/1.1 503 No\r\nRetry-After: 0\r\nContent-Length: 0\r\n\r\n")) as server:
        assert ask(_allowed(server), "PUT", server.url).status_code == 503
    assert len(server.heard) == 1


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n" + b"x" * 5000,
        b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * 5000,
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1388\r\n" + b"x" * 5000 + b"\r\n0\r\n\r\n",
    ],
    ids=["length", "until closed", "chunked"],
)
def test_an_answer_over_the_limit_is_not_taken(ask, answer):
    with raw_server(says(answer)) as server:
        assert len(ask(_allowed(server, max_bytes=5000), "GET", server.url).content) == 5000
        with pytest.raises((TryLater, httpx2.ReadError), match="larger than 4999 bytes"):
            ask(_allowed(server, max_bytes=4999), "GET", server.url)


def test_a_write_whose_answer_is_too_large_is_unsure():
    large = b"HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n" + b"x" * 5000
    with raw_server(says(large)) as server, pytest.raises(Unsure, match="larger than"):
        _ask_requests(_allowed(server, max_bytes=100), "PUT", server.url)


def test_a_write_whose_answer_breaks_off_is_unsure():
    with raw_server(says(b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{")) as server:
        with pytest.raises(Unsure):
            _ask_requests(_allowed(server), "PUT", server.url)
        with pytest.raises(TryLater):
            _ask_requests(_allowed(server), "GET", server.url)


def test_a_packed_answer_counts_unpacked():
    bomb = gzip.compress(b"0" * 1_000_000)
    head = f"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: {len(bomb)}\r\n\r\n".encode()
    with raw_server(says(head + bomb)) as server:
        assert len(_ask_requests(_allowed(server), "GET", server.url).content) == 1_000_000
        with pytest.raises(TryLater, match="larger than"):
            _ask_requests(_allowed(server, max_bytes=100_000), "GET", server.url)
        with pytest.raises(httpx2.DecodingError):
            _ask_httpx(_allowed(server, max_bytes=100_000), "GET", server.url)
    assert b"accept-encoding: identity" in server.heard[-1].lower()


def test_a_server_that_drips_is_given_up(ask):
    """Each byte comes before the socket's own time-out, so only a limit on the whole ends it."""
    head = b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n"
    with (
        raw_server(drips(head, every_s=0.05)) as server,
        pytest.raises((TryLater, httpx2.ReadTimeout), match="took longer"),
    ):
        ask(_allowed(server, read_s=0.3), "GET", server.url)
    assert len(server.heard) == 1


def test_the_callers_tighter_time_limit_holds_and_a_wider_one_does_not():
    given_up = threading.Event()
    waited_for: list[bool] = []  # whether the server stopped because nobody waited any more

    def say_nothing(peer: socket.socket) -> None:
        waited_for.append(given_up.wait(10))
        given_up.clear()

    with raw_server(say_nothing) as server:
        for limits, asked in ((_allowed(server), 0.1), (_allowed(server, read_s=0.1), 30.0)):
            client = httpx2.Client(transport=httpx_transport(limits), timeout=asked)
            with client, pytest.raises(httpx2.ReadTimeout):
                client.get(server.url)
            assert waited_for == [True] * (len(server.heard) - 1)  # this one's silence still lasts
            given_up.set()
            while given_up.is_set():
                time.sleep(0.005)


def test_bounded_passes_what_is_within_the_limits():
    chunks = [b"ab", b"", b"cd"]
    assert list(bounded(chunks, Outbound(max_bytes=4))) == chunks
    with pytest.raises(TooMuch):
        list(bounded(chunks, Outbound(max_bytes=3)))


def test_only_an_address_of_the_web_has_parts():
    hosts = {
        "https://shop.example": "shop.example", "http://shop.example:8080/a?b#c": "shop.example",
        "HTTPS://Shop.Example/": "shop.example",
        "https://[2001:db8::1]/": "2001:db8::1", "https://user:x@shop.example": "shop.example", "https://": None, "": None,
        "//shop.example": None, "shop.example": None, "ftp://shop.example": None, "javascript:alert(1)": None, "https://[": None,
        "https://shop.example:port": None, "https://shop.example:0": None, "https://shop.example:99999": None,
        "https://\u2100.example": None, "file:///etc/passwd": None,
    }  # fmt: skip
    found = {text: web_address(text) for text in hosts}
    assert {text: parts and parts.hostname for text, parts in found.items()} == hosts
