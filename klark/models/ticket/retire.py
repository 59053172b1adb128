"""Takes a write that is not wanted any more out of the queue."""

from django.db.models.functions import Now

from klark.models import Delivery, Outcome
from klark.models.delivery import OPEN, no_longer_waits
from klark.models.ticket.staleness import note_end


def retire(row: Delivery, kind: Outcome.Kind) -> bool:
    """Takes an open write out of the queue and notes why; returns False if it had moved on meanwhile.

    Call inside `within(tenant_id)`.
    """
    still = Delivery.free(row.tenant_id).filter(pk=row.pk, state__in=OPEN)
    moved = bool(still.update(state=Delivery.State.RETIRED, ended_at=Now(), trouble=str(kind.label), asked=""))
    if moved:
        note_end(row, kind)
        if row.state == Delivery.State.WAITING:
            no_longer_waits(row)
    return moved
