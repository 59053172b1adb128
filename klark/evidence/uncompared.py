"""Why the judge has not compared what people wrote in place of a draft, draft by draft. Call it inside `within(tenant_id)`."""

from collections import defaultdict
from collections.abc import Container, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from klark.drafting.budget import COMPARE
from klark.drafting.tenant_settings import settings_of
from klark.evidence.compared_outcomes import trusted_judge, why_left_out
from klark.evidence.kept_figures import FINAL, WEEK
from klark.evidence.outcomes import TOLD, Ending, Turn, ending
from klark.evidence.regression.cases import RegressionCase, cases_among
from klark.evidence.rerun.replay import ticket_of
from klark.evidence.turns import answering, read_turns
from klark.models import AgainstDraft, Decision, Delivery, Draft, Outcome
from klark.values.tenant_settings import TenantSettings

MOST = 20
"""The newest drafts that are looked at."""
NO_VERDICT = ("", AgainstDraft.UNTOLD)


def uncompared(tenant_id: int, since: datetime, now: datetime) -> Mapping[str, Sequence[tuple[int, str]]]:
    """Returns by reason the newest drafts since a moment that were edited or answered in other words and that no judge compared:
    each as its id and its ticket's number."""
    edited = Outcome.of(tenant_id).filter(kind=Outcome.Kind.EDITED, verdict__in=NO_VERDICT)
    maybe = answering(tenant_id).filter(
        Q(pk__in=edited.values("draft")) | Q(aftermath__agent_at__isnull=False, aftermath__agent_verdict__in=NO_VERDICT),
        live=True, created_at__gte=since,
    )  # fmt: skip
    newest = Draft.of(tenant_id).filter(pk__in=list(maybe.order_by("-pk").values_list("pk", flat=True)[:MOST]))
    turns = [(turn, _verdict(turn)) for turn in read_turns(tenant_id, newest)]
    left = [(turn, verdict) for turn, verdict in turns if verdict in NO_VERDICT]
    if not left:
        return {}
    cases = {one.draft_id: one for one in cases_among(tenant_id, newest)}
    recorded = newest.filter(record__has_key="settings", pk__in=Decision.of(tenant_id).values("draft"))
    kept = {pk: (ticket, said) for pk, ticket, said in recorded.values_list("pk", "record__ticket", "sentences")}
    ours, stopped = settings_of(tenant_id, purpose=COMPARE), _stopped(newest)
    found = defaultdict[str, list[tuple[int, str]]](list)
    for turn, verdict in reversed(left):
        why = _why(cases.get(turn.draft_id), kept.get(turn.draft_id), ours)
        why = why or ("untold" if verdict else _why_not_yet(turn, ours, stopped, now))
        found[why].append((turn.draft_id, turn.ticket[1]))
    return found


def _stopped(drafts: "QuerySet[Draft]") -> frozenset[int]:
    """Returns those of which a person has stopped the writing."""
    return frozenset(Delivery.objects.filter(Delivery.stopped(), draft__in=drafts).values_list("draft_id", flat=True))


def _verdict(turn: Turn) -> str | None:
    """Returns the judge's word on what was written instead, in NO_VERDICT where there is none; None where nothing was."""
    by_ending = {Ending.EDITED: turn.edit_verdict, Ending.OTHER_WORDS: turn.agent_verdict}
    said = by_ending.get(ending(turn))
    return None if said in TOLD else said


def _why(case: RegressionCase | None, kept: tuple[Any, Any] | None, ours: TenantSettings) -> str:
    """Returns what about the texts keeps them from being compared, or "". `kept`: the draft's ticket and its sentences."""
    if case is None:
        return "gone"
    if kept is None:
        return "not_kept"
    ticket, said = kept
    try:
        return why_left_out(ticket_of(ticket, case.ticket_id), case, ours) if said else "no_draft"
    except (KeyError, TypeError, ValueError):  # kept by another klark
        return "not_kept"


def _why_not_yet(turn: Turn, ours: TenantSettings, stopped: Container[int], now: datetime) -> str:
    """Returns why no judge was asked."""
    if turn.drafted_at < now - FINAL - WEEK:
        return "late"
    if not ours.rules.compare_percent:
        return "off"
    if not ours.has_model:
        return "no_model"
    if ours.budget_spent:
        return "spent"
    if trusted_judge(ours) is None:
        return "no_judge"
    return "stopped" if turn.draft_id in stopped else "soon"
