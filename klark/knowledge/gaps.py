"""What klark does not know: questions without an answer, by topic and words, and articles that need a person's attention.

Everything shown is masked: a gap is read by people who were not on the ticket.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from guardrails.pii.mask import mask_all
from klark.knowledge.closed_gaps import with_articles
from klark.knowledge.compare import Pair
from klark.knowledge.gap import AskedTicket, Gap
from klark.knowledge.kept_comparison import compared
from klark.knowledge.similarity import covers, groups, stems_of
from klark.models import Article, Decision, DecisionKind, Draft, Outcome, Topic
from klark.models.base import in_batches
from klark.values.people import known_on_record
from klark.values.reasons import Reason

DAYS = 90
MOST_DECISIONS = 2_000
MOST_GAPS = 50
EXAMPLES = 5
UNUSED_DAYS = 30
"""A younger article cannot be called unused."""
STALE_DAYS = 365
JUDGED_OFTEN, REJECTED_SHARE = 3, 0.5
UNANSWERED = (Reason.NOT_ANSWERABLE, Reason.PARTLY_ANSWERABLE)
ANSWERS = (DecisionKind.REPLY, DecisionKind.NOTE, DecisionKind.WAIT)
REFUSED = (Outcome.Kind.REJECTED, Outcome.Kind.EDITED)


@dataclass(frozen=True, slots=True)
class Concern:
    """An article that needs a person's attention. `count` and `of`: drafts that were refused, of those reviewed; for a
    stale article, `count` is the drafts that used it."""

    article_id: int
    title: str
    language: str
    kind: str
    at: datetime | None = None
    count: int = 0
    of: int = 0
    note: str = ""


@dataclass(frozen=True, slots=True)
class Gaps:
    """Everything found since a day, the worst first."""

    since: datetime
    gaps: tuple[Gap, ...]
    concerns: tuple[Concern, ...]
    pairs: tuple[Pair, ...]


@dataclass(frozen=True, slots=True)
class _OpenQuestion:
    example: AskedTicket
    topic: str
    language: str
    partly: bool
    stems: frozenset[str] = field(repr=False)


def gaps(tenant_id: int, days: int = DAYS) -> Gaps:
    """Returns what the last `days` days show. Call inside `within(tenant_id)`."""
    since = timezone.now() - timedelta(days=days)
    told = sorted(with_articles(tenant_id, open_gaps(tenant_id, since)), key=lambda gap: bool(gap.article))
    articles = Article.of(tenant_id).filter(current=True)
    return Gaps(since, tuple(told), concerns(tenant_id, articles, since), compared(tenant_id))


def open_gaps(tenant_id: int, since: datetime) -> list[Gap]:
    """Returns the questions that were asked and not answered since then, the most asked first. Call inside
    `within(tenant_id)`."""
    rows = Decision.of(tenant_id).filter(reason__in=UNANSWERED, decided_at__gte=since, draft__isnull=False)
    decisions = list(_still_open(tenant_id, rows).select_related("draft").order_by("-decided_at")[:MOST_DECISIONS])
    topics = Topic.titles(tenant_id)
    asked = [one for decision in _last_of_each(decisions) for one in _unanswered(decision)]
    return sorted(_gaps(asked, topics), key=lambda gap: (-gap.tickets, -gap.last_at.timestamp()))[:MOST_GAPS]


def _still_open(tenant_id: int, rows: QuerySet[Decision]) -> QuerySet[Decision]:
    """Leaves out those answered later: on the same turn, or on a later one if the customer wrote again before anybody
    had read the handover."""
    same_ticket = Decision.of(tenant_id).filter(
        connection=OuterRef("connection"), ticket_id=OuterRef("ticket_id"), decided_at__gt=OuterRef("decided_at")
    )
    later = same_ticket.filter(kind__in=ANSWERS, draft__isnull=False).exclude(reason__in=UNANSWERED)
    replaced = Outcome.of(tenant_id).filter(draft=OuterRef("draft"), kind=Outcome.Kind.REPLACED)
    return rows.exclude(Exists(later.filter(draft__turn=OuterRef("draft__turn")))).exclude(
        Exists(replaced) & Exists(later)
    )


def _last_of_each(decisions: Iterable[Decision]) -> Iterable[Decision]:
    """Returns a ticket's last decision on each turn: a turn that was drafted again is counted once."""
    return {(each.connection_id, each.ticket_id, each.draft.turn if each.draft else ""): each
            for each in reversed(list(decisions))}.values()  # fmt: skip


