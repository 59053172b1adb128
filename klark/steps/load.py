"""Gather what a claimed event needs, in short transactions that end before the network is used."""

from dataclasses import dataclass, replace
from datetime import timedelta

from django.db.models.functions import Now
from django.utils.timezone import now

from integrations.helpdesks.base import Helpdesk, Ticket
from klark.models import Claim, Connection, Delivery, Outcome, WebhookEvent, within
from klark.models.delivery import OPEN
from klark.models.event import REGENERATE
from klark.models.rules import Rules
from klark.steps.brief import History, history
from klark.steps.connect import ready_desk
from klark.steps.fate import ENDS, fate, note_end, seen_by
from klark.steps.mine import Mine, mine
from klark.steps.skip import Skipping

NOTHING_YET = History(frozenset(), 0, 0)
NOTHING_WRITTEN = Mine(frozenset())
UNREAD = timedelta(minutes=10)
"""How long a ticket waits for the triage model before a person gets it unread."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """An event with its open desk and what klark already did on its ticket."""

    claim: Claim
    event: WebhookEvent
    connection: Connection
    desk: Helpdesk
    mine: Mine = NOTHING_WRITTEN
    history: History = NOTHING_YET

    @property
    def may_wait(self) -> bool:
        """Whether the event is tried again rather than handed over unread: for ten minutes, and once however old it is."""
        return not self.event.trouble or now() - self.event.received_at < UNREAD

    def skipping(self, rules: Rules) -> Skipping:
        """What the skip rules need to know beside the ticket."""
        return Skipping(
            wrote=self.mine.wrote,
            answered_turns=self.history.answered_turns,
            connected_at=self.connection.start_mark,
            runs_of_ticket=self.history.runs_of_ticket,
            runs_of_requester=self.history.runs_of_requester,
            rules=rules,
        )


def load(claim: Claim) -> Loaded:
    """The event and its desk. Raises Refused where the desk cannot be opened."""
    with within(claim.tenant_id):
        event = WebhookEvent.of(claim.tenant_id).select_related("connection").get(pk=claim.id)
    return Loaded(claim, event, event.connection, ready_desk(event.connection))


def look_back(loaded: Loaded, ticket: Ticket) -> Loaded:
    """Retire what the ticket has overtaken, then read what klark did on it before."""
    tenant = loaded.claim.tenant_id
    with within(tenant):
        own = mine(loaded.connection, ticket.id)
        _retire(loaded.connection, ticket, own)
        past = history(tenant, loaded.connection.pk, ticket.id, ticket.requester.id)
    if loaded.event.kind == REGENERATE:  # a person asked: no flood
        past = replace(past, runs_of_ticket=0, runs_of_requester=0)
    return replace(loaded, mine=own, history=past)


def _retire(connection: Connection, ticket: Ticket, own: Mine) -> None:
    """Waiting and due writes that no longer fit leave the queue now, not when someone approves them."""
    rows = Delivery.of(connection.tenant_id).filter(connection=connection, ticket_id=ticket.id, state__in=OPEN)
    for row in rows.filter(lease_token=None):
        what = fate(ticket, seen_by(row), own)
        if what != "fits":
            retire(row, ENDS[what])


def retire(row: Delivery, kind: Outcome.Kind) -> bool:
    """Take an open write out of the queue and note why; False if it had moved on meanwhile. Inside `within`."""
    still = Delivery.of(row.tenant_id).filter(pk=row.pk, state__in=OPEN, lease_token=None)
    moved = bool(still.update(state=Delivery.State.RETIRED, ended_at=Now(), trouble=str(kind.label)))
    if moved:
        note_end(row, kind)
    return moved
