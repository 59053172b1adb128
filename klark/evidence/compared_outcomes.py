"""Compares what people sent in place of a draft, or answered themselves, with the draft: each once, in the background.

The figures, dates, links and addresses of an edit are compared without a model. Whether an edit or a colleague's answer says the
same is asked of a judge that has passed its check, in the backtest's request (klark.evidence.comparison). What cannot be asked
now is asked an hour later, as long as its week is still counted; what was asked is never asked again. It is paid from the
policy's `compare_percent` of each budget; with 0 no judge is asked. Nothing is asked where a person has stopped klark, or of a
ticket that the policy excludes by now.
"""

import time
from dataclasses import replace
from datetime import timedelta
from typing import Any

import structlog
from django.db.models import Q, QuerySet
from django.db.models.functions import Now
from django.utils import timezone

from guardrails.grounding.carried_values import not_carried
from integrations.helpdesks.base import Ticket
from klark.context.ticket_history import MOST
from klark.delivery.rich_text import render_text
from klark.drafting.budget import COMPARE
from klark.drafting.exchanges import overheard
from klark.drafting.tenant_settings import settings_of
from klark.evidence.closed_ticket import Closed, why_nothing
from klark.evidence.comparison import against
from klark.evidence.kept_figures import FINAL, WEEK
from klark.evidence.regression.cases import Corrected, RegressionCase, cases_among
from klark.evidence.rerun.replay import CannotReplay, Kept, kept
from klark.evidence.turns import answering
from klark.intake.skip import excluded
from klark.models import Aftermath, AgainstDraft, Delivery, Outcome, within
from klark.models.tenant import all_tenant_ids
from klark.runtime.per_tenant import tried
from klark.values.draft import Exchange, Judge
from klark.values.revived import revived
from klark.values.tenant_settings import TenantSettings
from klark.values.ticket_text import customers_words
from klark.values.triage import Triage

log = structlog.get_logger(__name__)
SECONDS = 60.0
"""How long one tenant's texts are compared at a time."""
LEASE = timedelta(minutes=30)
"""How long nobody else asks what is being asked: longer than any request takes, and less than the hour until the next try."""
LATER = frozenset({"BudgetSpent", "TryLater", "Refused"})
"""Names of the errors after which nothing was billed, and the same request may be answered another time."""
WORDS = {"right": AgainstDraft.SAME, "incomplete": AgainstDraft.PARTLY, "wrong": AgainstDraft.CONTRADICTS}
Rows = QuerySet[Any]


def compare_outcomes() -> None:
    """Compares what every tenant's people wrote. Opens its own transactions."""
    for tenant_id in all_tenant_ids():
        tried("what people wrote was not compared with the drafts", compare, tenant_id)


def compare(tenant_id: int) -> None:
    """Compares what a tenant's people wrote and klark has not compared yet, the newest first, for SECONDS."""
    ends, judge = time.monotonic() + SECONDS, trusted_judge(settings_of(tenant_id, purpose=COMPARE))
    with within(tenant_id):
        cases = _uncompared(tenant_id, judged=judge is not None)
    for case in cases:
        if case.corrected == Corrected.EDITED:
            _compare_values(tenant_id, case)
    for case in cases if judge else ():
        if time.monotonic() > ends or not _compare(tenant_id, case):
            return


def _uncompared(tenant_id: int, *, judged: bool) -> list[RegressionCase]:
    """Returns the texts that are to be compared, where both are still there; without a judge, edits alone."""
    edits = Outcome.of(tenant_id).filter(kind=Outcome.Kind.EDITED).exclude(text="")
    edits = edits.filter(verdict="") if judged else edits.filter(values_changed=None)
    answers = Aftermath.of(tenant_id).filter(agent_at__isnull=False, agent_verdict="")
    recent = answering(tenant_id).filter(live=True, created_at__gte=timezone.now() - FINAL - WEEK)
    wanted = Q(pk__in=edits.values("draft")) | (Q(pk__in=answers.values("draft")) if judged else Q())
    found = cases_among(tenant_id, recent.filter(wanted))
    return [each for each in found if each.corrected in (Corrected.EDITED, Corrected.OTHER_WORDS)]


