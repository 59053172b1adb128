"""Does what an agent asks for by a tag on the ticket, as the queue's buttons do it, and has it told there in a note.

An act is a row of the outbox (klark.delivery.asked_acts). First it is done, in one transaction with the row, so that it is done
once; then the tag is taken off; then, once it is known what became of it, it is told. The tag counts only if an agent of the
helpdesk set it who may write to customers: a customer's form can set tags as well, and so can rules. And it counts only for a
draft that was there to be seen when it was set.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models.functions import Now
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import override

from integrations.errors import Gone, Refused
from integrations.helpdesks.base import Person, Ticket
from klark import review
from klark.delivery.act_notes import NO_PERSON, SOMEONE, act_note
from klark.delivery.claimed_delivery import Job, load_job
from klark.delivery.deliver import deliver_job
from klark.delivery.draft_notes import draft_address
from klark.models import Claim, Delivery, Outcome, policy_in_force, rules_of, within
from klark.values.policy.rules import Rules
from klark.values.storable_text import clip

STATE = Delivery.State
LOOK_AGAIN_S = 3.0
"""How long to wait until the reply that an agent wants sent is looked at again."""


class LeaseLost(Exception):
    """Raised when another worker holds this act by now: nothing of this run is kept."""


@dataclass(frozen=True, slots=True)
class Ended:
    """What became of an act (a key of act_notes.TOLD, "sending" until it is known, "" if nothing needs telling), who asked for
    it, and why it was not done."""

    told: str
    by: str = ""
    why: str = ""


def step(claim: Claim) -> str:
    """Takes one claimed delivery a step further, an act or a write; returns as `deliver` does. Raises what adapters raise."""
    job = load_job(claim)
    return _act(job) if job.row.kind == Delivery.Kind.ACT and not job.row.text else deliver_job(job)


def _act(job: Job) -> str:
    row = job.row
    try:
        ticket = job.desk.fetch(row.ticket_id)
    except Gone as error:
        return _end(job, str(error))
    if "told" not in row.changes:
        if row.changes["tag"] not in ticket.tags:
            return _end(job, "The tag was taken off again.")
        set_by = job.desk.tagged_by(ticket, row.changes["tag"])
        try:
            with within(row.tenant_id):
                _do_once(job, set_by)
        except LeaseLost:
            return ""
    _take_off(job, ticket)
    with within(row.tenant_id):
        return _tell(job)


def _do_once(job: Job, set_by: tuple[Person, datetime | None] | None) -> None:
    """Does the act, and keeps in its row what came of it. Raises LeaseLost."""
    row, rules = job.row, rules_of(policy_in_force(job.row.tenant_id))
    language = _language(rules)
    who, at = set_by or (None, None)
    by = who.name or who.id if who else SOMEONE[language == "fr"]
    if who and not by:
        by = NO_PERSON[language == "fr"]
    waiting = review.waiting_reply(row.draft)
    refused = _refused(job, who, rules) or (_unseen(job, waiting, who, at) if waiting else "")
    with override(language):
        ended = Ended(refused, by) if refused else _done(job, waiting, by)
    row.changes = {**row.changes, "told": ended.told, "by": ended.by, "why": ended.why}
    mine = Delivery.of(row.tenant_id).filter(pk=row.pk, lease_token=job.claim.token, state=STATE.DUE)
    if not mine.update(changes=row.changes):
        raise LeaseLost


def _refused(job: Job, who: Person | None, rules: Rules) -> str:
    """Returns why this person may not act (a key of act_notes.TOLD), or ""."""
    if rules.ticket_acts == "off":
        return "off"
    if who is None:
        return "" if rules.ticket_acts == "all" else "unknown"
    is_agent = who.role == "agent" and not who.suspended and who.id != job.connection.own_user_id
    return "" if is_agent else "not_allowed"


def _unseen(job: Job, waiting: Delivery, who: Person | None, at: datetime | None) -> str:
    """Returns why the tag cannot be about the draft that waits (a key of act_notes.TOLD), or "": it was on the ticket when klark
    read it for the draft, and klark has not taken it off since, or it was set before the draft was stored."""
    row, tag = job.row, job.row.changes["tag"]
    acts = Delivery.of(row.tenant_id).filter(draft=row.draft_id, kind=Delivery.Kind.ACT)
    was_there = tag in row.draft.record.get("ticket", {}).get("tags", [tag])
    if was_there and not acts.filter(changes__tag=tag, changes__off=True).exists():
        return "there_before"
    return "newer" if who and (at is None or at < waiting.created_at) else ""


def _done(job: Job, waiting: Delivery | None, by: str) -> Ended:
    """Presses the queue's button; returns what came of it."""
    row = job.row
    if waiting is None:
        last = Outcome.of(row.tenant_id).filter(draft=row.draft_id).order_by("pk").last()
        return Ended("none", by, f" ({last.get_kind_display()})" if last else "")
    who = review.Reviewed(waiting.pk, row.tenant_id, clip(f"{by} · {job.connection.get_helpdesk_display()}", 150))
    try:
        return Ended(_press(row.changes, who), by)
    except (review.TooLate, review.Unfit) as error:
        return Ended("unfit", by, str(error))


