"""What a person may do with a draft: approve, edit, reject, regenerate, hand over, take an approval back, give it
another topic.

Each action is one transaction that moves the waiting delivery by a conditional UPDATE. If someone or something else was
faster, nothing is changed and `TooLate` is raised. The actions write nothing to the helpdesk: they only make a write
due, and a worker makes it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.contrib.postgres.functions import TransactionNow
from django.db import transaction
from django.db.models.functions import Now
from django.utils.translation import gettext

from integrations.helpdesks.base import TicketEvent
from klark import wakeup
from klark.autonomy import judgements
from klark.delivery.handing_over import leave_note
from klark.delivery.record import show_waiting_again
from klark.delivery.rich_text import render_text
from klark.delivery.whose_text import drafted_text, is_as_drafted, lines
from klark.drafting.edited_reply import Objection, contradicted, objections
from klark.drafting.tenant_settings import has_model
from klark.models import (
    Actor,
    AuditAct,
    Delivery,
    Draft,
    Outcome,
    Topic,
    WebhookEvent,
    policy_in_force,
    record,
    rules_of,
    sha256,
    within,
)
from klark.models.delivery import TOLD, move, no_longer_waits, tell
from klark.models.draft import APPROVALS
from klark.models.event import REGENERATE, keep, regenerate_key
from klark.models.ticket.corrections import give_topic
from klark.values.policy.rules import Rules
from klark.values.words_kept import kept_of

STATE = Delivery.State
WAITING = (STATE.WAITING,)
WAITS_AGAIN: dict[str, Any] = {"state": STATE.WAITING, "due_at": Now()}
LONGEST = 1_000_000
"""The most characters that a person or a program may send: more than any helpdesk accepts."""
UNDO_S = 10
"""For how many seconds the queue holds an approved reply back, so that it can be taken back: long enough to see what one has
pressed, and little beside the minutes or hours that the customer has waited."""
ACTS = {
    Outcome.Kind.APPROVED: AuditAct.APPROVED, Outcome.Kind.EDITED: AuditAct.EDITED, Outcome.Kind.REJECTED: AuditAct.REJECTED,
    Outcome.Kind.REGENERATED: AuditAct.REGENERATED, Outcome.Kind.ESCALATED: AuditAct.HANDED_OVER,
    Outcome.Kind.ADDED: AuditAct.ADDED,
}  # fmt: skip

Checked = tuple[Objection, ...] | None
"""What the checks object to in a text that is sent all the same; None for a draft as it is that nothing is said against."""


class TooLate(Exception):
    """Raised when the draft has moved on in the meantime; the message says to which state."""


class Unfit(ValueError):
    """Raised when what the person entered cannot be used; the message says what to do."""


class Objected(Unfit):
    """Raised when the checks object to the text that a person wants sent, or its sources say otherwise, and the person has not
    said why it is to be sent all the same."""

    def __init__(self, found: Sequence[Objection]) -> None:
        drafted = [each.sentence for each in found if each.sources]
        told = (
            gettext("Nothing was sent: the sources contradict “%(sentence)s”. Change it, or say why to send it.")
            % {"sentence": drafted[0]}
            if drafted
            else gettext(
                "Nothing was sent: the checks object to your text. Change it, or say why to send it all the same."
            )
        )
        super().__init__(told)
        self.found = tuple(found)


@dataclass(frozen=True, slots=True)
class Reviewed:
    """The delivery under review, and who reviews it: a login name, and the user's id. `singly`: by itself, and not one of
    many at once, which says nothing of a single draft. `named`: the reviewer's own name, with which a reply may be signed."""

    delivery_id: int
    tenant_id: int
    by: str
    user_id: int | None = None
    singly: bool = True
    named: str = ""

    @property
    def actor(self) -> Actor:
        """The reviewer, as the audit chain names one."""
        return Actor(self.user_id, self.by)


