"""Webhooks have a process of their own: whatever strangers do to the admin, the door takes what comes."""

from collections.abc import Iterator
from contextlib import ExitStack

import pytest
import requests

from klark.management.commands.serve import SOCKETS_EACH
from klark.models import WebhookEvent
from tests.bench.door import logins, slow_sockets
from tests.faults.processes import web
from tests.faults.test_broker import sockets_held_by_one_address
from tests.integrations.sandboxed import wait_for
from tests.klark import rows

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
NO_BROKER = "redis://127.0.0.1:1/0"
SENT = 10
THREADS = 2


@pytest.fixture(scope="module")
def apart(django_db_setup: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    """The addresses of the two processes: the door's and the admin's."""
    folder = tmp_path_factory.mktemp("apart")
    with ExitStack() as running, pytest.MonkeyPatch.context() as patch:
        # So each login has an address of its own, and the one that all come from is a proxy's.
        patch.setenv("KLARK_TRUSTED_PROXY", "true")
        yield (
            running.enter_context(web(folder, NO_BROKER, "--only", "webhooks", threads=THREADS)),
            running.enter_context(web(folder, NO_BROKER, "--only", "admin", threads=THREADS)),
        )


def send(address: str, ticket_id: int = 1) -> int:
    """The status of a webhook of a new connection."""
    row = rows.connection(rows.tenant(f"t{ticket_id}"), "freshdesk")
    told, secret = {"ticket_id": ticket_id}, {"X-Klark-Secret": rows.SECRET}
    return requests.post(f"{address}/webhooks/{row.pk}/", json=told, headers=secret, timeout=30).status_code


def status(address: str, path: str) -> int:
    return requests.get(f"{address}{path}", allow_redirects=False, timeout=30).status_code


def test_each_process_serves_its_own_pages_and_no_others(apart: tuple[str, str]) -> None:
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
    got = {path: tuple(status(address, path) for address in apart) for path in asked}
    assert got == {
        "/health/live": (200, 200), "/health/ready": (200, 200), "/admin/login/": (404, 200), "/metrics": (404, 401),
        "/": (404, 302), "/webhooks/": (404, 404), "//webhooks/x": (404, 404), "/%77ebhooks/": (404, 404),
    }  # fmt: skip
    assert [send(address, number) for number, address in enumerate(apart)] == [202, 404]


def test_webhooks_are_taken_while_strangers_log_in_at_the_admin(apart: tuple[str, str]) -> None:
    door, admin = apart
    with logins(admin, 2 * THREADS) as tried:
        assert wait_for(lambda: len(tried) > 0, 60)  # they have begun: passwords are hashed
        assert {send(door, number) for number in range(SENT)} == {202}
    assert set(tried) == {200}  # the form again, no refusal that would cost nothing
    assert rows.count(WebhookEvent) == SENT


def test_webhooks_are_taken_while_a_thousand_sockets_of_the_admin_are_held(apart: tuple[str, str]) -> None:
    door, admin = apart
    with slow_sockets(admin):
        assert {send(door, number) for number in range(SENT)} == {202}
    assert rows.count(WebhookEvent) == SENT


def test_a_proxy_holds_as_many_sockets_as_it_likes(apart: tuple[str, str]) -> None:
    assert sockets_held_by_one_address(apart[0]) == SOCKETS_EACH + 20
