"""The button that sets a helpdesk up: it acts after the page, and what came of it stands in the connection's report."""

from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext

from integrations.errors import IntegrationError
from klark.admin.access import actor
from klark.connections import install
from klark.models import Actor, Connection, within

FAILED = "Set-up failed: "


def set_up(request: HttpRequest, connection: Connection) -> str:
    """Sets up the helpdesk after this request's transaction has committed, and returns the sentence to show.

    The webhook endpoint must see the new secret before the test event arrives.
    """
    transaction.on_commit(lambda: _set_up(connection, actor(request)))
    return gettext("klark sets the helpdesk up. What came of it stands under “last set-up”.")


def _set_up(connection: Connection, by: Actor) -> None:
    try:
        report = install.set_up(connection, by=by)
    except IntegrationError as error:
        _fails(connection, str(error))
        return
    if not report.good:
        why = " ".join(report.missing) or report.by_hand.partition("\n")[0] or report.lines()[-1]
        _fails(connection, why, report.kept())


def _fails(connection: Connection, why: str, told: str = "") -> None:
    with within(connection.tenant_id):
        rows = Connection.of(connection.tenant_id).filter(pk=connection.pk)
        rows.update(report="\n".join(filter(None, (f"{FAILED}{why}", told))))


def failed(connection: Connection) -> str:
    """Returns why the last set-up failed, or "" if it did not."""
    first = connection.report.partition("\n")[0]
    return first.removeprefix(FAILED) if first.startswith(FAILED) else ""
