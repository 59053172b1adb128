"""Runs closed tickets through the pipeline as they were when they came, and compares what comes of it with what agents did.

The pipeline is the one that answers customers; what makes it a backtest stands in `as_it_was`: the ticket's own day, no CRM,
no later article and no later memory. Nothing here opens a way to write to a helpdesk.
"""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from guardrails.triage.classify import DIALS, Dial
from integrations.helpdesks.base import Helpdesk, Ticket
from integrations.llms.base import BudgetSpent
from klark.delivery.record import letter
from klark.evidence.closed_ticket import Closed, closed_of, left_out
from klark.evidence.comparison import Compared, compared
from klark.evidence.trial_run import run_trial
from klark.intake.skip import excluded
from klark.live_reads import Now
from klark.models import Connection
from klark.models.ticket.corrections import learned_from
from klark.models.ticket.loaded_event import NOTHING_WRITTEN, NOTHING_YET
from klark.triage.sensitivity_dial import handed_over
from klark.values.own_comments import History, OwnComments
from klark.values.people import first_name
from klark.values.run_record import RunRecord
from klark.values.tenant_settings import TenantSettings
from klark.values.ticket_text import written_by_customer
from klark.values.triage import TopicWords

Opened = Callable[[Ticket], "tuple[TenantSettings, Past | None]"]
"""Returns what a ticket is tried with."""


@dataclass(frozen=True, slots=True)
class Past:
    """What a run on a past ticket may look at besides (klark.models.ticket.loaded_event.Surroundings). The helpdesk was opened
    for reading alone."""

    connection: Connection
    desk: Helpdesk
    own_comments: OwnComments = NOTHING_WRITTEN
    history: History = NOTHING_YET
    may_wait: bool = False


@dataclass
class Backtest:
    """The tickets tried so far, at most `limit` of them, and why others were left out. `undated`: the day of a ticket without
    a date."""

    undated: date
    limit: int
    rows: list[dict[str, Any]] = field(default_factory=list)
    left_out: Counter[str] = field(default_factory=Counter)

    @property
    def came(self) -> list[str | None]:
        """When each of them came."""
        return [row["created_at"] for row in self.rows]

    def take(self, ticket: Ticket | None, own: OwnComments, opened: Opened) -> None:
        """Tries one ticket, or counts why not."""
        if len(self.rows) == self.limit and not (ticket is None or left_out(ticket)):
            return
        why, found = looked_at(ticket, own, opened, self.undated)
        if found is None:
            self.left_out[why] += 1
        else:
            self.rows.append(found)


def looked_at(
    ticket: Ticket | None, own: OwnComments, opened: Opened, undated: date
) -> tuple[str, dict[str, Any] | None]:
    """Returns why a ticket is no part of a backtest and None, or "" and what came of it. `ticket`: None is one that the helpdesk
    no longer has. Raises BudgetSpent."""
    why = left_out(ticket) if ticket else "deleted"
    if why or ticket is None:
        return why or "deleted", None
    ours, past = opened(ticket)
    if excluded(ticket, ticket.last_from_customer(), ours.rules):  # nothing of it may be kept, so not in a report
        return "excluded", None
    closed = closed_of(ticket, own)
    ours = replace(ours, topics=tuple(_without_it(each, ticket) for each in ours.topics))
    return "", tried(closed, as_it_was(ours, closed.asked.created_at, ticket.brand_id, undated), past)


def as_it_was(ours: TenantSettings, moment: datetime | None, brand_id: str | None, undated: date) -> TenantSettings:
    """Returns the settings for a ticket of that moment: its own day, no topic stopped, nothing to be earned, none of the facts
    that a CRM knows today. `undated`: the day of a ticket without a date, of which no article is too new."""
    rules = replace(ours.rules.for_brand(brand_id), crm={})
    today = moment.astimezone(ZoneInfo(rules.time_zone)).date() if moment else undated
    return replace(ours, rules=rules, as_of=moment, today=today, stopped_topics=frozenset(), rungs=None)


