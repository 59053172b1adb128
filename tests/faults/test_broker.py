"""The broker only wakes the workers: frozen, it slows no webhook. (`test_stop`: work is found without it.)"""

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
from tests.faults.conftest import SilentServer
from tests.faults.processes import web
from tests.integrations.sandboxed import wait_for
from tests.klark import rows
from tests.klark.rows import SECRET

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
MIB = 1024 * 1024
PATIENCE_S = 5  # less than the broker's time-outs together
REQUEST_S = 8  # in production 15


@pytest.fixture(scope="module")
def door(frozen: SilentServer, django_db_setup: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a web server whose broker is frozen."""
    with web(tmp_path_factory.mktemp("web"), f"redis://{frozen.place}/0", request_s=REQUEST_S) as address:
        yield address


def post(address: str, row: Connection, body: Any) -> int:
    """The status of a webhook; a broker that never says a word must not be waited for."""
    secret = {"X-Klark-Secret": SECRET}
    return requests.post(f"{address}/webhooks/{row.pk}/", data=body, headers=secret, timeout=PATIENCE_S).status_code


def in_parts(whole: bytes, size: int) -> Iterator[bytes]:
    """Sent chunk by chunk, without a length."""
    for place in range(0, len(whole), size):
        yield whole[place : place + size]


def slow_senders(address: str, row: Connection, many: int, rest: ExitStack) -> list[socket.socket]:
    """Webhooks that are begun and not finished, from another address than the tests' own."""
    begun = f"POST /webhooks/{row.pk}/ HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 1000\r\n\r\n{{".encode()
    door = ("127.0.0.1", urlsplit(address).port or 0)
    senders = [rest.enter_context(socket.create_connection(door, source_address=("127.0.0.2", 0))) for _ in range(many)]
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
        slow_senders(door, row, 40, rest)  # ten for each of the server's threads
        assert post(door, row, b'{"ticket_id": 1}') == 202
    assert rows.count(WebhookEvent) == 1


def test_a_sender_who_drips_is_cut_and_a_webhook_beside_many_of_them_is_taken(door: str) -> None:
    row = rows.connection(rows.tenant(), "freshdesk")
    with ExitStack() as rest:
        senders = slow_senders(door, row, 40, rest)
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


def sockets_held_by_one_address(address: str) -> int:
    """Of many more than one address may hold; a webhook from elsewhere is taken all the same."""
    row = rows.connection(rows.tenant(), "freshdesk")
    with ExitStack() as rest:
        senders = slow_senders(address, row, SOCKETS_EACH + 20, rest)
        assert post(address, row, b'{"ticket_id": 1}') == 202
        return held(senders)


def test_one_address_holds_some_sockets_only(door: str) -> None:
    assert sockets_held_by_one_address(door) == SOCKETS_EACH
