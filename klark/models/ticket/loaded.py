"""A claimed event with its open helpdesk and what klark already did on its ticket."""

from dataclasses import dataclass
from datetime import timedelta

from django.utils.timezone import now

from integrations.helpdesks.base import Helpdesk
from klark.models.connection import Connection
from klark.models.event import REGENERATE, WebhookEvent
from klark.models.work import Claim
from klark.values.own_comments import History, OwnComments

NOTHING_YET = History(frozenset(), 0, 0)


NOTHING_WRITTEN = OwnComments(frozenset())


UNREAD = timedelta(minutes=10)
"""How long a ticket waits for the triage model before a person gets it unread."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """An event with its open desk and what klark already did on its ticket."""

    claim: Claim
    event: WebhookEvent
    connection: Connection
    desk: Helpdesk
    mine: OwnComments = NOTHING_WRITTEN
    history: History = NOTHING_YET

    @property
    def attempt(self) -> str:
        """What tells a draft that a reviewer asked for from the first one of the same turn; "" for that."""
        return self.event.key if self.event.kind == REGENERATE else ""

    @property
    def may_wait(self) -> bool:
        """Whether the event is tried again rather than handed over unread: for ten minutes, and once however old it is."""
        return not self.event.trouble or now() - self.event.received_at < UNREAD
