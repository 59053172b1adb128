"""What is not public: a tenant's CRM and helpdesk are not reached there because the operator lists a model's server."""

import socket
from collections.abc import Iterator

import pytest
from pytest_django import Settings

from integrations.errors import Refused
from klark.connections.open_helpdesk import open_desk
from klark.context import customer_facts as cards
from klark.context.customer_facts import customer_facts
from tests.integrations.raw_server import RawServer, raw_server, says
from tests.klark import rows
from tests.klark.said import ticket

ORDER = b'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 11\r\n\r\n{"a": 1204}'


@pytest.fixture
def private(monkeypatch: pytest.MonkeyPatch) -> Iterator[RawServer]:
    """A server on the loopback that answers what a CRM would."""
    monkeypatch.setattr(cards, "_KEPT", {})
    with raw_server(says(ORDER)) as server:
        yield server


def facts(server: RawServer) -> list[tuple[str, str]]:
    crm = {"url": server.url, "facts": {"Order": "a"}}
    return [(fact.name, fact.value) for fact in customer_facts(1, crm, ticket())]


def test_a_crm_at_a_private_address_is_not_asked_where_only_the_models_are_listed(
    private: RawServer, settings: Settings
) -> None:
    settings.KLARK_PRIVATE_HOSTS, settings.KLARK_PRIVATE_CRM_HOSTS = ("127.0.0.1",), ()
    assert (facts(private), private.heard) == ([], [])


def test_a_crm_at_a_private_address_is_asked_where_the_crms_own_list_has_it(
    private: RawServer, settings: Settings
) -> None:
    settings.KLARK_PRIVATE_HOSTS, settings.KLARK_PRIVATE_CRM_HOSTS = (), (private.host,)
    assert (facts(private), len(private.heard)) == ([("Order", "1204")], 1)


@pytest.mark.django_db
def test_a_helpdesk_whose_name_leads_to_a_private_address_is_refused_whatever_is_listed(
    monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    settings.KLARK_PRIVATE_HOSTS = settings.KLARK_PRIVATE_CRM_HOSTS = ("127.0.0.0/8", "desk.example:443")
    found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", 443))]
    monkeypatch.setattr("integrations.http.outbound.socket.getaddrinfo", lambda *args, **options: found)
    desk = open_desk(rows.connection(rows.tenant(), "freshdesk", account="desk.example"))
    with pytest.raises(Refused, match=r"desk\.example is not on the public internet"):
        desk.whoami()