def approve(reviewed: Reviewed, text: str | None = None, in_s: int = 0, overrule: str = "") -> Checked:
    """Makes the reply due in `in_s` seconds, as it is or with the reviewer's `text`; several of one transaction together. Returns
    what the checks said of a reply that is not as it was drafted, and of a draft's sentences that its sources contradict.

    Raises Unfit for an empty text and in shadow mode, Objected where there is such and no reason to `overrule` it, and TooLate.
    """
    if text is not None and not text.strip():
        raise Unfit(gettext("The reply is empty: write something, or reject the draft."))
    with within(reviewed.tenant_id):
        row, rules = _row(reviewed), _rules(reviewed)
        if row.state != STATE.WAITING:
            raise _too_late(row)
        refuse_in_shadow(row)
        edited = text is not None and lines(text) != lines(row.text)
        changes = as_edited(text, rules) if edited and text is not None else {"text": row.text}
        same = is_as_drafted(row.draft, changes["text"])
        found = checked(reviewed, row.draft, changes["text"], rules, overrule, same)  # before the row is locked
        _move(reviewed, WAITING, STATE.DUE, due_at=TransactionNow() + timedelta(seconds=in_s), **changes)
        kind = Outcome.Kind.APPROVED if same else Outcome.Kind.EDITED
        said = [each["text"] for each in row.draft.sentences]
        kept = kept_of(said, drafted_text(row.draft), changes["text"], same)
        keep_outcome(reviewed, row.draft, kind, overrule if found else "", changes["text"], found, **kept)
    transaction.on_commit(wakeup.wake)
    return None if same and not found else found


def refuse_in_shadow(row: Delivery) -> None:
    """Raises Unfit for a reply whose connection is in shadow mode: it could never leave."""
    if row.connection.shadow:
        told = gettext("%(connection)s is in shadow mode: klark writes nothing there, so nothing was approved.")
        raise Unfit(told % {"connection": row.connection})


def is_stopped(reviewed: Reviewed) -> bool:
    """Returns whether a person has stopped what the delivery belongs to, so that it waits for the release."""
    with within(reviewed.tenant_id):
        return Delivery.of(reviewed.tenant_id).filter(Delivery.stopped(), pk=reviewed.delivery_id).exists()


def checked(
    reviewed: Reviewed, draft: Draft, text: str, rules: Rules, overrule: str, as_drafted: bool = False
) -> tuple[Objection, ...]:
    """Returns what is said against a text that is to be sent, where a reason overrules it. Raises Objected without."""
    by = f"{reviewed.by} {reviewed.named}"
    found = contradicted(draft) if as_drafted else objections(draft, text, rules, by)
    if found and not overrule.strip():
        raise Objected(found)
    return found


def take_back(reviewed: Reviewed) -> None:
    """Lets a reply that the reviewer has approved wait again, with the text as it was approved; an addition is given up. Raises
    TooLate once a worker has taken it up, whatever came of that."""
    with within(reviewed.tenant_id):
        row = _row(reviewed)
        mine = Outcome.of(reviewed.tenant_id).filter(draft=row.draft_id, by=reviewed.by[:150])
        approved = mine.filter(kind=Outcome.Kind.ADDED, text=row.text) if row.adds else mine.filter(kind__in=APPROVALS)
        held = Delivery.free(reviewed.tenant_id).filter(pk=row.pk, kind=Delivery.Kind.REPLY, state=STATE.DUE)
        untouched = held.filter(attempts=0, sending_at=None, trouble="")  # what had trouble may have reached the ticket
        back = {"state": STATE.RETIRED, "ended_at": Now(), "trouble": "It was taken back."} if row.adds else WAITS_AGAIN
        if not approved.exists() or not untouched.update(**back):
            raise TooLate(gettext("Too late to take it back: klark is sending it, or has sent it."))
        approved.delete()
        if not row.adds:
            tell(row, TOLD[STATE.WAITING])
            show_waiting_again(row, _rules(reviewed))
            judgements.taken_back(reviewed.tenant_id, row.draft_id)
        record(reviewed.tenant_id, reviewed.actor, AuditAct.TAKEN_BACK, row.draft, delivery=row.pk)
    transaction.on_commit(wakeup.wake)


