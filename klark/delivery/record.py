"""Stores a decision with its evidence: draft, decision, delivery and the event's end in one transaction, conditional on
the lease, or not at all."""

import time
from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import IntegrityError
from django.db.models.functions import Now
from psycopg.errors import UniqueViolation

from guardrails.base import Verdict
from guardrails.pii.mask import MASK_VERSION
from integrations.helpdesks.base import Ticket
from integrations.llms.base import Completion
from klark import __version__
from klark.autonomy.judgements import ask
from klark.delivery.draft_notes import draft_address, waiting_note
from klark.delivery.quoted_sections import nearest
from klark.delivery.render import advice_on, render_handover, render_note, reply_text
from klark.delivery.rich_text import Rendered, render_text
from klark.delivery.stored_evidence import (
    answer_record,
    case_record,
    exchanges_record,
    judged_record,
    passages_record,
    second_reader_record,
    settings_record,
)
from klark.delivery.ticket_changes import changes_with
from klark.delivery.unanswered import unanswered
from klark.models import Article, Decision, Delivery, Draft, Judgement, Policy, Recall, WebhookEvent, within
from klark.models.delivery import HANDED_OVER, SAYS_IT_WAITS, TOLD, tag_anew, tell
from klark.models.draft import MOST_COST, MOST_TOKENS
from klark.models.evidence.measurement import FINDINGS, measure
from klark.models.ticket.loaded_event import Loaded
from klark.models.ticket.staleness import readers
from klark.values.decision import Decided
from klark.values.people import first_name, turn_of
from klark.values.policy.rules import Rules
from klark.values.reasons import Reason
from klark.values.run_record import RunRecord
from klark.values.storable_text import clip, storable
from klark.values.tenant_settings import TenantSettings
from klark.values.triage import TopicWords, Triage, urgency

RETIRED = Delivery.State.RETIRED
ONE_DRAFT = "one_draft_per_turn"
JUDGED_VIA = {"NOTE": Judgement.Via.NOTE, "WAIT": Judgement.Via.QUEUE, "REPLY": Judgement.Via.AUDIT}


class LeaseLost(Exception):
    """Raised when another worker holds this event by now: nothing of this run is kept."""


def record_skip(loaded: Loaded, ticket: Ticket | None, decided: Decided, started: float) -> Decided | None:
    """Ends an event that is not for klark; returns the decision, or None if the lease was lost. `started`: time.monotonic()."""
    return _keep(loaded, ticket, decided, started, None, None)


def record(loaded: Loaded, ticket: Ticket, ours: TenantSettings, run: RunRecord, started: float) -> Decided | None:
    """Ends an event with a draft or a handover, or with what triage left alone; returns the decision, or None if the
    lease was lost.

    A turn that was answered meanwhile is not answered twice. `started`: time.monotonic() at the start of the run.
    """
    try:
        return _keep(loaded, ticket, run.told, started, ours, run)
    except IntegrityError as error:
        cause = error.__cause__
        if not isinstance(cause, UniqueViolation) or cause.diag.constraint_name != ONE_DRAFT:
            raise
        return _keep(loaded, ticket, Decided("SKIP", Reason.ALREADY_ANSWERED), started, ours, None)


def _keep(
    loaded: Loaded,
    ticket: Ticket | None,
    decided: Decided,
    started: float,
    ours: TenantSettings | None,
    run: RunRecord | None,
) -> Decided | None:
    try:
        with within(loaded.claim.tenant_id):
            if not WebhookEvent.settle(loaded.claim, state=WebhookEvent.State.DONE, ended_at=Now(), trouble="",
                                       seen_at=_seen_at(loaded, ticket)):  # fmt: skip
                raise LeaseLost
            drafted = run and run.decided.kind != "SKIP"
            draft = _draft(loaded, ticket, ours, run) if drafted and ticket and ours and run else None
            _decision(loaded, ticket, decided, started, ours, run, draft)
            if (
                loaded.corrects
                and not Delivery.of(loaded.claim.tenant_id).filter(draft=draft).exclude(state=RETIRED).exists()
            ):
                Recall.reopen(loaded.claim.tenant_id, event=loaded.event)
    except LeaseLost:
        return None
    return decided


def _seen_at(loaded: Loaded, ticket: Ticket | None) -> datetime | None:
    """Returns the ticket's state up to which all was read that a customer wrote; a correction answers nothing of it."""
    return ticket.updated_at if ticket and ticket.settled and not loaded.corrects else None


