"""The tag by which agents see on a ticket that a draft of it waits in klark's queue."""

from django.db.models import Q
from django.db.models.functions import Now

from integrations.errors import Gone, IntegrationError, Refused
from klark.delivery.claimed_delivery import Job
from klark.models import Delivery, policy_in_force, rules_of, within
from klark.models.delivery import SAYS_IT_WAITS
from klark.models.work_queue import ATTEMPTS
from klark.values.storable_text import clip

ITS_NOTE = Q(changes=SAYS_IT_WAITS)


def tag_ticket(job: Job) -> str:
    """Adds the tag if a draft of the ticket waits now, else takes it away, so that the last one of several is right whatever
    they were made for. Returns the delivery's state afterwards, or "" if the lease was lost."""
    row, trouble, now = job.row, "", ""
    try:
        ticket = job.desk.fetch(row.ticket_id)
        with within(row.tenant_id):
            same = Delivery.of(row.tenant_id).filter(connection=row.connection_id, ticket_id=row.ticket_id)
            waits = same.filter(state=Delivery.State.WAITING).exists()
            now = rules_of(policy_in_force(row.tenant_id)).waiting_tag
            earlier = same.filter(Q(kind=row.kind) | ITS_NOTE).values_list("tags", flat=True)
            names = {now, *(name for tags in earlier for name in tags)}
            if Delivery.is_stopped(job.claim):
                Delivery.postpone(job.claim, 0.0, row.trouble, attempts=job.claim.attempts - 1)
                return row.state
        for name in sorted(names):  # a policy may have named another tag when it was set
            job.desk.tag(ticket, name, waits and name == now)
    except IntegrationError as error:  # a tag is not worth a person's time
        last = job.claim.attempts >= ATTEMPTS or job.claim.patience() is None
        if not last and not isinstance(error, (Gone, Refused)):
            raise
        trouble = clip(str(error), 500)
    state = Delivery.State.RETIRED if trouble else Delivery.State.SENT
    with within(row.tenant_id):
        return state if Delivery.settle(job.claim, state=state, ended_at=Now(), trouble=trouble, tags=[now]) else ""
