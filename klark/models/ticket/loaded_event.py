"""The value that the pipeline starts from: a claimed event, its open helpdesk, and what klark already did on the ticket."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

from integrations.helpdesks.base import Helpdesk
from klark.models.connection import Connection
from klark.models.event import CORRECTION, REGENERATE, WebhookEvent
from klark.models.work_queue import Claim
from klark.values.own_comments import History, OwnComments

NOTHING_YET = History(frozenset(), 0, 0)


NOTHING_WRITTEN = OwnComments(frozenset())


UNREAD = timedelta(minutes=10)
"""How long a ticket waits for a model: then a person gets it without triage, or sections in place of a draft."""


class Surroundings(Protocol):
    """What a run may look at besides the ticket."""

    @property
    def connection(self) -> Connection:
        """The account that the event came from, by which its past tickets are recalled."""

    @property
    def desk(self) -> Helpdesk:
        """The account's helpdesk, opened."""

    @property
    def own_comments(self) -> OwnComments:
        """What klark itself wrote on this ticket."""

    @property
    def history(self) -> History:
        """What klark has already done for the ticket and its requester."""

    @property
    def may_wait(self) -> bool:
        """Whether the run is retried where a model is away."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """A claimed event with its open helpdesk, klark's own comments on its ticket, and its earlier runs (`history`)."""

    claim: Claim
    event: WebhookEvent
    connection: Connection
    desk: Helpdesk
    own_comments: OwnComments = NOTHING_WRITTEN
    history: History = NOTHING_YET

    @property
    def attempt(self) -> str:
        """Identifies a draft that a reviewer requested, to distinguish it from the turn's first draft; "" for the first."""
        return self.event.key if self.event.kind == REGENERATE else ""

    @property
    def corrects(self) -> str:
        """Tells the draft of a correction from that of the customer's turn; "" for any other."""
        return self.event.key if self.event.kind == CORRECTION else ""

    @property
    def may_wait(self) -> bool:
        """Whether the event is retried rather than handed over without triage, or with sections only.

        It is for the first ten minutes of its age, which a stop does not count in, and at least once as long as the claim has
        patience left: without, it would be parked.
        """
        if self.claim.patience() is None:
            return False
        return not self.event.trouble or self.claim.age_s < UNREAD.total_seconds()
