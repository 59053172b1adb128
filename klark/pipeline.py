"""The steps of a run, from a claimed event to a decision stored with its evidence. No step before `record` has an
effect outside klark but the model's bill, so a run that dies is simply repeated."""

import time
from dataclasses import replace

from django.utils import timezone

from guardrails.guard import guard
from integrations.errors import Gone, TryLater
from integrations.helpdesks.base import Person, Ticket
from klark.context.earlier_ticket import earlier, parent_of
from klark.context.own_sources import own_sources
from klark.context.ticket_history import forget_history, keep_history, memory
from klark.deciding.case import case_of, weighed
from klark.deciding.decide import articles_help, decide, only_sensitivity_stops, stop_before_drafting
from klark.deciding.rollout import watched_for
from klark.delivery.asked_acts import keep_asked
from klark.delivery.record import record, record_skip
from klark.drafting.draft import compose
from klark.drafting.judge import judged, last_word
from klark.drafting.request import guard_options, mark_for, requested
from klark.drafting.tenant_settings import settings_of
from klark.intake.load_event import is_echo, load, look_back, skipping_of
from klark.intake.skip import excluded, skip
from klark.knowledge.embedding import topic_vectors
from klark.models import Claim
from klark.models.event import REGENERATE
from klark.models.measurement import EVENT_AGE, measure, timed
from klark.models.ticket.loaded_event import NOTHING_WRITTEN, Loaded, Surroundings
from klark.retrieval.retrieve import retrieve
from klark.triage.model import vectors
from klark.triage.second_reader import read_again
from klark.triage.triage import triage
from klark.values.decision import NO_VERDICT, Decided
from klark.values.people import known_to
from klark.values.policy import Rules
from klark.values.reasons import Reason
from klark.values.recalled_tickets import NOTHING
from klark.values.run_record import RunRecord
from klark.values.tenant_settings import TenantSettings
from klark.values.ticket_text import unanswered

NOBODY = Person("", "")


def answer(claim: Claim) -> Decided | None:
    """Processes one claimed event to its end and returns the decision, or `None` if another worker holds the event by now.

    Raises TryLater and Refused.
    """
    started = time.monotonic()
    measure(EVENT_AGE, claim.age_s)
    loaded = load(claim)
    if is_echo(loaded):
        return record_skip(loaded, None, Decided("SKIP", Reason.OWN_COMMENT), started)
    before = time.monotonic()
    try:
        ticket = loaded.desk.fetch(loaded.event.ticket_id)
    except Gone as error:
        return record_skip(loaded, None, Decided("SKIP", Reason.GONE, str(error)), started)
    loaded = look_back(loaded, ticket)
    about = (loaded.connection.pk, ticket.id[:40])
    ours = settings_of(claim.tenant_id, loaded.event.instruction, attempt=loaded.attempt, about=about)
    keep_asked(loaded, ticket, ours.rules, time.monotonic() - before)
    skipped = skip(ticket, skipping_of(loaded, ours.rules))
    barred = excluded(ticket, ticket.last_from_customer(), ours.rules)
    if barred:
        forget_history(loaded.connection, ticket)
    else:
        keep_history(loaded.connection, ticket, loaded.own_comments)
    if skipped:
        decided = Decided("SKIP", skipped.reason, skipped.words)
        return record_skip(loaded, replace(ticket, requester=NOBODY) if barred else ticket, decided, started)
    ours = replace(ours, rules=ours.rules.for_brand(ticket.brand_id))
    run = think(ticket, ours, loaded)
    return record(loaded, ticket, ours, replace(run, watched=_watched_for(loaded, ticket, ours.rules)), started)


def _watched_for(loaded: Loaded, ticket: Ticket, rules: Rules) -> str:
    """Returns what leaves a ticket out of the roll-out, if anything. What a person asked for is written."""
    asked = loaded.event.kind == REGENERATE
    return "" if asked else watched_for(ticket, loaded.connection.pk, rules, timezone.now())


def think(ticket: Ticket, ours: TenantSettings, around: Surroundings | None = None) -> RunRecord:
    """Runs triage, retrieval, drafting, judge, checks and decision on one ticket; the only outside effect is the model's bill.

    `around` is what a claimed event was loaded with; `None` in a trial. Raises TryLater if the helpdesk is away, and if the
    triage model or the one that drafts is and the event may wait.
    """
    may_wait = around is not None and around.may_wait
    parent = _parent(around, ticket, ours.rules) if around else None
    before, people, waiting = earlier(ticket, parent), known_to(ticket, parent), unanswered(ticket)
    seen = timed("triage", triage, ticket, ours.topics, vectors, ours.rules.languages, ours.rules.dial, topic_vectors)
    second = None
    if seen.trouble and not seen.sensitive and may_wait:
        raise TryLater(seen.trouble)
    case = case_of(seen, ours.rules, ticket, around.own_comments if around else NOTHING_WRITTEN)
    case = replace(case, stopped_topics=ours.stopped_topics)
    if only_sensitivity_stops(case):
        seen, second = read_again(ours.reader, seen, people, mark_for(ticket), ours.topics, waiting.newest_first.text)
        case = replace(case, triage=seen)
    recalled = memory(around.connection, ticket, waiting.text, seen.language or "", ours.as_of) if around else NOTHING
    if stopped := stop_before_drafting(case):
        helped = articles_help(case, stopped)
        nearest = timed("retrieval", retrieve, ticket, seen, ours, people).found if helped else ()
        return RunRecord(seen, stopped, nearest, earlier=before, memory=recalled, case=case, second=second)
    looked = timed("retrieval", retrieve, ticket, seen, ours, people)
    facts, own = own_sources(ticket, ours, around, recalled, seen.language)
    asked, given = requested(ticket, seen, ours, (*looked.found, *own), people, (before, recalled))
    composed = timed("drafting", compose, ours.drafters, asked, given, may_wait)
    drafted, readings = timed("judging", judged, ours.judge, composed, given) if ours.judge else (composed, ())
    said = last_word(readings)
    options = guard_options(ours.rules, seen, said, ticket, ours.today)
    verdict = timed("guarding", guard, drafted.reply, options) if drafted.reply else NO_VERDICT
    spent = ours.budget_spent or drafted.budget_spent
    case = replace(case, by_meaning=looked.by_meaning, has_model=ours.has_model, budget_spent=spent)
    case = replace(case, rungs=ours.earned_by(drafted.server))
    case = weighed(case, drafted, verdict, said)
    found = tuple(asked.found)
    return RunRecord(seen, decide(case), found, drafted, verdict, before, readings, recalled, facts, case, second)


def _parent(around: Surroundings, ticket: Ticket, rules: Rules) -> Ticket | None:
    """Returns the ticket that this one follows up, unless the policy excludes it: then nothing of it may be stored."""
    parent = parent_of(around.desk, ticket)
    return None if parent is None or excluded(parent, parent.last_from_customer(), rules) else parent
