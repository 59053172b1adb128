"""Sets a helpdesk up for klark and undoes it: checks the seat first, makes what is missing, and waits for a test event."""

import secrets
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

from django.conf import settings
from django.db.models.functions import Now
from django.utils import timezone

from integrations.errors import IntegrationError, Unsure
from integrations.helpdesks.setup import Extras, Installer, Seat, Wiring
from klark.connections.open_helpdesk import open_installer
from klark.connections.set_up_report import NOT_RUNG, Report, Rung
from klark.connections.tokens import fresher
from klark.models import COMMAND_LINE, Actor, AuditAct, Connection, Delivery, WebhookEvent, record, within
from klark.models.delivery import OPEN
from klark.runtime.encrypted_secrets import changed, seal, unseal

WAIT_S = 30.0
LOOK_S = 0.3
NOTHING = Wiring()
NO_EXTRAS = Extras()
UNCHECKED = "Whether a person uses this seat too could not be checked: give klark a seat that nobody uses."
ENDING = (
    "This is an API token. Zendesk ends all of them on 2027-04-30: make an OAuth client there, "
    "and connect again with --client."
)


def webhook_address(connection: Connection) -> str:
    """Returns the URL of the webhook endpoint, for the helpdesk to report changes to."""
    return f"{settings.KLARK_URL}/webhooks/{connection.pk}/"


def show(connection: Connection, extras: Extras = NO_EXTRAS) -> Report:
    """Returns what `set_up` would do, and changes nothing; the connection may be unsaved. Raises what adapters raise."""
    installer = open_installer(connection)
    seat = installer.seat()
    if seat.missing:
        return _report(connection, seat)
    wiring = installer.arrange(*_wanted(connection), only_show=True)
    return _report(connection, seat, _with(wiring, installer.furnish(extras, only_show=True)))


def set_up(
    connection: Connection, wait_s: float = WAIT_S, extras: Extras = NO_EXTRAS, by: Actor = COMMAND_LINE
) -> Report:
    """Makes what is missing, sends a test event and waits `wait_s` seconds for it; running it twice doubles nothing.
    `connection` is saved only once its seat is good. If the event arrives, what was to be made by hand is there. Raises
    what adapters raise."""
    installer, told_before = open_installer(connection), "webhook_secret" in unseal(connection.sealed)
    seat = installer.seat()
    if seat.missing:
        return _report(connection, seat)
    _save(connection, seat, by)
    wiring = installer.arrange(*_wanted(connection))
    wiring = _with(wiring, installer.furnish(extras))
    if wiring.by_hand and not told_before:  # nobody can have done it yet
        return _report(connection, seat, wiring)
    rung = _ring(connection, installer, wait_s)
    return _report(connection, seat, replace(wiring, by_hand="") if rung.arrived else wiring, rung)


def take_down(connection: Connection) -> list[str]:
    """Removes what set-up made, forgets the credentials and stops; returns what was done. Drafts and decisions stay. A
    second run finds nothing to do, and sends no request."""
    if not (connection.active or connection.sealed):
        return ["it was disconnected already"]
    try:
        done = list(open_installer(connection).remove(webhook_address(connection)))
    except IntegrationError as error:
        done = [f"nothing could be removed at the helpdesk ({error}): remove klark's webhook there by hand"]
    with within(connection.tenant_id):
        Connection.of(connection.tenant_id).filter(pk=connection.pk).update(active=False, sealed="", report="")
        stopped = _stop(connection)
        record(connection.tenant_id, COMMAND_LINE, AuditAct.CONNECTION, connection, done="disconnected")
    return [*done, *stopped, "switched the connection off and forgot its credentials"]


def _with(wiring: Wiring, done: tuple[str, ...]) -> Wiring:
    return replace(wiring, done=(*wiring.done, *done))


def _wanted(connection: Connection) -> tuple[str, str, Callable[[str], None]]:
    secret = unseal(connection.sealed).get("webhook_secret") or secrets.token_urlsafe(24)
    return webhook_address(connection), secret, partial(_keep, connection)


def _keep(connection: Connection, secret: str) -> None:
    """Stores the secret before the first webhook that it must prove. Reads the row again: a token may have been renewed."""
    with within(connection.tenant_id):
        row = Connection.of(connection.tenant_id).select_for_update(no_key=True).get(pk=connection.pk)
        connection.sealed = row.sealed = seal(changed(unseal(row.sealed), webhook_secret=secret))
        row.save(update_fields=["sealed"])


_SAVED = ("account", "address", "shadow", "sealed", "own_user_id", "active", "trouble", "signs", "brands")


