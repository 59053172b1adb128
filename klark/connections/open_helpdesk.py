"""Opens a tenant's helpdesk: gives its adapter the credential, the transport and the operator's outbound policy."""

from dataclasses import replace
from functools import lru_cache

from django.conf import settings
from requests.adapters import HTTPAdapter

from integrations.errors import Refused
from integrations.helpdesks import HELPDESKS, INSTALLERS
from integrations.helpdesks.base import Account, Helpdesk
from integrations.helpdesks.setup import Installer
from integrations.http.transports import Outbound, requests_transport
from klark.connections.rate_limit import RateLimit
from klark.connections.tokens import Credential, outbound
from klark.models import Connection, within


def open_desk(connection: Connection, meter: RateLimit | None = None) -> Helpdesk:
    """Returns the adapter for a connection, without any network request yet.

    `meter` shares out the rate limit; by default it is the one for answers. Raises Refused where the operator must fix
    something first.
    """
    return HELPDESKS[connection.helpdesk](_account(connection, meter or RateLimit(connection)))


def open_for_reading(connection: Connection, meter: RateLimit) -> Helpdesk:
    """Returns the same adapter over a transport that refuses every request but a read, as in shadow mode."""
    account = _account(connection, meter)
    transport = requests_transport(replace(outbound(connection), read_only=True))
    return HELPDESKS[connection.helpdesk](replace(account, transport=transport))


def ready_desk(connection: Connection) -> Helpdesk:
    """Returns the adapter, which knows the user it writes as: requested once, then stored. Raises what adapters raise."""
    if not connection.own_user_id:
        connection.own_user_id = open_desk(connection).whoami().id
        with within(connection.tenant_id):
            Connection.of(connection.tenant_id).filter(pk=connection.pk).update(own_user_id=connection.own_user_id)
    return open_desk(connection)


def open_installer(connection: Connection) -> Installer:
    """Returns the installer for setting the account up, which a person starts. Raises Refused where that is done by hand.

    It writes in shadow mode too, but never to a customer's ticket. Its handful of requests is not counted in the rate
    limit, because the connection may not be saved yet.
    """
    installer = INSTALLERS.get(connection.helpdesk)
    if installer is None:
        raise Refused(f"{connection.helpdesk} is set up by hand: see docs/helpdesks.md")
    account = _account(connection, None)
    return installer(replace(account, transport=requests_transport(replace(outbound(connection), read_only=False))))


def _account(connection: Connection, meter: RateLimit | None) -> Account:
    if connection.address and settings.PRODUCTION:
        raise Refused("This connection points at a stand-in helpdesk, which production never writes to.")
    credential = Credential(connection)
    account = Account(
        name=connection.account,
        token=credential.token,
        permit=_freely,
        transport=_transport(outbound(connection)),
        own_ids=frozenset({connection.own_user_id} - {""}),
        address=connection.address,
        renew=credential.renew,
        saved_replies=connection.saved_replies,
    )
    return replace(account, permit=meter.permit, permit_in=meter.permit_in, seen=meter.seen) if meter else account


@lru_cache(maxsize=64)
def _transport(limits: Outbound) -> HTTPAdapter:
    """Keeps connections open from one event to the next: a new one takes TCP, and TLS, as long as a request."""
    return requests_transport(limits)


def _freely(asked: object) -> None:
    """Permits every request and counts none."""
