"""The cases of a tenant's regression set: its kept drafts of which people said that they were wrong, or what is right instead.

A case is no row of its own: it is read from the draft and what became of it, and disappears with them. Call inside
`within(tenant_id)`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from django.db.models import BooleanField, ExpressionWrapper, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from klark.evidence.outcomes import Ending, Turn, ending
from klark.evidence.turns import answering, read_turns
from klark.models import Aftermath, Draft, Judgement, Outcome, PastTicket

MOST = 200
"""Cases of a set, the newest: about as many as a policy's preview looks at."""
KIND, WRONG = Outcome.Kind, (Judgement.Verdict.WRONG, Judgement.Verdict.SERIOUS)


class Corrected(StrEnum):
    """What people did with the draft of a case. A value stands in files, so none is ever renamed."""

    EDITED = "edited"
    REJECTED = "rejected"
    JUDGED_WRONG = "judged_wrong"
    OTHER_WORDS = "other_words"
    HANDED_OVER = "handed_over"


WORDS: Mapping[str, Any] = {
    Corrected.EDITED: _("edited and sent"), Corrected.REJECTED: _("rejected"), Corrected.JUDGED_WRONG: _("judged wrong"),
    Corrected.OTHER_WORDS: _("a colleague answered in other words"),
    Corrected.HANDED_OVER: _("handed over, and a colleague answered"),
}  # fmt: skip
BY_ENDING = {Ending(each.value): each for each in Corrected if each != Corrected.JUDGED_WRONG}
ANSWERED = (Corrected.OTHER_WORDS, Corrected.HANDED_OVER)
"""What is a case only with the colleague's answer: nobody said that the draft was wrong."""


@dataclass(frozen=True, slots=True)
class RegressionCase:
    """A draft that people corrected. `said`: the draft, in `language`; `right`: what a person wrote instead, "" if nobody did;
    `why`: what the one who rejected it said; `is_kept`: whether enough is kept of what the draft was made of to try it again."""

    draft_id: int
    ticket_id: str
    subject: str
    corrected: Corrected
    language: str
    said: str
    right: str
    why: str
    drafted_at: datetime
    is_kept: bool


def cases_of(tenant_id: int, most: int = MOST, left_out: bool = False) -> list[RegressionCase]:
    """Returns the tenant's newest cases, the newest first; or those that a lead left out."""
    twice = 2 * max(most, MOST)  # some are no cases: who copied a draft did not correct it
    drafts = _corrected(tenant_id).filter(is_case=not left_out)[:twice]
    maybe = Draft.of(tenant_id).filter(pk__in=list(drafts.values_list("pk", flat=True)))
    return cases_among(tenant_id, maybe)[:most]


def cases_among(tenant_id: int, drafts: "QuerySet[Draft]") -> list[RegressionCase]:
    """Returns the cases among some drafts, the newest first."""
    kept = drafts.exclude(record={})  # not erased; looked at once, because a record is large to read
    newest = Draft.of(tenant_id).filter(pk__in=list(kept.values_list("pk", flat=True)))
    turns = {each.draft_id: each for each in read_turns(tenant_id, newest)}
    acts, answers = _acts(newest), _answers(newest)
    is_kept = ExpressionWrapper(Q(record__has_key="settings"), BooleanField())
    rows = newest.select_related("judgement").defer("record", "sentences", "findings").annotate(is_kept=is_kept)
    found = (_case(row, turns[row.pk], acts, answers) for row in rows.order_by("-created_at", "-pk"))
    return [each for each in found if each]


def _corrected(tenant_id: int) -> "QuerySet[Draft]":
    """Returns the drafts that may be cases. What was drafted anew is none; a correction of klark's is made of no ticket."""
    rows = answering(tenant_id).filter(live=True)
    acted = Outcome.of(tenant_id).filter(kind__in=(KIND.EDITED, KIND.REJECTED)).values("draft")
    said = Judgement.of(tenant_id).filter(verdict__in=WRONG, draft__isnull=False)
    judged = said.exclude(by="").values("draft")  # a review leaves it empty, and its act says more
    answered = Aftermath.of(tenant_id).filter(agent_at__isnull=False).values("draft")
    wanted = rows.filter(Q(pk__in=acted) | Q(pk__in=judged) | Q(pk__in=answered))
    return wanted.order_by("-created_at", "-pk")


def _acts(drafts: "QuerySet[Draft]") -> dict[tuple[int, str], Outcome]:
    """Returns by draft and kind the last edit or rejection."""
    rows = Outcome.objects.filter(draft__in=drafts, kind__in=(KIND.EDITED, KIND.REJECTED)).order_by("at", "pk")
    return {(row.draft_id, row.kind): row for row in rows}


def _answers(drafts: "QuerySet[Draft]") -> dict[tuple[str, str, datetime | None], str]:
    """Returns colleagues' answers by connection, ticket and time. Of a ticket klark keeps the last one: where that is not the
    first after a draft, it may answer something else."""
    past = PastTicket.objects.filter(tenant__in=drafts.values("tenant"), ticket_id__in=drafts.values("ticket_id"))
    rows = past.exclude(answered="").values_list("connection_id", "ticket_id", "answered_at", "answered")
    return {(str(connection), ticket, at): answered for connection, ticket, at, answered in rows}


def _case(
    row: Any, turn: Turn, acts: dict[tuple[int, str], Outcome], answers: dict[tuple[str, str, datetime | None], str]
) -> RegressionCase | None:  # fmt: skip
    judged = hasattr(row, "judgement") and row.judgement.verdict in WRONG and row.judgement.by
    corrected = BY_ENDING.get(ending(turn)) or (Corrected.JUDGED_WRONG if judged else None)
    if corrected is None:
        return None
    edit, rejection = (acts.get((row.pk, kind)) for kind in (KIND.EDITED, KIND.REJECTED))
    right = edit.text if edit and corrected == Corrected.EDITED else answers.get((*turn.ticket, turn.agent_at), "")
    if not right and corrected in (*ANSWERED, Corrected.EDITED):
        return None
    why = rejection.reason if rejection else ""
    return RegressionCase(
        row.pk, row.ticket_id, row.subject, corrected, row.language, row.reply_text, right, why, row.created_at,
        row.is_kept,
    )  # fmt: skip


def count_by_kind(cases: Sequence[RegressionCase]) -> dict[str, int]:
    """Returns how many cases there are of each kind."""
    return {each.value: sum(case.corrected == each for case in cases) for each in Corrected}
