"""Runs a ticket through the pipeline as if it had just come, where no event was claimed and nothing can be written."""

import time
from typing import Any

from integrations.helpdesks.base import Ticket
from klark import pipeline
from klark.delivery.record import letter
from klark.intake.skip import Skipping, skip
from klark.knowledge.embedding import topic_vectors
from klark.models.ticket.loaded_event import NOTHING_WRITTEN, Surroundings
from klark.triage.model import vectors
from klark.triage.triage import triage
from klark.trial_files import as_line
from klark.values.decision import Decided
from klark.values.people import first_name
from klark.values.run_record import RunRecord
from klark.values.tenant_settings import TenantSettings


def try_ticket(ticket: Ticket, ours: TenantSettings) -> tuple[RunRecord, dict[str, Any]]:
    """Returns what klark would make of the ticket, and the JSON object that says so (docs/try.md)."""
    started = time.monotonic()
    run = run_trial(ticket, ours)
    text = letter(run, first_name(ticket.requester), ours.rules)
    return run, as_line(ticket, run, text, int((time.monotonic() - started) * 1000))


def run_trial(ticket: Ticket, ours: TenantSettings, around: Surroundings | None = None) -> RunRecord:
    """Returns what klark would make of the ticket, or why it would leave it alone."""
    skipped = skip(ticket, Skipping(rules=ours.rules, wrote=NOTHING_WRITTEN.wrote))
    if not skipped:
        return pipeline.think(ticket, ours, around)
    seen = triage(ticket, ours.topics, vectors, ours.rules.languages, ours.rules.dial, topic_vectors)
    return RunRecord(seen, Decided("SKIP", skipped.reason, skipped.words))
