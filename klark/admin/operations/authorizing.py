"""Sends a person to Zendesk's authorization page, and handles the callback (klark/connections/authorize.py)."""

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext

from integrations.errors import IntegrationError, Refused
from klark.admin.access import Power, access_of, actor
from klark.admin.choice_labels import trouble_words
from klark.connections import authorize, install
from klark.connections.authorize import Browser, Returned
from klark.models import Actor, Connection, within
from klark.review import Unfit


def leave(request: HttpRequest, connection: Connection) -> str:
    """Returns the address of the authorization page at Zendesk. Raises Unfit if authorization cannot begin."""
    try:
        return authorize.begin(connection, _browser(request))
    except Refused as error:
        raise Unfit(trouble_words(str(error))) from error


def callback(request: HttpRequest) -> HttpResponse:
    """Handles the request by which Zendesk sends the person back, and redirects to the connection's page.

    Tokens are requested only after this request's transaction has committed, so that the handshake is used up whatever
    happens then.
    """
    try:
        state, code = request.GET.get("state", ""), request.GET.get("code", "")
        returned = authorize.come_back(state, code, _browser(request))
        _allow(request, returned.connection)
    except Refused as error:
        messages.error(request, trouble_words(str(error)))
        return HttpResponseRedirect(reverse("admin:klark_connection_changelist"))
    transaction.on_commit(lambda: _finish(returned, actor(request)))
    messages.success(request, gettext("klark takes the tokens and sets the helpdesk up. See “last set-up”."))
    return HttpResponseRedirect(reverse("admin:klark_connection_change", args=(returned.connection.pk,)))


def _finish(returned: Returned, by: Actor) -> None:
    row = returned.connection
    try:
        authorize.exchange(returned, by)
        install.set_up(row, by=by)
    except IntegrationError as error:
        with within(row.tenant_id):
            Connection.of(row.tenant_id).filter(pk=row.pk).update(report=str(error))


def _allow(request: HttpRequest, connection: Connection) -> None:
    """Raises Refused if the user has lost the role between leaving and coming back."""
    if not access_of(request).may(Power.OPERATE, connection.tenant_id):
        raise Refused(gettext("You may not change this connection (any more)."))


def _browser(request: HttpRequest) -> Browser:
    return Browser(request.user.pk or 0, request.session.session_key or "")