def _decision(
    loaded: Loaded, ticket: Ticket | None, decided: Decided, started: float, ours: TenantSettings | None,
    run: RunRecord | None, draft: Draft | None,
) -> None:  # fmt: skip
    triage = run.triage if run else None
    policy_id = ours.policy_id if ours else None
    Decision.objects.create(
        tenant_id=loaded.claim.tenant_id, event=loaded.event, connection=loaded.connection,
        ticket_id=loaded.event.ticket_id, kind=decided.kind, reason=decided.reason, words=clip(decided.words, 500),
        draft=draft, policy_id=policy_id, requester_id=ticket.requester.id[:60] if ticket else "",
        language=(triage.language or "") if triage else "", topic=triage.topic if triage else "",
        record=_undrafted(ticket, triage) if ticket and triage and draft is None else {},
        milliseconds=int((time.monotonic() - started) * 1000),
    )  # fmt: skip
    if ours and ours.policy_id and not ours.policy_used:
        Policy.of(loaded.claim.tenant_id).filter(pk=ours.policy_id, used_at=None).update(used_at=Now())


def _undrafted(ticket: Ticket, triage: Triage) -> dict[str, Any]:
    """Returns what triage read; whose words they are stands where a draft's record has it, so that they can be erased."""
    asked_by = {"id": ticket.requester.id, "email": ticket.requester.email}
    kept: dict[str, Any] = storable({"klark": __version__, "ticket": {"requester": asked_by}, "triage": asdict(triage)})
    return kept


def _draft(loaded: Loaded, ticket: Ticket, ours: TenantSettings, run: RunRecord) -> Draft:
    if loaded.connection.signs:
        ours = replace(ours, rules=replace(ours.rules, sign_off={}))
    text = letter(run, first_name(ticket.requester), ours.rules)
    draft = Draft.objects.create(
        tenant_id=loaded.claim.tenant_id, connection=loaded.connection, ticket_id=ticket.id,
        turn=(loaded.corrects or turn_of(ticket))[:60], subject=clip(ticket.subject, 500),
        requester=clip(ticket.requester.name, 200),
        language=run.triage.language or "", topic=run.triage.topic, mood=run.triage.mood, reply_text=text,
        sentences=sentence_records(run), findings=finding_records(run.verdict),
        record=storable(_evidence(loaded, ticket, ours, run)), instruction=ours.instruction, customer_wrote_at=_wrote_at(ticket),
        confidence=run.confidence, rests_on=_quoted(run),
        **_bill(run.answer.completion, *(each.completion for each in (*run.readings, run.second) if each)),
    )  # fmt: skip
    Article.look_again(draft.tenant_id, draft.rests_on)
    _delivery(loaded, ticket, ours, run, draft)
    if run.decided.counts and ours.rungs is not None and _is_own(ours, run):
        via = Judgement.Via.NOTE if _unwritten(loaded, run) else JUDGED_VIA[run.decided.kind]
        ask(draft, via, ours.rules, _quoted(run), ours.made_with)
    for finding in run.verdict.findings:
        measure(FINDINGS, 1, finding.id, finding.level.name)
    return draft


def _is_own(ours: TenantSettings, run: RunRecord) -> bool:
    """Returns whether the draft says what klark does by itself: no second model stood in, and no reviewer wished for anything."""
    return ours.is_first(run.answer.server) and not ours.instruction


def _quoted(run: RunRecord) -> list[int]:
    """Returns the ids of the articles that the draft cites."""
    reply = run.answer.reply
    cited = {source.article for each in (reply.sentences if reply else ()) for source in each.sources}
    return [each.article_id for each in run.found if each.article in cited and not each.masked]


def _wrote_at(ticket: Ticket) -> datetime | Now:
    """Returns when the customer wrote what is answered; now, if the helpdesk does not say."""
    turn = ticket.last_from_customer()
    return (turn.created_at if turn else None) or Now()


def _bill(*completions: Completion | None) -> dict[str, Any]:
    """Returns the drafter's model as it names itself, and the tokens and cost of all completions, cut to what the
    columns hold."""
    paid = [each for each in completions if each]
    if not paid:
        return {}
    return {
        "model": clip(paid[0].model, 100), "tokens_in": min(sum(each.tokens_in for each in paid), MOST_TOKENS),
        "tokens_out": min(sum(each.tokens_out for each in paid), MOST_TOKENS),
        "cost": min(sum((each.cost for each in paid), Decimal(0)), MOST_COST),
    }  # fmt: skip


def _delivery(loaded: Loaded, ticket: Ticket, ours: TenantSettings, run: RunRecord, draft: Draft) -> None:
    kind, rendered = written(ours.rules, run, draft.reply_text, ours.topics, draft_address(draft.pk))
    state = Delivery.State.WAITING if run.decided.kind == "WAIT" else Delivery.State.DUE
    unwritten = _unwritten(loaded, run)
    row = Delivery(
        tenant_id=draft.tenant_id, connection=loaded.connection, ticket_id=ticket.id, draft=draft, kind=kind,
        state=Delivery.State.RETIRED if unwritten else state, trouble=unwritten,
        html=rendered.html, text=rendered.text, seen=[comment.id for comment in ticket.comments],
        assignee_seen=ticket.assignee_id or "", readers_seen=readers(ticket),
        corrects=bool(loaded.corrects), customer_wrote_at=draft.customer_wrote_at,
        urgency=urgency(run.triage.priority, run.triage.mood),
        **changes_with(kind, ours.rules, run.triage.sensitive),
    )  # fmt: skip
    if row.state == Delivery.State.WAITING:
        show_waiting(row, ours.rules)
    row.save()
    if not unwritten and (what := TOLD.get(row.state) or HANDED_OVER.get(row.kind)):
        tell(row, what, reason=str(run.decided.reason))


