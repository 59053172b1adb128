"""Makes one write, or finds out what became of one that was never confirmed. Never over a person, never twice.

due      read the ticket; if the draft still fits: the one-way step to `sending`, the write, `sent`
sending  read the ticket back. Our comment is there: `sent`. It is not there: a desk whose writes are conditional gets the
         same write with the same stamp once more (a second one cannot apply); any other desk is read once more, and then a
         person decides; nothing is resent

`sending_at` stays set as long as an earlier write is in doubt, whatever the state. A write that was answered as not
made leaves it as it was before; where nothing may be resent, only an answer that is surely the desk's own counts as that
(integrations/http_failures.py): a gateway's 429 may come after a write that was applied. But even a desk's own can be wrong, so
after any earlier attempt our own comment is searched for first. The same goes for a first attempt if anything was written since
the draft was made: a database that was restored from a backup does not know what was sent.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from django.db.models.functions import Now

from integrations.errors import Gone, IntegrationError, LookAgain, Refused, TryLater, Unsure
from integrations.helpdesks.base import Comment, Ticket, TicketEvent
from klark.delivery.claimed_delivery import Job, load_job, whole
from klark.delivery.still_allowed import held_back
from klark.delivery.waiting_tag import tag_ticket
from klark.models import KLARK, AuditAct, Claim, Connection, Delivery, Outcome, WebhookEvent, record, sha256, within
from klark.models.delivery import TOLD, first_reply, step_through, tell
from klark.models.event import keep
from klark.models.evidence.measurement import WRITES, measure, timed
from klark.models.ticket.own_comments import own_comments
from klark.models.ticket.staleness import ENDS, Staleness, note_end, seen_by, staleness_of
from klark.models.work_queue import ATTEMPTS, lease_s
from klark.values.storable_text import clip

READ_BACK_S = (10.0, 30.0)  # when to check for a write that nobody confirmed
BEHIND_S, LONG_BEHIND_S = 5.0, 300.0  # when to look again for a reply that is being sent, and that waits for a person
STATE = Delivery.State


def deliver(claim: Claim) -> str:
    """Takes one claimed delivery a step further; returns the state it is in afterwards, or "" if the lease was lost.

    Raises what adapters raise when the ticket cannot be read.
    """
    return deliver_job(load_job(claim))


def deliver_job(job: Job) -> str:
    """Does what `deliver` does with a claimed delivery that is loaded."""
    state = timed("delivering", tag_ticket if job.row.kind == Delivery.Kind.TAG else _step, job)
    if state:
        measure(WRITES, 1, job.connection.helpdesk, state)
    return state


def _step(job: Job) -> str:
    if (state := _behind(job)) is not None:
        return state
    try:
        ticket = job.desk.fetch(job.row.ticket_id)
    except Gone as error:
        return _gone(job, error)
    if (job.tried or _fresh(job, ticket)) and (done := _read_back(job, ticket)):
        return done
    what = staleness_of(ticket, seen_by(job.row), own_comments(job.connection, job.row.ticket_id))
    if _by_an_unknown_delivery(job, ticket):
        return _end(job, STATE.PARKED, UNKNOWN)
    fits = what == "fits" or job.row.kind == Delivery.Kind.ACT  # whoever asked is told, whatever happened meanwhile
    return _write(job, ticket) if fits else _overtaken(job, what)


def _behind(job: Job) -> str | None:
    """Lets an addition wait until the reply that it adds to is on the ticket, and gives it up where that is given up; None if
    nothing stands before it."""
    if job.tried or not job.row.adds:
        return None
    with within(job.claim.tenant_id):
        first = first_reply(job.row)
        if first is None:
            return None
        if first.state == STATE.RETIRED:
            return _settled(job, STATE.RETIRED, ended_at=Now(), trouble="The reply that it adds to is not sent.")
        wait = BEHIND_S if first.state in Delivery.claimable else LONG_BEHIND_S
        return _later(job, STATE.DUE, wait, "", attempts=job.claim.attempts - 1)


def _write(job: Job, ticket: Ticket) -> str:
    write = whole(job)
    job = replace(job, with_group=write)
    with within(job.claim.tenant_id):
        if (state := held_back(job)) is not None:
            return state
        if not step_through(job.claim, ticket.stamp, lease_s()):
            return ""
    try:
        return _sent(job, job.desk.write(ticket, write), ticket)
    except IntegrationError as error:
        return _failed(job, error)


def _failed(job: Job, error: IntegrationError) -> str:
    """Handles a write that got no response, or an error."""
    for kind, then in AFTER:
        if isinstance(error, kind):
            return then(job, error)
    raise error


def _conflict(job: Job, error: IntegrationError) -> str:
    """Handles a conflict: someone wrote at the same moment, or our own earlier write had been applied after all."""
    try:
        ticket = job.desk.fetch(job.row.ticket_id)
    except Gone as gone:
        return _gone(job, gone)
    found = _found(job, ticket)
    return _sent(job, found, ticket) if found is not None else _not_made(job, error)


def _found(job: Job, ticket: Ticket) -> str | None:
    """Returns the id of the comment that this delivery left at any attempt; comments that the draft was made on do not
    count."""
    since = job.row.sending_at or job.row.created_at
    return job.desk.find(replace(ticket, comments=_fresh(job, ticket)), job.write, since)


def _fresh(job: Job, ticket: Ticket) -> tuple[Comment, ...]:
    """Returns the comments that were written since the draft was made."""
    return tuple(comment for comment in ticket.comments if comment.id not in job.row.seen)


def _by_an_unknown_delivery(job: Job, ticket: Ticket) -> bool:
    """Returns whether klark replied here by a delivery that this database, restored from a backup, does not have."""
    markers = {comment.marker for comment in _fresh(job, ticket) if comment.public and comment.marker}
    if not markers:
        return False
    rows = Delivery.of(job.claim.tenant_id).filter(connection=job.connection, ticket_id=job.row.ticket_id)
    with within(job.claim.tenant_id):
        return bool(markers - set(map(str, rows.values_list("marker", flat=True))))


def _unsure(job: Job, error: IntegrationError) -> str:
    """Checks later whether it arrived; parks it for a person where resending never brought a response."""
    if job.desk.safe_resend and job.claim.attempts >= ATTEMPTS:
        return _end(job, STATE.PARKED, str(error))
    return _later(job, STATE.SENDING, READ_BACK_S[0], str(error))


def _not_made(job: Job, error: IntegrationError) -> str:
    """Puts the delivery back to before the write, and tries again later; parks it for a person after too many failures."""
    before = _before(job)
    wait = error.after if isinstance(error, TryLater) and error.after is not None else job.claim.patience()
    if isinstance(error, TryLater) and wait is not None:  # the desk is busy or away: this counts as no attempt
        return _later(job, STATE.DUE, max(wait, 1.0), str(error), attempts=job.claim.attempts - 1, **before)
    if job.claim.attempts >= ATTEMPTS or isinstance(error, TryLater):
        return _end(job, STATE.PARKED, str(error), **before)
    return _later(job, STATE.DUE, 2.0**job.claim.attempts, str(error), **before)


def _gone(job: Job, error: IntegrationError) -> str:
    return _retired(job, Outcome.Kind.GONE, str(error))


def _refused(job: Job, error: IntegrationError) -> str:
    """Parks the delivery for a person, saying so if the ticket was closed meanwhile, unless our comment is there after all."""
    try:
        ticket = job.desk.fetch(job.row.ticket_id)
        found = _found(job, ticket)
    except TryLater as later:
        return _not_made(job, later)  # the next attempt searches for our comment first
    except IntegrationError:  # a person must see the first error
        return _end(job, STATE.PARKED, str(error), **_before(job))
    if found is not None:
        return _sent(job, found, ticket)
    return _end(job, STATE.PARKED, FOLLOW_UP if ticket.status == "closed" else str(error), **_before(job))


FOLLOW_UP = (
    "The ticket was closed meanwhile and takes no more comments. Open a follow-up ticket from it, answer there with this "
    "draft, and mark it as sent or hand it over."
)
UNKNOWN = (
    "klark has replied on this ticket and its database does not know of it, as after a restored backup. Look at the ticket, then "
    "mark this as sent or hand it over."
)


def _before(job: Job) -> dict[str, Any]:
    """Returns the columns as they were: this write was surely not made, though an earlier one may have been."""
    return {"sending_at": job.row.sending_at, "stamp": job.row.stamp}


AFTER: tuple[tuple[type[IntegrationError], Callable[[Job, IntegrationError], str]], ...] = (
    (LookAgain, _conflict),
    (Unsure, _unsure),
    (TryLater, _not_made),
    (Gone, _gone),
    (Refused, _refused),
)


def _read_back(job: Job, ticket: Ticket) -> str:
    """Finds out what became of a write that nobody confirmed; "" where the same write may be made again at once."""
    found = _found(job, ticket)
    if found is not None:
        return _sent(job, found, ticket)
    if job.row.sending_at is None or job.desk.safe_resend:
        return ""  # with the old stamp it can apply only if the ticket is unchanged, and then only once
    if job.row.read_backs + 1 < len(READ_BACK_S):
        seconds = READ_BACK_S[job.row.read_backs + 1]
        return _later(job, STATE.SENDING, seconds, job.row.trouble, read_backs=job.row.read_backs + 1)
    return _end(job, STATE.PARKED, "It may have been sent: look at the ticket, then mark this as sent or hand it over.")


def _sent(job: Job, comment_id: str, ticket: Ticket) -> str:
    """Sets what the desk sets apart from the comment, which undoes nothing if it fails, and records that the comment is on
    the ticket. In this order: whoever takes over from a worker that was killed here finds the comment and sets the rest."""
    trouble = _unfinished(job, ticket)
    with within(job.claim.tenant_id):
        Connection.of(job.claim.tenant_id).filter(pk=job.connection.pk).update(last_write_at=Now(), trouble="")
        if moved := _settled(job, STATE.SENT, comment_id=comment_id, ended_at=Now(), trouble=clip(trouble, 500)):
            record(job.claim.tenant_id, KLARK, AuditAct.WROTE, job.row, kind=job.row.kind, text=sha256(job.row.text))
    return moved


def _unfinished(job: Job, ticket: Ticket) -> str:
    """Sets what the comment could not carry; returns what a person must do by hand, or ""."""
    try:
        write = whole(job)
        job.desk.settle(ticket, write)
    except IntegrationError as error:
        return f"It is sent, but the ticket's tags, group, status or fields are not set: {error}"
    missing = job.row.group_id and write.group_id is None
    return f"There is no group {job.row.group_id!r} on this helpdesk: it went to no group." if missing else ""


def _overtaken(job: Job, what: Staleness) -> str:
    """Retires the draft; has the ticket read again if the customer wrote again, or others would read the reply."""
    kind = ENDS[what]
    with within(job.claim.tenant_id):
        moved = _retired(job, kind, str(kind.label))
        if moved and what in READ_AGAIN and not job.row.adds:
            keep(job.connection, TicketEvent(job.row.ticket_id, kind=READ_AGAIN[what]), WebhookEvent.Origin.KLARK)
    return moved


READ_AGAIN: Mapping[Staleness, str] = {"replaced": "written again", "other_readers": "other readers"}
"""What leads to another draft, and the kind of event for it."""


def _retired(job: Job, kind: Outcome.Kind, trouble: str) -> str:
    with within(job.claim.tenant_id):
        moved = _settled(job, STATE.RETIRED, ended_at=Now(), trouble=clip(trouble, 500), asked="")
        if moved and job.row.kind != Delivery.Kind.ACT and not job.row.adds:
            note_end(job.row, kind)
    return moved


def _end(job: Job, state: str, trouble: str, **changes: object) -> str:
    with within(job.claim.tenant_id):
        return _settled(job, state, ended_at=Now(), trouble=clip(trouble, 500), **changes)


def _later(job: Job, state: str, seconds: float, trouble: str, **changes: object) -> str:
    with within(job.claim.tenant_id):
        return state if Delivery.postpone(job.claim, seconds, trouble, state=state, **changes) else ""


def _settled(job: Job, state: str, **changes: object) -> str:
    if not Delivery.settle(job.claim, state=state, **changes):
        return ""
    if state in TOLD:
        tell(job.row, TOLD[state])
    return state
