"""What a run reads besides the ticket and its tenant's settings: now, or again from what was recorded."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from guardrails.pii.known import Known
from integrations.crm.base import Fact
from integrations.helpdesks.base import Ticket
from klark.values.own_comments import OwnComments
from klark.values.passages import FoundArticle, Retrieved
from klark.values.policy import Rules
from klark.values.recalled_tickets import Memory
from klark.values.tenant_settings import TenantSettings
from klark.values.triage import Triage


class Reads(Protocol):
    """Where each step of a run gets its material from."""

    @property
    def own_comments(self) -> OwnComments:
        """What klark itself wrote on this ticket."""

    @property
    def may_wait(self) -> bool:
        """Whether the run is retried where a model is away."""

    def triage(self, ticket: Ticket, ours: TenantSettings) -> Triage:
        """Returns what is known of the ticket before anything is retrieved."""

    def before(self, ticket: Ticket, rules: Rules) -> tuple[str, tuple[Known, ...]]:
        """Returns the ticket that this one follows up, in words, and the people on both. Raises TryLater."""

    def memory(self, ticket: Ticket, text: str, language: str, as_of: datetime | None) -> Memory:
        """Returns what is recalled on the ticket."""

    def passages(self, ticket: Ticket, seen: Triage, ours: TenantSettings, people: Sequence[Known]) -> Retrieved:
        """Returns the passages that may answer the ticket."""

    def own_sources(
        self, ticket: Ticket, ours: TenantSettings, recalled: Memory, language: str | None
    ) -> tuple[tuple[Fact, ...], tuple[FoundArticle, ...]]:
        """Returns facts about the requester, and these and colleagues' answers as passages."""
