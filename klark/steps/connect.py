"""Open a tenant's helpdesk: give its adapter the credential, the transport and the operator's outbound policy."""

from urllib.parse import urlsplit

from django.conf import settings

from integrations.errors import Refused
from integrations.helpdesks import HELPDESKS
from integrations.helpdesks.base import Account, Helpdesk
from integrations.http import Outbound, requests_transport
from klark.models import Connection, within
from klark.sealed import CannotOpen, unseal
from klark.steps.ration import Meter


def open_desk(connection: Connection, meter: Meter | None = None) -> Helpdesk:
    """The adapter for a connection; `meter` shares the rate limit out, as for answers unless told otherwise. No network
    yet. Raises Refused where the operator must mend something first."""
    if connection.address and settings.PRODUCTION:
        raise Refused("This connection points at a stand-in helpdesk, which production never writes to.")
    return HELPDESKS[connection.helpdesk](_account(connection, meter or Meter(connection)))


def ready_desk(connection: Connection) -> Helpdesk:
    """The adapter, knowing which user it writes as: asked for once and kept. Raises as adapters do."""
    if not connection.own_user_id:
        connection.own_user_id = open_desk(connection).whoami().id
        with within(connection.tenant_id):
            Connection.of(connection.tenant_id).filter(pk=connection.pk).update(own_user_id=connection.own_user_id)
    return open_desk(connection)


def _account(connection: Connection, meter: Meter) -> Account:
    try:
        token = unseal(connection.sealed).get("token", "")
    except CannotOpen as error:
        raise Refused(str(error)) from error
    return Account(
        name=connection.account,
        token=lambda: token,
        permit=meter.permit,
        transport=requests_transport(outbound(connection)),
        own_ids=frozenset({connection.own_user_id} - {""}),
        address=connection.address,
        seen=meter.seen,
    )


def outbound(connection: Connection) -> Outbound:
    """What this connection may reach. A stand-in's own address is allowed where stand-ins are."""
    stand_in = (urlsplit(connection.address).netloc,) if connection.address else ()
    return Outbound(
        private=(*settings.KLARK_PRIVATE_HOSTS, *stand_in),
        read_s=float(settings.KLARK_READ_SECONDS),
        read_only=connection.shadow,
    )