def _save(connection: Connection, seat: Seat, by: Actor = COMMAND_LINE) -> None:
    """Saves all that set-up may have changed, and nothing that a worker may have changed meanwhile."""
    fields = list(_SAVED)
    if not connection.active:  # do not answer what came while it was disconnected: it would be a flood
        connection.start_mark, connection.cursor = _now(seat.at), ""
        fields += ["start_mark", "cursor"]
    connection.own_user_id, connection.active, connection.trouble = seat.person.id, True, ""
    connection.signs = connection.signs if seat.signs is None else seat.signs
    connection.brands = dict(seat.brands) or connection.brands
    with within(connection.tenant_id):
        row = Connection.of(connection.tenant_id).select_for_update(no_key=True).filter(pk=connection.pk).first()
        if row:
            connection.sealed = fresher(connection.sealed, row.sealed)
        connection.save(update_fields=fields if row else None)
        new = row is None or connection.sealed != row.sealed
        record(connection.tenant_id, by, AuditAct.SECRETS if new else AuditAct.CONNECTION, connection, done="set up")


def _now(there: datetime | None) -> datetime:
    """Returns the time, by the helpdesk's clock where klark's is more than a minute away: what customers write has that time."""
    here = timezone.now()
    return there if there and abs(there - here) > timedelta(minutes=1) else here


def _report(connection: Connection, seat: Seat, wiring: Wiring = NOTHING, rung: Rung = NOT_RUNG) -> Report:
    cautions = (*seat.cautions, *wiring.cautions, *_shared(connection, seat), *_ending(connection))
    who = f"{seat.person.name} <{seat.person.email}>"
    made = (wiring.done, cautions, wiring.by_hand)
    secret = unseal(connection.sealed).get("webhook_secret", "")
    report = Report(who, seat.missing, *made, rung.arrived, rung.told, rung.sent, secret)
    with within(connection.tenant_id):
        rows = Connection.of(connection.tenant_id).filter(pk=connection.pk)
        rows.update(report=report.kept())
    return report


def _shared(connection: Connection, seat: Seat) -> tuple[str, ...]:
    """Warns if a person uses the seat too, or if nobody can tell: that person's tickets would count as klark's own work."""
    if seat.wrote is None:
        return (UNCHECKED,)
    with within(connection.tenant_id):
        sent = Delivery.of(connection.tenant_id).filter(connection_id=connection.pk, sending_at__isnull=False)
        own = sent.values("ticket_id").distinct().count()
    others = seat.wrote - own
    told = f"This seat has to do with {others} tickets that klark never wrote on: give klark a seat that nobody uses."
    return (told,) if others > 0 else ()


def _ending(connection: Connection) -> tuple[str, ...]:
    token = unseal(connection.sealed).get("token", "")
    return (ENDING,) if connection.helpdesk == "zendesk" and not token.startswith("oauth:") else ()


def _ring(connection: Connection, installer: Installer, wait_s: float) -> Rung:
    """Has a test event sent and waits for it; clears the last event's time, which the webhook endpoint sets once a
    minute only."""
    before = _exchange(connection, None)
    told, sent = _asked_for(installer, webhook_address(connection))
    ends = time.monotonic() + (wait_s if sent else 0.0)
    while time.monotonic() < ends:
        if _last_event(connection):
            return Rung(told, arrived=True)
        time.sleep(LOOK_S)
    _exchange(connection, before)
    return Rung(told, arrived=False, sent=sent)


def _asked_for(installer: Installer, address: str) -> tuple[str, bool]:
    """Returns what the helpdesk says, and whether the event may be on its way. Errors are not raised, since all is set up by
    then: a helpdesk that sends no test event (its tickets may have required fields, for instance) may well report changes."""
    try:
        return installer.ring(address), True
    except Unsure as error:
        return str(error), True
    except IntegrationError as error:
        return str(error), False


def _last_event(connection: Connection) -> datetime | None:
    with within(connection.tenant_id):
        rows = Connection.of(connection.tenant_id).filter(pk=connection.pk)
        return rows.values_list("last_event_at", flat=True).get()


def _exchange(connection: Connection, moment: datetime | None) -> datetime | None:
    before = _last_event(connection)
    with within(connection.tenant_id):
        Connection.of(connection.tenant_id).filter(pk=connection.pk).update(last_event_at=moment)
    return before


def _stop(connection: Connection) -> list[str]:
    writes = Delivery.free(connection.tenant_id).filter(connection=connection, state__in=OPEN)
    off = "The helpdesk was disconnected."
    retired = writes.update(state=Delivery.State.RETIRED, ended_at=Now(), trouble=off, asked="")
    events = WebhookEvent.free(connection.tenant_id).filter(connection=connection, state=WebhookEvent.State.DUE)
    parked = events.update(state=WebhookEvent.State.PARKED, ended_at=Now(), trouble=off)
    told = {"drafts taken out of the queue": retired, "events put aside": parked}
    return [f"{count} {what}" for what, count in told.items() if count]