def _unanswered(decision: Decision) -> list[_OpenQuestion]:
    draft = decision.draft
    if draft is None:
        return []
    seen = draft.record.get("triage", {})
    asked = [str(one) for one in seen.get("asks") or [seen.get("text", "")] if one]
    partly = decision.reason == Reason.PARTLY_ANSWERABLE
    told = [_whole(sentence) for sentence in draft.sentences]
    open_ = [one for one in asked if not covers(one, told, draft.language)] if partly else asked
    masked, _ = mask_all(open_ or asked, known_on_record(draft.record.get("ticket", {})))
    language = decision.language or draft.language
    return [
        _OpenQuestion(
            AskedTicket(decision.connection_id, decision.ticket_id, draft.pk, one, decision.decided_at),
            decision.topic, language, partly, stems_of(one, language),
        )
        for one in masked
    ]  # fmt: skip


def _whole(sentence: Mapping[str, Any]) -> str:
    sources = (f"{each.get('title', '')} {each.get('text', '')}" for each in sentence.get("sources", []))
    return " ".join([sentence["text"], *sources])


def _gaps(asked: Sequence[_OpenQuestion], topics: Mapping[str, str]) -> Iterable[Gap]:
    ordered = sorted(asked, key=lambda one: (one.topic, one.language))
    for (topic, language), some in groupby(ordered, key=lambda one: (one.topic, one.language)):
        near = list(some)
        for group in groups([one.stems for one in near]):
            yield _gap(topics.get(topic, topic), language, [near[place] for place in group])


def _gap(topic: str, language: str, asked: Sequence[_OpenQuestion]) -> Gap:
    newest = sorted(asked, key=lambda one: one.example.at, reverse=True)
    by_ticket = {one.example.ticket: one for one in reversed(newest)}
    every = tuple(sorted((one.example for one in by_ticket.values()), key=lambda each: each.at, reverse=True))
    partly = sum(one.partly for one in by_ticket.values())
    return Gap(topic, language, every[0].question, len(every), partly, every[0].at, every[:EXAMPLES], every,
               key=asked[0].topic)  # fmt: skip


def concerns(tenant_id: int, articles: QuerySet[Article], since: datetime) -> tuple[Concern, ...]:
    """Returns articles that are often refused, carry a warning, are used though stale, or are never used.

    Call inside `within(tenant_id)`.
    """
    used, refused, judged = _use(tenant_id, since)
    rows = list(articles.only("pk", "title", "language", "key", "updated_at", "added_at", "warning").order_by("title"))
    now = timezone.now()
    often = [Concern(row.pk, row.title, row.language, "rejected", None, refused[row.key], judged[row.key]) for row in rows
             if judged[row.key] >= JUDGED_OFTEN and refused[row.key] >= REJECTED_SHARE * judged[row.key]]  # fmt: skip
    stale = [Concern(row.pk, row.title, row.language, "stale", _touched(row), used[row.key]) for row in rows
             if used[row.key] and _touched(row) < now - timedelta(days=STALE_DAYS)]  # fmt: skip
    never = [Concern(row.pk, row.title, row.language, "unused", row.added_at) for row in rows
             if not used[row.key] and row.added_at < now - timedelta(days=UNUSED_DAYS)]  # fmt: skip
    warned = [
        Concern(row.pk, row.title, row.language, "warning", _touched(row), note=row.warning)
        for row in rows
        if row.warning
    ]
    return (*sorted(often, key=lambda one: -one.count), *warned, *sorted(stale, key=lambda one: -one.count), *never)


def _touched(article: Article) -> datetime:
    return article.updated_at or article.added_at


def _use(tenant_id: int, since: datetime) -> tuple[Counter[str], Counter[str], Counter[str]]:
    """Counts the drafts that quote an article, by its key: all, those that people refused or changed, and those they
    reviewed."""
    used, refused, judged = Counter[str](), Counter[str](), Counter[str]()
    drafts = Draft.of(tenant_id).filter(created_at__gte=since).only("sentences")
    ends = Outcome.of(tenant_id).filter(
        Q(kind__in=REFUSED) | Q(kind=Outcome.Kind.APPROVED), draft__created_at__gte=since
    )
    kinds = dict(ends.order_by("pk").values_list("draft_id", "kind"))
    for draft in in_batches(drafts):
        quoted = {source["article"] for sentence in draft.sentences for source in sentence.get("sources", [])}
        used.update(quoted)
        if draft.pk in kinds:
            judged.update(quoted)
            refused.update(quoted if kinds[draft.pk] in REFUSED else ())
    return used, refused, judged
