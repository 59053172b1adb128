"""The pairs that `compare` finds, computed by housekeeping and stored: on a large help centre that takes longer, and
more memory, than a page may."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.db.models import Count, Max

from klark.knowledge.compare import Pair, StatedSentence, compare, stated
from klark.models import Article, Comparison, Passage, within
from klark.models.tenant import all_tenant_ids
from klark.runtime.per_tenant import tried

MOST_PAIRS = 30


def compared(tenant_id: int) -> tuple[Pair, ...]:
    """Returns the pairs as last computed, without those of articles that have gone since. Call inside `within(tenant_id)`."""
    kept = Comparison.of(tenant_id).first()
    pairs = [_pair(each) for each in kept.pairs] if kept else []
    current = set(Article.of(tenant_id).filter(current=True).values_list("pk", flat=True))
    return tuple(pair for pair in pairs if {pair.older.article_id, pair.newer.article_id} <= current)


def compare_all() -> None:
    """Compares every tenant's articles, if they changed since they were last compared."""
    for tenant_id in all_tenant_ids():
        tried("articles could not be compared", compare_again, tenant_id)


def compare_again(tenant_id: int) -> None:
    """Compares one tenant's articles, if they changed; the work is done outside the transaction."""
    with within(tenant_id):
        state, kept = _state(tenant_id), Comparison.of(tenant_id).first()
        if kept and kept.state == state:
            return
        said = stated(tenant_id)
    pairs = [asdict(pair) for pair in compare(said)[:MOST_PAIRS]]
    with within(tenant_id):
        Comparison.objects.update_or_create(tenant_id=tenant_id, defaults={"state": state, "pairs": pairs})


def _state(tenant_id: int) -> str:
    """Returns a value that changes whenever a current passage is added or withdrawn."""
    passages = Passage.of(tenant_id).filter(article__current=True)
    return "{n} {last}".format(**passages.aggregate(n=Count("pk"), last=Max("pk")))


def _pair(kept: Mapping[str, Any]) -> Pair:
    return Pair(kept["kind"], _said(kept["older"]), _said(kept["newer"]), kept["why"])


def _said(kept: Mapping[str, Any]) -> StatedSentence:
    at = kept["updated_at"]
    return StatedSentence(**{**kept, "updated_at": datetime.fromisoformat(at) if at else None})
