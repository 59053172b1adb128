"""The door takes webhooks while the broker is frozen, senders never finish, or strangers load the admin, which has a process of
its own. That work is found without a broker is shown in `test_stop`."""

import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests

from klark.management.commands.serve import SOCKETS_EACH
from klark.models import Connection, WebhookEvent
from tests.bench.door import logins, slow_sockets
from tests.faults.conftest import SilentServer
from tests.faults.processes import NO_BROKER, web
from tests.integrations.sandboxed import wait_for
from tests.klark import rows
from tests.klark.rows import SECRET

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
MIB = 1024 * 1024
PATIENCE_S = 5  # less than the broker's time-outs together
REQUEST_S = 8  # in production 15
SENT = 10
ADMIN_THREADS = 2


@pytest.fixture(scope="module")
def door(frozen: SilentServer, django_db_setup: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the process that takes webhooks, whose broker is frozen."""
    folder, broker = tmp_path_factory.mktemp("door"), f"redis://{frozen.place}/0"
    with web(folder, broker, "--only", "webhooks", request_s=REQUEST_S) as address:
        yield address


@pytest.fixture(scope="module")
def admin(django_db_setup: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the process that serves the rest."""
    with pytest.MonkeyPatch.context() as patch:
        # So each login has an address of its own, and the one that all come from is a proxy's.
        patch.setenv("KLARK_TRUSTED_PROXY", "true")
        folder = tmp_path_factory.mktemp("admin")
        with web(folder, NO_BROKER, "--only", "admin", threads=ADMIN_THREADS) as address:
            yield address


def post(address: str, row: Connection, body: Any, patience_s: float = PATIENCE_S) -> int:
    """The status of a webhook; a broker that never says a word must not be waited for."""
    secret = {"X-Klark-Secret": SECRET}
    return requests.post(f"{address}/webhooks/{row.pk}/", data=body, headers=secret, timeout=patience_s).status_code


def in_parts(whole: bytes, size: int) -> Iterator[bytes]:
    """Sent chunk by chunk, without a length."""
    for place in range(0, len(whole), size):
        yield whole[place : place + size]


def slow_senders(address: str, many: int, rest: ExitStack) -> list[socket.socket]:
    """Webhooks that are begun and not finished, from another address than the tests' own."""
    begun = b"POST /webhooks/0/ HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 1000\r\n\r\n{"
    there = ("127.0.0.1", urlsplit(address).port or 0)
    senders = [
        rest.enter_context(socket.create_connection(there, source_address=("127.0.0.2", 0))) for _ in range(many)
    ]
    for each in senders:
        each.sendall(begun)
        each.settimeout(0)
    return senders


def held(senders: list[socket.socket]) -> int:
    """How many the server still listens to, after one more byte from each."""
    return sum(not is_cut(each) for each in senders)


def is_cut(sender: socket.socket) -> bool:
    try:
        sender.send(b"x")
        return sender.recv(1) == b""
    except BlockingIOError:
        return False
    except ConnectionError:
        return True


def test_a_frozen_broker_slows_no_webhook_and_chunked_bodies_arrive_whole(frozen: SilentServer, door: str) -> None:
    row = rows.connection(rows.tenant(), "freshdesk")
    assert {post(door, row, f'{{"ticket_id": {number}}}'.encode()) for number in range(20)} == {202}
    assert wait_for(lambda: frozen.asked != [])  # workers are woken outside the request
    filler = b'{"ticket_id": 77, "text": "' + b"x" * 700_000 + b'"}'
    assert post(door, row, in_parts(filler, 9_000)) == 202
    assert post(door, row, in_parts(b"x" * 2 * MIB, 50_000)) == 413
    with rows.within(row.tenant_id):
        assert bytes(WebhookEvent.objects.get(ticket_id="77").raw) == filler
    assert rows.count(WebhookEvent) == 21


def test_senders_who_never_finish_hold_up_nobody(door: str) -> None:
    row = rows.connection(rows.tenant(), "freshdesk")
    with ExitStack() as rest:
        slow_senders(door, 40, rest)  # ten for each of the server's threads
        assert post(door, row, b'{"ticket_id": 1}') == 202
    assert rows.count(WebhookEvent) == 1


def test_a_sender_who_drips_is_cut_and_a_webhook_beside_many_of_them_is_taken(door: str) -> None:
    row = rows.connection(rows.tenant(), "freshdesk")
    with ExitStack() as rest:
        senders = slow_senders(door, 40, rest)
        assert post(door, row, b'{"ticket_id": 1}') == 202
        seen = [held(senders)]
        while (
            seen[-1] and len(seen) < REQUEST_S + 5
        ):  # a byte a second: none is silent long enough to be closed for that
            time.sleep(1)
            seen.append(held(senders))
        assert (seen[0], seen[-1]) == (40, 0)
        assert post(door, row, b'{"ticket_id": 2}') == 202
    assert rows.count(WebhookEvent) == 2


def test_one_address_holds_some_sockets_only(door: str) -> None:
    row = rows.connection(rows.tenant(), "freshdesk")
    with ExitStack() as rest:
        senders = slow_senders(door, SOCKETS_EACH + 20, rest)
        assert post(door, row, b'{"ticket_id": 1}') == 202
        assert held(senders) == SOCKETS_EACH


def test_a_proxy_holds_as_many_sockets_as_it_likes(admin: str) -> None:
    """At the door as here: both are served by the same class, which alone counts sockets."""
    with ExitStack() as rest:
        senders = slow_senders(admin, SOCKETS_EACH + 20, rest)
        assert status(admin, "/admin/login/") == 200
        assert held(senders) == SOCKETS_EACH + 20


def send(address: str, ticket_id: int = 1) -> int:
    """The status of a webhook of a new connection."""
    row = rows.connection(rows.tenant(f"t{ticket_id}"), "freshdesk")
    return post(address, row, f'{{"ticket_id": {ticket_id}}}'.encode(), patience_s=30)


def status(address: str, path: str) -> int:
    return requests.get(f"{address}{path}", allow_redirects=False, timeout=30).status_code


def test_each_process_serves_its_own_pages_and_no_others(door: str, admin: str) -> None:
    asked = (
        "/health/live",
        "/health/ready",
        "/admin/login/",
        "/metrics",
        "/",
        "/webhooks/",
        "//webhooks/x",
        "/%77ebhooks/",
    )
    got = {path: tuple(status(address, path) for address in (door, admin)) for path in asked}
    assert got == {
        "/health/live": (200, 200), "/health/ready": (200, 200), "/admin/login/": (404, 200), "/metrics": (404, 401),
        "/": (404, 302), "/webhooks/": (404, 404), "//webhooks/x": (404, 404), "/%77ebhooks/": (404, 404),
    }  # fmt: skip
    assert [send(address, number) for number, address in enumerate((door, admin))] == [202, 404]


def test_webhooks_are_taken_while_strangers_log_in_at_the_admin(door: str, admin: str) -> None:
    with logins(admin, 2 * ADMIN_THREADS) as tried:
        assert wait_for(lambda: len(tried) > 0, 60)  # they have begun: passwords are hashed
        assert {send(door, number) for number in range(SENT)} == {202}
    assert set(tried) == {200}  # the form again, no refusal that would cost nothing
    assert rows.count(WebhookEvent) == SENT


def test_webhooks_are_taken_while_a_thousand_sockets_of_the_admin_are_held(door: str, admin: str) -> None:
    with slow_sockets(admin):
        assert {send(door, number) for number in range(SENT)} == {202}
    assert rows.count(WebhookEvent) == SENT
