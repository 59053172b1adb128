"""What led to topics' last steps down, from their entries in the audit chain. Call inside `within(tenant_id)`."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

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


def last_falls(tenant_id: int, standings: Iterable[Standing]) -> dict[int, Fall]:
    """Returns what led to the last step down, by the standing's id; nothing for one whose last step was up, or of which no audit
    detail is kept."""
    down = [str(each.pk) for each in standings if each.why not in UPWARD]
    details = AuditDetail.of(tenant_id).filter(entry__act=AuditAct.FELL, entry__kind="standing", entry__row__in=down)
    newest = details.order_by("entry__row", "-entry__number").distinct("entry__row")
    kept: dict[str, Any] = dict(newest.values_list("entry__row", "content"))
    drafts = _named(Draft.of(tenant_id), "ticket_id", "drafts", kept)
    articles = _named(Article.of(tenant_id), "title", "articles", kept)
    return {
        int(row): Fall(one["right"], one["right"] + one["wrong"], drafts[row], articles[row]) for row, one in kept.items()
    }  # fmt: skip


def _named(
    rows: QuerySet[Any], name: str, what: str, kept: Mapping[str, Any]
) -> dict[str, tuple[tuple[int, str], ...]]:
    """Returns the ids of what each step names, as far as its rows are still there, each with a name."""
    ids = {row: one.get(what, ()) for row, one in kept.items()}
    names = dict(rows.filter(pk__in={pk for some in ids.values() for pk in some}).values_list("pk", name))
    return {row: tuple((pk, names[pk]) for pk in sorted(names.keys() & some)) for row, some in ids.items()}
