"""What an accepted article answers: of the tickets that it was drafted from, and of those that came since."""

from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone

from klark.evidence.intervals import Share, share
from klark.gap_articles.drafted import of_gaps
from klark.knowledge.gaps import ANSWERS, DAYS, UNANSWERED, open_gaps
from klark.models import Decision, DraftedArticle


@dataclass(frozen=True, slots=True)
class Since:
    """Tickets that came after the article was accepted: with a draft that rests on it, and of the same gap without an answer."""

    answered: int
    open: int


def share_of(row: DraftedArticle) -> tuple[Share, int]:
    """Returns the share of the gap's tickets that have a draft now that rests on the article, and how many are kept no more."""
    found = list(row.answered.values())
    gone = found.count(None)
    return share(found.count(True), len(found) - gone), gone


def since(row: DraftedArticle) -> Since:
    """Returns what became of new tickets. Call inside `within(tenant_id)`."""
    resting = Decision.of(row.tenant_id).filter(
        decided_at__gt=row.ended_at, kind__in=ANSWERS, draft__sentences__contains=[{"sources": [{"article": row.key}]}]
    )
    answered = resting.exclude(reason__in=UNANSWERED).values("connection", "ticket_id").distinct().count()
    gaps = open_gaps(row.tenant_id, timezone.now() - timedelta(days=DAYS))
    own = [gaps[at] for at, draft in of_gaps(row.tenant_id, gaps).items() if draft.pk == row.pk]
    return Since(answered, sum(each.at > row.ended_at for gap in own for each in gap.asked if row.ended_at))
