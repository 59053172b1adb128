"""Catch-up: finds the changes that no webhook reported, and makes the same events of them. It also serves sites that no
webhook can reach."""

from datetime import timedelta

from django.conf import settings
from django.db.models import F, Q
from django.db.models.expressions import CombinedExpression
from django.db.models.functions import Now

from integrations.errors import IntegrationError, TryLater
from integrations.helpdesks.base import Changes
from klark.connections.open_helpdesk import open_desk
from klark.connections.rate_limit import background
from klark.models import EVERY_TENANT, Connection, WebhookEvent, within
from klark.models.event import already_seen, keep
from klark.values.storable_text import clip

OVERLAP = timedelta(minutes=2)  # helpdesks index a change a little after it is made
PAGE_PAUSE = timedelta(seconds=1)  # between pages, so that answers come first


def catch_up() -> bool:
    """Reads one page for one connection that is due; returns whether there was one. The cursor moves with the events."""
    connection = _claim()
    if connection is None:
        return False
    try:
        page = open_desk(connection, background(connection)).changes(connection.cursor or _start(connection))
    except TryLater as error:
        _put_off(connection, error)
        return True
    except IntegrationError as error:
        with within(connection.tenant_id):
            Connection.of(connection.tenant_id).filter(pk=connection.pk).update(trouble=clip(str(error), 300))
        return True
    _keep(connection, page)
    return True


def _claim() -> Connection | None:
    """Returns the connection whose turn it is. The next turn is set at once, so that no two workers read it together."""
    due = Q(catch_up_at=None) | Q(catch_up_at__lte=Now())
    with within(EVERY_TENANT):
        row = (
            Connection.objects.filter(due, active=True)
            .select_for_update(skip_locked=True)
            .order_by(F("catch_up_at").asc(nulls_first=True))
            .first()
        )
        if row is not None:
            next_turn = Now() + timedelta(seconds=settings.KLARK_CATCH_UP_SECONDS)
            Connection.objects.filter(pk=row.pk).update(catch_up_at=next_turn)
    return row


def _put_off(connection: Connection, error: TryLater) -> None:
    """A wait that the helpdesk requested is no trouble: the next read comes when it is over."""
    changes = {"trouble": clip(str(error), 300)} if error.after is None else {"catch_up_at": _in(error.after)}
    with within(connection.tenant_id):
        Connection.of(connection.tenant_id).filter(pk=connection.pk).update(**changes)


def _in(seconds: float) -> CombinedExpression:
    return Now() + timedelta(seconds=max(seconds, 1.0))


def _start(connection: Connection) -> str:
    return (connection.start_mark - OVERLAP).isoformat()


def _keep(connection: Connection, page: Changes) -> None:
    with within(connection.tenant_id):
        for event in page.events:
            if not already_seen(connection, event.ticket_id, event.updated_at):
                keep(connection, event, WebhookEvent.Origin.CATCH_UP)
        changes = {"catch_up_at": Now() + PAGE_PAUSE} if page.more else {}
        Connection.of(connection.tenant_id).filter(pk=connection.pk).update(cursor=page.cursor, trouble="", **changes)
