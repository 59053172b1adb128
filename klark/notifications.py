"""Sends what programs are to be told, at least once each, and again later where an address does not take it."""

import json
import time
from collections.abc import Mapping
from datetime import timedelta

import structlog
from django.conf import settings
from django.db.models import F
from django.db.models.functions import Now

from integrations.errors import IntegrationError, Refused
from integrations.http.outbound import Outbound
from integrations.outgoing_webhook import send
from klark.models import EVERY_TENANT, Notification, within
from klark.runtime.encrypted_secrets import CannotOpen, unseal
from klark.runtime.per_tenant import tried
from klark.values.storable_text import clip

log = structlog.get_logger(__name__)

WAITS_S = (30, 300, 1800, 7200, 18_000, 36_000, 36_000)
"""After each attempt that failed, how long until the next: 28 hours in all."""
AT_ONCE = 25
"""How many notifications one address is sent in a round, as long as it takes them, each in less than SLOW_S seconds."""
SLOW_S = 2.0
State = Notification.State


def outbound() -> Outbound:
    """Returns the limits: only the operator lets a tenant's webhook reach a private network."""
    return Outbound(private=settings.KLARK_PRIVATE_WEBHOOK_HOSTS)


def send_due() -> None:
    """Sends what is due, one to each address in turn: one that does not answer, or is slow, costs the others one time-out."""
    due = Notification.objects.filter(state=State.DUE, due_at__lte=Now(), webhook__active=True)
    with within(EVERY_TENANT):
        waiting = list(due.order_by("webhook").values_list("tenant_id", "webhook").distinct())
    for _ in range(AT_ONCE):
        turn, waiting = waiting, []
        for tenant_id, webhook_id in turn:
            tried("a notification was not sent", _send_one, tenant_id, webhook_id, waiting)


def _send_one(tenant_id: int, webhook_id: int, following: list[tuple[int, int]]) -> None:
    """Sends an address's oldest; adds the address to `following` if its next may be sent in this round."""
    start = time.monotonic()
    row = _claimed(tenant_id, webhook_id)
    if row is not None and _sent(row) and time.monotonic() - start < SLOW_S:
        following.append((tenant_id, webhook_id))


def _claimed(tenant_id: int, webhook_id: int) -> Notification | None:
    """Returns an address's oldest due notification, which is due again only if this attempt fails or its worker dies."""
    with within(tenant_id):
        due = Notification.of(tenant_id).filter(
            webhook=webhook_id, webhook__active=True, state=State.DUE, due_at__lte=Now()
        )
        row = (
            due.select_related("webhook")
            .select_for_update(of=("self",), skip_locked=True)
            .order_by("due_at", "pk")
            .first()
        )
        if row is not None:
            wait = timedelta(seconds=WAITS_S[min(row.attempts, len(WAITS_S) - 1)])
            _update(row, attempts=F("attempts") + 1, due_at=Now() + wait)
            row.attempts += 1
    return row


def _sent(row: Notification) -> bool:
    """Sends one; returns whether it was taken."""
    changes: Mapping[str, object]
    try:
        secret = unseal(row.webhook.sealed)["secret"]
        body = json.dumps(row.body, ensure_ascii=False).encode()
        status = send(row.webhook.url, secret, str(row.message_id), int(time.time()), body, outbound())
        changes = {"state": State.SENT, "status": status, "trouble": "", "ended_at": Now()}
    except (IntegrationError, CannotOpen) as error:
        over = row.attempts > len(WAITS_S) or isinstance(error, Refused | CannotOpen)
        changes = {"trouble": clip(str(error), 300), **({"state": State.PARKED, "ended_at": Now()} if over else {})}
        log.info("a notification was not taken", row=row.pk, tenant=row.tenant_id, error=str(error))
    with within(row.tenant_id):
        _update(row, **changes)
    return "status" in changes


def _update(row: Notification, **changes: object) -> None:
    Notification.of(row.tenant_id).filter(pk=row.pk, state=State.DUE).update(**changes)


def send_again(row: Notification) -> bool:
    """Makes a parked notification due again; returns whether it was parked. Call inside `within`."""
    parked = Notification.of(row.tenant_id).filter(pk=row.pk, state=State.PARKED)
    return bool(parked.update(state=State.DUE, due_at=Now(), attempts=0, ended_at=None))
