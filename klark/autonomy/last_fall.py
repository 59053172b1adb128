"""What led a topic's last step down, from its entry in the audit chain. Call inside `within(tenant_id)`."""

from dataclasses import dataclass

from klark.autonomy.ladder import Why
from klark.models import Article, AuditAct, AuditDetail, Draft, Standing

UPWARD = frozenset({Why.NEW, Why.EARNED, Why.OPENED})


@dataclass(frozen=True, slots=True)
class Fall:
    """How many of the judged drafts that counted then were right, the drafts whose errors closed the topic, each with its
    ticket, and the articles that changed, each with its title; both by their rows' ids, as far as they are still there."""

    right: int
    of: int
    drafts: tuple[tuple[int, str], ...]
    articles: tuple[tuple[int, str], ...]


def last_fall(standing: Standing) -> Fall | None:
    """Returns it, or None where the last step was none down or nothing is kept of it."""
    rows = AuditDetail.objects.filter(tenant=standing.tenant_id, entry__act=AuditAct.FELL, entry__kind="standing")
    kept = rows.filter(entry__row=str(standing.pk)).order_by("-entry__number").values_list("content", flat=True).first()
    if standing.why in UPWARD or kept is None:
        return None
    drafts = Draft.of(standing.tenant_id).filter(pk__in=kept.get("drafts", ())).order_by("pk")
    articles = Article.of(standing.tenant_id).filter(pk__in=kept.get("articles", ()))
    return Fall(
        kept["right"], kept["right"] + kept["wrong"], tuple(drafts.values_list("pk", "ticket_id")),
        tuple(articles.values_list("pk", "title")),
    )  # fmt: skip
