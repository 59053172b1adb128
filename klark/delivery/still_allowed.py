"""Whether a write is still allowed just before it is made: is klark stopped here, and may its topic still answer without a
person?

A reply that was decided while its topic was open may be due for long, because its helpdesk is away.
"""

from typing import Any

from django.db.models.functions import Now

from klark.autonomy.standing import rungs_of
from klark.delivery.claimed_delivery import Job
from klark.delivery.draft_notes import note_on_draft
from klark.delivery.record import show_waiting
from klark.delivery.ticket_changes import changes_with
from klark.models import Delivery, Judgement, Outcome, Policy, policy_in_force, rules_of
from klark.models.delivery import TOLD, tell
from klark.models.draft import APPROVALS
from klark.values.policy.rules import Mode, Rules

STEPS: tuple[Mode, ...] = ("note", "queue", "reply")
VIA = {"queue": Judgement.Via.QUEUE, "note": Judgement.Via.NOTE}


def held_back(job: Job) -> str | None:
    """Returns None if the write may be made now; else the state that the delivery is in from now on, or "" if the lease was
    lost. What may have left already is seen to its end. Call inside `within(tenant_id)`."""
    row = job.row
    if Delivery.is_stopped(job.claim):
        again = Delivery.postpone(job.claim, 0.0, row.trouble, attempts=job.claim.attempts - 1)
        return row.state if again else ""
    if row.kind != Delivery.Kind.REPLY or row.sending_at is not None:
        return None
    policy = policy_in_force(row.tenant_id)
    step = _step_now(row, policy)
    return None if step == "reply" else _lowered(job, step, rules_of(policy))


def _step_now(row: Delivery, policy: Policy | None) -> Mode:
    """Returns how far klark may go with the draft's topic now: as far as the policy in force and the topic's own step both say.
    A reply that a person approved may be sent."""
    if policy is None or Outcome.of(row.tenant_id).filter(draft=row.draft_id, kind__in=APPROVALS).exists():
        return "reply"
    rules = policy.rules()
    judgement = Judgement.of(row.tenant_id).filter(draft=row.draft_id).first()
    rungs = rungs_of(row.tenant_id, rules, judgement.made_with if judgement else "")
    earned = "reply" if rungs is None else rungs.get((row.draft.topic, row.draft.language), "queue")
    mode = rules.mode_of(row.draft.topic)
    return min("queue" if mode == "off" else mode, earned, key=STEPS.index)


def _lowered(job: Job, step: Mode, rules: Rules) -> str:
    """Makes the reply wait for a person, or turns it into a note, as its topic's step says; returns the state."""
    row = job.row
    changes = _as_note(row, rules) if step == "note" else {"state": Delivery.State.WAITING, "created_at": Now()}
    if not Delivery.settle(job.claim, attempts=0, trouble="", **changes):
        return ""
    Judgement.of(row.tenant_id).filter(draft=row.draft_id, verdict="").update(via=VIA[step], drawn=True)
    if step == "queue":
        tell(row, TOLD[Delivery.State.WAITING])
        show_waiting(row, rules)
    return str(changes["state"])


def _as_note(row: Delivery, rules: Rules) -> dict[str, Any]:
    words = note_on_draft(row, "topic_closed", rules.language, "", "")
    kind = Delivery.Kind.NOTE
    return {
        "state": Delivery.State.DUE, "due_at": Now(), "kind": kind, "html": words.html, "text": words.text,
        **changes_with(kind, rules),
    }  # fmt: skip