def _rows(tenant_id: int, case: RegressionCase) -> tuple[Rows, str]:
    """Returns the row that the comparison belongs to, unless its draft was erased meanwhile, and its column."""
    if case.corrected == Corrected.EDITED:
        return Outcome.of(tenant_id).filter(draft=case.draft_id, kind=Outcome.Kind.EDITED, text=case.right), "verdict"
    return Aftermath.of(tenant_id).filter(draft=case.draft_id).exclude(draft__record={}), "agent_verdict"


def _compare_values(tenant_id: int, case: RegressionCase) -> None:
    drafted, language = render_text(case.said).text, case.language
    both = ((drafted, case.right), (case.right, drafted))
    changed = any(not_carried(one, language, other, language) for one, other in both)
    with within(tenant_id):
        _rows(tenant_id, case)[0].filter(values_changed=None).update(values_changed=changed)


def _compare(tenant_id: int, case: RegressionCase) -> bool:
    """Keeps the verdict on one text, unless another worker has it or klark is stopped; returns False if the judge cannot be asked
    now."""
    rows, column = _rows(tenant_id, case)
    free = Q(compared_at=None) | Q(compared_at__lt=Now() - LEASE)
    with within(tenant_id):
        stopped = Delivery.of(tenant_id).filter(Delivery.stopped(), draft=case.draft_id).exists()
        if stopped or not rows.filter(free, **{column: ""}).update(compared_at=Now()):
            return True
    try:
        verdict = _verdict(kept(tenant_id, case.draft_id), case)
    except CannotReplay:
        verdict = AgainstDraft.UNTOLD
    except (KeyError, TypeError, ValueError):  # kept by another klark: the other drafts are compared all the same
        log.exception("a draft cannot be compared with what a person wrote", tenant=tenant_id, draft=case.draft_id)
        verdict = AgainstDraft.UNTOLD
    with within(tenant_id):
        rows.update(**{column: verdict or ""})
    return verdict is not None


def _verdict(one: Kept, case: RegressionCase) -> AgainstDraft | None:
    """Returns how a text compares with the draft; None if the judge cannot be asked now."""
    heard: list[Exchange] = []
    about = (one.draft.connection_id, one.draft.ticket_id)
    ours = settings_of(one.draft.tenant_id, about=about, purpose=COMPARE)
    judge, drafted = trusted_judge(ours), [each["text"] for each in one.draft.sentences]
    if judge is None:
        return None
    if not drafted or why_left_out(one.ticket, case, ours):
        return AgainstDraft.UNTOLD
    ours = overheard(replace(ours, judge=judge), heard)
    closed, seen = Closed(one.ticket, one.ticket, case.right, "", one.others), revived(Triage, one.record["triage"])
    found = against(closed, drafted, customers_words(one.ticket), seen, ours)
    if any(each.error in LATER for each in heard):
        return None
    told = WORDS[found.verdict] if "judge" in found.by else None
    return told or (AgainstDraft.BESIDE if found.beside else AgainstDraft.UNTOLD)


def why_left_out(ticket: Ticket, case: RegressionCase, ours: TenantSettings) -> str:
    """Returns why a text is not compared: it says nothing that can be, only its beginning was kept, or the ticket is excluded by
    now; "" if it is."""
    if nothing := why_nothing(ticket, ticket, case.right):
        return nothing
    if case.corrected == Corrected.OTHER_WORDS and len(case.right) >= MOST:
        return "in_part"
    return "excluded" if excluded(ticket, ticket.last_from_customer(), ours.rules) else ""


def trusted_judge(ours: TenantSettings) -> Judge | None:
    """Returns the first judge that has passed its check, alone; None without one, while the budget is spent, and where the policy
    has nothing compared."""
    if not ours.rules.compare_percent:
        return None
    trusted = (each for each in (ours.judge.in_order if ours.judge else ()) if each.trusted)
    return next((replace(each, fallback=None) for each in trusted), None)
