"""What people say of drafts: which drafts are asked about, and what counts as a judgement. Call inside `within(tenant_id)`."""

import secrets
from collections.abc import Sequence
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Now

from klark.autonomy.ladder import Why
from klark.autonomy.standing import restate
from klark.models import Actor, AuditAct, Draft, Judgement, Standing, record
from klark.values.policy.rules import Mode, Rules

VIA, VERDICT = Judgement.Via, Judgement.Verdict
LOT = secrets.SystemRandom()


def ask(draft: Draft, via: str, rules: Rules, articles: Sequence[int], made_with: str) -> None:
    """Keeps that a judgement of this draft counts. Of what is sent without a person, only what the lot falls on is asked
    about; the others are kept so that an error in one of them counts too."""
    about: dict[str, Any] = {"tenant_id": draft.tenant_id, "topic": draft.topic, "language": draft.language}
    first = {"rung": _first(rules.mode_of(draft.topic)), "why": Why.NEW, "made_with": made_with}
    standing, _ = Standing.objects.get_or_create(**about, defaults=first)
    drawn = via != VIA.AUDIT or LOT.random() * 100 < rules.audit_percent
    Judgement.objects.create(**about, draft=draft, via=via, drawn=drawn, articles=list(articles), made_with=made_with)
    if standing.made_with != made_with:
        restate(**about)


def _first(mode: Mode) -> str:
    """Returns where a topic begins: at most in the queue, and at notes if the policy says so."""
    return "note" if mode == "note" else "queue"


def reviewed(tenant_id: int, draft_id: int, unchanged: bool) -> None:
    """Takes what a reviewer did with one draft of the queue as a judgement: sent unchanged is right, anything else wrong.
    It says nothing more of a draft that was judged already."""
    pending = Judgement.of(tenant_id).filter(draft=draft_id, via=VIA.QUEUE, verdict="")
    verdict = VERDICT.RIGHT if unchanged else VERDICT.WRONG
    if pending.update(verdict=verdict, judged_at=Now()):
        _restate(tenant_id, draft_id)


def taken_back(tenant_id: int, draft_id: int) -> None:
    """Forgets what `reviewed` took from an approval that was taken back: the draft is to be reviewed again."""
    of_review = Judgement.of(tenant_id).filter(draft=draft_id, via=VIA.QUEUE, by="").exclude(verdict="")
    if of_review.update(verdict="", judged_at=None):
        _restate(tenant_id, draft_id)


def judge(draft: Draft, verdict: str, by: Actor) -> bool:
    """Takes what a person says of a draft (a `Judgement.Verdict`), also in place of what was said before; returns whether it
    was taken.

    Whoever picks a draft and finds it right proves nothing: that counts only where the draft was asked about, or was reviewed
    by itself. An error counts wherever it is found. A correction to right stands where the first judgement stood.
    """
    row = Judgement.of(draft.tenant_id).select_for_update().filter(draft=draft).first()
    if row is None or (verdict == VERDICT.RIGHT and not may_be_right(row)):
        return False
    picked = not row.drawn or (row.via == VIA.QUEUE and bool(row.by))  # a review leaves `by` empty
    taken = "" if picked and verdict == VERDICT.RIGHT else verdict
    changes = {} if row.verdict and verdict == VERDICT.RIGHT else {"judged_at": Now()}
    Judgement.of(draft.tenant_id).filter(pk=row.pk).update(verdict=taken, by=by.name[:150], **changes)
    _restate(draft.tenant_id, draft.pk)
    record(draft.tenant_id, by, AuditAct.JUDGED, draft, verdict=verdict, before=row.verdict)
    return True


def may_be_right(row: Judgement) -> bool:
    """Returns whether it may be said of this draft that it is right: it was asked about, or an error is to be taken back."""
    return bool(row.verdict) or (row.drawn and row.via != VIA.QUEUE)


def awaited(rows: "QuerySet[Judgement]") -> "QuerySet[Judgement]":
    """Returns those of the rows that somebody should and can still judge, the oldest first: notes, and of the replies that were
    sent those that the lot fell on. Left out is what was made with other models than the topic's standing counts, and whose
    content was deleted."""
    shown = Q(via=VIA.NOTE) | (Q(via=VIA.AUDIT) & Q(Judgement.is_sent()))
    about = {name: OuterRef(name) for name in ("tenant", "topic", "language")}
    outdated = Exists(Standing.objects.filter(**about).exclude(made_with=OuterRef("made_with")))
    wanted = rows.filter(shown, ~outdated, drawn=True, verdict="", draft__isnull=False)
    return wanted.exclude(draft__record={}).order_by("pk")


def _restate(tenant_id: int, draft_id: int) -> None:
    row = Judgement.of(tenant_id).get(draft=draft_id)
    restate(tenant_id, row.topic, row.language)
