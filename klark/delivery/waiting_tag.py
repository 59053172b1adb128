"""The tag by which agents see on a ticket that a draft of it waits in klark's queue."""

from django.db.models.functions import Now

from integrations.errors import Gone, Refused
from klark.delivery.claimed_delivery import Job
from klark.models import Delivery, within
from klark.values.storable_text import clip

TAG = "klark-draft-waiting"


def tag_ticket(job: Job) -> str:
    """Adds the tag if a draft of the ticket waits now, else takes it away, so that the last one of several is right whatever
    they were made for. Returns the delivery's state afterwards, or "" if the lease was lost."""
    row, trouble = job.row, ""
    try:
        ticket = job.desk.fetch(row.ticket_id)
        with within(row.tenant_id):
            same = Delivery.of(row.tenant_id).filter(connection=row.connection_id, ticket_id=row.ticket_id)
            waits = same.filter(state=Delivery.State.WAITING).exists()
        job.desk.tag(ticket, TAG, waits)
    except (Gone, Refused) as error:  # a tag is not worth a person's time
        trouble = clip(str(error), 500)
    state = Delivery.State.RETIRED if trouble else Delivery.State.SENT
    with within(row.tenant_id):
        return state if Delivery.settle(job.claim, state=state, ended_at=Now(), trouble=trouble) else ""
