"""From an event to a decision kept with its evidence. Nothing before `record` acts outside: a run that dies is run again."""

import time
from dataclasses import replace

from guardrails.guard import guard
from integrations.errors import Gone, TryLater
from integrations.helpdesks.base import Ticket
from klark.models import Claim
from klark.steps.brief import Brief, brief
from klark.steps.card import as_found, card
from klark.steps.classify import vectors
from klark.steps.colleagues import cited
from klark.steps.compose import compose
from klark.steps.decide import NO_VERDICT, Decided, decide, may_be_cleared, stop_before_model
from klark.steps.earlier import earlier, parent_of
from klark.steps.judging import judged, last_word
from klark.steps.load import NOTHING_WRITTEN, Loaded, load, look_back
from klark.steps.past import NOTHING, keep_past, memory
from klark.steps.people import known_to
from klark.steps.prompt import material
from klark.steps.reading import asked_of, guard_options, mark_for, wanted_of
from klark.steps.reasons import Reason
from klark.steps.record import record, record_skip
from klark.steps.rereading import reread
from klark.steps.retrieve import search
from klark.steps.skip import skip
from klark.steps.thought import Thought
from klark.steps.triage import triage
from klark.steps.weigh import case_of, weighed


def answer(claim: Claim) -> Decided | None:
    """One claimed event to its end; `None` if another worker holds it by now. Raises TryLater and Refused."""
    started = time.monotonic()
    loaded = load(claim)
    try:
        ticket = loaded.desk.fetch(loaded.event.ticket_id)
    except Gone as error:
        return record_skip(loaded, None, Decided("SKIP", Reason.GONE, str(error)), started)
    loaded = look_back(loaded, ticket)
    ours = brief(claim.tenant_id, loaded.event.instruction)
    keep_past(loaded.connection, ticket, loaded.mine)
    if skipped := skip(ticket, loaded.skipping(ours.rules)):
        return record_skip(loaded, ticket, Decided("SKIP", skipped.reason, skipped.words), started)
    ours = replace(ours, rules=ours.rules.for_brand(ticket.brand_id))
    thought = think(ticket, ours, loaded)
    if thought.decided.kind == "SKIP":
        return record_skip(loaded, ticket, thought.decided, started)
    return record(loaded, ticket, ours, thought, started)


def think(ticket: Ticket, ours: Brief, loaded: Loaded | None = None) -> Thought:
    """Read, find, draft, judge, check, decide: no outside effect but the model's bill. `loaded`: the helpdesk; none in a
    trial."""
    parent = parent_of(loaded.desk, ticket) if loaded else None
    seen, before = triage(ticket, ours.topics, vectors, ours.rules.languages, ours.rules.dial), earlier(ticket, parent)
    if seen.trouble and not seen.sensitive and loaded and loaded.may_wait:
        raise TryLater(seen.trouble)
    people = known_to(ticket, parent)
    case = case_of(seen, ours.rules, ticket, loaded.mine if loaded else NOTHING_WRITTEN)
    seen, second = reread(ours.reader if may_be_cleared(case) else None, seen, people, mark_for(ticket))
    case = replace(case, triage=seen)
    recalled = memory(loaded.connection, ticket, seen.text, seen.language or "") if loaded else NOTHING
    if stopped := stop_before_model(case):
        return Thought(seen, stopped, earlier=before, memory=recalled, case=case, second=second)
    looked = search(ours.tenant_id, wanted_of(ticket, seen, ours.rules))
    facts = card(ours.tenant_id, ours.rules.crm, ticket, loaded.desk) if loaded else ()
    own = (*as_found(facts, seen.language or "en"), *cited(ours.rules, recalled.alike, seen.language))
    asked = asked_of(ticket, seen, ours, (*looked.found, *own), people, (before, recalled))
    given = material(asked)
    drafted, readings = judged(ours.judge, compose(ours.drafters, asked, given), given)
    options = guard_options(ours.rules, seen, last_word(readings), ticket)
    verdict = guard(drafted.reply, options) if drafted.reply else NO_VERDICT
    case = replace(case, by_meaning=looked.by_meaning, budget_spent=ours.budget_spent)
    case = weighed(case, drafted, verdict, options.judged)
    found = tuple(asked.found)
    return Thought(seen, decide(case), found, drafted, verdict, before, readings, recalled, facts, case, second)