def _without_it(topic: TopicWords, ticket: Ticket) -> TopicWords:
    """Returns the topic without what somebody taught it by this very ticket: that would give the answer away."""
    said = (written_by_customer(each.body_html, each.body_text) for each in ticket.comments if each.from_customer)
    text = " ".join(" ".join([ticket.subject, *said]).split())
    return replace(topic, examples=tuple(each for each in topic.examples if not learned_from(each, text)))


def tried(closed: Closed, ours: TenantSettings, past: Past | None = None) -> dict[str, Any]:
    """Returns what came of one ticket, as a JSON object. `ours` comes from `as_it_was`. Raises BudgetSpent."""
    run = run_trial(closed.asked, ours, Now(past))
    if run.answer.budget_spent:  # what a tenant without a model gets says nothing of the model
        raise BudgetSpent
    found = compared(closed, run, ours)
    return {
        **_read(closed, run, ours), **_found(found),
        "dial": {dial: _at(dial, closed, run, ours, past, found) for dial in DIALS},
    }  # fmt: skip


def _read(closed: Closed, run: RunRecord, ours: TenantSettings) -> dict[str, Any]:
    ticket, turn = closed.asked, closed.asked.comments[-1]
    return {
        "id": ticket.id, "created_at": ours.as_of.isoformat() if ours.as_of else None, "subject": ticket.subject,
        "asked": written_by_customer(turn.body_html, turn.body_text), "decision": run.decided.kind,
        "reason": str(run.decided.reason), "topic": run.triage.topic, "language": run.triage.language,
        "draft": letter(run, first_name(ticket.requester), ours.rules), "agent_answer": closed.answer,
        "nothing_to_compare": closed.nothing, "confidence": run.confidence,
        "model_silent": _is_silent(run, ours),
        "edited_later": edited_later(run, ours.as_of), "cost": str(_cost(run)),
    }  # fmt: skip


def _found(found: Compared | None) -> dict[str, Any]:
    return {
        "verdict": found.verdict if found else None, "missing": list(found.missing) if found else [],
        "contradicting": [list(pair) for pair in found.contradicting] if found else [],
        "compared_by": list(found.by) if found else [], "cost_of_comparing": str(found.cost if found else Decimal(0)),
    }  # fmt: skip


def edited_later(run: RunRecord, as_of: datetime | None) -> list[str]:
    """Returns the articles that the draft rests on and that were changed after the ticket came: what they said then is not
    known."""
    reply = run.answer.reply
    if reply is None or as_of is None:
        return []
    changed = {one.article for one in run.found if one.updated and one.updated > as_of.date()}
    return sorted({source.article for sentence in reply.sentences for source in sentence.sources} & changed)


def _is_silent(run: RunRecord, ours: TenantSettings) -> bool:
    """Returns whether there is a model and it gave nothing usable, so that sections were quoted, or nothing was."""
    return ours.has_model and run.answer.coverage in ("sections", "failed")


def _cost(run: RunRecord) -> Decimal:
    asked = (run.answer.completion, *(each.completion for each in (*run.readings, run.second) if each))
    return sum((each.cost for each in asked if each), Decimal(0))


def _at(
    dial: Dial, closed: Closed, run: RunRecord, ours: TenantSettings, past: Past | None, found: Compared | None
) -> Mapping[str, Any]:
    """Returns how the ticket would have ended at this position of the dial: run again only where that can make a difference."""
    chances, own = run.triage.chances, ours.rules.dial
    if run.decided.kind != "SKIP" and handed_over(chances, dial) != handed_over(chances, own):
        ours = replace(ours, rules=replace(ours.rules, dial=dial))
        run = run_trial(closed.asked, ours, Now(past))
        found = compared(closed, run, ours)
    return {
        "decision": run.decided.kind, "reason": str(run.decided.reason), "verdict": found.verdict if found else None
    }  # fmt: skip
