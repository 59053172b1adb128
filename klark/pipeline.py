"""The steps of a run, from a claimed event to a decision stored with its evidence. No step before `record` has an
effect outside klark but the model's bill, so a run that dies is simply repeated."""

import time
from dataclasses import replace

from django.utils import timezone

from guardrails.guard import guard
from integrations.errors import Gone, TryLater
from integrations.helpdesks.base import Person, Ticket
from klark.context.ticket_history import forget_history, keep_history
from klark.deciding.case import case_of, weighed
from klark.deciding.decide import articles_help, decide, only_sensitivity_stops, stop_before_drafting
from klark.deciding.rollout import watched_for
from klark.delivery.asked_acts import keep_asked
from klark.delivery.correction import correction, ended, without_frames
from klark.delivery.record import record, record_skip
from klark.drafting.draft import compose
from klark.drafting.exchanges import overheard
from klark.drafting.judge import judged, last_word
from klark.drafting.request import guard_options, mark_for, requested
from klark.drafting.tenant_settings import settings_of
from klark.intake.load_event import is_echo, load, look_back, skipping_of
from klark.intake.skip import excluded, skip
from klark.live_reads import TRIAL, Now
from klark.models import Claim, within
from klark.models.evidence.measurement import EVENT_AGE, measure, timed
from klark.models.ticket.loaded_event import Loaded
from klark.triage.second_reader import read_again
from klark.values.decision import NO_VERDICT, Decided
from klark.values.draft import DraftAnswer, Exchange
from klark.values.policy.rules import Rules
from klark.values.reads import Reads
from klark.values.reasons import Reason
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
    about = (loaded.connection.pk, ticket.id[:40])
    with within(claim.tenant_id):  # one transaction, since nobody is waited for
        loaded = look_back(loaded, ticket)
        ours = settings_of(claim.tenant_id, loaded.event.instruction, attempt=loaded.attempt, about=about)
        keep_asked(loaded, ticket, ours.rules, time.monotonic() - before)
        skipped = skip(ticket, skipping_of(loaded, ours.rules))
        barred = excluded(ticket, ticket.last_from_customer(), ours.rules)
        if barred:
            forget_history(loaded.connection, ticket)
        else:
            keep_history(loaded.connection, ticket, loaded.own_comments)
    if skipped and (barred or not loaded.corrects):
        decided = Decided("SKIP", skipped.reason, skipped.words)
        return record_skip(loaded, replace(ticket, requester=NOBODY) if barred else ticket, decided, started)
    ours = replace(ours, rules=ours.rules.for_brand(ticket.brand_id))
    if loaded.corrects:
        return _correct(loaded, ticket, ours, started)
    heard: list[Exchange] = []
    run = think(ticket, overheard(ours, heard), Now(loaded))
    run = replace(run, exchanges=tuple(heard), watched=_watched_for(loaded, ticket, ours.rules))
    return record(loaded, ticket, ours, run, started)


def _watched_for(loaded: Loaded, ticket: Ticket, rules: Rules) -> str:
    """Returns what leaves a ticket out of the roll-out, if anything. What a person asked for is written."""
    asked = loaded.event.asked_for
    return "" if asked else watched_for(ticket, loaded.connection.pk, rules, timezone.now())


def _correct(loaded: Loaded, ticket: Ticket, ours: TenantSettings, started: float) -> Decided | None:
    """Drafts a correction of what was sent on the ticket, for a person to approve: code puts it into words."""
    meant = None if ended(ticket) else correction(loaded, ticket)
    if meant is None:
        return record_skip(loaded, ticket, ended(ticket) or Decided("SKIP", Reason.ALREADY_ANSWERED), started)
    (reply, found), seen = meant, Now(loaded).triage(ticket, ours)
    found_by_checks = timed("guarding", guard, reply, guard_options(ours.rules, seen, ticket=ticket, today=ours.today))
    verdict = without_frames(found_by_checks, reply)
    decided = Decided("WAIT", Reason.CORRECTION)
    if verdict.level > ours.rules.tolerate_queue:
        decided = Decided("ESCALATE", Reason.BLOCKED_BY_GUARD)
    return record(loaded, ticket, ours, RunRecord(seen, decided, found, DraftAnswer("all", reply), verdict), started)


def think(ticket: Ticket, ours: TenantSettings, reads: Reads = TRIAL) -> RunRecord:
    """Runs triage, retrieval, drafting, judge, checks and decision on one ticket; the only outside effect is the model's bill.

    Raises TryLater if the helpdesk is away, and if the triage model or the one that drafts is and the event may wait.
    """
    (before, people), waiting = reads.before(ticket, ours.rules), unanswered(ticket)
    seen = timed("triage", reads.triage, ticket, ours)
    second = None
    if seen.trouble and not seen.sensitive and reads.may_wait:
        raise TryLater(seen.trouble)
    case = case_of(seen, ours.rules, ticket, reads.own_comments)
    case = replace(case, stopped_topics=ours.stopped_topics)
    if only_sensitivity_stops(case):
        seen, second = read_again(ours.reader, seen, people, mark_for(ticket), ours.topics, waiting.newest_first.text)
        case = replace(case, triage=seen)
    recalled = reads.memory(ticket, waiting.text, seen.language or "", ours.as_of)
    if stopped := stop_before_drafting(case):
        helped = articles_help(case, stopped)
        nearest = timed("retrieval", reads.passages, ticket, seen, ours, people).found if helped else ()
        return RunRecord(
            seen, stopped, nearest, earlier=before, memory=recalled, case=case, second=second, people=people
        )
    looked = timed("retrieval", reads.passages, ticket, seen, ours, people)
    facts, own = reads.own_sources(ticket, ours, recalled, seen.language)
    asked, given = requested(ticket, seen, ours, (*looked.found, *own), people, (before, recalled))
    composed = timed("drafting", compose, ours.drafters, asked, given, reads.may_wait)
    drafted, readings = timed("judging", judged, ours.judge, composed, given) if ours.judge else (composed, ())
    said = last_word(readings)
    options = guard_options(ours.rules, seen, said, ticket, ours.today)
    verdict = timed("guarding", guard, drafted.reply, options) if drafted.reply else NO_VERDICT
    spent = ours.budget_spent or drafted.budget_spent
    case = replace(case, by_meaning=looked.by_meaning, has_model=ours.has_model, budget_spent=spent)
    case = replace(case, rungs=ours.earned_by(drafted.server))
    case = weighed(case, drafted, verdict, said)
    found = tuple(asked.found)
    return RunRecord(
        seen, decide(case), found, drafted, verdict, before, readings, recalled, facts, case, second, people
    )  # fmt: skip
