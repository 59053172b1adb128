"""Reads what a run needs as it is now: triage, what the ticket follows up, earlier tickets, passages, the CRM and the helpdesk.
`Recorded` in klark.evidence.rerun.replay reads the same from what was kept."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from guardrails.pii.known import Known
from integrations.crm.base import Fact
from integrations.helpdesks.base import Ticket
from klark.context.corrected_language import corrected_language
from klark.context.earlier_ticket import earlier, parent_of
from klark.context.own_sources import own_sources
from klark.context.ticket_history import memory
from klark.intake.skip import excluded
from klark.knowledge.embedding import topic_vectors
from klark.models.ticket.loaded_event import NOTHING_WRITTEN, NOTHING_YET, Surroundings
from klark.retrieval.retrieve import retrieve
from klark.triage.model import vectors
from klark.triage.priority import as_corrected, as_topic
from klark.triage.triage import triage
from klark.values.own_comments import OwnComments
from klark.values.passages import FoundArticle, Retrieved
from klark.values.people import known_to
from klark.values.policy.rules import Rules
from klark.values.recalled_tickets import NOTHING, Memory
from klark.values.tenant_settings import TenantSettings
from klark.values.triage import Triage


@dataclass(frozen=True, slots=True)
class Now:
    """Reads everything as it is now. `around` is what a claimed event was loaded with; `None` in a trial, where nobody is asked
    and nothing recalled."""

    around: Surroundings | None = None

    @property
    def own_comments(self) -> OwnComments:
        """What klark itself wrote on this ticket."""
        return self.around.own_comments if self.around else NOTHING_WRITTEN

    @property
    def may_wait(self) -> bool:
        """Whether the event is retried where a model is away."""
        return self.around is not None and self.around.may_wait

    def triage(self, ticket: Ticket, ours: TenantSettings) -> Triage:
        """Reads the ticket, in the language and with the priority that a reviewer has named."""
        spoken = corrected_language(self.around.history, ticket) if self.around else ""
        seen = triage(ticket, ours.topics, vectors, ours.rules.languages, ours.rules.dial, topic_vectors, spoken)
        given = ticket.priority or "normal"
        seen = as_topic(seen, given, ours.topics)
        past = self.around.history if self.around else NOTHING_YET
        return as_corrected(seen, past.corrected_priority, given, past.priority_then or "normal")

    def before(self, ticket: Ticket, rules: Rules) -> tuple[str, tuple[Known, ...]]:
        """Fetches the ticket that this one follows up, unless the policy excludes it: then nothing of it may be stored."""
        parent = parent_of(self.around.desk, ticket) if self.around else None
        if parent and excluded(parent, parent.last_from_customer(), rules):
            parent = None
        return earlier(ticket, parent), known_to(ticket, parent)

    def memory(self, ticket: Ticket, text: str, language: str, as_of: datetime | None) -> Memory:
        """Recalls earlier tickets of the connection."""
        return memory(self.around.connection, ticket, text, language, as_of) if self.around else NOTHING

    def passages(self, ticket: Ticket, seen: Triage, ours: TenantSettings, people: Sequence[Known]) -> Retrieved:
        """Searches the tenant's articles."""
        return retrieve(ticket, seen, ours, people)

    def own_sources(
        self, ticket: Ticket, ours: TenantSettings, recalled: Memory, language: str | None
    ) -> tuple[tuple[Fact, ...], tuple[FoundArticle, ...]]:
        """Asks the CRM and the helpdesk."""
        return own_sources(ticket, ours, self.around, recalled, language)


TRIAL = Now()
"""Nobody is asked, and nothing recalled."""
