"""The tag by which agents see on a ticket that a draft of it waits in klark's queue."""

from django.db.models.functions import Now

from integrations.errors import Gone, IntegrationError, Refused
from klark.delivery.claimed_delivery import Job
from klark.models import Delivery, within
from klark.models.delivery import WAITS
from klark.models.work_queue import ATTEMPTS
from klark.values.storable_text import clip


def tag_ticket(job: Job) -> str:
    """Adds the tag if a draft of the ticket waits now, else takes it away, so that the last one of several is right whatever
    they were made for. Returns the delivery's state afterwards, or "" if the lease was lost."""
    row, trouble = job.row, ""
    try:
        ticket = job.desk.fetch(row.ticket_id)
        with within(row.tenant_id):
            same = Delivery.of(row.tenant_id).filter(connection=row.connection_id, ticket_id=row.ticket_id)
            waits = same.filter(state=Delivery.State.WAITING).exists()
            if Delivery.is_stopped(job.claim):
                Delivery.postpone(job.claim, 0.0, row.trouble, attempts=job.claim.attempts - 1)
                return row.state
        job.desk.tag(ticket, WAITS, waits)
    except IntegrationError as error:  # a tag is not worth a person's time
        last = job.claim.attempts >= ATTEMPTS or job.claim.patience() is None
        if not last and not isinstance(error, (Gone, Refused)):
            raise
        trouble = clip(str(error), 500)
    state = Delivery.State.RETIRED if trouble else Delivery.State.SENT
    with within(row.tenant_id):
        return state if Delivery.settle(job.claim, state=state, ended_at=Now(), trouble=trouble) else ""
