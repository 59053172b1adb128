"""Gathers what a claimed event needs, in short transactions that end before the network is used."""

from dataclasses import replace
from datetime import timedelta

from django.utils import timezone

from integrations.errors import BadPayload
from integrations.helpdesks import HELPDESKS
from integrations.helpdesks.base import Ticket
from klark.connections.open_helpdesk import ready_desk
from klark.intake.earlier_runs import history
from klark.intake.skip import Skipping
from klark.models import Claim, Connection, Delivery, WebhookEvent, within
from klark.models.delivery import NO_COMMENT, OPEN
from klark.models.ticket.aftermath import note_aftermath
from klark.models.ticket.loaded_event import Loaded
from klark.models.ticket.own_comments import own_comments
from klark.models.ticket.retire import retire
from klark.models.ticket.staleness import ENDS, seen_by, staleness_of
from klark.values.own_comments import OwnComments
from klark.values.policy.rules import Rules


def load(claim: Claim) -> Loaded:
    """Returns the event and its open helpdesk. Raises what adapters raise, and Refused where it cannot be opened."""
    event = WebhookEvent.load(claim)
    return Loaded(claim, event, event.connection, ready_desk(event.connection))


def is_echo(loaded: Loaded) -> bool:
    """Returns whether the event says, signed by the helpdesk, that klark's own seat wrote a comment, and klark has stored that
    it wrote this one. Anything else has to be read: the seat may be a person's too, and the answer that told klark the
    comment's id may have been lost. A customer's comment has an event of its own, or this one stands for it too."""
    if loaded.event.merged:
        return False
    try:
        told = HELPDESKS[loaded.connection.helpdesk].parse(bytes(loaded.event.raw), {})
    except BadPayload:
        return False
    if told is None or not told.comment_id or told.actor_id != loaded.connection.own_user_id:
        return False
    return told.comment_id in own_comments(loaded.connection, loaded.event.ticket_id).comment_ids


def look_back(loaded: Loaded, ticket: Ticket) -> Loaded:
    """Retires the drafts that the ticket has overtaken, and notes what became of it; returns `loaded` with what klark did on
    it before."""
    tenant = loaded.claim.tenant_id
    with within(tenant):
        own = own_comments(loaded.connection, ticket.id)
        about = (tenant, loaded.connection.pk, ticket.id, ticket.requester.id)
        past = history(*about)
        if past.open_writes:
            _retire(loaded.connection, ticket, own)
            past = history(*about)
        if past.drafted:
            note_aftermath(loaded.connection, ticket, own)
    if loaded.event.asked_for:  # no flood
        past = replace(past, runs_of_ticket=0, runs_of_requester=0)
    return replace(loaded, own_comments=own, history=past)


def _retire(connection: Connection, ticket: Ticket, own: OwnComments) -> None:
    """Retires waiting and due writes that no longer fit now, and not only when someone approves them."""
    rows = Delivery.free(connection.tenant_id).filter(connection=connection, ticket_id=ticket.id, state__in=OPEN)
    for row in rows.exclude(kind__in=NO_COMMENT):
        what = staleness_of(ticket, seen_by(row), own)
        if what != "fits":
            retire(row, ENDS[what])


def skipping_of(loaded: Loaded, rules: Rules) -> Skipping:
    """Returns what the skip rules need to know besides the ticket. klark may have forgotten whether it answered what is
    older than its log, so that is left alone like what was written before the connection."""
    return Skipping(
        wrote=loaded.own_comments.wrote,
        answered_turns=loaded.history.answered_turns,
        connected_at=max(loaded.connection.start_mark, timezone.now() - timedelta(days=rules.keep_days["log"])),
        runs_of_ticket=loaded.history.runs_of_ticket,
        runs_of_requester=loaded.history.runs_of_requester,
        rules=rules,
    )