def _unwritten(loaded: Loaded, run: RunRecord) -> str:
    """Returns why nothing of a run is written to the ticket, or ""."""
    if loaded.connection.shadow:
        return "Shadow mode: nothing is written."
    return "Outside the roll-out: nothing is written." if run.watched else ""


def show_waiting(row: Delivery, rules: Rules) -> None:
    """Makes due what says on the ticket that this reply waits: a tag, in a note with a link if the policy says so."""
    if not rules.waiting_note:
        tag_anew(row)
        return
    words = waiting_note(row, rules)
    Delivery.objects.create(
        tenant_id=row.tenant_id, connection=row.connection, ticket_id=row.ticket_id, draft=row.draft,
        kind=Delivery.Kind.NOTE, html=words.html, text=words.text, tags=[rules.waiting_tag],
        changes=SAYS_IT_WAITS, seen=row.seen, assignee_seen=row.assignee_seen,
    )  # fmt: skip


def show_waiting_again(row: Delivery, rules: Rules) -> None:
    """Says it again of a reply that waits once more; a note that is on the ticket, or on its way, is not repeated."""
    notes = Delivery.of(row.tenant_id).filter(draft=row.draft_id, kind=Delivery.Kind.NOTE, changes=SAYS_IT_WAITS)
    if notes.exclude(state=Delivery.State.RETIRED).exists():
        tag_anew(row)
    else:
        show_waiting(row, rules)


def letter(run: RunRecord, name: str, rules: Rules) -> str:
    """Returns the draft as a whole letter, or "" if there is none."""
    reply = run.answer.reply
    return reply_text(reply, name, rules, run.decided.kind == "REPLY") if reply else ""


def written(
    rules: Rules, run: RunRecord, text: str, topics: Sequence[TopicWords] = (), address: str = ""
) -> tuple[Delivery.Kind, Rendered]:
    """Returns the kind of delivery and what it says: a reply, a note with the draft in it, or a handover. `text` is the
    draft's letter, `address` that of its page in klark."""
    language = rules.language
    decided = run.decided
    if decided.kind == "ESCALATE" or run.answer.reply is None:
        topic = next((each.named(language) for each in topics if each.key == run.triage.topic), run.triage.topic)
        words = render_handover(
            decided, run.triage, topic, rules, language, run.goes_on_from, run.memory, run.facts,
            nearest(run.found), address,
        )  # fmt: skip
        return Delivery.Kind.HANDOVER, words
    if decided.kind == "NOTE":
        advice = advice_on(run.triage.sensitive, rules, language)
        return Delivery.Kind.NOTE, render_note(text, run, language, advice, address)
    return Delivery.Kind.REPLY, render_text(text, rules.trusted_domains)


def sentence_records(run: RunRecord) -> list[dict[str, Any]]:
    """Returns each sentence of the draft with its state and its sources."""
    reply = run.answer.reply
    versions = {found.article: found.version for found in run.found}
    pairs = zip(reply.sentences, run.verdict.states, strict=True) if reply else ()
    return [
        {"text": sentence.text, "state": state,
         "sources": [{"article": each.article, "version": versions.get(each.article, 0), "title": each.title,
                      "url": each.url, "heading": each.heading, "text": each.text,
                      "answered": asdict(each.answered) if each.answered else None} for each in sentence.sources]}
        for sentence, state in pairs
    ]  # fmt: skip


def finding_records(verdict: Verdict) -> list[dict[str, Any]]:
    """Returns the findings with their stable ids."""
    return [{**asdict(finding), "level": finding.level.name} for finding in verdict.findings]


def _evidence(loaded: Loaded, ticket: Ticket, ours: TenantSettings, run: RunRecord) -> dict[str, Any]:
    return {
        "klark": __version__,
        "mask": MASK_VERSION,
        "ticket": asdict(replace(ticket, raw={})),
        "earlier": run.earlier,
        "memory": asdict(run.memory),
        "card": [asdict(fact) for fact in run.facts],
        "triage": asdict(run.triage),
        "second_reader": second_reader_record(run.second),
        "passages": passages_record(run.found),
        "judged": judged_record(run.readings),
        "unanswered": unanswered(run),
        "answer": answer_record(run.answer),
        "case": case_record(run.case),
        "budget_spent": ours.budget_spent or run.answer.budget_spent,
        "settings": settings_record(ticket, ours, run, loaded.own_comments, loaded.connection.signs),
        "exchanges": exchanges_record(run.exchanges),
    }
