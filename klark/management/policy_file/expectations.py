"""Tickets with the decision that each must get: read from a policy's file or from JSON lines, and run through the pipeline."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, get_args

from rich.table import Table

from integrations.helpdesks.base import Ticket
from klark.evidence.trial_run import run_trial
from klark.trial_files import BadLine, read_ticket
from klark.values.decision import Kind
from klark.values.reasons import Reason
from klark.values.tenant_settings import TenantSettings

KINDS: tuple[str, ...] = get_args(Kind)


@dataclass(frozen=True, slots=True)
class Expectation:
    """A ticket and the decision that it must get; `reason` may be empty."""

    ticket: Ticket
    decision: str
    reason: str

    @property
    def id(self) -> str:
        """The ticket's id."""
        return self.ticket.id


def read_expectation(given: Mapping[str, Any]) -> Expectation:
    """Returns an expectation from a ticket's keys (klark.trial_files), "decision" and, optionally, "reason". Raises BadLine."""
    decision, reason = given.get("decision"), given.get("reason", "")
    if decision not in KINDS:
        raise BadLine(f'"decision" takes one of {", ".join(KINDS)}')
    if reason not in ("", *Reason):
        raise BadLine('"reason" takes one of those in docs/policy.md')
    return Expectation(read_ticket(given), decision, reason)


def failures(expected: Iterable[Expectation], ours: TenantSettings) -> Table:
    """Returns a table of the tickets that get another decision. Nothing is asked of a helpdesk, and none is written to. What a
    person has stopped for now, and what klark has earned by now, do not count."""
    ours = replace(ours, stopped_topics=frozenset(), rungs=None)
    table = Table("Ticket", "Expected", "Decision", "Topic")
    for one in expected:
        run = run_trial(one.ticket, ours)
        got = (run.decided.kind, str(run.decided.reason))
        if got[0] != one.decision or one.reason not in ("", got[1]):
            table.add_row(one.id, f"{one.decision} {one.reason}".strip(), " ".join(got), run.triage.topic)
    return table
