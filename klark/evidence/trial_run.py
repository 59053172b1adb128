"""Runs a ticket through the pipeline as if it had just come, where no event was claimed and nothing can be written."""

import time
from typing import Any

from integrations.helpdesks.base import Ticket
from klark import pipeline
from klark.delivery.record import letter
from klark.intake.skip import Skipping, skip
from klark.live_reads import TRIAL
from klark.trial_files import as_line
from klark.values.decision import Decided
from klark.values.people import first_name
from klark.values.reads import Reads
from klark.values.run_record import RunRecord
from klark.values.tenant_settings import TenantSettings


def try_ticket(ticket: Ticket, ours: TenantSettings) -> tuple[RunRecord, dict[str, Any]]:
    """Returns what klark would make of the ticket, and the JSON object that says so (docs/try.md)."""
    started = time.monotonic()
    run = run_trial(ticket, ours)
    text = letter(run, first_name(ticket.requester), ours.rules)
    return run, as_line(ticket, run, text, int((time.monotonic() - started) * 1000))


def run_trial(ticket: Ticket, ours: TenantSettings, reads: Reads = TRIAL) -> RunRecord:
    """Returns what klark would make of the ticket, or why it would leave it alone."""
    skipped = skip(ticket, Skipping(rules=ours.rules, wrote=reads.own_comments.wrote))
    if not skipped:
        return pipeline.think(ticket, ours, reads)
    return RunRecord(reads.triage(ticket, ours), Decided("SKIP", skipped.reason, skipped.words))
