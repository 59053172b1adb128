"""Reads a tenant's reviews of the last quarter, and what they suggest. Call all of it inside `within(tenant_id)`."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.db.models import Count, F

from klark.evidence.suggestions.edits import Changed, Edit, articles_of, changed, says
from klark.evidence.suggestions.habits import Review, priorities, topics, values, words_around
from klark.evidence.suggestions.suggestion import Suggestion
from klark.models import Article, Correction, DismissedSuggestion, Draft, Outcome, Topic, policy_in_force, rules_of
from klark.values.triage import PRIORITIES

WINDOW = timedelta(weeks=13)
MOST, MOST_EDITS, MOST_STATED = 2_000, 200, 500
"""The newest reviews that are counted, edits that are read, and drafts that are searched for a value."""
KINDS = (Outcome.Kind.APPROVED, Outcome.Kind.EDITED, Outcome.Kind.REJECTED)
DOUBLED = 2


def suggestions(tenant_id: int, now: datetime) -> list[Suggestion]:
    """Returns what the tenant's reviews suggest, without what a lead has dismissed, the most evidence first."""
    rules, reviews = rules_of(policy_in_force(tenant_id)), _reviews(tenant_id, now)
    edits = [changed(one) for one in _edits(tenant_id, reviews)]
    oldest = min(one.edit.draft_id for one in edits) if len(edits) >= MOST_EDITS else 0
    counted = [one for one in reviews if one.draft_id >= oldest]
    current = {key: (pk, title) for key, pk, title in
               Article.of(tenant_id).filter(current=True, key__in=_keys(edits)).values_list("key", "pk", "title")}  # fmt: skip
    stated = partial(_stated, tenant_id, [one.draft_id for one in reviews if one.sent], current)
    found = [
        *words_around(counted, edits, rules),
        *topics(reviews, rules),
        *(replace(one, about=current[one.about][1], article_id=current[one.about][0])
          for one in values(edits, len({one.by for one in reviews}), stated)),
        *_priorities(tenant_id, now),
    ]  # fmt: skip
    dismissed = dict(DismissedSuggestion.of(tenant_id).values_list("key", "drafts"))
    left = [one for one in found if one.hits >= DOUBLED * dismissed.get(one.key, 0)]
    return sorted(left, key=lambda one: -one.hits)


def _priorities(tenant_id: int, now: datetime) -> list[Suggestion]:
    """Returns the topics whose tickets people make more, or less, urgent, where the topic does not say so already."""
    live = Draft.of(tenant_id).filter(live=True, created_at__gte=now - WINDOW)
    set_ = Correction.of(tenant_id).filter(what=Correction.What.PRIORITY, draft__in=live).order_by("-pk")
    rows = set_.values_list("draft__topic", "was", "now", "draft_id", "draft__connection", "draft__ticket_id")[:MOST]
    last = {row[4:]: row[:4] for row in reversed(rows)}  # of a ticket, what was said last
    topics = {row[0] for row in last.values()}
    rows_of = live.filter(topic__in=topics).values_list("topic", "connection").order_by()
    tickets: Counter[str] = Counter()
    for topic, _, number in rows_of.annotate(n=Count("ticket_id", distinct=True)):
        tickets[topic] += number
    kept = {topic.key: topic for topic in Topic.of(tenant_id).filter(key__in=topics)}
    said = [row for row in reversed(last.values()) if row[0] in kept]
    return [one for one in priorities(said, tickets) if not _has_priority(kept[one.about], one)]


def _has_priority(topic: Topic, one: Suggestion) -> bool:
    """Returns whether the topic says already what is suggested, or more."""
    rank = PRIORITIES.index
    if one.kind == "priority":
        return rank(one.now) <= rank(topic.priority or PRIORITIES[0])
    return rank(one.now) >= rank(topic.highest_priority or PRIORITIES[-1])


def _reviews(tenant_id: int, now: datetime) -> list[Review]:
    newest = Outcome.of(tenant_id).filter(kind__in=KINDS, at__gte=now - WINDOW).order_by("-pk").values("pk")[:MOST]
    rows = Outcome.of(tenant_id).filter(pk__in=newest).order_by("pk")  # by itself: joined, all of the quarter are read
    named = {"topic": F("draft__topic"), "language": F("draft__language")}
    columns = rows.values("draft_id", "kind", "by", "kept", "singly", **named)
    last: dict[int, Any] = {row["draft_id"]: row for row in columns}  # of a draft, what was done last
    return [Review(**{**row, "singly": bool(row["singly"])}) for row in last.values()]


def _edits(tenant_id: int, reviews: Sequence[Review]) -> list[Edit]:
    keys = [one.draft_id for one in reviews if one.kind == Outcome.Kind.EDITED][-MOST_EDITS:]
    rows = Outcome.of(tenant_id).filter(kind=Outcome.Kind.EDITED, draft__in=keys).exclude(text="").order_by("pk")
    named = {
        "language": F("draft__language"), "requester": F("draft__requester"), "drafted": F("draft__reply_text"),
        "sent": F("text"), "said": F("draft__sentences"), "signs": F("draft__connection__signs"),
    }  # fmt: skip
    last: dict[int, Any] = {row["draft_id"]: row for row in rows.values("draft_id", "by", **named)}
    return [Edit(sentences=articles_of(row.pop("said")), **row) for row in last.values()]


def _keys(edits: Sequence[Changed]) -> set[str]:
    return {key for one in edits for key, _, _ in one.values}


def _stated(
    tenant_id: int, sent: Sequence[int], current: Mapping[str, tuple[int, str]], key: str, value: str
) -> frozenset[int]:  # fmt: skip
    if key not in current:
        return frozenset()
    rows = Draft.of(tenant_id).filter(pk__in=sent, rests_on__contains=[current[key][0]]).order_by("-pk")
    return frozenset(
        pk for pk, sentences in rows.values_list("pk", "sentences")[:MOST_STATED]
        if any(key in articles and says(text, value) for text, articles in articles_of(sentences))
    )  # fmt: skip