def reject(reviewed: Reviewed, reason: str, silently: bool = False) -> None:
    """Retires the draft, and hands the ticket to a person with a note that has the draft and the reason; `silently`: without
    a word on the ticket. The reason is also kept for those who maintain the knowledge.

    Raises Unfit for an empty reason, and TooLate.
    """
    if not reason.strip():
        raise Unfit(gettext("Say in a few words why, so that it can be mended."))
    with within(reviewed.tenant_id):
        row = _row(reviewed)
        _move(reviewed, WAITING, STATE.RETIRED, ended_at=Now())
        keep_outcome(reviewed, row.draft, Outcome.Kind.REJECTED, reason)
        if not silently:
            leave_note(row, "rejected", _rules(reviewed), reviewed.by, reason)
    transaction.on_commit(wakeup.wake)


def regenerate(reviewed: Reviewed, instruction: str) -> None:
    """Drafts the same turn again, from the ticket as it is now, with the reviewer's `instruction` (may be empty).

    Raises Unfit for a correction, for an instruction where the tenant has no model and where klark is stopped, and TooLate.
    """
    with within(reviewed.tenant_id):
        row = _row(reviewed)
        if row.corrects:
            raise Unfit(gettext("This corrects an answer and cannot be drafted again: edit the text, or reject it."))
        if is_stopped(reviewed):
            raise Unfit(gettext("klark is stopped here: release it first, or hand the ticket over."))
        if instruction.strip() and not has_model(reviewed.tenant_id):
            raise Unfit(
                gettext(
                    "Without a model klark only quotes articles and can follow no wish: edit the draft, or leave the wish empty."
                )
            )
        _move(reviewed, WAITING, STATE.RETIRED, ended_at=Now())
        Draft.of(reviewed.tenant_id).filter(pk=row.draft_id).update(live=False)
        keep_outcome(reviewed, row.draft, Outcome.Kind.REGENERATED, instruction)
        event = TicketEvent(row.ticket_id, key=regenerate_key(row.pk), kind=REGENERATE)
        keep(row.connection, event, WebhookEvent.Origin.KLARK)
        again = WebhookEvent.of(reviewed.tenant_id).filter(connection=row.connection, key=event.key)
        again.update(instruction=instruction.strip()[:500])
    transaction.on_commit(wakeup.wake)


def hand_over(reviewed: Reviewed, reason: str) -> None:
    """Leaves the ticket to a person, with a note that gives the reason. Raises TooLate.

    This is also the way out for a parked write that cannot be found on the ticket.
    """
    with within(reviewed.tenant_id):
        row = _row(reviewed)
        _move(reviewed, (STATE.WAITING, STATE.PARKED), STATE.RETIRED, ended_at=Now())
        keep_outcome(reviewed, row.draft, Outcome.Kind.ESCALATED, reason)
        leave_note(row, "handed_over", _rules(reviewed), reviewed.by, reason)
    transaction.on_commit(wakeup.wake)


def retry(reviewed: Reviewed) -> None:
    """Makes a parked write due again. Raises Unfit if it may have been sent (see `mark_sent`), and TooLate."""
    with within(reviewed.tenant_id):
        row = _row(reviewed)
        if row.sending_at is not None:
            raise Unfit(
                gettext("This write may have reached the ticket: look there, then mark it as sent or hand it over.")
            )
        _move(reviewed, (STATE.PARKED,), STATE.DUE, due_at=Now(), attempts=0, ended_at=None)
        record(reviewed.tenant_id, reviewed.actor, AuditAct.TRIED_AGAIN, row)
    transaction.on_commit(wakeup.wake)