def _press(asked: dict[str, Any], who: review.Reviewed) -> str:
    if asked["act"] == "send":
        review.approve(who)
        return "sending"
    if asked["act"] == "redo":
        review.regenerate(who, "")
        return "redo"
    review.reject(who, asked["tag"])
    return ""


def _take_off(job: Job, ticket: Ticket) -> None:
    """Takes the tag off the ticket. Where the helpdesk refuses that, the tag stays there, and asks for nothing more."""
    try:
        job.desk.tag(ticket, job.row.changes["tag"], on=False)
    except Refused:
        return
    with within(job.row.tenant_id):
        Delivery.of(job.row.tenant_id).filter(pk=job.row.pk).update(asked="", changes={**job.row.changes, "off": True})


def _tell(job: Job) -> str:
    """Makes the note due once it is known what became of the act. Call inside `within(tenant_id)`."""
    told, why = job.row.changes["told"], job.row.changes["why"]
    rules = rules_of(policy_in_force(job.row.tenant_id))
    language = _language(rules)
    if told == "sending":
        replies = Delivery.of(job.row.tenant_id).filter(draft=job.row.draft_id, kind=Delivery.Kind.REPLY)
        reply = replies.filter(adds=False).latest("pk")
        if reply.state in Delivery.claimable:
            wait = job.claim.patience() or LOOK_AGAIN_S
            again = Delivery.postpone(job.claim, max(wait, LOOK_AGAIN_S), "", attempts=job.claim.attempts - 1)
            return STATE.DUE if again else ""
        told, why = _became(reply, language)
    if not told:
        return _end(job, "")
    with override(language):
        at = date_format(timezone.localtime(timezone=rules.zone), "DATETIME_FORMAT")
    words = act_note(
        told,
        language,
        draft_address(job.row.draft_id),
        by=job.row.changes["by"],
        tag=job.row.changes["tag"],
        at=at,
        why=why,
    )
    due = Delivery.postpone(job.claim, 0.0, "", attempts=0, html=words.html, text=words.text)
    return STATE.DUE if due else ""


def _became(reply: Delivery, language: str) -> tuple[str, str]:
    """Returns what became of a reply that an agent wanted sent (a key of act_notes.TOLD), and why it was not."""
    if reply.state == STATE.SENT:
        return "sent", ""
    if reply.state != STATE.RETIRED:
        return "parked", ""
    last = Outcome.of(reply.tenant_id).filter(draft=reply.draft_id).order_by("pk").last()
    with override(language):
        return "withdrawn", last.get_kind_display() if last else reply.trouble


def _language(rules: Rules) -> str:
    return "fr" if rules.language.startswith("fr") else "en"


def _end(job: Job, trouble: str) -> str:
    """Ends an act that needs no note."""
    with within(job.row.tenant_id):
        state = STATE.RETIRED if trouble else STATE.SENT
        given = {"asked": ""} if trouble else {}
        return (
            state
            if Delivery.settle(job.claim, state=state, ended_at=Now(), trouble=clip(trouble, 500), **given)
            else ""
        )
