"""Stopping klark at once, and letting it go on: for a tenant, for one of its connections, or for one of its topics.

What is stopped is neither drafted nor written: its events and due writes wait as they are (klark.models.work_queue). A topic
is known only once a ticket has been read, so a stopped topic's tickets go to a person without a draft.
"""

import structlog
from django.db import transaction
from django.db.models.functions import Now

from klark import wakeup
from klark.models import Connection, Stop, within

log = structlog.get_logger(__name__)


def stop(tenant_id: int, by: str, connection: Connection | None = None, topic: str = "") -> bool:
    """Stops a tenant, one of its connections, or the topic with this key; returns False if it is stopped already. `by`: a login
    name."""
    with within(tenant_id):
        made, fresh = Stop.in_force().get_or_create(
            tenant_id=tenant_id, connection=connection, topic=topic, defaults={"by": by[:150]}
        )
        if fresh:
            log.warning("stopped by hand", what=str(made), tenant=tenant_id, by=by)
    return fresh


def release(stop_id: int, tenant_id: int, by: str) -> bool:
    """Lets what was stopped go on; returns False if somebody else has released it."""
    with within(tenant_id):
        held = Stop.of(tenant_id).filter(pk=stop_id, released_at=None)
        moved = bool(held.update(released_at=Now(), released_by=by[:150]))
    if moved:
        log.warning("released by hand", stop=stop_id, tenant=tenant_id, by=by)
        transaction.on_commit(wakeup.wake)
    return moved