def mark_sent(reviewed: Reviewed) -> None:
    """Marks a parked write as sent, because a person saw it on the ticket. Raises TooLate."""
    with within(reviewed.tenant_id):
        _move(reviewed, (STATE.PARKED,), STATE.SENT, ended_at=Now(), trouble=f"Seen on the ticket by {reviewed.by}.")
        tell(_row(reviewed), TOLD[STATE.SENT])
        record(reviewed.tenant_id, reviewed.actor, AuditAct.MARKED_SENT, _row(reviewed))


def correct_topic(draft: Draft, key: str) -> Topic:
    """Gives a draft and its decisions the topic `key`, which counts from the next ticket on; returns the topic. Raises Unfit."""
    with within(draft.tenant_id):
        try:
            return give_topic(draft, key)
        except KeyError:
            raise Unfit(gettext("There is no such topic: choose one of the list.")) from None


def waiting_reply(draft: Draft) -> Delivery | None:
    """Returns what of a draft waits for a person's decision, if anything. Call inside `within`."""
    return Delivery.of(draft.tenant_id).filter(draft=draft, state=STATE.WAITING).order_by("-pk").first()


def retry_event(event_id: int, tenant_id: int) -> bool:
    """Makes a parked event due again; returns whether it was parked."""
    with within(tenant_id):
        parked = WebhookEvent.of(tenant_id).filter(pk=event_id, state=WebhookEvent.State.PARKED)
        moved = parked.update(state=WebhookEvent.State.DUE, due_at=Now(), attempts=0, ended_at=None)
    transaction.on_commit(wakeup.wake)
    return bool(moved)


def _row(reviewed: Reviewed) -> Delivery:
    rows = Delivery.of(reviewed.tenant_id).select_related("draft", "connection")
    row = rows.filter(pk=reviewed.delivery_id).first()
    if row is None:
        raise TooLate(gettext("There is no such draft."))
    return row


def _too_late(row: Delivery) -> TooLate:
    told = gettext("This draft is not waiting any more: it is %(state)s.")
    return TooLate(told % {"state": row.get_state_display()})


def _move(reviewed: Reviewed, before: tuple[str, ...], after: str, **changes: object) -> None:
    row = _row(reviewed)
    if not move(reviewed.delivery_id, reviewed.tenant_id, before, after, **changes):
        raise _too_late(_row(reviewed))
    if row.state == STATE.WAITING:
        no_longer_waits(row)


def keep_outcome(
    reviewed: Reviewed, draft: Draft, kind: Outcome.Kind, reason: str = "", text: str = "",
    overruled: Sequence[Objection] = (), **kept: Any,
) -> None:  # fmt: skip
    """Keeps what the person did with the draft. The audit chain gets a digest of their words, never the words, and the ids of the
    findings that the reason overruled."""
    outcome = Outcome.objects.create(
        tenant_id=reviewed.tenant_id, draft=draft, kind=kind, by=reviewed.by[:150], reason=reason.strip()[:500], text=text,
        singly=reviewed.singly, **kept,
    )  # fmt: skip
    if reviewed.singly:
        judgements.reviewed(reviewed.tenant_id, draft.pk, unchanged=kind == Outcome.Kind.APPROVED)
    told: dict[str, Any] = {"reason": sha256(outcome.reason), "text": sha256(text)}
    if overruled:
        told |= {"overruled": sorted({each.finding.id for each in overruled})}
    record(reviewed.tenant_id, reviewed.actor, ACTS[kind], draft, delivery=reviewed.delivery_id, **told)


def _rules(reviewed: Reviewed) -> Rules:
    return rules_of(policy_in_force(reviewed.tenant_id))


def as_edited(text: str, rules: Rules) -> dict[str, str]:
    """Returns the columns of a reply that have its text."""
    rendered = render_text(text, rules.trusted_domains)
    return {"html": rendered.html, "text": rendered.text}
