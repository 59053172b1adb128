"""Runs a ticket through the pipeline as if it had just come, where no event was claimed and nothing can be written."""

from integrations.helpdesks.base import Ticket
from klark import pipeline
from klark.intake.skip import Skipping, skip
from klark.knowledge.embedding import topic_vectors
from klark.models.ticket.loaded_event import NOTHING_WRITTEN, Surroundings
from klark.triage.model import vectors
from klark.triage.triage import triage
from klark.values.decision import Decided
from klark.values.run_record import RunRecord
from klark.values.tenant_settings import TenantSettings


def run_trial(ticket: Ticket, ours: TenantSettings, around: Surroundings | None = None) -> RunRecord:
    """Returns what klark would make of the ticket, or why it would leave it alone."""
    skipped = skip(ticket, Skipping(rules=ours.rules, wrote=NOTHING_WRITTEN.wrote))
    if not skipped:
        return pipeline.think(ticket, ours, around)
    seen = triage(ticket, ours.topics, vectors, ours.rules.languages, ours.rules.dial, topic_vectors)
    return RunRecord(seen, Decided("SKIP", skipped.reason, skipped.words))
