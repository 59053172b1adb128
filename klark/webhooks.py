"""The webhook endpoint: verifies the sender on the raw bytes, stores the event, and answers 202 once it is committed.

Nothing is decided and nothing is fetched here. Zendesk retries after 409, 429 and 503 only, so when the database cannot
store the event the answer is 503 with `Retry-After`, the only 5xx; 409 is never given.
"""

import re
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import BoundedSemaphore
from typing import Any

import structlog
from django.db import Error, OperationalError
from django.db.models import F
from django.http import HttpRequest, HttpResponse, JsonResponse, UnreadablePostError
from psycopg_pool import PoolTimeout

from integrations.errors import BadPayload, BadSignature
from integrations.helpdesks import HELPDESKS
from integrations.helpdesks.base import Arrival, TicketEvent
from klark import wakeup
from klark.models import EVERY_TENANT, Connection, WebhookEvent, within
from klark.models.event import keep, keep_at_once
from klark.models.tenancy import at_once
from klark.runtime.encrypted_secrets import CannotOpen, unseal
from klark.runtime.request_body import LIMIT, TooLarge, read_body

log = structlog.get_logger(__name__)

STATEMENT_MS, LOCK_MS = 2000, 1000
LIMITS = {"statement_ms": STATEMENT_MS, "lock_ms": LOCK_MS}
NEEDED = ("tenant_id", "id", "helpdesk", "sealed", "last_event_at")
"""In the order of the model, as `from_db` takes them."""
ADDRESSED = f"SELECT {', '.join(NEEDED)} FROM klark_connection WHERE id = %(id)s AND active"  # noqa: S608  names of columns
HEARD_EVERY = timedelta(minutes=1)
IN_TIME_S = 2.7
ROOM_S = 0.2
PLACES = 16
TAKERS = ThreadPoolExecutor(PLACES, thread_name_prefix="klark-door")
FREE = BoundedSemaphore(PLACES)
Took = tuple[int, str]

NO_ROOM = (Error, PoolTimeout, TimeoutError)


ADDRESS = re.compile(r"/webhooks/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})/?")


class DoorFirst:
    """Middleware that answers a webhook before sessions, logins, languages and tenants' access are prepared, which cost more
    than the event."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.inner = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Handles one request."""
        addressed = ADDRESS.fullmatch(request.path_info)
        return door(request, addressed[1]) if addressed else self.inner(request)


def door(request: HttpRequest, connection_id: str) -> HttpResponse:
    """Receives one webhook: 202 if it is stored, 200 if it was stored before, 4xx if it is refused, 503 if it must be retried."""
    if request.method != "POST":
        return say(405, "Send the event with POST.", {"Allow": "POST"})
    try:
        status, words = in_time(take, connection_id, read_body(request), lower_headers(request))
    except TooLarge:
        return say(413, f"The body is larger than {LIMIT} bytes.")
    except UnreadablePostError:
        return say(400, "The body ended before it was whole.")
    except NO_ROOM as error:
        log.warning("webhook refused for now", connection=str(connection_id), error=str(error))
        return say(503, "The event cannot be kept right now; send it again.", {"Retry-After": "30"})
    if status == 202:
        wakeup.wake()
    return say(status, words)


def in_time(take: Callable[[str, bytes, Mapping[str, str]], Took], *event: Any) -> Took:
    """Returns `take(*event)`; raises TimeoutError if no thread is free within ROOM_S or none answers within IN_TIME_S seconds.

    A frozen database server keeps its connection open, which no libpq time-out detects. An event that is committed
    after all is dropped as a duplicate when it comes again, or merged, or skipped because its turn was answered.
    """
    if not FREE.acquire(timeout=ROOM_S):  # all threads are stuck: later requests fail sooner
        raise TimeoutError("every place at the door is taken")
    taken = TAKERS.submit(take, *event)
    taken.add_done_callback(lambda _: FREE.release())
    return taken.result(timeout=IN_TIME_S)


def say(status: int, words: str, headers: Mapping[str, str] | None = None) -> HttpResponse:
    """Returns a JSON response with a short reason."""
    return JsonResponse({"status": status, "reason": words}, status=status, headers=headers)


def take(connection_id: str, raw: bytes, headers: Mapping[str, str]) -> Took:
    """Stores one webhook; returns its HTTP status and the reason. Raises what NO_ROOM lists.

    Each transaction is one message to the database where it can be: one finds the connection, one stores the event.
    """
    found = at_once(EVERY_TENANT, ADDRESSED, {"id": connection_id}, **LIMITS)
    if not found:
        return 404, "There is no such connection."
    row = Connection.from_db("default", NEEDED, found[0])
    try:
        arrival, event = _open(row, raw, headers)
    except BadSignature as error:
        with within(row.tenant_id, **LIMITS):
            _count_bad(row)
        return 401, str(error)
    except BadPayload as error:
        return 400, str(error)
    return _keep(row, event, raw, arrival)


def _open(row: Connection, raw: bytes, headers: Mapping[str, str]) -> tuple[Arrival, TicketEvent | None]:
    provider = HELPDESKS[row.helpdesk]
    try:
        secrets = unseal(row.sealed)
    except CannotOpen as error:
        raise OperationalError(str(error)) from error  # for the operator to fix; the helpdesk must retry
    valid = [secrets[name] for name in ("webhook_secret", "old_webhook_secret") if secrets.get(name)]
    return provider.verify(raw, headers, valid, datetime.now(UTC)), provider.parse(raw, headers)


def _keep(row: Connection, event: TicketEvent | None, raw: bytes, arrival: Arrival) -> Took:
    if event and event.key and not _is_news(row):
        fresh = keep_at_once(row, event, raw, arrival.late, **LIMITS)
        return (202, "Kept.") if fresh else (200, "This event is here already.")
    with within(row.tenant_id, **LIMITS):
        if _is_news(row):
            Connection.objects.filter(pk=row.pk).update(last_event_at=datetime.now(UTC))
        if event is None:
            return 202, "This is not about a ticket."
        fresh = keep(row, event, WebhookEvent.Origin.WEBHOOK, raw, arrival.late)
    return (202, "Kept.") if fresh or not event.key else (200, "This event is here already.")


def _is_news(row: Connection) -> bool:
    """Returns whether the time of an event is to be recorded, once a minute at most: each update locks the row, and all of
    an account's webhooks would queue for it."""
    return row.last_event_at is None or datetime.now(UTC) - row.last_event_at > HEARD_EVERY


def _count_bad(row: Connection) -> None:
    """Counts a bad signature, unless something else holds the row at this moment: anyone may send any number of them, and
    those that waited for the row would take all places, and time-outs, from the webhooks that are real."""
    free = Connection.objects.filter(pk=row.pk).select_for_update(skip_locked=True, no_key=True)
    if free.values_list("pk", flat=True).first():
        Connection.objects.filter(pk=row.pk).update(bad_signatures=F("bad_signatures") + 1)


def lower_headers(request: HttpRequest) -> dict[str, str]:
    """Returns the headers with their names in lower case."""
    return {name.lower(): value for name, value in request.headers.items()}
